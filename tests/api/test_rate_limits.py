"""Too often: 429 with `Retry-After`, per client and per municipality, and for look-ups per person (ASVS 2.4.1, R86)."""

import asyncio
from typing import Any

import pytest

from support_api.http import edge
from support_api.http.limits import Meter
from tests.api.door import watched
from tests.api.problems import check_problem
from tests.conftest import UNLIMITED, World, running
from tests.every_operation import SEARCH
from tests.make import MINIMAL, UNKNOWN


async def answers(world: World, calls: list[tuple[str, str, str]], **limits: float) -> list[int]:
    """The statuses of these calls, one after another, by a service with these limits; each a documented one."""
    found = []
    async with running(world.cluster, world.main, world.keys, **{**UNLIMITED, **limits}) as client:
        world.client = client
        for name, method, path in calls:
            body = SEARCH if path.endswith("_search") else None
            found.append((await world.call(name, method, path, body)).status_code)
    return found


ME = ("teun", "GET", "/v1/me")


async def test_a_client_that_calls_too_often_waits(world: World) -> None:
    assert await answers(world, [ME] * 5, client_per_second=1) == [200, 200, 429, 429, 429]


async def test_another_client_of_the_same_municipality_does_not(world: World) -> None:
    calls = [ME, ME, ME, ("sanne", "GET", "/v1/me"), ("fien", "GET", "/v1/me")]
    assert await answers(world, calls, client_per_second=1) == [200, 200, 429, 429, 200]


async def test_a_municipality_has_a_limit_over_all_its_clients(world: World) -> None:
    calls = [ME, ("fien", "GET", "/v1/me"), ("fien", "GET", "/v1/me"), ("noor", "GET", "/v1/me")]
    assert await answers(world, calls, municipality_per_second=1) == [200, 200, 429, 200]


async def test_looking_up_number_after_number_has_a_limit_of_its_own(world: World) -> None:
    search = ("teun", "POST", "/v1/residents/_search")
    other = ("greet", "POST", "/v1/residents/_search")
    calls = [search, search, search, other, ME]
    assert await answers(world, calls, searches_per_minute=4) == [200, 200, 429, 200, 200]


async def test_who_records_a_number_looks_it_up_too(world: World) -> None:
    """The answer tells whether it is somebody's: each number counts as a search, in a new resident and in a change."""
    taken = {**MINIMAL, "identifiers": [{"system": "bsn", "value": SEARCH["value"]}]}
    both = {**taken, "identifiers": [*taken["identifiers"], {"system": "email", "value": "x@voorbeeld.example"}]}
    async with running(world.cluster, world.main, world.keys, **{**UNLIMITED, "searches_per_minute": 8}) as client:
        world.client = client
        said = [await world.post("teun", "/v1/residents", body) for body in (taken, both, both)]
        assert [answer.status_code for answer in said] == [409, 409, 429]
        assert (await world.post("teun", "/v1/residents/_search", SEARCH)).status_code == 429
        assert (await world.post("teun", "/v1/residents", MINIMAL)).status_code == 201


async def test_what_is_no_search_yet_is_not_counted(world: World) -> None:
    """A mistake in the body tells nothing of anybody."""
    async with running(world.cluster, world.main, world.keys, **{**UNLIMITED, "searches_per_minute": 2}) as client:
        world.client = client
        for _ in range(5):
            assert (await world.post("teun", "/v1/residents/_search", {"system": "bsn"})).status_code == 400
        assert (await world.post("teun", "/v1/residents/_search", SEARCH)).status_code == 200


async def test_too_often_costs_no_connection_and_says_when_to_come_back(world: World) -> None:
    async with running(world.cluster, world.main, world.keys, **{**UNLIMITED, "client_per_second": 0.1}) as client:
        world.client = client
        await world.get("teun", "/v1/me")
        for method, path in (
            ("GET", "/v1/me"),
            ("POST", "/v1/residents"),
            ("DELETE", f"{world.fien}/portrait-items/{UNKNOWN}"),
        ):
            with watched() as door:
                answer = await world.call("teun", method, path)
            check_problem(answer, 429, "too_many_requests")
            assert 1 <= int(answer.headers["Retry-After"]) <= 10
            assert door.connections == 0


async def test_strangers_are_not_counted_with_anybody(world: World) -> None:
    """Who has no valid token can't use up a client's calls."""
    async with running(world.cluster, world.main, world.keys, **{**UNLIMITED, "client_per_second": 1}) as client:
        for _ in range(10):
            assert (await client.get("/v1/me")).status_code == 401
        world.client = client
        assert (await world.get("teun", "/v1/me")).status_code == 200


async def test_a_meter_that_forgets_is_noticed(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """Positive control."""
    monkeypatch.setattr(Meter, "take", lambda *_: 0.0)
    assert await answers(world, [ME] * 3, client_per_second=1) == [200, 200, 200]


async def test_work_ends_within_its_time(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """Statements that are each in time can still be too many: 503, nothing kept, the connection good for the next."""
    before = await world.sql("select count(*) from support.portrait_items")
    await world.get("fien", "/v1/me")
    monkeypatch.setattr(edge, "REQUEST_SECONDS", 0.2)
    write = edge.audit.write

    async def slow(*args: Any) -> Any:
        await args[0]._connection.fetch("select pg_sleep(30)")
        return await write(*args)

    with monkeypatch.context() as broken:
        broken.setattr(edge.audit, "write", slow)
        asked = [world.post("fien", f"{world.fien}/portrait-items", {"kind": "joy", "text": "Soep."}) for _ in range(8)]
        async with asyncio.timeout(10):
            for answer in await asyncio.gather(*asked):
                assert answer.status_code in (409, 503)
                assert answer.headers["Retry-After"] == "2"
    monkeypatch.setattr(edge, "REQUEST_SECONDS", 8)
    assert await world.sql("select count(*) from support.portrait_items") == before
    for _ in range(8):
        assert (await world.get("fien", f"{world.fien}/portrait-items")).status_code == 200
