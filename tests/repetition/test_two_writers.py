"""Two who change the same thing at the same moment: each conditional operation lets one of them through (RFC 9110, 13),
and a command without a version does what it does once."""

import asyncio
import json
from collections import Counter
from typing import Any

import httpx
import pytest

from support_api.db import store
from support_api.domain.errors import Stale
from tests.conftest import World
from tests.every_operation import CONDITIONAL, SOUP, STORY, Good, good
from tests.repetition.stored import moved, versions

# Waits for its turn before it reads (docs/adr/0011), so the second one reads what the first one did.
IN_TURN = {"approveBriefing"}


def meeting(patch: pytest.MonkeyPatch) -> None:
    """From here on, two requests go on from their first read only once both have read."""
    both, one, met = asyncio.Barrier(2), store.one, set()

    async def read(*args: Any) -> Any:
        found = await one(*args)
        if (task := asyncio.current_task()) not in met:
            met.add(task)
            await both.wait()
        return found

    patch.setattr(store, "one", read)


async def at_once(world: World, patch: pytest.MonkeyPatch, *requests: Good) -> list[httpx.Response]:
    with patch.context() as both:
        if not {request.operation.name for request in requests} & IN_TURN:
            meeting(both)
        async with asyncio.timeout(20):
            return await asyncio.gather(*(asyncio.create_task(request.send(world)) for request in requests))


async def check_one_wins(world: World, patch: pytest.MonkeyPatch, name: str) -> None:
    request = await good(world, name)
    before = await versions(world)
    answers = await at_once(world, patch, request, request)
    statuses = Counter(answer.status_code for answer in answers)
    assert statuses == {request.operation.status: 1, 412: 1}, (name, [answer.text for answer in answers])
    revised = moved(before, await versions(world)).get("revisions", (0, 0))[0]
    assert revised == (0 if request.method == "DELETE" else 1), name


@pytest.mark.parametrize("name", CONDITIONAL)
async def test_of_two_writers_one_wins(world: World, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    await check_one_wins(world, monkeypatch, name)


async def test_a_store_that_does_not_look_at_the_version_is_noticed(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Positive control: who came second is told that all is well."""
    save = store.save

    async def careless(*args: Any) -> Any:
        try:
            return await save(*args)
        except Stale:
            return args[-1]

    monkeypatch.setattr(store, "save", careless)
    with pytest.raises(AssertionError):
        await check_one_wins(world, monkeypatch, "changePortraitItem")


async def _on_item(world: World, where: str, said: dict[str, Any], by: str, *names: str) -> list[Good]:
    """Good requests of these operations, all on one item."""
    made = await world.post(by, f"{world.fien}/{where}", said)
    path, headers = made.headers["Location"].removeprefix("http://testserver"), {"If-Match": made.headers["ETag"]}
    found = []
    for name in names:
        request = await good(world, name)
        command = "/" + request.path.rsplit("/", 1)[1] if "/_" in request.path else ""
        found.append(request.but(path=path + command, headers=headers))
    return found


@pytest.mark.parametrize(
    ("where", "said", "by", "names"),
    [
        ("portrait-items", SOUP, "fien", ("changePortraitItem", "deletePortraitItem")),
        ("baggage-notes", STORY, "fien", ("changeBaggageNote", "deleteBaggageNote")),
        ("baggage-notes", STORY, "teun", ("confirmBaggageNote", "deleteBaggageNote")),
    ],
)
async def test_two_different_changes_of_one_item(
    world: World, monkeypatch: pytest.MonkeyPatch, where: str, said: dict[str, Any], by: str, names: tuple[str, ...]
) -> None:
    """Who comes second is told that somebody was first, or that it is gone."""
    requests = await _on_item(world, where, said, by, *names)
    answers = await at_once(world, monkeypatch, *requests)
    fine = [a for a, r in zip(answers, requests, strict=True) if a.status_code == r.operation.status]
    others = {answer.status_code for answer in answers if answer not in fine}
    assert (len(fine), others <= {404, 412}) == (1, True), [answer.text for answer in answers]


@pytest.mark.parametrize("name", ["withdrawConsent", "endWorkingRelationship", "stopBriefing"])
async def test_a_command_twice_at_once_does_it_once(world: World, name: str) -> None:
    """Without a version to state: done once, and the other is told so, or what is the case already."""
    single = await good(world, name)
    before = await versions(world)
    await single.send(world)
    once = moved(before, await versions(world))
    request = await good(world, name)
    before = await versions(world)
    answers = await asyncio.gather(*(request.send(world) for _ in range(2)))
    statuses = sorted(answer.status_code for answer in answers)
    assert statuses in ([200, 200], [200, 409]), (name, [answer.text for answer in answers])
    for answer in answers:
        if answer.status_code == 409:
            assert "nextStep" in json.loads(answer.content) or answer.headers["Retry-After"]
    after = moved(before, await versions(world))
    more = {table for table, (rows, _) in after.items() if rows > once.get(table, (0, 0))[0]} - {"idempotency"}
    assert not more, f"{name}: {more} got more rows than once gives"


@pytest.mark.parametrize("name", ["createConsent", "withdrawConsent", "endWorkingRelationship"])
async def test_who_states_no_version_is_never_behind(world: World, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    """A decision or command that crosses another one is to be repeated, and then does what it says."""
    await (await good(world, name)).send(world)
    request, key = await good(world, name), "crossed-by-another"

    async def crossed(*_: Any) -> None:
        raise Stale

    with monkeypatch.context() as patch:
        patch.setattr(store, "save", crossed)
        answer = await request.send(world, **{"Idempotency-Key": key})
    assert (answer.status_code, answer.headers["Retry-After"], answer.json()["code"]) == (409, "2", "still_running")
    again = await request.send(world, **{"Idempotency-Key": key})
    assert again.status_code == request.operation.status, again.text
