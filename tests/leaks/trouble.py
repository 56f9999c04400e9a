"""Trouble in and around the database, while callers send markers."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import asyncpg

from tests.conftest import World
from tests.every_operation import Good, good
from tests.leaks.asking import WORD, Heard
from tests.processes import soon
from tests.sites import Site

CANCEL = """select pg_cancel_backend(pid) from pg_stat_activity
where datname = current_database() and wait_event_type = 'Lock'"""


def breaking(table: str, message: str) -> tuple[str, ...]:
    """Statements after which PostgreSQL can't insert there; its message and DETAIL may hold values of a row."""
    return (
        f"create or replace function public.crash() returns trigger language plpgsql as "
        f"$$ begin raise exception '{message}' using detail = '{message}'; end $$",
        f"create trigger crash before insert on support.{table} for each statement execute function public.crash()",
    )


async def planted(world: World) -> Good:
    request = await good(world, "createPortraitItem")
    return request.but(body={"kind": "joy", "text": WORD})


async def in_trouble(site: Site, world: World, heard: Heard) -> None:
    """Each kind once, with its status."""
    item, person = await planted(world), await good(world, "createResident")
    person = person.but(body={**person.body, "callName": WORD})
    async with connected(site, site.main) as main:
        async with held(main, "lock table support.portrait_items in access exclusive mode"):
            waiting = asyncio.create_task(item.send(world))
            await soon(lambda: main.fetchval(CANCEL), "a statement that waits")
            assert heard.note("a statement cancelled", await waiting).status_code == 503
            assert heard.note("a lock", await item.send(world)).status_code == 409
        await run(main, *breaking("audit_entries", "closed"))
        assert heard.note("no audit entry", await item.send(world)).status_code == 503
        await run(main, "drop trigger crash on support.audit_entries")
        async with away(site, site.keys):
            assert heard.note("key store away", await person.send(world)).status_code == 503
        async with away(site, site.main):
            assert heard.note("database away", await item.send(world)).status_code == 503


async def crashing(site: Site, world: World, heard: Heard) -> None:
    """A mistake in the database that repeats what was sent. PostgreSQL logs that message itself."""
    item = await planted(world)
    async with connected(site, site.main) as main:
        with site.cluster.log.telling("a trigger's own message"):
            await run(main, *breaking("portrait_items", WORD))
            assert heard.note("a crash", await item.send(world)).status_code == 500


@asynccontextmanager
async def connected(site: Site, database: str) -> AsyncIterator[asyncpg.Connection]:
    """As the superuser."""
    connection = await asyncpg.connect(site.cluster.url(database))
    try:
        yield connection
    finally:
        await connection.close()


async def run(connection: asyncpg.Connection, *statements: str) -> None:
    for statement in statements:
        await connection.execute(statement)


@asynccontextmanager
async def held(connection: asyncpg.Connection, statement: str) -> AsyncIterator[None]:
    async with connection.transaction():
        await connection.execute(statement)
        yield


@asynccontextmanager
async def away(site: Site, database: str) -> AsyncIterator[None]:
    """Nobody gets in, and who is in is thrown out."""
    async with connected(site, "postgres") as server:
        await server.execute(f"alter database {database} allow_connections false")
        out = "select pg_terminate_backend(pid) from pg_stat_activity where datname = $1 and usename <> 'postgres'"
        await server.fetch(out, database)
        yield
        await server.execute(f"alter database {database} allow_connections true")
