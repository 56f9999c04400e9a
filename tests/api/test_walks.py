"""A walk through a list while others add to it: nothing twice, and nothing left out that was there before its last page
was asked for (R74). Holds for every list to which something can be added."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from random import Random
from typing import Any
from uuid import UUID, uuid4

import pytest

from support_api.db import store
from support_api.services.work import Work
from tests.conftest import World
from tests.every_operation import PAGED, SOUP, STORY, YES
from tests.make import log_in, new_resident, recalled, start, worker_id


@dataclass
class Walked:
    """What a walk saw, and what was acknowledged when it asked for its last page."""

    known: set[str] = field(default_factory=set)
    seen: list[str] = field(default_factory=list)

    def check(self) -> None:
        assert len(self.seen) == len(set(self.seen)), "twice"
        assert self.known <= set(self.seen), "left out"


@dataclass
class Growing:
    """A list that somebody adds to: `add` answers the id of what it added."""

    name: str
    path: str
    add: Callable[[], Awaitable[str]]
    acknowledged: set[str] = field(default_factory=set)

    async def write(self) -> None:
        self.acknowledged.add(await self.add())

    async def walk(self, world: World, limit: int, between: Callable[[], Awaitable[Any]] | None = None) -> Walked:
        walked, link = Walked(), f"{self.path}?limit={limit}"
        while link:
            walked.known = set(self.acknowledged)
            page = (await world.get(self.name, link)).json()
            walked.seen += [each["id"] for each in page["results"]]
            link = page["next"]
            if between:
                await between()
        return walked


async def _by_fien(world: World, where: str, said: dict[str, Any]) -> Growing:
    async def add() -> str:
        return str((await world.post("fien", f"{world.fien}/{where}", said)).json()["id"])

    return Growing("fien", f"{world.fien}/{where}", add)


async def _notes(world: World) -> Growing:
    return await _by_fien(world, "baggage-notes", STORY)


async def _items(world: World) -> Growing:
    return await _by_fien(world, "portrait-items", SOUP)


async def _consents(world: World) -> Growing:
    return await _by_fien(world, "consents", YES)


async def _relationships(world: World) -> Growing:
    """Each with a worker of a duty of its own, since one duty is had once."""
    path, duties = await new_resident(world), ("supports", "indicates", "debt")
    free = [(await worker_id(world, who), duty) for who in ("teun", "sanne", "w1", "w2", "w3") for duty in duties]

    async def add() -> str:
        worker, duty = free.pop()
        return str((await start(world, path, worker, duties=[duty])).json()["id"])

    return Growing("greet", f"{path}/working-relationships", add)


async def _caseload(world: World) -> Growing:
    """Of one worker, with residents who have nothing to do with each other."""
    teun = await worker_id(world, "teun")

    async def add() -> str:
        return str((await start(world, await new_resident(world), teun)).json()["id"])

    return Growing("teun", "/v1/working-relationships", add)


async def _recalls(world: World) -> Growing:
    """Of one system, about residents who have nothing to do with each other."""

    async def add() -> str:
        path = await new_resident(world)
        claims = await log_in(world, uuid4().hex, path)
        return str((await recalled(world, path, claims=claims))["consent"]["recall"]["id"])

    return Growing("zaaksysteem", "/v1/recalls", add)


async def _opened(world: World, path: str) -> str:
    purpose = {"Processing-Purpose": "emergency"}
    answer = await world.post("sanne", f"{path}/emergency-access", {"reason": "Neemt niet op."}, headers=purpose)
    assert answer.status_code == 201, answer.text
    return str(answer.json()["id"])


async def _emergencies(world: World) -> Growing:
    return Growing("fien", f"{world.fien}/emergency-access", lambda: _opened(world, world.fien))


async def _reviews(world: World) -> Growing:
    """Of a municipality, about residents who have nothing to do with each other."""

    async def add() -> str:
        return await _opened(world, await new_resident(world))

    return Growing("pim", "/v1/emergency-access", add)


GROWING: dict[str, Callable[[World], Awaitable[Growing]]] = {
    "listPortraitItems": _items,
    "listBaggageNotes": _notes,
    "listConsents": _consents,
    "listWorkingRelationships": _relationships,
    "listMyWorkingRelationships": _caseload,
    "listRecalls": _recalls,
    "listEmergencyAccess": _emergencies,
    "listEmergencyReviews": _reviews,
}
# Newest first: what is added stands before where a walk began (tests/db/test_access_log_pages.py).
# Workers are added from the command line, in turn like all others.
OTHERS = {"listAccessLog", "listWorkers"}


def test_every_list_is_walked() -> None:
    assert set(GROWING) | OTHERS == set(PAGED)


@pytest.mark.parametrize("name", GROWING)
async def test_writers_and_walkers_at_the_same_time(world: World, name: str) -> None:
    random = Random(7)
    for _ in range(3):
        growing = await GROWING[name](world)
        writers = [asyncio.create_task(growing.write()) for _ in range(12)]
        walks = [asyncio.create_task(growing.walk(world, random.randint(1, 4))) for _ in range(3)]
        for walked in await asyncio.gather(*walks):
            walked.check()
        await asyncio.gather(*writers)
        whole = await growing.walk(world, random.randint(1, 7))
        whole.check()
        assert whole.seen == sorted(whole.seen)


async def late(world: World, patch: pytest.MonkeyPatch) -> Walked:
    """One has its id and does not commit; others try to come after it; a walk passes; then the first one commits."""
    growing = await _items(world)
    add, made, go_on = store.add, asyncio.Event(), asyncio.Event()

    async def slow(*args: Any) -> Any:
        if not made.is_set():
            made.set()
            await go_on.wait()
        return await add(*args)

    patch.setattr(store, "add", slow)
    first = asyncio.create_task(growing.write())
    await made.wait()
    others = [asyncio.create_task(growing.write()) for _ in range(4)]
    await asyncio.wait(others, timeout=0.3)

    async def commit() -> None:
        go_on.set()
        await first

    walked = await growing.walk(world, 12, between=commit)
    await asyncio.gather(*others)
    return walked


async def test_what_commits_late_is_not_left_out(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    (await late(world, monkeypatch)).check()


async def test_without_waiting_for_a_turn_it_would_be(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """Positive control."""

    async def at_once(work: Work, *owners: UUID) -> None:
        work.tx.in_line.update(owners)

    monkeypatch.setattr(Work, "line_up", at_once)
    with pytest.raises(AssertionError, match="left out"):
        (await late(world, monkeypatch)).check()


async def test_adding_out_of_turn_is_a_mistake_that_shows(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever writes a new resource and forgets it gets no item that a walk could miss."""

    async def forgotten(*_: object) -> None:
        return None

    monkeypatch.setattr(Work, "line_up", forgotten)
    assert (await world.post("fien", f"{world.fien}/portrait-items", SOUP)).status_code == 500
