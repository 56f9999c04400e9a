"""From token to row and back: the first thing that must hold, whatever else is built."""

import pytest

from tests.conftest import World


async def test_fien_reads_her_whole_portrait(world: World) -> None:
    answer = await world.get("fien", f"{world.fien}/portrait-items")
    assert answer.status_code == 200
    assert len(answer.json()["results"]) == 9


async def test_her_worker_reads_what_she_shares_and_not_what_she_keeps(world: World) -> None:
    answer = await world.get("teun", f"{world.fien}/portrait-items")
    texts = [item["text"] for item in answer.json()["results"]]
    assert len(texts) == 8
    assert "Ik ben bang dat mijn zoon zich voor mij schaamt." not in texts


@pytest.mark.parametrize("name", ["sanne", "noor", "zaaksysteem"])
async def test_who_has_no_ground_gets_what_an_unknown_id_gets(world: World, name: str) -> None:
    """INV-01: not visible is 404, the same bytes as for an id that never existed."""
    trace = {"traceparent": "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"}
    hidden = await world.get(name, f"{world.fien}/portrait-items", headers=trace)
    never = await world.get(name, "/v1/residents/0199aaaa-0000-7000-8000-00000000dead/portrait-items", headers=trace)
    assert hidden.status_code == 404
    assert (hidden.content, sorted(hidden.headers.items())) == (never.content, sorted(never.headers.items()))


async def test_each_read_leaves_an_entry_with_the_resident_and_the_objects(world: World) -> None:
    """INV-04."""
    await world.get("teun", f"{world.fien}/portrait-items")
    entries = await world.sql(
        "select e.* from support.audit_entries e join support.audit_residents r on r.entry_id = e.id"
        " where e.action = 'portrait_item:list' and e.role = 'worker'"
    )
    assert len(entries) == 1
    assert len(entries[0]["object_ids"]) == 8
    assert entries[0]["legal_basis"] == "Wmo 2015, art. 2.3.1"
