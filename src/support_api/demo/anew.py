"""The demo as it was when it was loaded, again, while it runs: with the same ids, so that tokens stay good.

A copy of both databases is kept. Whoever wants it back leaves a mark in the folder; the process that started the demo
sees it, puts the copy in the place of what is there, and takes the mark away. If that is broken off, the mark is still
there when the demo starts again.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import asyncpg

from support_api.db import security

DATABASE, KEY_DATABASE = "support_api", "support_api_keys"
KEPT = {DATABASE: "support_api_fresh", KEY_DATABASE: "support_api_keys_fresh"}
_NEXT = {DATABASE: "support_api_next", KEY_DATABASE: "support_api_keys_next"}
_MARK = "reset-asked"


class Wish:
    """To have the demo anew; open until it is fulfilled."""

    def __init__(self, folder: Path) -> None:
        self._mark = folder / _MARK

    def __bool__(self) -> bool:
        return self._mark.exists()

    def make(self) -> None:
        self._mark.touch()

    def fulfilled(self) -> None:
        self._mark.unlink(missing_ok=True)


async def forget(admin: str) -> None:
    """Whatever there is of a demo, its copies included."""
    async with _connected(admin) as connection:
        for database in (DATABASE, KEY_DATABASE, *KEPT.values(), *_NEXT.values()):
            await _drop(connection, database)


async def keep(admin: str) -> None:
    """Makes the copies, if there are none. Nobody may be connected."""
    async with _connected(admin) as connection:
        for database, kept in KEPT.items():
            if not await connection.fetchval("select true from pg_database where datname = $1", kept):
                await _copy(connection, database, kept)


async def put_back(admin: str, thumbprint: str) -> None:
    """Callers get 503 meanwhile. The main database goes first and comes last, so that nothing is written that has its
    keys in another key store."""
    async with _connected(admin) as connection:
        for database, copy in _NEXT.items():
            await _drop(connection, copy)
            await _copy(connection, KEPT[database], copy)
        await trust(connection, _NEXT[DATABASE], thumbprint)
        for database in (DATABASE, KEY_DATABASE):
            await _drop(connection, database)
        for database in (KEY_DATABASE, DATABASE):
            await connection.execute(f"alter database {_NEXT[database]} rename to {database}")


async def trust(connection: Any, database: str, thumbprint: str) -> None:
    """A copy of a database lacks its settings: this one lets the demo's issuer in."""
    await connection.execute(f"alter database {database} set support.demo_issuer = '{thumbprint}'")


async def _copy(connection: Any, source: str, name: str) -> None:
    await connection.execute(f"create database {name} template {source} owner {security.OWNER}")


async def _drop(connection: Any, name: str) -> None:
    await connection.execute(f"drop database if exists {name} with (force)")


@asynccontextmanager
async def _connected(admin: str) -> AsyncIterator[Any]:
    connection = await asyncpg.connect(admin)
    try:
        yield connection
    finally:
        await connection.close()
