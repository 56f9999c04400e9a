"""Migrating as an operator does it: two at once, and a database of which a backup can be made."""

import asyncio
import os
import re
import subprocess
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import date

import asyncpg
import pytest

from support_api.db import migrate
from support_api.demo.cast import FIEN_PORTRAIT
from tests.conftest import BACKUP, MIGRATOR, World

TODAY = date(2026, 11, 1)


def dump(world: World) -> subprocess.CompletedProcess[str]:
    server = world.cluster.server
    environment = {"PATH": os.environ["PATH"], "PGHOST": str(server.socket_folder)}
    command = [f"{server.binaries}/pg_dump", "--username", BACKUP, "--data-only", "--inserts", world.main]
    return subprocess.run(command, env=environment, capture_output=True, text=True, check=False)


def contents(dumped: str) -> bytes:
    """All that a dump holds: its text, and what stands in it as hexadecimal bytes."""
    return dumped.encode() + b"".join(bytes.fromhex(each) for each in re.findall(r"\\x((?:[0-9a-f]{2})+)", dumped))


async def test_the_backup_role_can_dump_every_table(world: World) -> None:
    """Months that were made later and Alembic's own table too: a dump asks for each table by its name."""
    done = dump(world)
    assert done.returncode == 0, done.stderr
    stored = {row[0] for row in await world.sql("select id::text from support.portrait_items")}
    assert len(stored) > 5
    assert all(each in done.stdout for each in stored)
    assert "INSERT INTO support.audit_entries_" in done.stdout
    await world.sql("revoke select on support.alembic_version from support_api_backup")
    assert "permission denied for table alembic_version" in dump(world).stderr


async def test_a_backup_holds_no_words(world: World) -> None:
    """ADR 0004: structure is open, words are sealed. A row with words in the open is seen."""
    words = b"naar soep ruikt"
    assert any(words.decode() in text for _, text in FIEN_PORTRAIT)
    assert words not in contents(dump(world).stdout)
    await world.sql("update support.portrait_items set sealed = 'Als het hele huis naar soep ruikt.'::bytea")
    assert words in contents(dump(world).stdout)


@asynccontextmanager
async def somebody_else_migrates(world: World) -> AsyncIterator[asyncpg.Connection]:
    connection = await asyncpg.connect(world.cluster.url(world.main, MIGRATOR))
    try:
        await connection.execute("select pg_advisory_lock($1)", migrate.ADVISORY_LOCK)
        yield connection
    finally:
        await connection.close()


@pytest.mark.parametrize("another_lock", [0, 1])
async def test_the_months_wait_for_who_migrates_already(
    world: World, monkeypatch: pytest.MonkeyPatch, another_lock: int
) -> None:
    """And with another lock they don't, which is how two that start together broke each other."""
    async with somebody_else_migrates(world) as other:
        monkeypatch.setattr(migrate, "ADVISORY_LOCK", migrate.ADVISORY_LOCK + another_lock)
        months = asyncio.create_task(migrate._add_months(world.cluster.url(world.main, MIGRATOR), TODAY))
        waiting = "select count(*) from pg_locks where locktype = 'advisory' and not granted"
        waiting += " and database = (select oid from pg_database where datname = current_database())"
        while not months.done() and not await other.fetchval(waiting):
            pass
        assert months.done() == bool(another_lock)
    await months
