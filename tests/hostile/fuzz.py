"""Mutants of good requests of every operation against a served process, while another caller goes on.

`python -m tests.hostile.fuzz N [SEED] [ONLY]`: with ONLY, the one mutant of that number. Prints what it met, and ends
with 1 if it found something. A mutant is made of the seed and its number; the ids in it are those of this run.
"""

import asyncio
import sys
import time
from pathlib import Path
from random import Random, randrange
from tempfile import TemporaryDirectory

import psutil

from tests.conftest import Cluster, World, started
from tests.every_operation import NAMES, good
from tests.hostile.exchange import Exchange, wrong
from tests.hostile.goods import Goods
from tests.hostile.judging import records
from tests.hostile.met import Met
from tests.hostile.mutating import Mutator, written
from tests.hostile.probing import probing
from tests.hostile.requests import Request, careful
from tests.leaks.sinks import leaks
from tests.processes import Running
from tests.sites import Site, served, site_on

_TOGETHER = 8
_ALONE = 40  # of so many, one is sent alone: if it is refused, no record may differ


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
