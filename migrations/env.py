"""Runs the migrations of one branch (the main data, or the key store) over asyncpg, one at a time."""

import asyncio

from alembic import context
from sqlalchemy import Connection, pool, text
from sqlalchemy.engine import make_url
from sqlalchemy.ext.asyncio import create_async_engine

from support_api.db import security
from support_api.db.migrate import ADVISORY_LOCK
from support_api.db.tables import metadata

SCHEMAS = {"versions": "support", "keys": "keys"}


def _run(connection: Connection) -> None:
    schema = SCHEMAS[context.config.attributes["branch"]]
    connection.execute(text(f"select pg_advisory_lock({ADVISORY_LOCK})"))
    connection.execute(text(f"set role {security.OWNER}"))
    connection.execute(text(f"create schema if not exists {schema}"))
    connection.execute(text("set lock_timeout = '4s'"))
    connection.execute(text("set statement_timeout = '60s'"))
    connection.commit()
    context.configure(
        connection=connection,
        target_metadata=metadata if schema == "support" else None,
        version_table="alembic_version",
        version_table_schema=schema,
        include_schemas=True,
        transaction_per_migration=True,
    )
    with context.begin_transaction():
        context.run_migrations()


async def _connect() -> None:
    url = make_url(context.config.attributes["url"]).set(drivername="postgresql+asyncpg")
    engine = create_async_engine(url, poolclass=pool.NullPool)
    try:
        async with engine.connect() as connection:
            await connection.run_sync(_run)
    finally:
        await engine.dispose()


asyncio.run(_connect())
