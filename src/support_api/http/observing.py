"""One request as it is counted and traced: by the name of its operation, never by its address."""

from collections.abc import MutableMapping
from time import perf_counter
from types import TracebackType
from typing import Any
from uuid import UUID

from support_api import metrics, traces

NOWHERE = "none"  # the operation of an address at which there is nothing
LEFT = 499  # the status of a caller who left before there was an answer


class Observed:
    """Around the work on a request. `scope` is the one that the router filled in."""

    def __init__(
        self, scope: MutableMapping[str, Any], method: str, request_id: UUID, parent: list[str], state: list[str]
    ) -> None:
        self._scope, self._method = scope, method
        self._tracing = traces.request(request_id, parent, state)
        self.status = LEFT

    def __enter__(self) -> "Observed":
        self._started = perf_counter()
        metrics.count(metrics.IN_FLIGHT)
        self._span = self._tracing.__enter__()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        name, route = _routed(self._scope)
        traces.finish(self._span, name, route, self._method, self.status)
        self._tracing.__exit__(kind, error, trace)
        metrics.count(metrics.IN_FLIGHT, by=-1)
        metrics.count(metrics.REQUESTS, name, str(self.status))
        metrics.took(metrics.DURATION, perf_counter() - self._started, name)


def operation_of(handler: Any) -> str:
    return str(handler.name or handler.handler_name)


def _routed(scope: MutableMapping[str, Any]) -> tuple[str, str]:
    handler = scope.get("route_handler")
    if handler is None:
        return NOWHERE, ""
    return operation_of(handler), str(scope.get("path_template", "")).replace(":str}", "}")
