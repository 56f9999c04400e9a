"""One measured run of the load against one server: throughput, latency, and the CPU of the server and of PostgreSQL."""

import json
import subprocess
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import psutil

from bench.calls import KEY, Call
from bench.place import Place, Service

_LOAD = str(Path(__file__).with_name("load.py"))


@dataclass(frozen=True)
class Run:
    """Milliseconds, and CPU milliseconds per answer."""

    answers: int
    per_second: float
    p50: float
    p99: float
    size: int
    service_cpu: float
    database_cpu: float

    @property
    def cpu(self) -> float:
        return self.service_cpu + self.database_cpu


def cpu_seconds(processes: Iterable[psutil.Process]) -> float:
    """What they and their ended children have used so far. One that ended since it was found, as PostgreSQL's own
    workers do, has its time with its parent."""
    total = 0.0
    for process in processes:
        try:
            times = process.cpu_times()
        except psutil.NoSuchProcess:
            continue
        total += times.user + times.system + getattr(times, "children_user", 0) + getattr(times, "children_system", 0)
    return total


def run(place: Place, service: Service, call: Call, seconds: float, connections: int, rate: float = 0.0) -> Run:
    """`rate` is how many requests a second go out; without it each connection sends as soon as it can.

    Refuses to measure anything but success: an error is answered fast.
    """
    watched = service.workers(), place.database_processes()
    before = [cpu_seconds(each) for each in watched]
    plan = {
        "requests": [each.wire().decode("latin-1") for each in (call, *call.turns)],
        "key": KEY,
        "port": service.port,
    }
    plan |= {"seconds": seconds, "connections": connections, "rate": rate}
    load = subprocess.run([sys.executable, "-S", "-E", _LOAD], input=json.dumps(plan), stdout=-1, text=True, check=True)
    used = [cpu_seconds(each) - was for each, was in zip((watched[0], place.database_processes()), before, strict=True)]
    found = json.loads(load.stdout)
    if bad := {status: count for status, count in found["statuses"].items() if status not in ("200", "201")}:
        raise SystemExit(f"{call.method} {call.path}: answers other than success, by status: {bad}")
    answers = found["answers"]
    service_cpu, database_cpu = (1000 * each / max(1, answers) for each in used)
    throughput = answers / found["seconds"]
    return Run(answers, throughput, found["p50"], found["p99"], found["size"], service_cpu, database_cpu)
