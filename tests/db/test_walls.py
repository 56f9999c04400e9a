"""Wall 1 in PostgreSQL itself (access.md): hand-made SQL as the serving role, on every table."""

import asyncio
from collections.abc import Iterator
from uuid import UUID, uuid4

import asyncpg
import pytest

from support_api.db.security import GRANTS, SERVE
from tests.conftest import TEMPLATE, Cluster
from tests.db.rows import (
    HERE,
    TABLES,
    THERE,
    WITH_ROWS,
    Place,
    attempt,
    connected,
    enter,
    insertion,
    inside,
    invented,
    plant,
)

DENIED = "InsufficientPrivilegeError"


@pytest.fixture(scope="module")
def planted(cluster: Cluster) -> Iterator[Place]:
    """Both municipalities have, in every table, a row that differs in nothing but the municipality."""
    place = Place(cluster, f"main_{uuid4().hex[:12]}")
    asyncio.run(cluster.clone(TEMPLATE, place.main))
    asyncio.run(_plant(place))
    yield place
    asyncio.run(cluster.drop(place.main))


async def _plant(place: Place) -> None:
    async with connected(place) as connection:
        await plant(connection, HERE, THERE)


async def _seen(connection: asyncpg.Connection) -> dict[str, dict[UUID, int]]:
    """Per table, how many rows of which municipality there are for whoever asks."""
    count = "select municipality_id, count(*) from support.{} group by 1"
    return {table: dict(await connection.fetch(count.format(table))) for table in TABLES}


async def test_without_context_there_is_nothing(planted: Place) -> None:
    async with inside(planted, None) as connection:
        assert await _seen(connection) == {table: {} for table in TABLES}


async def test_with_context_one_sees_all_of_it_and_nothing_else(planted: Place) -> None:
    async with inside(planted, None, "postgres") as connection:
        everything = await _seen(connection)
    async with inside(planted, HERE) as connection:
        assert await _seen(connection) == {table: {HERE: rows[HERE]} for table, rows in everything.items()}
    assert all(rows[THERE] for rows in everything.values())


@pytest.mark.parametrize(
    "hole",
    [
        "alter table support.persons disable row level security",
        "alter policy municipality_wall on support.persons using (true)",
        "drop policy municipality_wall on support.persons",
        f"create or replace function support.municipality() returns uuid language sql as $$ select '{THERE}'::uuid $$",
    ],
)
async def test_a_hole_in_the_wall_lets_another_municipality_through(planted: Place, hole: str) -> None:
    """The positive control of the two above, in a transaction that makes the hole and becomes the serving role."""
    async with inside(planted, HERE, "postgres") as connection:
        await connection.execute(hole)
        await connection.execute(f"set local role {SERVE}")
        assert (await _seen(connection))["persons"].get(THERE)


@pytest.mark.parametrize("context", [None, HERE])
async def test_no_row_can_be_put_in_another_municipality(planted: Place, context: UUID | None) -> None:
    async with inside(planted, context) as connection:
        for table, rights in GRANTS.items():
            row = await invented(connection, table)
            said = await attempt(connection, *insertion(table, row, THERE))
            wall = "violates row-level security" if "INSERT" in rights else "permission denied"
            assert said.startswith(DENIED), (table, said)
            assert wall in said, (table, said)


async def test_a_row_of_ones_own_meets_no_wall(planted: Place) -> None:
    """The positive control of the refusals above: the same insertion in one's own municipality gets through."""
    async with inside(planted, HERE) as connection:
        for table in ("idempotency", "audit_entries", "audit_residents", "persons"):
            row = await invented(connection, table)
            assert await attempt(connection, *insertion(table, row, HERE)) == "INSERT 0 1"


async def test_what_one_changes_or_deletes_is_ones_own(planted: Place) -> None:
    async with inside(planted, HERE) as connection:
        for table, rows in (await _seen(connection)).items():
            update = await attempt(connection, f"update support.{table} set municipality_id = municipality_id")
            delete = await attempt(connection, f"delete from support.{table}")
            for right, said in (("UPDATE", update), ("DELETE", delete)):
                done = f"{right} {rows[HERE]}" if right in GRANTS[table] else f"{DENIED}: permission denied"
                assert said.startswith(done), (table, said)


async def test_no_row_can_be_moved_to_another_municipality(planted: Place) -> None:
    async with inside(planted, HERE) as connection:
        for table in (table for table in TABLES if "UPDATE" in GRANTS[table]):
            said = await attempt(connection, f"update support.{table} set municipality_id = $1", THERE)
            assert said.startswith(DENIED), (table, said)
            assert "violates row-level security" in said, (table, said)


async def test_equal_numbers_in_two_municipalities_never_collide(planted: Place) -> None:
    """The planted rows are equal in every column but one; a key without the municipality would have refused that."""
    async with inside(planted, None, "postgres") as connection:
        for table in WITH_ROWS:
            row = await invented(connection, table)
            await connection.execute("set local session_replication_role = replica")
            await connection.execute(*insertion(table, row, HERE))
            assert await attempt(connection, *insertion(table, row, THERE)) == "INSERT 0 1"
            assert (await attempt(connection, *insertion(table, row, HERE))).startswith("UniqueViolationError")


async def test_a_number_unique_across_municipalities_would_collide(planted: Place) -> None:
    """Positive control, and why no such key may exist: it tells one municipality what another one has."""
    async with inside(planted, None, "postgres") as connection:
        row = await invented(connection, "clients")
        await connection.execute("truncate support.clients cascade")
        await connection.execute("create unique index crossing on support.clients (client_id)")
        await connection.execute(*insertion("clients", row, HERE))
        assert (await attempt(connection, *insertion("clients", row, THERE))).startswith("UniqueViolationError")


async def test_leaving_a_context_leaves_nothing_behind(planted: Place) -> None:
    async with inside(planted, HERE) as connection:
        assert (await _seen(connection))["persons"]
        await enter(connection, None)
        assert await _seen(connection) == {table: {} for table in TABLES}
