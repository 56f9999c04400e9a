"""The answer got lost after the commit, or the commit failed: whoever sends the same again gets what came of it, and it
is done once. For each operation with a key."""

import httpx
import pytest

from tests.api.problems import check_problem
from tests.conftest import World
from tests.every_operation import BY_NAME, CONDITIONAL, KEYED, good
from tests.repetition.stored import moved, versions

REPLAYED = [name for name in KEYED if BY_NAME[name].replay]
REFUSING = """
create function support.refusing() returns trigger language plpgsql as $$ begin
  raise exception 'no commit' using errcode = '40001'; end $$;
create constraint trigger refusing after insert on support.audit_entries deferrable initially deferred
  for each row execute function support.refusing()"""


class Losing(httpx.AsyncBaseTransport):
    """Sends the request, and loses the answer."""

    def __init__(self, transport: httpx.AsyncBaseTransport) -> None:
        self.transport = transport
        self.lost: list[httpx.Response] = []

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        answer = await self.transport.handle_async_request(request)
        await answer.aread()
        self.lost.append(answer)
        raise httpx.ReadError("gone")


async def lose(world: World, name: str) -> tuple[httpx.Response, httpx.Response, dict[str, tuple[int, int]]]:
    """The answer that nobody got, the one to the same request, and what the second one still changed."""
    request = await good(world, name)
    headers = request.sent(world)
    transport = world.client._transport
    losing = Losing(transport)
    world.client._transport = losing
    with pytest.raises(httpx.ReadError):
        await world.client.request(request.method, request.path, content=request.content, headers=headers)
    world.client._transport = transport
    before = await versions(world)
    again = await world.client.request(request.method, request.path, content=request.content, headers=headers)
    return losing.lost[0], again, moved(before, await versions(world))


@pytest.mark.parametrize("name", REPLAYED)
async def test_the_same_again_brings_what_came_of_it(world: World, name: str) -> None:
    lost, again, changed = await lose(world, name)
    assert (lost.status_code, again.status_code) == (BY_NAME[name].status,) * 2, again.text
    assert again.headers["Idempotent-Replayed"] == "true"
    assert again.content == lost.content
    assert not changed


@pytest.mark.parametrize("name", [name for name in CONDITIONAL if name not in KEYED])
async def test_a_change_that_was_done_is_told_apart_by_its_version(world: World, name: str) -> None:
    """Without a key: 412 or 404 says that somebody was first, and that somebody was the caller."""
    lost, again, changed = await lose(world, name)
    assert lost.status_code == BY_NAME[name].status
    assert again.status_code == (404 if BY_NAME[name].method == "DELETE" else 412)
    assert not changed


@pytest.mark.parametrize("name", REPLAYED)
async def test_a_commit_that_fails_leaves_nothing_and_the_same_again_does_it(world: World, name: str) -> None:
    request = await good(world, name)
    headers = request.sent(world)
    before = await versions(world)
    await world.sql(REFUSING.split(";\ncreate")[0])
    await world.sql("create" + REFUSING.split(";\ncreate")[1])
    failed = await world.client.request(request.method, request.path, content=request.content, headers=headers)
    check_problem(failed, 503, "unavailable")
    assert failed.headers["Retry-After"] == "2"
    assert not moved(before, await versions(world))
    await world.sql("drop trigger refusing on support.audit_entries")
    again = await world.client.request(request.method, request.path, content=request.content, headers=headers)
    assert again.status_code == request.operation.status
    assert "Idempotent-Replayed" not in again.headers


async def test_a_late_repeat_of_a_stop_stops_no_newer_approval(world: World) -> None:
    stop = await good(world, "stopBriefing")
    briefing = stop.path.removesuffix("/_stop")
    headers = stop.sent(world)
    first = await world.client.post(stop.path, headers=headers)
    assert first.json()["state"] == "stopped"
    tag = (await world.get("fien", briefing)).headers["ETag"]
    approved = await world.post("fien", briefing + "/_approve", headers={"If-Match": tag})
    assert approved.json()["state"] == "open", approved.text
    late = await world.client.post(stop.path, headers=headers)
    assert (late.status_code, late.headers["Idempotent-Replayed"], late.json()["state"]) == (200, "true", "open")
