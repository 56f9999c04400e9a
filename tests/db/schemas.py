"""What a database is made of, as PostgreSQL writes it down: for comparing two of them."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any
from uuid import uuid4

import asyncpg
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Connection, pool
from sqlalchemy.engine import make_url
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from support_api.db import security
from support_api.db.tables import PARTITIONED, SCHEMA, metadata
from tests.conftest import MIGRATOR, Cluster

_PARTS = f"""
with mine as (select c.oid, c.relname from pg_class c where c.relnamespace = '{SCHEMA}'::regnamespace
  and c.relkind in ('r', 'p') and not c.relispartition and c.relname <> 'alembic_version')
select relname || '.' || attname || ' ' || format_type(atttypid, atttypmod)
  || case when attnotnull then ' not null' else '' end
  || coalesce(' default ' || pg_get_expr(adbin, adrelid), '') as part
  from mine join pg_attribute a on attrelid = mine.oid and attnum > 0 and not attisdropped
  left join pg_attrdef on adrelid = attrelid and adnum = attnum
union all
select relname || '.' || conname || ' ' || pg_get_constraintdef(k.oid) from mine
  join pg_constraint k on conrelid = mine.oid and contype <> 'n'
union all select pg_get_indexdef(indexrelid) from mine join pg_index on indrelid = mine.oid
union all select relname || ' ' || pg_get_partkeydef(mine.oid) from mine where pg_get_partkeydef(mine.oid) is not null
"""


async def parts(connection: asyncpg.Connection) -> set[str]:
    """Every column, constraint, index and way of partitioning."""
    return {row["part"] for row in await connection.fetch(_PARTS)}


async def create_declared(url: str) -> None:
    """What db/tables.py says, made without any migration."""

    def create(connection: Connection) -> None:
        metadata.create_all(connection)

    engine = _engine(url)
    async with engine.begin() as connection:
        await connection.exec_driver_sql(f"create schema {SCHEMA}")
        await connection.run_sync(create)
    await engine.dispose()


async def proposals(url: str) -> list[Any]:
    """What Alembic would still migrate."""

    def compare(connection: Connection) -> list[Any]:
        options = {"include_schemas": True, "include_name": _ours, "compare_type": True, "compare_server_default": True}
        return list(compare_metadata(MigrationContext.configure(connection, opts=options), metadata))

    engine = _engine(url)
    async with engine.connect() as connection:
        found = await connection.run_sync(compare)
    await engine.dispose()
    return found


def _ours(name: str | None, kind: str, parents: Any) -> bool:
    if kind == "schema":
        return name == SCHEMA
    partition = any((name or "").startswith(f"{table.name}_2") for table in PARTITIONED)
    return kind != "table" or not (partition or name == "alembic_version")


def _engine(url: str) -> AsyncEngine:
    return create_async_engine(make_url(url).set(drivername="postgresql+asyncpg"), poolclass=pool.NullPool)


@asynccontextmanager
async def empty_databases(cluster: Cluster, *kinds: str) -> AsyncIterator[list[str]]:
    """The migrator's URLs of new databases."""
    names = [f"{kind}_{uuid4().hex[:12]}" for kind in kinds]
    connection = await asyncpg.connect(cluster.url("postgres"))
    for name in names:
        await connection.execute(f"create database {name} owner {security.OWNER}")
    try:
        yield [cluster.url(name, MIGRATOR) for name in names]
    finally:
        for name in names:
            await connection.execute(f"drop database {name} with (force)")
        await connection.close()
