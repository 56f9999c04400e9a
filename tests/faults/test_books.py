"""The control of every crash test: the same check, on books in which one thing is wrong."""

from uuid import uuid4

import asyncpg
import pytest

from tests.conftest import World
from tests.faults.ledger import History, books, wrong
from tests.faults.writers import change, create

TRAIL_OPEN = "set session_replication_role = replica;"


@pytest.fixture
async def kept(world: World) -> tuple[World, History]:
    """Three items, one of them changed; the books are right."""
    history = History()
    for _ in range(3):
        answer = await create(world, history, key := uuid4().hex)
    await change(world, history, key, answer.headers["ETag"])
    assert wrong(history, await books(world)) == set()
    return world, history


HARM = {
    "an acknowledged item is lost": "delete from support.portrait_items where id = '{first}'",
    "an acknowledged change is lost": "delete from support.portrait_items where id = '{last}'",
    "an item without its entry in the trail": "delete from support.audit_entries where '{first}' = any(object_ids)",
    "an entry in the trail of an item that is not there": "delete from support.portrait_items where id = '{first}'",
    "changes and the trail differ": "delete from support.audit_entries where action = 'portrait_item:change'",
    "changes and revisions differ": "delete from support.revisions where item_id = '{last}'",
    "an acknowledged item can't be read": "update support.portrait_items set deleted_at = now() where id = '{first}'",
}


@pytest.mark.parametrize("fault", HARM)
async def test_what_is_wrong_is_seen(kept: tuple[World, History], fault: str) -> None:
    world, history = kept
    first, *_, last = history.created.values()
    await _superuser(world, HARM[fault].format(first=first, last=last))
    assert fault in wrong(history, await books(world))


async def test_what_is_there_twice_is_seen(kept: tuple[World, History]) -> None:
    """As a service would do it that forgets its keys."""
    world, history = kept
    key = next(iter(history.created))
    await _superuser(world, "delete from support.idempotency")
    await create(world, history, key)
    assert wrong(history, await books(world)) == {"one key made two items"}


async def _superuser(world: World, statement: str) -> None:
    """Past the wall, the trigger and the constraints."""
    connection = await asyncpg.connect(world.cluster.url(world.main))
    try:
        await connection.execute(f"{TRAIL_OPEN} {statement}")
    finally:
        await connection.close()
