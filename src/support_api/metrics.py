"""What is counted and measured, and nothing else. Off until `start`; then one process counts for itself, or several
count together in a folder, from which their parent reads (server.py).

A label takes a value of a closed list only: whatever else it is given becomes `other`. So nothing that a caller sent
can become part of a metric, and there are never more series than the lists allow.
"""

import os
import re
from collections.abc import Iterable
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field
from pathlib import Path
from time import perf_counter
from typing import Any, Literal

_FAST = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.0, 5.0, 8.0)
OTHER = "other"


@dataclass(frozen=True, slots=True, eq=False)
class Metric:
    """`across`: what a gauge of all workers is, made of theirs. `help` is for the page of operators too."""

    name: str
    kind: Literal["counter", "gauge", "histogram"]
    help: str
    labels: tuple[str, ...] = ()
    across: Literal["livesum", "livemin", "livemax"] = "livesum"


REQUESTS = Metric("support_api_requests_total", "counter", "Requests that were answered.", ("operation", "status"))
DURATION = Metric(
    "support_api_request_duration_seconds", "histogram", "From a request's headers to its last byte.", ("operation",)
)
IN_FLIGHT = Metric("support_api_requests_in_flight", "gauge", "Requests that are being worked on.")
REFUSALS = Metric("support_api_refusals_total", "counter", "Answers that are a problem, by its code.", ("code",))
RATE_LIMITED = Metric("support_api_rate_limited_total", "counter", "Calls over a rate limit, by limit.", ("limit",))
UNAVAILABLE = Metric(
    "support_api_unavailable_total", "counter", "Requests that ended in 503, by what was missing.", ("part",)
)
READY = Metric(
    "support_api_ready", "gauge", "1 if that part was well when `/readyz` was asked last.", ("part",), "livemin"
)
POOL = Metric(
    "support_api_pool_connections", "gauge", "Connections to a database, looked at each second.", ("pool", "state")
)
POOL_LIMIT = Metric("support_api_pool_connections_limit", "gauge", "The most that there may be.", ("pool",))
POOL_WAIT = Metric(
    "support_api_pool_wait_seconds", "histogram", "How long a request waited for a connection to the main database."
)
COMMIT = Metric("support_api_commit_seconds", "histogram", "How long a commit took, its flush to disk included.")
KEYS = Metric(
    "support_api_data_keys_total", "counter", "Data keys that were needed: kept already, or fetched.", ("from",)
)
ISSUER_FETCHES = Metric(
    "support_api_issuer_keys_fetches_total", "counter", "Fetches of an issuer's keys.", ("issuer", "result")
)
ISSUER_MOMENT = Metric(
    "support_api_issuer_keys_timestamp_seconds",
    "gauge",
    "When an issuer's keys were fetched last, by the worker that is furthest behind. 0: never.",
    ("issuer",),
    "livemin",
)
AUDIT_ENDS = Metric(
    "support_api_audit_trail_end_timestamp_seconds",
    "gauge",
    "Until when the audit trail has months; then nothing can be read or changed.",
    across="livemin",
)
METRICS = (
    *(REQUESTS, DURATION, IN_FLIGHT, REFUSALS, RATE_LIMITED, UNAVAILABLE, READY, POOL, POOL_LIMIT, POOL_WAIT),
    *(COMMIT, KEYS, ISSUER_FETCHES, ISSUER_MOMENT, AUDIT_ENDS),
)
# Of each label, the values that it may have; those of `operation` and `code` are known to the application.
_VALUES: dict[str, frozenset[str]] = {
    "limit": frozenset({"client", "municipality", "search"}),
    "part": frozenset({"database", "schema", "key_store", "key_store_schema", "keyring", "data_key", "issuer_keys"})
    | {"audit_trail", "commit", "time"},
    "pool": frozenset({"main", "keys"}),
    "state": frozenset({"idle", "in_use"}),
    "from": frozenset({"memory", "store"}),
    "result": frozenset({"ok", "failed"}),
}
_SHAPES = {"status": re.compile("[1-5][0-9]{2}"), "issuer": re.compile("[0-9]{1,2}")}


@dataclass(slots=True)
class _Counting:
    """What is counted here, by one process."""

    registry: Any
    values: dict[str, frozenset[str]]
    parents: dict[Metric, Any]
    children: dict[tuple[Any, ...], Any] = field(default_factory=dict)

    def child(self, metric: Metric, labels: tuple[str, ...]) -> Any:
        found = self.children.get((metric, *labels))
        if found is None:
            safe = tuple(self._safe(name, value) for name, value in zip(metric.labels, labels, strict=True))
            parent = self.parents[metric]
            found = parent.labels(*safe) if safe else parent
            if OTHER not in safe:
                self.children[metric, *labels] = found
        return found

    def _safe(self, label: str, value: str) -> str:
        shape = _SHAPES.get(label)
        known = shape.fullmatch(value) if shape else value in self.values[label]
        return value if known else OTHER


_counting: _Counting | None = None


def share(folder: Path) -> None:
    """From now on this process and those that it starts count together. Before anything of Prometheus is imported."""
    os.environ["PROMETHEUS_MULTIPROC_DIR"] = str(folder)


def start(operations: Iterable[str], codes: Iterable[str]) -> Any:
    """Starts counting from nothing; answers Prometheus' registry of this process."""
    global _counting
    from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram

    registry = CollectorRegistry()
    parents: dict[Metric, Any] = {}
    for metric in METRICS:
        common: dict[str, Any] = {"labelnames": metric.labels, "registry": registry}
        if metric.kind == "counter":
            parents[metric] = Counter(metric.name, metric.help, **common)
        elif metric.kind == "gauge":
            parents[metric] = Gauge(metric.name, metric.help, multiprocess_mode=metric.across, **common)
        else:
            parents[metric] = Histogram(metric.name, metric.help, buckets=_FAST, **common)
    values = {**_VALUES, "operation": frozenset(operations), "code": frozenset(codes)}
    _counting = _Counting(registry, values, parents)
    return registry


def stop() -> None:
    global _counting
    _counting = None


def on() -> bool:
    return _counting is not None


def count(metric: Metric, *labels: str, by: float = 1) -> None:
    if _counting is not None:
        _counting.child(metric, labels).inc(by)


def note(metric: Metric, value: float, *labels: str) -> None:
    """What a gauge is now."""
    if _counting is not None:
        _counting.child(metric, labels).set(value)


def took(metric: Metric, seconds: float, *labels: str) -> None:
    if _counting is not None:
        _counting.child(metric, labels).observe(seconds)


class _Timed:
    def __init__(self, metric: Metric) -> None:
        self._metric = metric

    def __enter__(self) -> None:
        self._started = perf_counter()

    def __exit__(self, *_: object) -> None:
        took(self._metric, perf_counter() - self._started)


_NOTHING: AbstractContextManager[None] = nullcontext()


def timed(metric: Metric) -> AbstractContextManager[None]:
    """How long a block took, also when it failed."""
    return _NOTHING if _counting is None else _Timed(metric)
