"""Bringing a database up to date: the main data and the key store, each by its own URL, and the months to come of the
audit trail."""

import asyncio
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import asyncpg
from alembic import command
from alembic.config import Config

from support_api.db import security
from support_api.db.tables import PARTITIONED, SCHEMA

MONTHS_AHEAD = 24
MAIN, KEYS = "versions", "keys"
ADVISORY_LOCK = 7_281_203_551  # migrations that start together go one by one


def scripts() -> Path:
    """The migrations: beside the package in an installed wheel, at the top of the repository in a checkout."""
    package = Path(__file__).resolve().parents[1]
    installed = package / "_migrations"
    return installed if installed.is_dir() else package.parents[1] / "migrations"


def config(url: str, branch: str) -> Config:
    made = Config()
    made.set_main_option("script_location", str(scripts()))
    made.set_main_option("version_locations", str(scripts() / branch))
    made.set_main_option("path_separator", "newline")
    made.attributes.update(url=url, branch=branch)
    return made


class MigrationRefused(Exception):
    """Says in one line what the database or its administrator has to allow first."""


async def prepare(url: str) -> None:
    """Makes the group roles where they are missing, and lets the owner role make our schemas in this database."""
    connection = await asyncpg.connect(url)
    try:
        version = connection.get_server_version().major
        if version < 15:
            raise MigrationRefused(f"PostgreSQL 15 or newer is needed; this is {version}")
        for statement in security.role_statements():
            await connection.execute(statement)
        database = await connection.fetchval("select quote_ident(current_database())")
        if not await connection.fetchval("select pg_has_role(current_user, $1, 'member')", security.OWNER):
            await connection.execute(f"grant {security.OWNER} to current_user")
        if not await connection.fetchval(
            "select has_database_privilege($1, current_database(), 'create')", security.OWNER
        ):
            await connection.execute(f"grant create on database {database} to {security.OWNER}")
    except asyncpg.InsufficientPrivilegeError:
        raise MigrationRefused(
            f"this log-in may not make the roles {security.OWNER}, {security.SERVE}, {security.KEYS} and"
            f" {security.BACKUP}; let an administrator run `support-api migrate` once"
        ) from None
    finally:
        await connection.close()


def upgrade(main_url: str, keys_url: str, today: date, revision: str = "head") -> None:
    for url in dict.fromkeys((main_url, keys_url)):
        asyncio.run(prepare(url))
    command.upgrade(config(keys_url, KEYS), revision)
    command.upgrade(config(main_url, MAIN), revision)
    asyncio.run(_add_months(main_url, today))


async def _add_months(url: str, today: date) -> None:
    """And shows them to the backup role, with Alembic's own table: a dump locks and copies each table by its name.
    Who serves reads that one too: a service is not ready on another version than its own."""
    connection = await asyncpg.connect(url)
    try:
        await connection.execute(f"select pg_advisory_lock({ADVISORY_LOCK})")
        await connection.execute(f"set role {security.OWNER}")
        for statement in month_statements(today):
            await connection.execute(statement)
        await connection.execute(f"grant select on all tables in schema {SCHEMA} to {security.BACKUP}")
        await connection.execute(f"grant select on {SCHEMA}.alembic_version to {security.SERVE}")
    finally:
        await connection.close()


def month_statements(today: date, months: int = MONTHS_AHEAD) -> Iterator[str]:
    """Partitions from this month on, by UTC. Each is walled, append-only, and granted to nobody who serves."""
    first = today.replace(day=1)
    for _ in range(months):
        after = (first.replace(day=28) + timedelta(days=4)).replace(day=1)
        for table in PARTITIONED:
            yield _partition(table.name, first, after)
        first = after


def _partition(table: str, first: date, after: date) -> str:
    name = f"{table}_{first:%Y_%m}"
    wall = "; ".join((*security.wall(name), *security.append_only(name)))
    return (
        f"do $$ begin if to_regclass('{SCHEMA}.{name}') is null then"
        f" create table {SCHEMA}.{name} partition of {SCHEMA}.{table}"
        f" for values from ('{first} 00:00Z') to ('{after} 00:00Z'); {wall}; end if; end $$"
    )
