"""How long another caller waits meanwhile, measured in a process of its own."""

import multiprocessing
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from multiprocessing.connection import Connection
from statistics import median

from tests.hostile.sockets import Line

_PAUSE = 0.01


@dataclass
class Waited:
    """Seconds for each answer."""

    seconds: list[float] = field(default_factory=list)
    failed: int = 0

    @property
    def median(self) -> float:
        return median(self.seconds)

    @property
    def worst(self) -> float:
        return max(self.seconds)


@contextmanager
def probing(port: int, raw: bytes) -> Iterator[Waited]:
    """Asks again and again until the block ends; what it found is in what it gave then."""
    ours, theirs = multiprocessing.Pipe()
    process = multiprocessing.get_context("spawn").Process(target=_probe, args=(port, raw, theirs), daemon=True)
    process.start()
    found = Waited()
    ours.recv()
    try:
        yield found
    finally:
        ours.send("enough")
        found.seconds, found.failed = ours.recv()
        process.join()


def _probe(port: int, raw: bytes, end: Connection) -> None:
    seconds, failed = [], 0
    with Line(port, patience=30) as line:
        end.send("ready")
        while not seconds or not end.poll(_PAUSE):
            start = time.perf_counter()
            line.send(raw)
            answer = line.answer()
            seconds.append(time.perf_counter() - start)
            failed += answer is None or answer.status != 200
    end.send((seconds, failed))
