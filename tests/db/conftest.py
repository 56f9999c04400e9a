"""Connections for hand-made SQL, beside the service."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from uuid import uuid4

import asyncpg
import pytest

from support_api.db.keys import KeyRing
from support_api.db.tx import Database, open_pool
from tests.conftest import KEY_TEMPLATE, SERVER, TEMPLATE, Cluster, static_keys
from tests.db.rows import Place


@pytest.fixture(scope="module")
def copies(cluster: Cluster) -> Iterator[tuple[str, str]]:
    """A copy of both templates for a file whose tests roll back what they do."""
    names = f"main_{uuid4().hex[:12]}", f"keys_{uuid4().hex[:12]}"
    for template, name in zip((TEMPLATE, KEY_TEMPLATE), names, strict=True):
        asyncio.run(cluster.clone(template, name))
    yield names
    for name in names:
        asyncio.run(cluster.drop(name))


@pytest.fixture
def place(cluster: Cluster, copies: tuple[str, str]) -> Place:
    """The main data of that copy."""
    return Place(cluster, copies[0])


@pytest.fixture
async def database(place: Place) -> AsyncIterator[Database]:
    """As the serving role, with one connection, which every transaction therefore gets."""
    pool = await open_pool(place.cluster.url(place.main, SERVER), size=1)
    yield Database(pool, KeyRing(pool, static_keys()))
    await pool.close()


@pytest.fixture
async def superuser(cluster: Cluster, copies: tuple[str, str]) -> AsyncIterator[asyncpg.Connection]:
    """On the main data, in a transaction that is rolled back: roles are shared by all databases."""
    async for connection in _rolled_back(cluster.url(copies[0])):
        yield connection


@pytest.fixture
async def key_store(cluster: Cluster, copies: tuple[str, str]) -> AsyncIterator[asyncpg.Connection]:
    async for connection in _rolled_back(cluster.url(copies[1])):
        yield connection


async def _rolled_back(url: str) -> AsyncIterator[asyncpg.Connection]:
    connection = await asyncpg.connect(url)
    transaction = connection.transaction()
    await transaction.start()
    yield connection
    await transaction.rollback()
    await connection.close()
