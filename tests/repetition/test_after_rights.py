"""A repeated request shows nothing that the caller may not see at that moment (INV-02): for each operation with a key,
a replay after the right was taken away is what a first request would get then."""

from typing import Any
from uuid import uuid4

import pytest

from support_api.db import facts
from tests.api.problems import check_problem
from tests.conftest import World
from tests.every_operation import KEYED, Good, good
from tests.make import TRACE, as_bytes
from tests.repetition.stored import moved, versions


async def done(world: World, name: str) -> tuple[Good, dict[str, str]]:
    """A request that was done, and its key."""
    request, key = await good(world, name), {"Idempotency-Key": uuid4().hex}
    assert (await request.send(world, **key)).status_code == request.operation.status
    return request, key


async def check_same_as_anybody(world: World, request: Good, key: dict[str, str]) -> None:
    """To the byte the same as a request that comes for the first time, and nothing is done."""
    before = await versions(world)
    replayed = await request.send(world, **key, **TRACE)
    first = await request.send(world, **{"Idempotency-Key": uuid4().hex}, **TRACE)
    check_problem(replayed, 404, "not_found")
    assert as_bytes(replayed) == as_bytes(first), request.operation.name
    assert not moved(before, await versions(world)), request.operation.name


async def nobody_logs_in(world: World) -> None:
    """Neither a person nor a system is known any more."""
    await world.sql("delete from support.identities")
    await world.sql("update support.clients set client_id = $1 where client_id = $2", "gone", "zaaksysteem-voorbeeld")


@pytest.mark.parametrize("name", KEYED)
async def test_a_replay_by_who_is_nobody_any_more(world: World, name: str) -> None:
    request, key = await done(world, name)
    await nobody_logs_in(world)
    await check_same_as_anybody(world, request, key)
    sql = "select outcome, resident_id from support.audit_entries e left join support.audit_residents r"
    sql += " on r.entry_id = e.id where action = $1 order by e.at desc limit 1"
    [entry] = await world.sql(sql, request.operation.action.value)
    assert entry["outcome"] == "not_found", "the attempt is in the trail"


@pytest.mark.parametrize("name", KEYED)
async def test_a_replay_with_a_token_that_lacks_the_scope(world: World, name: str) -> None:
    request, key = await done(world, name)
    token = world.token(request.name, scope="me:read")
    check_problem(await request.send(world, **key, Authorization=f"Bearer {token}"), 403, "scope_missing")


async def test_rights_from_memory_would_be_noticed(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """Positive control: a service that remembers what somebody was allowed a moment ago."""
    load, known = facts.load, {}

    async def remembered(tx: Any, principal: Any, resident_id: Any, items: Any = None) -> Any:
        if resident_id not in known:
            known[resident_id] = await load(tx, principal, resident_id, items)
        return known[resident_id]

    monkeypatch.setattr(facts, "load", remembered)
    request, key = await done(world, "createPortraitItem")
    await nobody_logs_in(world)
    with pytest.raises(AssertionError):
        await check_same_as_anybody(world, request, key)


async def test_a_worker_whose_relationship_ended_gets_no_replay(world: World) -> None:
    request = (await good(world, "createBaggageNote")).but(name="teun")
    key = {"Idempotency-Key": uuid4().hex}
    assert (await request.send(world, **key)).status_code == 201
    await world.sql("update support.working_relationships set ended_at = now() where ended_at is null")
    await check_same_as_anybody(world, request, key)


async def test_who_may_see_less_now_gets_less(world: World) -> None:
    """Teun wrote a note and has it whole; once Fien confirmed it with a visibility, he has what she lets him have."""
    said = {"kind": "life_story", "shortVersion": "Kort.", "fullText": "Lang."}
    request = (await good(world, "createBaggageNote")).but(name="teun", body=said)
    key = {"Idempotency-Key": uuid4().hex}
    first = await request.send(world, **key)
    assert (first.status_code, first.json()["fullText"]) == (201, "Lang.")
    confirmed = await world.post(
        "fien",
        first.headers["Location"] + "/_confirm",
        {"confirmation": "confirmed", "visibility": "my_workers"},
        headers={"If-Match": first.headers["ETag"]},
    )
    assert confirmed.status_code == 200, confirmed.text
    again = await request.send(world, **key)
    fresh = await world.get("teun", first.headers["Location"])
    assert (fresh.json()["fullText"], again.json()["fullText"]) == (None, None)
