"""Spans of what a request does, for OpenTelemetry. Off until `start`, then of these steps with these attributes only.

No span has an address, a query, a header, an id of anybody, SQL or a value of it, nor the text of an error. They are
made here and not by a library that instruments others, since those record just that.
"""

import re
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any
from uuid import UUID

_PARENT = re.compile(r"00-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})")
# Of tracestate OpenTelemetry's own entry alone, and of that what sampling needs: the rest are words of strangers.
_SAMPLING = re.compile(r"(?:th:[0-9a-f]{1,14}|rv:[0-9a-f]{14}|;)+")
_LAST_SECONDS = 3.0


@dataclass(frozen=True, slots=True)
class Step:
    """`detail`: the name of its one attribute, and the values that it may have."""

    name: str
    kind: str = "INTERNAL"
    detail: str = ""
    values: tuple[str, ...] = ()


TRANSACTION = Step("transaction")
CONNECTION = Step("wait for a connection")
STATEMENT = Step(
    "statement",
    "CLIENT",
    "db.operation.name",
    ("begin", "commit", "rollback", "select", "insert", "update", "delete", "with"),
)
KEY_STORE = Step("key store", "CLIENT", "db.operation.name", ("select", "insert", "update"))
ISSUER_KEYS = Step("issuer keys", "CLIENT", "support_api.issuer", tuple(map(str, range(100))))
STEPS = (TRANSACTION, CONNECTION, STATEMENT, KEY_STORE, ISSUER_KEYS)
REQUEST_ATTRIBUTES = ("http.request.method", "http.route", "http.response.status_code", "error.type")
_METHODS = ("GET", "HEAD", "POST", "PATCH", "DELETE", "OPTIONS")

_trace_id: ContextVar[UUID | None] = ContextVar("trace_id", default=None)
_left_out: ContextVar[bool] = ContextVar("left_out", default=False)  # nobody keeps this request: its steps cost nothing
_tracer: Any = None


class _Nothing:
    """What there is to do where nothing is traced."""

    def __enter__(self) -> Any:
        return None

    def __exit__(self, *_: object) -> None:
        return None


_NOTHING = _Nothing()


def start(endpoint: str, share: float, version: str) -> Callable[[], None]:
    """In each process that traces. Answers what sends the last spans and ends it."""
    from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
    from opentelemetry.sdk.trace.export import BatchSpanProcessor

    return start_with(BatchSpanProcessor(OTLPSpanExporter(endpoint=endpoint, timeout=5)), share, version)


def start_with(processor: Any, share: float, version: str) -> Callable[[], None]:
    global _tracer
    from opentelemetry.sdk.resources import Resource
    from opentelemetry.sdk.trace import TracerProvider

    from support_api.trace_ids import made

    ids, sampler = made(_trace_id, share)
    resource = Resource.create({"service.name": "support-api", "service.version": version})
    provider = TracerProvider(resource=resource, sampler=sampler, id_generator=ids, shutdown_on_exit=False)
    provider.add_span_processor(processor)
    _tracer = provider.get_tracer("support_api", version)

    def stop() -> None:
        """Sends what is left. Who doesn't take it in time doesn't get it: we are being waited for."""
        global _tracer
        _tracer = None
        last = threading.Thread(target=provider.shutdown, daemon=True)
        last.start()
        last.join(_LAST_SECONDS)

    return stop


def step(what: Step, detail: str = "") -> AbstractContextManager[Any]:
    return _NOTHING if _tracer is None or _left_out.get() else _step(what, detail)


@contextmanager
def _step(what: Step, detail: str) -> Iterator[Any]:
    attributes = {"db.system.name": "postgresql"} if what.detail.startswith("db.") else {}
    if what.detail:
        attributes[what.detail] = detail if detail in what.values else "other"
    with _span(what.name, what.kind, attributes, None) as span:
        yield span


def request(request_id: UUID, traceparent: Sequence[str], tracestate: Sequence[str]) -> AbstractContextManager[Any]:
    """The span of a whole request, below the caller's if it has one; its trace id is the request id in any case."""
    return _NOTHING if _tracer is None else _request(request_id, traceparent, tracestate)


@contextmanager
def _request(request_id: UUID, traceparent: Sequence[str], tracestate: Sequence[str]) -> Iterator[Any]:
    token = _trace_id.set(request_id)
    try:
        with _span("none", "SERVER", {}, _above(request_id, traceparent, tracestate)) as span:
            silent = _left_out.set(not span.is_recording())
            try:
                yield span
            finally:
                _left_out.reset(silent)
    finally:
        _trace_id.reset(token)


def _above(request_id: UUID, traceparent: Sequence[str], tracestate: Sequence[str]) -> Any:
    from opentelemetry.context import Context
    from opentelemetry.trace import NonRecordingSpan, SpanContext, TraceFlags, TraceState, set_span_in_context

    found = _PARENT.fullmatch(traceparent[0]) if len(traceparent) == 1 else None
    if found is None or UUID(found[1]) != request_id or found[1] == "0" * 32 or found[2] == "0" * 16:
        return Context()
    state = TraceState([("ot", each) for each in _sampling(tracestate)])
    flags = TraceFlags(int(found[3], 16) & 1)
    return set_span_in_context(
        NonRecordingSpan(SpanContext(request_id.int, int(found[2], 16), True, flags, state)), Context()
    )


def _sampling(tracestate: Sequence[str]) -> list[str]:
    entries = (entry.strip(" \t") for line in tracestate for entry in line.split(","))
    found = [entry.removeprefix("ot=") for entry in entries if entry.startswith("ot=")]
    return [each for each in found if _SAMPLING.fullmatch(each)][:1]


@contextmanager
def _span(name: str, kind: str, attributes: dict[str, Any], context: Any) -> Iterator[Any]:
    """An error is told by its kind: its text may repeat what somebody sent."""
    from opentelemetry.trace import SpanKind, Status, StatusCode

    with _tracer.start_as_current_span(
        name,
        context=context,
        kind=SpanKind[kind],
        attributes=attributes,
        record_exception=False,
        set_status_on_exception=False,
    ) as span:
        try:
            yield span
        except BaseException as error:
            span.set_attribute("error.type", type(error).__name__)
            span.set_status(Status(StatusCode.ERROR))
            raise


def finish(span: Any, name: str, route: str, method: str, status: int) -> None:
    """What a request turned out to be: `name` of its operation, `route` with the names of its ids and not the ids."""
    if span is None:
        return
    from opentelemetry.trace import Status, StatusCode

    span.update_name(name)
    span.set_attribute("http.request.method", method if method in _METHODS else "_OTHER")
    if route:
        span.set_attribute("http.route", route)
    span.set_attribute("http.response.status_code", status)
    if status >= 500:
        span.set_attribute("error.type", str(status))
        span.set_status(Status(StatusCode.ERROR))
