"""What a request costs in round trips and statements (quality.md): few, the same for every length of list, and counted
truthfully."""

import asyncio
from typing import Any

import pytest

from support_api.db import store
from tests.api.door import Door, watched
from tests.conftest import World
from tests.make import worker_id


async def cost(world: World, name: str, method: str, path: str, body: Any = None, **kwargs: Any) -> tuple[Door, int]:
    """Of a warm service: the register, the data key and the statements are known already."""
    with watched() as door:
        answer = await world.call(name, method, path, body, **kwargs)
        await asyncio.sleep(0)  # the driver tells its loggers one turn later
    return door, answer.status_code


async def one_item(world: World) -> str:
    results = (await world.get("fien", f"{world.fien}/portrait-items")).json()["results"]
    return f"{world.fien}/portrait-items/{results[0]['id']}"


def check(door: Door, round_trips: int, transactions: int = 1) -> None:
    assert door.round_trips == round_trips, door.statements
    assert len(door.transactions) == transactions
    assert len(door.statements) == round_trips, "the counter and the driver agree"
    assert door.connections == transactions


@pytest.mark.parametrize("name", ["fien", "teun"])
async def test_reading_takes_five(world: World, name: str) -> None:
    """Begin with context, facts, row, audit, commit; a list of 25 costs what a list of one costs."""
    place = await one_item(world)
    await world.get(name, place)
    door, status = await cost(world, name, "GET", place)
    assert status == 200
    check(door, 5)
    for query in ("", "?limit=1"):
        door, status = await cost(world, name, "GET", f"{world.fien}/portrait-items{query}")
        assert status == 200
        check(door, 5)


async def test_counting_takes_one_more(world: World) -> None:
    door, _ = await cost(world, "fien", "GET", (await one_item(world)).rsplit("/", 1)[0] + "?count=true")
    check(door, 6)


async def test_knowing_it_already_costs_the_same(world: World) -> None:
    """A 304 is decided and recorded like any read."""
    place = await one_item(world)
    tag = (await world.get("fien", place)).headers["ETag"]
    door, status = await cost(world, "fien", "GET", place, headers={"If-None-Match": tag})
    assert status == 304
    check(door, 5)


SOUP = {"kind": "joy", "text": "Soep."}


async def test_creating_takes_eight_and_one_for_its_permit(world: World) -> None:
    """Begin, claim, facts, turn, item, claim finished, audit, commit; what is made visible stores a permit too."""
    place = (await one_item(world)).rsplit("/", 1)[0]
    door, status = await cost(world, "fien", "POST", place, SOUP)
    assert status == 201
    check(door, 8)
    door, status = await cost(world, "fien", "POST", place, {**SOUP, "visibility": "my_workers"})
    assert status == 201
    check(door, 9)


async def test_naming_a_worker_takes_two_more(world: World) -> None:
    """Whom the resident has met, and the worker."""
    place, teun = (await one_item(world)).rsplit("/", 1)[0], await worker_id(world, "teun")
    await world.post("fien", place, {**SOUP, "workerId": teun})
    door, status = await cost(world, "fien", "POST", place, {**SOUP, "workerId": teun})
    assert status == 201
    check(door, 10)


async def test_a_replay_takes_seven(world: World) -> None:
    """Begin, claim, the earlier claim, facts, item, audit, commit: no more than doing it."""
    place = (await one_item(world)).rsplit("/", 1)[0]
    key = {"Idempotency-Key": "0123456789abcdef"}
    await world.post("fien", place, SOUP, headers=key)
    door, status = await cost(world, "fien", "POST", place, SOUP, headers=key)
    assert status == 201
    check(door, 7)


async def test_changing_takes_six(world: World) -> None:
    """Begin, facts, row, change with its revision, audit, commit."""
    place = await one_item(world)
    tag = (await world.get("fien", place)).headers["ETag"]
    door, status = await cost(world, "fien", "PATCH", place, {"text": "Brood."}, headers={"If-Match": tag})
    assert status == 200
    check(door, 6)


async def test_an_extra_query_is_counted(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """Positive control: a service that reads the item twice is caught."""
    place, one = await one_item(world), store.one

    async def twice(*args: Any) -> Any:
        await one(*args)
        return await one(*args)

    monkeypatch.setattr(store, "one", twice)
    door, _ = await cost(world, "fien", "GET", place)
    with pytest.raises(AssertionError):
        check(door, 5)
    assert door.round_trips == 6
