"""What Prometheus reads: all workers together, from their parent, at an address of its own (docs/adr/0013).

The parent answers even if every worker is busy or gone, and the port that callers reach has nothing of this.
"""

import os
import sys
import threading
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

from prometheus_client import CollectorRegistry, start_http_server
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.metrics_core import Metric
from prometheus_client.multiprocess import MultiProcessCollector, mark_process_dead

from support_api.metrics import Metric as Declared
from support_api.processes import Draining

BUILD = Declared(
    "support_api_build_info", "gauge", "Always 1: which version runs, on which Python.", ("version", "python")
)
WORKERS = Declared("support_api_workers", "gauge", "Worker processes that are alive.")
LEAVING = Declared("support_api_draining", "gauge", "1 from the moment that the service is about to stop.")
OF_THE_PARENT = (BUILD, WORKERS, LEAVING)


class Together:
    """The sum of all workers, those that ended included; of gauges only what the living ones say."""

    def __init__(self, folder: Path, version: str, draining: Draining, workers: Callable[[], Iterable[int]]) -> None:
        self._folder, self._version, self._draining, self._workers = folder, version, draining, workers
        self._files = MultiProcessCollector(None, str(folder))  # type: ignore[no-untyped-call]
        self._lock = threading.Lock()
        # Nobody may be reading while a worker is forked: the lock of who reads would stay locked in the worker.
        os.register_at_fork(
            before=self._lock.acquire, after_in_parent=self._lock.release, after_in_child=self._lock.release
        )

    def collect(self) -> Iterator[Metric]:
        with self._lock:
            alive = set(self._workers())
            for name in {each.name for each in self._folder.glob("gauge_live*_*.db")}:
                pid = int(name.rpartition("_")[2].removesuffix(".db"))
                if pid not in alive:
                    mark_process_dead(pid, str(self._folder))  # type: ignore[no-untyped-call]
            found = list(self._files.collect())  # type: ignore[no-untyped-call]
        yield from found
        yield _gauge(BUILD, 1, self._version, ".".join(map(str, sys.version_info[:2])))
        yield _gauge(WORKERS, len(alive))
        yield _gauge(LEAVING, bool(self._draining))


def _gauge(declared: Declared, value: float, *labels: str) -> GaugeMetricFamily:
    family = GaugeMetricFamily(declared.name, declared.help, labels=declared.labels)
    family.add_metric(labels, value)
    return family


def offer(together: Together, host: str, port: int) -> None:
    """At http://host:port/metrics, from a thread. Raises OSError if the port is taken."""
    registry = CollectorRegistry()
    registry.register(together)
    server, _ = start_http_server(port, host, registry)
    _close_in_children(server)


def _close_in_children(server: Any) -> None:
    """A worker that outlives the parent would hold the port."""
    os.register_at_fork(after_in_child=server.socket.close)
