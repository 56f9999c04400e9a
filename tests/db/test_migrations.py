"""The migrations make what db/tables.py declares, once and again, and can be undone."""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime

import asyncpg
import pytest
from alembic import command
from sqlalchemy.dialects.postgresql.base import ischema_names

from support_api.db import migrate, security
from support_api.db.tables import Xid8
from tests.conftest import Cluster
from tests.db.catalogue import changeable, unwalled
from tests.db.rights import held
from tests.db.rows import Place
from tests.db.schemas import create_declared, empty_databases, parts, proposals


@pytest.fixture
async def declared(cluster: Cluster) -> AsyncIterator[str]:
    """A database that db/tables.py made, without any migration."""
    async with empty_databases(cluster, "declared") as (url,):
        await create_declared(url)
        yield url


@pytest.fixture
def known_types(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(ischema_names, "xid8", Xid8)


async def _parts(url: str) -> set[str]:
    connection = await asyncpg.connect(url)
    try:
        return await parts(connection)
    finally:
        await connection.close()


async def test_a_migrated_database_is_what_the_tables_declare(superuser: asyncpg.Connection, declared: str) -> None:
    assert await parts(superuser) == await _parts(declared)


@pytest.mark.parametrize(
    "change",
    [
        "alter table support.persons add column more int",
        "alter table support.persons drop column key_state",
        "alter table support.persons alter column key_id drop not null",
        "alter table support.persons alter column key_state set default 'destroyed'",
        "alter table support.persons drop constraint persons_key_state_ck",
        "alter table support.persons alter column key_id type text",
        "drop index support.lookups_municipality_id_resident_id_ix",
        "alter table support.residents drop constraint residents_persons_fk",
        "create table support.more (municipality_id uuid)",
    ],
)
async def test_a_difference_is_seen(superuser: asyncpg.Connection, change: str) -> None:
    before = await parts(superuser)
    await superuser.execute(change)
    assert await parts(superuser) != before


@pytest.mark.usefixtures("known_types")
async def test_alembic_finds_nothing_left_to_migrate(cluster: Cluster, place: Place) -> None:
    assert await proposals(cluster.url(place.main)) == []


@pytest.mark.usefixtures("known_types")
async def test_alembic_sees_what_is_left_to_migrate(declared: str) -> None:
    """Positive control."""
    connection = await asyncpg.connect(declared)
    await connection.execute("alter table support.persons drop column key_state")
    await connection.close()
    assert [proposal[0] for proposal in await proposals(declared)] == ["add_column"]


async def _state(url: str) -> tuple[set[str], object, list[str]]:
    connection = await asyncpg.connect(url)
    try:
        faults = await unwalled(connection, {security.SERVE, security.OWNER})
        faults += await changeable(connection, security.APPEND_ONLY)
        tables = await connection.fetch("select relname from pg_class where relnamespace = 'support'::regnamespace")
        return {row[0] for row in tables} | await parts(connection), await held(connection, "support"), faults
    finally:
        await connection.close()


async def _upgrade(main: str, keys: str) -> None:
    await asyncio.to_thread(migrate.upgrade, main, keys, datetime.now(UTC).date())


@pytest.mark.slow
async def test_migrating_again_changes_nothing_and_so_does_back_and_forth(cluster: Cluster) -> None:
    async with empty_databases(cluster, "main", "keys") as (main, keys):
        await _upgrade(main, keys)
        first = await _state(main)
        assert first[2] == []
        await _upgrade(main, keys)
        assert await _state(main) == first
        for url, branch in ((main, migrate.MAIN), (keys, migrate.KEYS)):
            await asyncio.to_thread(command.downgrade, migrate.config(url, branch), "base")
        assert await _parts(main) == set()
        await _upgrade(main, keys)
        assert await _state(main) == first


async def test_a_log_in_that_may_not_make_roles_is_told_so(cluster: Cluster) -> None:
    """In one line, with what to do about it."""
    async with empty_databases(cluster, "main") as (main,):
        outsider = main.replace("test_migrator", "test_server")
        with pytest.raises(migrate.MigrationRefused, match="let an administrator run"):
            await migrate.prepare(outsider)
