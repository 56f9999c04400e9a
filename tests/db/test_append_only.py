"""INV-26: nobody changes the audit trail: not who serves, not who owns it, not in a partition."""

from typing import Any

import asyncpg
import pytest

from support_api.db.security import APPEND_ONLY, OWNER, SERVE
from tests.db.rows import HERE, attempt, enter

CHANGES = (
    "update {} set municipality_id = municipality_id",
    "update {} set at = at where false",
    "delete from {}",
    "delete from {} where false",
    "truncate {}",
)
_WAYS = (
    "merge into support.audit_entries t using (values (1)) v on t.municipality_id = '{0}' when matched then delete",
    "insert into support.audit_entries select * from support.audit_entries limit 1"
    " on conflict (municipality_id, at, id) do update set action = 'me:read'",
    "copy support.audit_entries from program 'true'",
    "alter table support.audit_entries disable trigger append_only",
    "drop table support.audit_residents",
)
_BARE_PARTITION = """
create table support.audit_entries_2001_01 partition of support.audit_entries
for values from ('2001-01-01') to ('2001-02-01')
"""


async def _tables(connection: asyncpg.Connection) -> list[str]:
    """The tables of the trail and all their partitions."""
    parents = [f"support.{name}" for name in APPEND_ONLY]
    parts = "select inhrelid::regclass::text from pg_inherits where inhparent::regclass::text = any($1::text[])"
    return parents + [row[0] for row in await connection.fetch(parts, parents)]


async def _unrefused(connection: asyncpg.Connection, role: str | None, reason: str) -> list[Any]:
    """Changes that this role is not refused, or for another reason than this one."""
    tables = await _tables(connection)
    if role:
        await connection.execute(f"set local role {role}")
    await enter(connection, HERE)
    tried = [change.format(table) for table in tables for change in CHANGES]
    said = [(change, await attempt(connection, change)) for change in tried]
    await connection.execute("reset role")
    return [pair for pair in said if not pair[1].startswith("InsufficientPrivilegeError") or reason not in pair[1]]


@pytest.mark.parametrize(
    ("role", "reason"), [(SERVE, "permission denied"), (OWNER, "append-only"), (None, "append-only")]
)
async def test_nobody_changes_the_trail(superuser: asyncpg.Connection, role: str | None, reason: str) -> None:
    """Who serves has no right to; whoever has the right, owner and superuser, meets the trigger."""
    assert len(await _tables(superuser)) > 2 * 24
    assert await _unrefused(superuser, role, reason) == []


@pytest.mark.parametrize("way", _WAYS)
async def test_there_is_no_way_round_for_who_serves(superuser: asyncpg.Connection, way: str) -> None:
    await superuser.execute(f"set local role {SERVE}")
    await enter(superuser, HERE)
    assert (await attempt(superuser, way.format(HERE))).startswith("InsufficientPrivilegeError")


async def test_what_may_be_done_is_to_add(superuser: asyncpg.Connection) -> None:
    """Positive control: the refusals above are about changing."""
    await superuser.execute(f"set local role {SERVE}")
    await enter(superuser, HERE)
    again = "insert into support.audit_entries (municipality_id, id, action, outcome, role, client_id, basis, trace_id)"
    values = " select $1, gen_random_uuid(), 'me:read', 'done', 'worker', 'client', 'none', gen_random_uuid()"
    assert await attempt(superuser, again + values, HERE) == "INSERT 0 1"


@pytest.mark.parametrize(
    ("opened", "who"),
    [
        ("drop trigger append_only on support.audit_entries", OWNER),
        ("alter table support.audit_residents disable trigger append_only", None),
        ("grant update, delete, truncate on support.audit_entries to support_api_serve", SERVE),
        (_BARE_PARTITION, None),
    ],
)
async def test_an_opening_is_seen(superuser: asyncpg.Connection, opened: str, who: str | None) -> None:
    """Positive control; a new partition has no trigger of its own, which is why `migrate` makes one."""
    await superuser.execute(opened)
    assert await _unrefused(superuser, who, "permission denied" if who == SERVE else "append-only") != []
