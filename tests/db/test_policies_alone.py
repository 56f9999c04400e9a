"""Wall 1 with the application's half removed: its statements ask for another municipality than the context is of, and
PostgreSQL must give and take nothing."""

from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import replace
from typing import Any
from uuid import UUID, uuid4

import asyncpg
import pytest

from support_api.db import audit, directory, facts, lookups, store, working_relationships
from support_api.db.tx import Tx
from support_api.demo.cast import FIEN_BSN
from support_api.domain.access import Access
from support_api.domain.errors import Hidden, Stale
from support_api.domain.portrait_items import PORTRAIT_ITEMS, PortraitItem
from support_api.domain.residents import IdentifierSystem
from support_api.services.standard import moved
from tests.conftest import World
from tests.db.acting import access, principal
from tests.db.rows import HERE, THERE, snapshot, without_walls
from tests.make import added


async def _asking_for_another(world: World, do: Callable[[Tx, Access], Awaitable[Any]]) -> Any:
    """`do`, with Fien's own access, in a transaction of another municipality whose filters say hers."""
    fien = UUID(world.person("fien").resident_id)
    async with world.database() as database:
        async with database.transaction(HERE) as tx:
            own = await access(world, tx, "fien", fien)
        async with database.transaction(THERE) as tx:
            tx.municipality_id = HERE
            return await do(tx, own)


async def _items(tx: Tx, own: Access) -> int:
    page = await store.page(tx, own, PORTRAIT_ITEMS, store.Window(count=True))
    return len(page.items) + (page.count or 0)


READS: dict[str, Callable[[World], Callable[[Tx, Access], Awaitable[Any]]]] = {
    "facts": lambda world: lambda tx, own: facts.load_many(tx, principal(world, "fien"), [own.resident_id]),
    "items": lambda world: _items,
    "every": lambda world: lambda tx, own: store.every(tx, own, PORTRAIT_ITEMS),
    "look-up": lambda world: lambda tx, own: lookups.find(tx, IdentifierSystem.BSN, FIEN_BSN),
    "numbers": lambda world: lambda tx, own: working_relationships.numbers(tx, [own.resident_id]),
    "call names": lambda world: lambda tx, own: working_relationships.call_names(tx, [own]),
    "workers": lambda world: lambda tx, own: directory.worker_page(tx, None, 25, backwards=False),
    "trail": lambda world: lambda tx, own: audit.lines(tx, own, 25, None),
}


async def test_a_read_that_asks_for_another_municipality_finds_nothing(world: World) -> None:
    """And finds something without row security: the positive control."""

    async def found() -> dict[str, bool]:
        return {name: bool(await _asking_for_another(world, read(world))) for name, read in READS.items()}

    assert await found() == dict.fromkeys(READS, False)
    await without_walls(world)
    assert await found() == dict.fromkeys(READS, True)


async def _first_item(world: World) -> PortraitItem:
    fien = UUID(world.person("fien").resident_id)
    async with world.database() as database, database.transaction(HERE) as tx:
        return (await store.every(tx, await access(world, tx, "fien", fien), PORTRAIT_ITEMS))[0]


WRITES: dict[str, Callable[[PortraitItem], Callable[[Tx, Access], Awaitable[Any]]]] = {
    "add": lambda item: lambda tx, own: added(tx, own, PORTRAIT_ITEMS, replace(item, id=uuid4())),
    "save": lambda item: lambda tx, own: store.save(tx, own, PORTRAIT_ITEMS, item, moved(item, own.now)),
    "remove": lambda item: lambda tx, own: store.remove(tx, own, PORTRAIT_ITEMS, replace(item, version=2)),
    "look-up": lambda item: lambda tx, own: lookups.replace(tx, own, ()),
}


async def test_a_write_that_names_another_municipality_changes_nothing(world: World) -> None:
    """And changes something without row security: the positive control."""
    item = await _first_item(world)

    async def changed() -> dict[str, bool]:
        return {name: await _changes(world, write(item)) for name, write in WRITES.items()}

    assert await changed() == dict.fromkeys(WRITES, False)
    await without_walls(world)
    assert await changed() == dict.fromkeys(WRITES, True)


async def _changes(world: World, do: Callable[[Tx, Access], Awaitable[Any]]) -> bool:
    before = await snapshot(world, HERE)
    with suppress(Stale, asyncpg.InsufficientPrivilegeError):
        await _asking_for_another(world, do)
    return await snapshot(world, HERE) != before


async def test_one_item_asked_for_in_another_context_is_hidden(world: World) -> None:
    item = await _first_item(world)

    async def read(tx: Tx, own: Access) -> PortraitItem:
        return await store.one(tx, own, PORTRAIT_ITEMS, item.id)

    with pytest.raises(Hidden, match="no_such_item"):
        await _asking_for_another(world, read)
    await without_walls(world)
    assert await _asking_for_another(world, read) == item
