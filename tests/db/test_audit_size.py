"""What an entry of the trail costs (quality.md): at most 400 bytes, 16 more per object and 64 per resident link.

The entry is measured whole. Of a link the columns are: its row header (24 bytes) and its key are PostgreSQL's own.
"""

from dataclasses import replace
from uuid import UUID, uuid4

import pytest

from support_api.db import audit
from support_api.db.tx import Database
from support_api.domain.actions import Action, Outcome
from support_api.domain.grounds import Basis
from support_api.domain.trail import Record
from support_api.domain.vocabulary import Purpose, Role
from tests.db.rows import HERE

ENTRY, OBJECT, LINK, HEADER = 400, 16, 64, 24
# As long as each word of the closed vocabularies gets, with a client and a law of the demo's register.
LONGEST = Record(
    action=max(Action, key=len),
    outcome=max(Outcome, key=len),
    role=max(Role, key=len),
    actor_id=uuid4(),
    client_id="mijn-verhaal-voorbeeld",
    purpose=max(Purpose, key=len),
    legal_basis="AVG, art. 39 lid 1 onder b",
    basis=max(Basis, key=len),
    reason="purpose_outside_duties",
    consent_id=uuid4(),
    trace_id=uuid4(),
)
_ENTRY = "select pg_column_size(e) from support.audit_entries e where id = $1"
_LINKS = "select pg_column_size(r) from support.audit_residents r where entry_id = $1"


async def _cost(database: Database, record: Record, objects: int, links: int) -> tuple[int, list[int]]:
    entry, ids = uuid4(), [uuid4() for _ in range(max(objects, links))]
    async with database.transaction(HERE) as tx:
        await audit.write(tx, entry, replace(record, object_ids=tuple(ids[:objects]), resident_ids=tuple(ids[:links])))
        sizes = await tx._connection.fetch(_LINKS, entry)
        return await tx._connection.fetchval(_ENTRY, entry), [row[0] - HEADER for row in sizes]


@pytest.mark.parametrize(("objects", "links"), [(0, 0), (1, 1), (25, 1), (100, 60)])
async def test_an_entry_keeps_to_its_budget(database: Database, objects: int, links: int) -> None:
    entry, linked = await _cost(database, LONGEST, objects, links)
    assert entry <= ENTRY + OBJECT * objects
    assert len(linked) == links
    assert all(size <= LINK for size in linked)


async def test_each_object_costs_sixteen_bytes(database: Database) -> None:
    some, more = [(await _cost(database, LONGEST, objects, 0))[0] for objects in (25, 100)]
    assert more - some == (100 - 25) * OBJECT


async def test_an_entry_that_says_too_much_is_seen(database: Database) -> None:
    """Positive control: content has no place in the trail, and would not fit."""
    entry, _ = await _cost(database, replace(LONGEST, reason="Zij vertelde dat " * 20), 0, 0)
    assert entry > ENTRY


async def test_a_resident_who_is_named_twice_is_linked_once(database: Database) -> None:
    entry, resident = uuid4(), UUID(int=7)
    async with database.transaction(HERE) as tx:
        await audit.write(tx, entry, replace(LONGEST, resident_ids=(resident, resident)))
        assert len(await tx._connection.fetch(_LINKS, entry)) == 1
