"""Who works with a resident, since when and as the how-manieth: the centre of the product, started by who assigns."""

import asyncio
from typing import Any
from uuid import UUID

import httpx
import pytest

from support_api.services.work import Work
from tests.conftest import World
from tests.make import UNKNOWN, end, new_resident, start, worker_id

ASSIGNS = {"scope": "relationships:assign relationships:read"}


async def ordinals(world: World, path: str) -> list[int]:
    """As the team lead reads them, in the order in which they were recorded."""
    results = (await world.get("greet", f"{path}/working-relationships")).json()["results"]
    return [each["ordinal"] for each in results]


async def test_a_team_lead_assigns_a_worker_who_can_then_look(world: World) -> None:
    path, sanne = await new_resident(world), await worker_id(world, "sanne")
    assert (await world.get("sanne", path)).status_code == 404
    answer = await start(world, path, sanne, duties=["supports", "debt"], primary=True)
    body = answer.json()
    assert (answer.status_code, body["workerId"], body["ordinal"], body["endedAt"]) == (201, sanne, 1, None)
    assert (body["duties"], body["primary"]) == (["supports", "debt"], True)
    assert answer.headers["location"].endswith(f"{path}/working-relationships/{body['id']}")
    assert (await world.get("sanne", path)).json()["callName"] == "Guusje"


async def test_who_assigns_learns_that_and_when_and_the_resident_learns_who(world: World) -> None:
    """Gate B: existence, dates and ordinal for the team lead; names and functions for the resident."""
    path = f"{world.fien}/working-relationships"
    assigned = (await world.get("greet", path)).json()["results"]
    assert {(each["worker"], each["function"], each["endReason"]) for each in assigned} == {(None, None, None)}
    known = (await world.get("fien", path)).json()["results"]
    assert [each["ordinal"] for each in known] == [20, 21, 22, 23, 24, 25]
    assert [each["worker"]["displayName"] for each in known[-2:]] == ["Sanne Proef", "Teun Demo"]
    assert (known[4]["function"], known[4]["endReason"]) == ("consulent", "handover")


async def test_a_worker_sees_the_own_relationship_and_no_colleagues(world: World) -> None:
    path = f"{world.fien}/working-relationships"
    own = (await world.get("teun", f"{path}?count=true")).json()
    assert ([each["worker"]["displayName"] for each in own["results"]], own["count"]) == (["Teun Demo"], 1)
    assert (await world.get("teun", f"{path}/{world.person('sanne').working_relationship_id}")).status_code == 404
    assert (await world.get("teun", f"{path}/{world.person('teun').working_relationship_id}")).status_code == 200
    assert (await world.get("sanne", path)).status_code == 404


async def test_the_number_is_computed_by_when_they_first_met(world: World) -> None:
    path = await new_resident(world, importedWorkers={"count": 3})
    first, second, third = [await worker_id(world, login) for login in ("w1", "w2", "w3")]
    begun = await start(world, path, first, startedAt="2020-05-01T09:00:00+02:00")
    await start(world, path, second, startedAt="2021-05-01T09:00:00+02:00")
    assert await ordinals(world, path) == [4, 5]
    await start(world, path, third, startedAt="2019-05-01T09:00:00+02:00")
    assert await ordinals(world, path) == [5, 6, 4], "whoever came earlier moves the others on"
    await end(world, path, begun.json()["id"])
    again = await start(world, path, first)
    assert (again.json()["ordinal"], await ordinals(world, path)) == (5, [5, 6, 4, 5]), "who returns keeps the number"


async def test_nobody_does_the_same_work_twice(world: World) -> None:
    teun = await worker_id(world, "teun")
    for duties in (["supports"], ["debt", "supports"]):
        answer = await start(world, world.fien, teun, duties=duties)
        assert (answer.status_code, answer.json()["code"]) == (409, "relationship_active")
    assert (await start(world, world.fien, teun, duties=["debt"])).status_code == 201
    path = await new_resident(world)
    later = [await start(world, path, teun, startedAt="2098-01-01T00:00:00Z") for _ in range(2)]
    assert [each.status_code for each in later] == [201, 409], "also not for later"


async def at_the_same_moment(world: World) -> list[int]:
    path, sanne = await new_resident(world), await worker_id(world, "sanne")
    await asyncio.gather(*(world.get("greet", path) for _ in range(4)))
    return sorted(each.status_code for each in await asyncio.gather(*(start(world, path, sanne) for _ in range(2))))


async def test_nor_when_two_assign_at_the_same_moment(world: World) -> None:
    assert await at_the_same_moment(world) == [201, 409]


async def test_control_without_waiting_for_each_other_both_would(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    met = asyncio.Barrier(2)

    async def both_at_once(work: Work, *owners: UUID) -> None:
        work.tx.in_line.update(owners)
        if len(owners) == 2:
            await met.wait()

    monkeypatch.setattr(Work, "line_up", both_at_once)
    assert await at_the_same_moment(world) == [201, 201]


async def by_system(world: World, path: str, worker: str, **kwargs: Any) -> httpx.Response:
    body = {"workerId": worker, "duties": ["supports"], "function": "consulent", "externalId": "zaak-0042"}
    return await world.post("zaaksysteem", f"{path}/working-relationships", body, claims=ASSIGNS, **kwargs)


async def test_a_case_system_assigns_and_its_own_id_makes_it_one(world: World) -> None:
    """INV-30, beyond the seven days of an Idempotency-Key."""
    sanne, key = await worker_id(world, "sanne"), {"Idempotency-Key": "a-later-second-time"}
    first = await by_system(world, world.fien, sanne)
    again = [await by_system(world, world.fien, sanne, headers=key) for _ in range(2)]
    assert [first.status_code, *(each.status_code for each in again)] == [201, 200, 200]
    assert {first.json()["id"]} == {each.json()["id"] for each in again}
    assert (first.json()["worker"], len(await ordinals(world, world.fien))) == (None, 7)
    other = await by_system(world, await new_resident(world), sanne)
    assert (other.status_code, other.json()["code"]) == (409, "external_id_in_use")
    named_alike = await start(world, await new_resident(world), sanne, externalId="zaak-0042")
    assert named_alike.status_code == 201, "another client's ids are its own"


async def test_without_the_scope_it_assigns_nobody(world: World) -> None:
    for name in ("zaaksysteem", "teun", "fien"):
        answer = await start(world, world.fien, await worker_id(world, "sanne"), by=name)
        assert (answer.status_code, answer.json()["code"]) == (403, "scope_missing")
    for name in ("teun", "fien"):
        answer = await start(world, world.fien, await worker_id(world, "sanne"), by=name, claims=ASSIGNS)
        assert (answer.status_code, answer.json()["code"]) == (403, "action_not_allowed")
    foreign = await start(world, world.fien, await worker_id(world, "noor"), by="lotte")
    assert foreign.status_code == 404


async def test_when_it_ends_access_ends_with_it_at_the_next_request(world: World) -> None:
    relationship = str(world.person("teun").working_relationship_id)
    own = f"{world.fien}/working-relationships/{relationship}"
    reads = (world.fien, f"{world.fien}/portrait-items", f"{world.fien}/baggage-notes", own, f"{own}/briefing")
    assert [(await world.get("teun", path)).status_code for path in reads] == [200] * 5
    ended = await end(world, world.fien, relationship)
    assert (ended.status_code, ended.json()["endedAt"] is None) == (200, False)
    assert [(await world.get("teun", path)).status_code for path in reads] == [404] * 5
    assert (await world.get("teun", "/v1/working-relationships")).json()["results"] == []
    again = await end(world, world.fien, relationship)
    assert (again.status_code, again.json()["code"]) == (409, "relationship_ended")


async def test_what_is_not_there_can_not_be_ended(world: World) -> None:
    path, teuns = await new_resident(world), str(world.person("teun").working_relationship_id)
    await start(world, path, await worker_id(world, "sanne"))
    for resident, relationship in ((path, teuns), (world.fien, UNKNOWN)):
        assert (await end(world, resident, relationship)).status_code == 404
    key = {"Idempotency-Key": "one-end-asked-twice"}
    ends = [await end(world, world.fien, teuns, headers=key) for _ in range(2)]
    assert [each.status_code for each in ends] == [200, 200]
    assert ends[1].headers["idempotent-replayed"] == "true"


async def test_odd_bodies_are_refused(world: World) -> None:
    teun = await worker_id(world, "teun")
    for said in (
        *({"duties": []}, {"duties": None}, {"duties": ["supports"] * 6}, {"duties": ["rules"]}, {"function": ""}),
        *({"startedAt": "2026-01-01"}, {"startedAt": "0001-01-01T00:00:00+14:00"}, {"startedAt": 1}),
        *({"startedAt": "0001-01-01T00:00:00Z"}, {"startedAt": "9999-12-31T23:59:59-12:00"}, {"ordinal": 1}),
        *({"workerId": teun.upper()}, {"workerId": None}, {"externalId": ""}, {"primary": "true"}),
    ):
        answer = await start(world, world.fien, **{"worker": teun, **said})
        assert (answer.status_code, answer.json()["code"]) == (400, "invalid_input"), said
    unknown = await start(world, world.fien, UNKNOWN)
    assert (unknown.status_code, unknown.json()["code"]) == (409, "worker_unknown")


async def test_nobody_assigns_themself(world: World) -> None:
    """A worker can't grant themself access (access.md); neither can a team lead."""
    answer = await start(world, world.fien, await worker_id(world, "greet"))
    assert (answer.status_code, answer.json()["code"]) == (403, "action_not_allowed")
