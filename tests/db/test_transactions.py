"""The door to the database: a transaction belongs to one municipality, and leaves nothing on its connection."""

from contextlib import suppress
from typing import Any

import pytest

from support_api.db import tx as door
from support_api.db.tx import Database
from tests.db.rows import HERE, THERE

LIMITS = ("lock_timeout", "statement_timeout", "idle_in_transaction_session_timeout", "synchronous_commit")


async def _state(database: Database) -> dict[str, Any]:
    """What somebody finds who uses a pooled connection as it is."""
    limits = {name: await database.pool.fetchval("select current_setting($1)", name) for name in LIMITS}
    context = await database.pool.fetchval("select nullif(current_setting('support.municipality', true), '')")
    return {
        **limits,
        "context": context,
        "people": await database.pool.fetchval("select count(*) from support.persons"),
    }


async def _left_behind(database: Database, broken_off: bool) -> set[str]:
    fresh = await _state(database)
    with suppress(ZeroDivisionError):
        async with database.transaction(HERE):
            if broken_off:
                raise ZeroDivisionError
    return {name for name, value in (await _state(database)).items() if value != fresh[name]}


@pytest.mark.parametrize("broken_off", [False, True])
async def test_a_reused_connection_knows_nothing_of_the_request_before(database: Database, broken_off: bool) -> None:
    assert await _left_behind(database, broken_off) == set()


@pytest.mark.parametrize("name", ["municipality", *LIMITS])
async def test_a_setting_of_the_session_is_seen_to_leak(
    database: Database, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    """Positive control: the same setting, made for the session instead of the transaction."""
    before, mine, after = door._BEGIN.partition(f"{name}'")
    after = after.replace("'on'", "'local'").replace(",true)", ",false)", 1)
    monkeypatch.setattr(door, "_BEGIN", before + mine + after)
    assert await _left_behind(database, False) == ({"context", "people"} if name == "municipality" else {name})


async def test_each_transaction_on_one_connection_sees_its_own_municipality(database: Database) -> None:
    for municipality in (HERE, THERE, HERE):
        async with database.transaction(municipality) as tx:
            seen = await tx._connection.fetch("select municipality_id from support.municipalities")
        assert [row[0] for row in seen] == [municipality]


@pytest.mark.parametrize("municipality", [None, "", str(HERE), HERE.bytes, 0, f"{HERE}',false); --"])
async def test_no_transaction_without_a_municipality(database: Database, municipality: Any) -> None:
    """And none with a text that looks like one: the id is put into the statement that begins."""
    with pytest.raises(TypeError):
        async with database.transaction(municipality):
            pytest.fail("a transaction began")
    async with database.transaction(HERE) as tx:
        assert tx.municipality_id == HERE
