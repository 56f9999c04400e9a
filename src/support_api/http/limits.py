"""How often one client, one municipality and one searcher may call; counted over all worker processes of a machine.

The generic cell rate algorithm (ITU-T I.371): of each caller one moment is kept, until which its calls so far are paid
for at the allowed rate. Who would run further ahead than the burst waits. Processes write without a lock: two that meet
let one call too many through, and never one too few.
"""

import hashlib
import mmap
import struct
import time
from collections.abc import Callable
from dataclasses import dataclass
from math import ceil
from pathlib import Path

from support_api import metrics
from support_api.domain.facts import Principal
from support_api.http.problems import Problem

SLOTS = 1 << 15
_TRIES = 16
_SLOT = struct.Struct("=Qd")


@dataclass(frozen=True, slots=True)
class Rate:
    """Calls per second in the long run, and how many seconds' worth may come at once. 0 per second: no limit."""

    per_second: float
    burst_seconds: float


class Meter:
    """`shared`: a file that the processes of one machine have in common; without one, this process counts alone."""

    def __init__(self, shared: Path | None = None, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        size = SLOTS * _SLOT.size
        if shared is None:
            self._memory = mmap.mmap(-1, size)
            return
        with shared.open("r+b") as file:
            file.truncate(size)
            self._memory = mmap.mmap(file.fileno(), size)

    def take(self, key: bytes, rate: Rate) -> float:
        """Counts one call; answers 0, or the seconds after which it will be let through."""
        if rate.per_second <= 0:
            return 0.0
        now, name = self._clock(), int.from_bytes(hashlib.blake2b(key, digest_size=8).digest(), "big") or 1
        at, paid_until = self._slot(name, now)
        paid_until = max(paid_until, now) + 1 / rate.per_second
        ahead = paid_until - now - max(rate.burst_seconds, 1 / rate.per_second)
        if ahead > 1e-9:
            return ahead
        _SLOT.pack_into(self._memory, at, name, paid_until)
        return 0.0

    def _slot(self, name: int, now: float) -> tuple[int, float]:
        """Where this caller's moment is; else the first place of somebody who owes nothing any more."""
        free = -1
        for step in range(_TRIES):
            at = (name + step) % SLOTS * _SLOT.size
            known, paid_until = _SLOT.unpack_from(self._memory, at)
            if known == name:
                return at, paid_until
            if free < 0 and paid_until <= now:
                free = at
        return free if free >= 0 else name % SLOTS * _SLOT.size, now


@dataclass(frozen=True, slots=True)
class Limits:
    """Raises 429 with `Retry-After`. Who calls is known by then: strangers are the reverse proxy's to slow down."""

    meter: Meter
    client: Rate
    municipality: Rate
    search: Rate

    def admit(self, principal: Principal) -> None:
        town = principal.municipality_id.bytes
        self._take(b"client" + town + principal.client_id.encode(), self.client, "client")
        self._take(b"municipality" + town, self.municipality, "municipality")

    def admit_searches(self, principal: Principal, numbers: int) -> None:
        """A person, or a system, who tries number after number is after something else than one resident. Who records
        a number is told whether it is somebody's, so that counts too."""
        town, client = principal.municipality_id.bytes, principal.client_id.encode()
        for _ in range(numbers):
            self._take(b"search" + town + principal.subject + client, self.search, "search")

    def _take(self, key: bytes, rate: Rate, limit: str) -> None:
        wait = self.meter.take(key, rate)
        if wait > 0:
            metrics.count(metrics.RATE_LIMITED, limit)
            raise Problem("too_many_requests", headers={"Retry-After": str(ceil(wait))})
