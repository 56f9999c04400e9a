"""Invented rows for every table that there is and will be, and connections to see who can do what with them."""

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4

import asyncpg

from support_api.db import security
from support_api.demo.cast import VERZONNERDAM, VOORBEELDSTAD
from tests.conftest import SERVER, Cluster, World

HERE, THERE = VOORBEELDSTAD.id, VERZONNERDAM.id
TABLES = tuple(sorted(security.tables()))
WITH_ROWS = tuple(table for table in TABLES if table != "municipalities")

_COLUMNS = """
select a.attname as name, format_type(a.atttypid, null) as type from pg_attribute a
where a.attrelid = to_regclass('support.' || $1) and a.attnum > 0 and not a.attisdropped
"""
_FIXED: dict[str, dict[str, Any]] = {"persons": {"key_state": "active"}}


@dataclass(frozen=True)
class Place:
    """A main database without a service on it."""

    cluster: Cluster
    main: str


@asynccontextmanager
async def inside(place: Place | World, municipality: UUID | None, user: str = SERVER) -> AsyncIterator[Any]:
    """A connection as that role, in a transaction with that municipality as its context, rolled back at the end."""
    async with connected(place, user) as connection, rolled_back(connection):
        await enter(connection, municipality)
        yield connection


@asynccontextmanager
async def connected(place: Place | World, user: str = "postgres") -> AsyncIterator[Any]:
    connection = await asyncpg.connect(place.cluster.url(place.main, user))
    try:
        yield connection
    finally:
        await connection.close()


@asynccontextmanager
async def rolled_back(connection: asyncpg.Connection) -> AsyncIterator[None]:
    transaction = connection.transaction()
    await transaction.start()
    try:
        yield
    finally:
        await transaction.rollback()


async def enter(connection: asyncpg.Connection, municipality: UUID | None) -> None:
    await connection.execute("select set_config('support.municipality', $1, true)", str(municipality or ""))


async def attempt(connection: asyncpg.Connection, statement: str, *values: Any) -> str:
    """What PostgreSQL did, or the reason why it refused; undone either way."""
    async with rolled_back(connection):
        try:
            return str(await connection.execute(statement, *values))
        except asyncpg.PostgresError as refused:
            return f"{type(refused).__name__}: {refused}"


async def invented(connection: asyncpg.Connection, table: str) -> dict[str, Any]:
    row = {column["name"]: _value(column["type"]) for column in await connection.fetch(_COLUMNS, table)}
    row |= _FIXED.get(table, {})
    return row | ({"resident_id": row["id"]} if table == "residents" else {})


def _value(kind: str) -> Any:
    if kind.endswith("[]"):
        return []
    made: dict[str, Any] = {
        "uuid": str(uuid4()),
        "text": f"planted-{uuid4().hex}",
        "integer": 1,
        "boolean": False,
        "bytea": f"\\x{uuid4().hex}",
        "timestamp with time zone": datetime.now(UTC).isoformat(),
        "xid8": "7",
    }
    return made[kind]


def insertion(table: str, row: dict[str, Any], municipality: UUID) -> tuple[str, str]:
    statement = f"insert into support.{table} select * from jsonb_populate_record(null::support.{table}, $1::jsonb)"
    return statement, json.dumps({**row, "municipality_id": str(municipality)})


async def plant(connection: asyncpg.Connection, *municipalities: UUID) -> None:
    """In every table the very same row in each of these municipalities; as the superuser, whom no key holds up."""
    await connection.execute("set session_replication_role = replica")
    for table in WITH_ROWS:
        row = await invented(connection, table)
        for municipality in municipalities:
            await connection.execute(*insertion(table, row, municipality))
    await connection.execute("reset session_replication_role")


async def snapshot(place: Place | World, municipality: UUID) -> dict[str, str]:
    """All rows of one municipality, table by table, as text."""
    rows = "select string_agg(t::text, e'\\n' order by t::text) from support.{} t where municipality_id = $1"
    async with connected(place) as connection:
        return {table: await connection.fetchval(rows.format(table), municipality) or "" for table in TABLES}


async def without_walls(place: Place | World) -> None:
    """Row security off on every table: what is left is what the application does itself."""
    async with connected(place) as connection:
        for (table,) in await connection.fetch("select oid::regclass::text from pg_class where relrowsecurity"):
            await connection.execute(f"alter table {table} disable row level security")
