"""Mutants of good requests of every operation against a served process, while another caller goes on.

`python -m tests.hostile.fuzz N [SEED] [ONLY]`: with ONLY, the one mutant of that number. Prints what it met, and ends
with 1 if it found something. A mutant is made of the seed and its number; the ids in it are those of this run.
"""

import asyncio
import contextlib
import sys
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from random import Random, randrange
from tempfile import TemporaryDirectory

import psutil

from tests.conftest import Cluster, World, started
from tests.every_operation import NAMES, Good, good
from tests.hostile.exchange import Exchange, wrong
from tests.hostile.judging import records
from tests.hostile.mutating import Mutator, written
from tests.hostile.probing import Waited, probing
from tests.hostile.requests import Request, careful
from tests.leaks.asking import filled, planter
from tests.leaks.sinks import leaks
from tests.processes import Running
from tests.sites import Site, served, site_on

_TOGETHER = 8
_ALONE = 40  # of so many, one is sent alone: if it is refused, no record may differ
_FRESH = 25  # so often a good request serves, for what it speaks of ends or grows old
_MORE_MEMORY = 1.25
_LONGEST_WAIT = 2.0


@dataclass
class Met:
    seed: int
    statuses: Counter[int] = field(default_factory=Counter)
    found: list[str] = field(default_factory=list)
    memory: list[int] = field(default_factory=list)
    alone: int = 0
    quiet: Waited = field(default_factory=Waited)
    during: Waited = field(default_factory=Waited)
    seconds: float = 0
    worn: set[str] = field(default_factory=set)

    def verdict(self) -> list[str]:
        """All that was found, memory and waiting too."""
        found = list(self.found)
        if self.memory[-1] > self.memory[0] * _MORE_MEMORY:
            found.append(f"memory grew to {self.memory[-1] / self.memory[0]:.2f} times what it was")
        if self.during.worst > _LONGEST_WAIT or self.during.failed:
            found.append(f"another caller waited {self.during.worst:.2f} s, and failed {self.during.failed} times")
        return found

    def summary(self) -> str:
        total = sum(self.statuses.values())
        told = ", ".join(f"{status or 'no answer'}: {n}" for status, n in sorted(self.statuses.items()))
        during, quiet = self.during, self.quiet
        return "\n".join(
            (
                f"seed {self.seed}: {total} requests in {self.seconds:.0f} s ({total / self.seconds:.0f}/s), {told}",
                f"sent alone to compare all records: {self.alone}",
                f"memory: {self.memory[0] >> 20} MiB after warming up, {self.memory[-1] >> 20} MiB at the end "
                f"(ratio {self.memory[-1] / self.memory[0]:.2f}), at most {max(self.memory) >> 20} MiB",
                f"another caller: median {during.median * 1000:.1f} ms, {during.median / quiet.median:.1f} times that "
                f"without fuzz ({quiet.median * 1000:.1f} ms); worst {during.worst * 1000:.0f} ms, "
                f"{during.worst / quiet.worst:.1f} times ({quiet.worst * 1000:.0f} ms); {len(during.seconds)} calls, "
                f"{during.failed} failed",
                f"operations whose good request could at some time not be made anew: {sorted(self.worn) or 'none'}",
                f"found: {len(self.verdict())}",
            )
        )


class Goods:
    """A good request for each operation, made anew when it has served."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._kept: dict[str, Request] = {}
        self._left: Counter[str] = Counter()
        self.worn: set[str] = set()

    async def of(self, name: str) -> Request:
        if self._left[name] <= 0:
            self._kept[name], self._left[name] = await self._made(name), _FRESH
        self._left[name] -= 1
        return self._kept[name]

    async def _made(self, name: str) -> Request:
        """With marks in its texts. Where mutants changed too much for that, the one before it serves on."""
        for recipe in (filled, self._plain):
            with contextlib.suppress(AssertionError, LookupError):
                return careful(self._world, await recipe(self._world, name))
        self.worn.add(name)
        return self._kept[name]

    async def _plain(self, world: World, name: str) -> Good:
        request = await good(world, name)
        return request if request.body is None else request.but(body=planter(request.operation).planted(request.body))

    def used(self, name: str) -> None:
        """It was done: what it speaks of has changed."""
        self._left[name] = 0


class Fuzz:
    def __init__(self, world: World, process: Running, seed: int) -> None:
        self.world, self.process, self.port = world, process, world.client.base_url.port or 0
        self.goods, self.met = Goods(world), Met(seed)
        self.others: list[object] = []

    async def run(self, numbers: range, warm: int) -> Met:
        self.others = [each.body for name in NAMES if (each := await good(self.world, name)).body is not None]
        raw = written(careful(self.world, await good(self.world, "getMe")))
        with probing(self.port, raw) as self.met.quiet:
            await asyncio.sleep(min(3, len(numbers) / 500))
        start = time.perf_counter()
        with probing(self.port, raw) as self.met.during:
            await self._all(numbers, warm)
        self.met.worn = self.goods.worn
        self.met.seconds = time.perf_counter() - start
        self.met.found += [
            f"in the log of the service: {each}" for each in leaks({self.process.output: self.process.output})
        ]
        return self.met

    async def _all(self, numbers: range, warm: int) -> None:
        exchanges = [Exchange(self.port) for _ in range(_TOGETHER)]
        for at in range(0, len(numbers), _ALONE):
            batch = numbers[at : at + _ALONE]
            mutants = [(number, *await self._mutant(number)) for number in batch]
            queue = iter(mutants[:-1])
            await asyncio.gather(*(self._each(exchange, queue) for exchange in exchanges))
            await self._one_alone(exchanges[0], *mutants[-1])
            if at >= warm or batch[-1] == numbers[-1]:
                self.met.memory.append(_memory(self.process))
        for exchange in exchanges:
            await exchange.close()

    async def _mutant(self, number: int) -> tuple[str, Request, Random]:
        random = Random(f"{self.met.seed}:{number}")
        name = random.choice(NAMES)
        return name, Mutator(random, self.others).mutant(await self.goods.of(name)), random

    async def _each(self, exchange: Exchange, queue: "object") -> None:
        for number, name, request, random in queue:  # type: ignore[attr-defined]
            await self._sent(exchange, number, name, request, random)

    async def _one_alone(self, exchange: Exchange, number: int, name: str, request: Request, random: Random) -> None:
        before = await records(self.world)
        status = await self._sent(exchange, number, name, request, random)
        after = await records(self.world)
        changed = [table for table in before if before[table] != after[table]]
        self.met.alone += 1
        if changed and not 200 <= status < 300:
            self._note(number, name, written(request), f"{status}, yet it changed {changed}")

    async def _sent(self, exchange: Exchange, number: int, name: str, request: Request, random: Random) -> int:
        """The status, or 0 where the connection ended."""
        raw, whole = written(request, chunked=random.random() < 0.1), random.random() > 0.04
        if not whole:
            raw = Mutator(random, self.others).spoilt(raw)
        try:
            answer = await exchange.ask(raw, to_head=request.method == "HEAD", whole=whole)
        except TimeoutError:
            self._note(number, name, raw, "neither an answer nor an end")
            await exchange.close()
            return 0
        status = answer.status if answer else 0
        self.met.statuses[status] += 1
        if answer and whole:
            for complaint in wrong(request, answer):
                self._note(number, name, raw, complaint)
        elif (answer and answer.status >= 500) or whole:
            self._note(number, name, raw, f"got {status or 'no answer'}")
        if 200 <= status < 300 and request.method != "GET":
            self.goods.used(name)
        return status

    def _note(self, number: int, name: str, raw: bytes, complaint: str) -> None:
        self.met.found.append(f"number {number} ({name}): {complaint}\n  {raw[:3000]!r}")


def _memory(process: Running) -> int:
    return sum(each.memory_info().rss for each in process.family() if each.status() != psutil.STATUS_ZOMBIE)


async def fuzzed(site: Site, seed: int, numbers: range, **environ: str) -> Met:
    async with served(site, **environ) as (process, world):
        return await Fuzz(world, process, seed).run(numbers, warm=len(numbers) // 10)


async def _on(cluster: Cluster, folder: Path, seed: int, numbers: range) -> Met:
    async with site_on(cluster, folder) as site:
        return await fuzzed(site, seed, numbers)


def main(count: str = "20000", seed: str = "", only: str = "") -> int:
    chosen = int(seed or randrange(10**9))
    numbers = range(int(only), int(only) + 1) if only else range(int(count))
    print(f"seed {chosen}", flush=True)
    with TemporaryDirectory(prefix="support-api-fuzz-") as folder, started(Path(folder)) as cluster:
        met = asyncio.run(_on(cluster, Path(folder), chosen, numbers))
    print("\n".join(met.verdict()[:20]))
    print(met.summary())
    return int(bool(met.verdict()))


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
