"""Locks, slow statements and lost connections: the caller is told to come back (409 or 503), never 500."""

import asyncio
from collections.abc import AsyncIterator, Awaitable
from contextlib import asynccontextmanager
from typing import Any
from uuid import UUID

import asyncpg
import httpx
import pytest

from support_api.db import register, tx
from tests.conftest import World
from tests.processes import soon

SLOW = """
create function support.slow() returns trigger language plpgsql as $$ begin perform pg_sleep(3); return new; end $$;
create trigger slow before insert on support.portrait_items for each row execute function support.slow();
"""
WAITING = "exists (select from pg_stat_activity where wait_event_type = 'Lock' and datname = current_database())"
NEW = {"kind": "joy", "text": "Op dinsdag zing ik in het koor."}


@pytest.fixture(autouse=True)
def _short_budgets(monkeypatch: pytest.MonkeyPatch) -> None:
    """A tenth of a second for locks and half a second for statements, so that nobody here waits long."""
    begin = tx._BEGIN.replace("'lock_timeout','2s'", "'lock_timeout','100ms'")
    monkeypatch.setattr(tx, "_BEGIN", begin.replace("'statement_timeout','5s'", "'statement_timeout','500ms'"))


@pytest.fixture
def _unforeseen(monkeypatch: pytest.MonkeyPatch) -> None:
    """The control: a service that does not know what a lost or cancelled connection is."""
    monkeypatch.setattr(tx, "_away", lambda _: False)


@asynccontextmanager
async def superuser(world: World) -> AsyncIterator[Any]:
    connection = await asyncpg.connect(world.cluster.url(world.main))
    try:
        yield connection
    finally:
        await connection.close()


@asynccontextmanager
async def holding(world: World, statement: str) -> AsyncIterator[Any]:
    """Somebody else's transaction, open while the block runs."""
    async with superuser(world) as connection:
        transaction = connection.transaction()
        await transaction.start()
        await connection.execute(statement)
        yield connection
        await transaction.rollback()


async def item(world: World) -> httpx.Response:
    return await world.post("fien", f"{world.fien}/portrait-items", NEW)


def patched(world: World, made: httpx.Response) -> Awaitable[httpx.Response]:
    path = f"{world.fien}/portrait-items/{made.json()['id']}"
    return world.patch("fien", path, {"text": "Op donderdag."}, made.headers["ETag"])


def come_back(answer: httpx.Response, status: int, code: str) -> None:
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert int(answer.headers["Retry-After"]) > 0
    assert answer.headers["Content-Type"] == "application/problem+json"


async def test_a_row_that_somebody_else_holds(world: World) -> None:
    made = await item(world)
    async with holding(world, "select * from support.portrait_items for update"):
        come_back(await patched(world, made), 409, "still_running")
    assert (await patched(world, made)).status_code == 200


async def test_a_key_that_is_being_worked_on(world: World) -> None:
    """The second with one key waits for the first, and not for ever."""
    async with superuser(world) as connection:
        await connection.execute(SLOW.replace("pg_sleep(3)", "pg_sleep(0.4)"))
        headers = {"Idempotency-Key": "de-tweede-met-deze-sleutel"}
        path = f"{world.fien}/portrait-items"
        first, second = await asyncio.gather(*(world.post("fien", path, NEW, headers=headers) for _ in range(2)))
    assert sorted((first.status_code, second.status_code)) == [201, 409]
    come_back(first if first.status_code == 409 else second, 409, "still_running")


@pytest.mark.parametrize(
    ("table", "write", "refusal"),
    [
        ("identities", 409, 503),
        ("residents", 409, 503),
        ("idempotency", 409, 404),
        ("audit_entries", 503, 503),
        ("clients", 503, 503),
    ],
)
async def test_a_table_that_is_being_changed(world: World, table: str, write: int, refusal: int) -> None:
    """As a migration holds it. Also the register, read before the work, and the trail of a refusal, written after."""
    async with holding(world, f"lock table support.{table} in access exclusive mode"):
        come_back(await item(world), write, "still_running" if write == 409 else "unavailable")
        refused = await world.get("noor", f"{world.fien}/portrait-items")
        assert refused.status_code == refusal
        if refusal == 503:
            come_back(refused, 503, "unavailable")
    assert (await item(world)).status_code == 201


async def test_the_register_goes_on_being_refreshed_after_a_lock(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """The background task survives what a request survives: else every call would read the register itself."""
    monkeypatch.setattr(register, "_REFRESH_SECONDS", 0.01)
    town = UUID(world.person("fien").municipality_id)
    async with world.database() as database:
        kept = register.Register(database)
        assert await kept.client(town, "werkplek-voorbeeld")
        refreshing = asyncio.create_task(kept.keep_fresh())
        async with holding(world, "lock table support.clients in access exclusive mode") as other:
            await soon(lambda: other.fetchval(f"select {WAITING}"), "a refresh that waits")
            await soon(lambda: other.fetchval(f"select not {WAITING}"), "a refresh that gave up")
        read_at = kept._kept[town].read_at
        await soon(lambda: _later(kept, town, read_at), "the next refresh", 5)
        refreshing.cancel()


async def _later(kept: register.Register, town: UUID, read_at: float) -> bool:
    return kept._kept[town].read_at > read_at


async def test_a_statement_that_takes_too_long(world: World) -> None:
    async with superuser(world) as connection:
        await connection.execute(SLOW)
        come_back(await item(world), 503, "unavailable")
        await connection.execute("drop trigger slow on support.portrait_items")
        assert (await item(world)).status_code == 201
        assert await connection.fetchval("select count(*) from support.portrait_items where kind = 'joy'") == 2


@pytest.mark.usefixtures("_unforeseen")
async def test_the_control_answers_500_to_a_slow_statement(world: World) -> None:
    async with superuser(world) as connection:
        await connection.execute(SLOW)
        assert (await item(world)).status_code == 500


async def _cut_off(world: World) -> int:
    """A caller waits for a row, and the administrator ends that very connection."""
    made = await item(world)
    async with holding(world, "select * from support.portrait_items for update") as other:
        waiting = asyncio.create_task(patched(world, made))
        blocked = "select pg_terminate_backend(pid) from pg_stat_activity where wait_event_type = 'Lock'"
        blocked += " and datname = current_database()"
        await soon(lambda: other.fetchval(blocked), "a connection that waits")
        answer = await waiting
    assert (await world.get("fien", "/v1/me")).status_code == 200
    return answer.status_code


async def test_a_connection_that_is_ended_in_the_middle(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tx, "_BEGIN", tx._BEGIN.replace("'100ms'", "'10s'").replace("'500ms'", "'10s'"))
    assert await _cut_off(world) == 503


@pytest.mark.usefixtures("_unforeseen")
async def test_the_control_answers_500_to_a_lost_connection(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tx, "_BEGIN", tx._BEGIN.replace("'100ms'", "'10s'").replace("'500ms'", "'10s'"))
    assert await _cut_off(world) == 500
