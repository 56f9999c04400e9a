"""The trace id of a request is its request id; and which requests are traced. Imported where something is traced."""

from contextvars import ContextVar
from typing import Any
from uuid import UUID

from opentelemetry.sdk.trace.id_generator import RandomIdGenerator
from opentelemetry.sdk.trace.sampling import Decision, ParentBased, Sampler, SamplingResult

# The part of an id that is random however it was made: a UUID has bits of its own further to the left.
_RANDOM = (1 << 56) - 1


class _Ids(RandomIdGenerator):
    def __init__(self, chosen: ContextVar[UUID | None]) -> None:
        self._chosen = chosen

    def generate_trace_id(self) -> int:
        chosen = self._chosen.get()
        return chosen.int if chosen else super().generate_trace_id()


class _Share(Sampler):
    """The same for all spans of a trace, here and wherever else it is decided by these bits."""

    def __init__(self, share: float) -> None:
        self._below = share * (_RANDOM + 1)

    def should_sample(
        self,
        parent_context: Any,
        trace_id: int,
        name: str,
        kind: Any = None,
        attributes: Any = None,
        *_: Any,
        **__: Any,
    ) -> SamplingResult:
        if trace_id & _RANDOM < self._below:
            return SamplingResult(Decision.RECORD_AND_SAMPLE, attributes)
        return SamplingResult(Decision.DROP)

    def get_description(self) -> str:
        return "Share"


def made(chosen: ContextVar[UUID | None], share: float) -> tuple[_Ids, ParentBased]:
    """A caller who says that its trace is kept, or not, is believed."""
    return _Ids(chosen), ParentBased(_Share(share))
