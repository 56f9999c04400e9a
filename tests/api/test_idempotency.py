"""Repeated requests (draft-ietf-httpapi-idempotency-key-header): one key, one row, never more than may be seen now."""

import asyncio
from typing import Any

import httpx
import pytest

from support_api.db import store, tx
from support_api.db.idempotency import Claim
from support_api.domain.errors import RuleBroken
from tests.api.problems import check_problem, faults
from tests.conftest import World

KEY = "0123456789abcdef"
SOUP = {"kind": "joy", "text": "Soep."}


async def make(world: World, name: str = "fien", body: Any = SOUP, key: str = KEY, **kwargs: Any) -> httpx.Response:
    path = f"/v1/residents/{world.person(name).resident_id}/portrait-items"
    return await world.post(name, path, body, headers={"Idempotency-Key": key}, **kwargs)


async def rows(world: World) -> tuple[int, int]:
    """How many portrait items and how many claims there are."""
    items = await world.sql("select count(*) from support.portrait_items")
    claims = await world.sql("select count(*) from support.idempotency")
    return items[0][0], claims[0][0]


def check_replay(first: httpx.Response, again: httpx.Response) -> None:
    assert (first.status_code, again.status_code) == (201, 201)
    assert first.content == again.content
    assert [first.headers[name] for name in ("Location", "ETag")] == [again.headers[n] for n in ("Location", "ETag")]
    assert "Idempotent-Replayed" not in first.headers
    assert again.headers["Idempotent-Replayed"] == "true"


async def test_creating_needs_a_key(world: World) -> None:
    before = await rows(world)
    check_problem(await make(world, key=""), 400, "idempotency_key_required")
    for bad in ("short", "a" * 256, "with a space in it", "0123456789abcdeé"):
        answer = await make(world, key=bad.encode("latin-1"))  # type: ignore[arg-type]
        assert faults(check_problem(answer, 400, "invalid_input")) == {("Idempotency-Key", "invalid_key")}, bad
    assert await rows(world) == before


async def test_a_missing_key_hides_no_other_mistake(world: World) -> None:
    """All at once (NLGov API Design Rules); the key is asked for when it is all that lacks."""
    answer = await make(world, body={"kind": "nonsense"}, key="")
    assert faults(check_problem(answer, 400, "invalid_input")) == {("/kind", "not_in_list"), ("/text", "required")}


async def test_the_same_request_twice_is_done_once(world: World) -> None:
    items, claims = await rows(world)
    check_replay(await make(world), await make(world))
    assert await rows(world) == (items + 1, claims + 1)


async def test_a_service_that_forgets_its_claims_is_noticed(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """Positive control."""

    async def forget(*_: object) -> None:
        return None

    monkeypatch.setattr(Claim, "take", forget)
    with pytest.raises(AssertionError):
        check_replay(await make(world), await make(world))


async def test_an_answer_that_got_lost_can_be_fetched_again(world: World) -> None:
    """The connection broke between commit and answer: the caller sends the same again."""
    items, _ = await rows(world)
    transport = world.client._transport
    lost: list[int] = []

    class Losing(httpx.AsyncBaseTransport):
        async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
            lost.append((await transport.handle_async_request(request)).status_code)
            raise httpx.ReadError("gone")

    world.client._transport = Losing()
    with pytest.raises(httpx.ReadError):
        await make(world)
    world.client._transport = transport
    again = await make(world)
    assert (lost, again.headers["Idempotent-Replayed"]) == ([201], "true")
    assert (await rows(world))[0] == items + 1


async def test_ten_at_once_make_one(world: World) -> None:
    items, claims = await rows(world)
    answers = await asyncio.gather(*(make(world) for _ in range(10)))
    assert [answer.status_code for answer in answers] == [201] * 10
    assert len({answer.content for answer in answers}) == 1
    assert sorted("Idempotent-Replayed" in answer.headers for answer in answers) == [False] + [True] * 9
    assert await rows(world) == (items + 1, claims + 1)


async def test_while_the_first_is_at_work_the_second_is_told_to_wait(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tx, "_BEGIN", tx._BEGIN.replace("'lock_timeout','2s'", "'lock_timeout','20ms'"))
    add, at_work, go_on = store.add, asyncio.Event(), asyncio.Event()

    async def slow(*args: Any) -> Any:
        at_work.set()
        await go_on.wait()
        return await add(*args)

    monkeypatch.setattr(store, "add", slow)
    first = asyncio.create_task(make(world))
    await at_work.wait()
    second = await make(world)
    go_on.set()
    check_problem(second, 409, "still_running")
    assert second.headers["Retry-After"] == "2"
    check_replay(await first, await make(world))


async def test_the_same_key_for_another_request_is_422(world: World) -> None:
    await make(world)
    before = await rows(world)
    check_problem(await make(world, body={**SOUP, "text": "Brood."}), 422, "key_in_use")
    check_problem(await make(world, body={**SOUP, "rank": None}), 422, "key_in_use")
    other = "/v1/residents/0199aaaa-0000-7000-8000-00000000dead/portrait-items"
    check_problem(await world.post("fien", other, SOUP, headers={"Idempotency-Key": KEY}), 422, "key_in_use")
    assert await rows(world) == before


async def test_keys_of_other_callers_clients_and_municipalities_are_others(world: World) -> None:
    items, claims = await rows(world)
    answers = [
        await make(world),
        await make(world, "teun"),
        await make(world, "abel"),
        await make(world, claims={"client_id": "werkplek-voorbeeld"}),
    ]
    assert [answer.status_code for answer in answers] == [201] * 4
    assert not any("Idempotent-Replayed" in answer.headers for answer in answers)
    assert await rows(world) == (items + 4, claims + 4)


async def test_a_replay_renders_the_version_that_was_made(world: World) -> None:
    first = await make(world)
    await world.patch("fien", first.headers["Location"], {"text": "Brood."}, first.headers["ETag"])
    check_replay(first, await make(world))


async def test_a_replay_shows_nothing_that_the_caller_may_not_see_now(world: World) -> None:
    """INV-02: rights are decided anew, so who lost them gets what anybody gets."""
    first = await make(world, "teun")
    assert first.status_code == 201
    await world.sql("update support.working_relationships set ended_at = now() where ended_at is null")
    check_problem(await make(world, "teun"), 404, "not_found")


async def test_a_replay_of_what_was_deleted_is_404(world: World) -> None:
    first = await make(world)
    await world.delete("fien", first.headers["Location"], first.headers["ETag"])
    check_problem(await make(world), 404, "not_found")


async def test_what_failed_leaves_no_claim(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    before = await rows(world)

    async def refuse(*_: object) -> None:
        raise RuleBroken("state_not_yours")

    check_problem(await make(world, body={**SOUP, "rank": 0}), 400, "invalid_input")
    check_problem(await make(world, "sanne"), 404, "not_found")
    with monkeypatch.context() as broken:
        broken.setattr(store, "add", refuse)
        check_problem(await make(world), 409, "state_not_yours")
    assert await rows(world) == before
    assert "Idempotent-Replayed" not in (await make(world)).headers


async def test_a_claim_of_more_than_seven_days_ago_is_forgotten(world: World) -> None:
    items, claims = await rows(world)
    await make(world)
    await world.sql("update support.idempotency set created_at = now() - interval '6 days 23 hours'")
    assert (await make(world)).headers["Idempotent-Replayed"] == "true"
    await world.sql("update support.idempotency set created_at = now() - interval '7 days 1 hour'")
    anew = await make(world)
    check_replay(anew, await make(world))
    assert await rows(world) == (items + 2, claims + 1)


async def test_each_replay_is_recorded(world: World) -> None:
    """INV-04: a replay shows the resident's data again."""
    for _ in range(3):
        await make(world)
    sql = "select object_ids from support.audit_entries where action = 'portrait_item:create' and role = 'resident'"
    seen = [entry["object_ids"] for entry in await world.sql(sql + " order by at desc limit 3")]
    assert len({tuple(ids) for ids in seen}) == 1
