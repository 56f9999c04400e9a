"""The audit trail by month: the months ahead are there, walled and append-only, whatever the clock of the server."""

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

import asyncpg
import pytest

from support_api.db import audit, migrate, security
from support_api.db.tables import PARTITIONED
from tests.conftest import World
from tests.db.catalogue import changeable, unwalled
from tests.db.rows import HERE, connected, insertion, inside, invented

_BOUNDS = """
select pg_get_expr(relpartbound, oid) as bound from pg_class
where relispartition and relnamespace = 'support'::regnamespace and relname ~ $1 order by relname
"""


def _months(today: date, count: int) -> list[date]:
    return [date(today.year + (today.month - 1 + n) // 12, (today.month - 1 + n) % 12 + 1, 1) for n in range(count)]


async def _gaps(connection: asyncpg.Connection, today: date) -> list[str]:
    """Months of the coming two years that are not covered whole, from midnight to midnight by UTC."""
    await connection.execute("set local timezone = 'UTC'")
    wanted = _months(today, 25)
    gaps = []
    for table in PARTITIONED:
        bounds = {row["bound"] for row in await connection.fetch(_BOUNDS, f"^{table.name}_\\d{{4}}_\\d\\d$")}
        for first, after in pairwise(wanted):
            if f"FOR VALUES FROM ('{first} 00:00:00+00') TO ('{after} 00:00:00+00')" not in bounds:
                gaps.append(f"{table.name} {first:%Y-%m}")
    return gaps


async def test_two_years_ahead_are_there(superuser: asyncpg.Connection) -> None:
    assert await _gaps(superuser, datetime.now(UTC).date()) == []


async def test_a_missing_month_is_seen(superuser: asyncpg.Connection) -> None:
    next_month = _months(datetime.now(UTC).date(), 2)[1]
    await superuser.execute(f"drop table support.audit_residents_{next_month:%Y_%m}")
    assert await _gaps(superuser, datetime.now(UTC).date()) == [f"audit_residents {next_month:%Y-%m}"]


@pytest.mark.parametrize("zone", ["Europe/Amsterdam", "America/Los_Angeles"])
async def test_months_made_later_join_without_a_gap_wherever_the_server_is(
    superuser: asyncpg.Connection, zone: str
) -> None:
    """An hour that falls between two partitions is an hour in which nothing can be recorded, and so nothing done."""
    later = datetime.now(UTC).date() + timedelta(days=400)
    await superuser.execute(f"set local timezone = '{zone}'")
    for statement in migrate.month_statements(later):
        await superuser.execute(statement)
    assert await _gaps(superuser, later) == []
    assert await unwalled(superuser, {security.SERVE, security.OWNER}) == []
    assert await changeable(superuser, security.APPEND_ONLY) == []


@pytest.mark.parametrize("today", [date(2026, 12, 31), date(2028, 2, 29), date(2027, 1, 1)])
def test_every_month_is_made_once(today: date) -> None:
    made = [statement.split("('support.")[1].split("'")[0] for statement in migrate.month_statements(today)]
    assert made == [f"{table.name}_{month:%Y_%m}" for month in _months(today, 24) for table in PARTITIONED]


async def test_what_is_recorded_now_lies_in_the_partition_of_this_month(world: World) -> None:
    await world.get("fien", "/v1/me")
    async with connected(world) as connection:
        for table in ("audit_entries", "audit_residents"):
            where = f"select tableoid::regclass::text as part, at from support.{table} order by at desc limit 1"
            row = await connection.fetchrow(where)
            assert row["part"] == f"support.{table}_{row['at']:%Y_%m}"


async def test_a_moment_without_a_partition_is_refused(world: World) -> None:
    """Positive control: it does not silently go elsewhere."""
    async with inside(world, HERE) as connection:
        row = await invented(connection, "audit_entries")
        with pytest.raises(asyncpg.CheckViolationError, match="no partition"):
            await connection.execute(*insertion("audit_entries", {**row, "at": "2001-01-01T00:00Z"}, HERE))


async def test_the_end_of_the_months_is_known(world: World) -> None:
    """To whoever serves. Without the last month it is a month earlier, and without any there is none."""
    ends = _months(datetime.now(UTC).date(), 25)
    months = [f"support.{table.name}_{month:%Y_%m}" for month in ends for table in PARTITIONED]
    found = []
    async with world.database() as database:
        for gone in ([], months[-4:-2], months[:-4]):
            for name in gone:
                await world.sql(f"drop table {name}")
            found.append(await audit.months_end(database.pool))
    assert found == [datetime(each.year, each.month, 1, tzinfo=UTC) for each in (ends[-1], ends[-2])] + [None]
