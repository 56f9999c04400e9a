"""Where a request spends its time, and how often it goes to the database: the application inside this process, one
request at a time, with a clock on the driver and on a few of our functions."""

import asyncio
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial, wraps
from inspect import iscoroutinefunction
from statistics import median
from typing import Any
from unittest import mock
from uuid import uuid4

import asyncpg

from bench.calls import Call
from bench.cases import Case
from bench.place import Place
from support_api.app import create_app
from support_api.db import facts, store
from support_api.http import edge
from support_api.services import work

_WARM = 30
# What a statement is for, by how it begins.
_DATABASE = (
    ("begin", "begin, context"),
    ("commit", "commit"),
    ("with entry", "audit entry"),
    ("select coalesce", "facts"),
    ("insert into support.idempotency", "idempotency key"),
    ("update support.idempotency", "idempotency key"),
    ("", "rows"),
)
_OURS = (
    (edge.Edge, "_check", "token, purpose, validation"),
    (facts, "_facts", "facts decoded"),
    (work, "decide", "decision"),
    (store, "load", "decryption"),
    (edge, "rendered", "rendering"),
)


@dataclass
class Stages:
    """Medians: milliseconds per stage, and of the whole. `round_trips` is the most that a warm request took."""

    total: float
    round_trips: int
    parts: dict[str, float] = field(default_factory=dict)


class _Clock:
    def __init__(self) -> None:
        self.spent: dict[str, float] = {}
        self.round_trips = 0

    def reset(self) -> None:
        self.spent, self.round_trips = {}, 0

    def add(self, stage: str, seconds: float) -> None:
        self.spent[stage] = self.spent.get(stage, 0.0) + seconds

    async def watch(self, connection: Any) -> None:
        connection.add_query_logger(self._asked)

    def _asked(self, query: Any) -> None:
        self.round_trips += 1
        text = query.query.strip().lower()
        self.add(next(stage for start, stage in _DATABASE if text.startswith(start)), query.elapsed)

    def around(self, function: Callable[..., Any], stage: str) -> Callable[..., Any]:
        @wraps(function)
        def timed(*args: Any, **kwargs: Any) -> Any:
            started = time.perf_counter()
            try:
                return function(*args, **kwargs)
            finally:
                self.add(stage, time.perf_counter() - started)

        @wraps(function)
        async def awaited(*args: Any, **kwargs: Any) -> Any:
            started = time.perf_counter()
            try:
                return await function(*args, **kwargs)
            finally:
                self.add(stage, time.perf_counter() - started)

        return awaited if iscoroutinefunction(function) else timed


@contextmanager
def _clocked(clock: _Clock) -> Iterator[None]:
    pool = partial(asyncpg.create_pool, init=clock.watch)
    patches = [mock.patch.object(asyncpg, "create_pool", pool)]
    patches += [mock.patch.object(owner, name, clock.around(getattr(owner, name), at)) for owner, name, at in _OURS]
    for patch in patches:
        patch.start()
    try:
        yield
    finally:
        mock.patch.stopall()


async def measure(place: Place, cases: list[Case], times: int) -> dict[str, Stages]:
    clock = _Clock()
    with _clocked(clock):
        shell = create_app(place.settings())
        async with shell.lifespan():
            return {case.name: await _measure(shell, clock, case.ours, times) for case in cases}


async def _measure(shell: Any, clock: _Clock, call: Call, times: int) -> Stages:
    seen: list[tuple[float, int, dict[str, float]]] = []
    for number in range(_WARM + times):
        clock.reset()
        started = time.perf_counter()
        await ask(shell, call)
        total = time.perf_counter() - started
        await asyncio.sleep(0)  # The driver tells of a statement in the next turn of the loop.
        if number >= _WARM:
            seen.append((total, clock.round_trips, dict(clock.spent)))
    names = dict.fromkeys(name for _, _, spent in seen for name in spent)
    parts = {name: 1000 * median(spent.get(name, 0.0) for _, _, spent in seen) for name in names}
    total = 1000 * median(total for total, _, _ in seen)
    parts["everything else"] = total - sum(parts.values())
    return Stages(total, int(median(trips for _, trips, _ in seen)), parts)


async def ask(shell: Any, call: Call) -> bytes:
    sent: list[dict[str, Any]] = []

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": call.content, "more_body": False}

    async def send(message: dict[str, Any]) -> None:
        sent.append(message)

    await shell(call.scope(uuid4().hex), receive, send)
    if sent[0]["status"] not in (200, 201):
        raise SystemExit(f"{call.method} {call.path}: {sent[0]['status']}")
    return b"".join(message.get("body", b"") for message in sent)
