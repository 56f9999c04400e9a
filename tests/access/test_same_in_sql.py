"""INV-01: a list in SQL shows, counts and pages exactly what `decide` lets somebody see of each item."""

from collections.abc import AsyncIterator, Callable
from contextlib import suppress
from dataclasses import dataclass, replace
from random import Random
from typing import Any
from uuid import UUID

import pytest

from support_api.db import store
from support_api.db.store import Window
from support_api.db.tx import Tx
from support_api.domain.access import Access
from support_api.domain.errors import Hidden
from support_api.domain.facts import Me, Principal, Subject
from support_api.domain.grants import Grant
from support_api.domain.grounds import Basis
from support_api.domain.resource import SharedItem
from support_api.domain.vocabulary import Level
from tests.access.people import (
    KINDS,
    NOW,
    Kind,
    another_resident,
    fien_id,
    fill,
    inside,
    me,
    own_access,
    principal,
    shapes,
)
from tests.access.states import State, generated
from tests.conftest import World

QUICK, DEEP = 100, 1500
EMPTY = Grant(False, None, UUID(int=0))
CALLERS = ("teun", "sanne", "zaaksysteem")


@dataclass
class Stored:
    """Fien's items of one kind, as they lie in the database, among deleted ones and those of another resident."""

    tx: Tx
    kind: Kind
    items: list[Any]
    callers: list[tuple[Principal, Me]]
    subject: Subject

    def state(self, seed: int) -> State:
        return generated(seed, self.callers, self.subject, [item.id for item in self.items], NOW)

    def level(self, access: Access, item: SharedItem) -> Level:
        return access.sees(item, self.kind.res.category(item))

    async def listed(self, access: Access, window: Window) -> store.Page[Any]:
        try:
            return await store.page(self.tx, access, self.kind.res, window)
        except Hidden:
            return store.Page((), False, False, 0)

    async def found(self, access: Access, item: SharedItem) -> bool:
        try:
            return await store.one(self.tx, access, self.kind.res, item.id) == item
        except Hidden:
            return False


@pytest.fixture(params=KINDS, ids=str)
async def stored(world: World, request: pytest.FixtureRequest) -> AsyncIterator[Stored]:
    kind: Kind = request.param
    async with inside(world) as tx:
        access = await own_access(tx, world, fien_id(world))
        people = [(principal(world, name), await me(tx, world, name)) for name in CALLERS]
        workers = (people[0][1].id, people[1][1].id)
        random = Random(kind.res.name)
        made = shapes(access.resident_id, workers, random)
        for item in (await fill(tx, access, kind, made))[::8]:
            await store.remove(tx, access, kind.res, item)
        other = await own_access(tx, world, await another_resident(tx, world))
        await fill(tx, other, kind, made[-20:])
        items = (await store.page(tx, access, kind.res, Window(limit=1000))).items
        yield Stored(tx, kind, list(items), people, access.subject)


async def differences(stored: Stored, state: State) -> list[str]:
    """Where the list, its count or one item by its id say another thing than `sees`."""
    access = state.access()
    levels = {item.id: stored.level(access, item) for item in stored.items}
    seen = {item_id for item_id, level in levels.items() if level >= Level.SHORT}
    page = await stored.listed(access, Window(limit=1000, count=True))
    shown = {item.id for item in page.items}
    wrong = [f"shown {i.id in shown}, {levels[i.id]!r}: {i}" for i in stored.items if (i.id in shown) != (i.id in seen)]
    if page.count != len(seen) or not shown <= set(levels):
        wrong.append(f"counted {page.count}, seen {len(seen)}, of others {len(shown - set(levels))}")
    for item in Random(state.seed).sample(stored.items, 3):
        if await stored.found(access, item) != (item.id in seen):
            wrong.append(f"by its id, {levels[item.id]!r}: {item}")
    return wrong and [str(state), *wrong]


async def first_difference(stored: Stored, states: int) -> str:
    for seed in range(states):
        if wrong := await differences(stored, stored.state(seed)):
            return "\n".join(wrong)
    return ""


async def test_sql_and_python_show_the_same(stored: Stored) -> None:
    assert QUICK * len(stored.items) > 15_000, "pairs of an access and an item"
    assert not await first_difference(stored, QUICK)


@pytest.mark.slow
async def test_sql_and_python_show_the_same_many_times_over(stored: Stored) -> None:
    assert DEEP * len(stored.items) > 250_000
    assert not await first_difference(stored, DEEP)


async def test_hints_add_nothing_but_what_the_resident_would_rather_tell(stored: Stored) -> None:
    for seed in range(20):
        access = stored.state(seed).access()
        with suppress(Hidden):
            found = await store.every(stored.tx, access, stored.kind.res, hints=True)
            shown = {item.id for item in found}
            assert shown >= {item.id for item in stored.items if stored.level(access, item) > Level.NONE}
            assert all(item.withheld or stored.level(access, item) >= Level.SHORT for item in found)


async def test_page_by_page_both_ways_is_the_same_list(stored: Stored) -> None:
    for seed in range(8):
        access = stored.state(seed).access()
        whole = (await stored.listed(access, Window(limit=1000))).items
        forward: list[Any] = []
        page = await stored.listed(access, Window(limit=9))
        while page.items:
            forward += page.items
            page = await stored.listed(access, Window(limit=9, after=page.items[-1].id))
        assert tuple(forward) == whole
        backward: list[Any] = list(whole[-1:])
        while backward and (page := await stored.listed(access, Window(limit=9, before=backward[0].id))).items:
            backward = [*page.items, *backward]
        assert tuple(backward) == whole


async def test_the_states_are_worth_comparing(stored: Stored) -> None:
    """Else the comparison proves nothing: some see much, some little, on every ground that shows anything."""
    accesses = [stored.state(seed).access() for seed in range(QUICK)]
    seen = [sum(stored.level(access, item) >= Level.SHORT for item in stored.items) for access in accesses]
    assert {access.basis for access in accesses} >= {Basis.RELATION, Basis.CONSENT, Basis.NONE}
    assert sum(0 < number < len(stored.items) for number in seen) > QUICK / 2
    assert len(set(seen)) > 15


# One forgotten parameter of the SQL each: what is bound to it instead.
FORGOTTEN = {
    "closed": False,
    "refusing": False,
    "spared": [],
    "refused": [],
    "recorder": None,
    "worker": None,
    "open": True,
    "excepted": [],
    "permitted": [],
}


def forgetting(name: str) -> Callable[[int, Grant], dict[str, Any]]:
    real = store._grant_values
    return lambda number, grant: {**real(number, grant), f"{name}_{number}": FORGOTTEN[name]}


def without(field: str) -> Callable[[Grant, SharedItem], Level]:
    real = Grant.level
    return lambda grant, item: real(replace(grant, **{field: type(getattr(grant, field))()}), item)


async def test_a_condition_left_out_is_seen(stored: Stored, monkeypatch: pytest.MonkeyPatch) -> None:
    """Positive control: each parameter of the SQL, and what decides the same in Python, forgotten one by one."""
    assert {name.rsplit("_", 1)[0] for name in store._grant_values(0, EMPTY)} == set(FORGOTTEN)
    mistakes: list[tuple[object, str, object]] = [(store, "_grant_values", forgetting(name)) for name in FORGOTTEN]
    for field in ("never", "refused", "open_except", "short_items", "full_items"):
        mistakes.append((Grant, "level", without(field)))
    for number, (where, name, wrong) in enumerate(mistakes):
        with monkeypatch.context() as patch:
            patch.setattr(where, name, wrong)
            assert await first_difference(stored, QUICK), f"mistake {number}, of {name}, is not seen"
