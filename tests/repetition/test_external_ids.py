"""A case system's own id starts one relationship, also in a race, and never stands for another worker's (INV-30)."""

import asyncio
from typing import Any
from uuid import UUID

import httpx
import pytest

from support_api.services.work import Work
from tests.api.problems import check_problem
from tests.conftest import World
from tests.make import end, new_resident, start, worker_id

PAIRS = 10


async def assign(world: World, path: str, worker: str, external_id: str, **said: Any) -> httpx.Response:
    claims = {"scope": "relationships:assign relationships:read"}
    return await start(world, path, worker, "zaaksysteem", externalId=external_id, claims=claims, **said)


async def at_once(world: World, *requests: tuple[str, str, str]) -> list[httpx.Response]:
    return await asyncio.gather(*(assign(world, *request) for request in requests))


async def check_equal_pairs(world: World, pairs: int = PAIRS) -> None:
    sanne, path = await worker_id(world, "sanne"), await new_resident(world)
    await asyncio.gather(*(world.get("greet", path) for _ in range(4)))
    for pair in range(pairs):
        path, same = await new_resident(world), f"zaak-{pair}"
        answers = await at_once(world, (path, sanne, same), (path, sanne, same))
        assert sorted(each.status_code for each in answers) == [200, 201], [each.text for each in answers]
        assert len({each.content for each in answers}) == 1, "both tell of the one that there is"


async def test_two_equal_ones_at_once_start_one_and_are_both_told_of_it(world: World) -> None:
    await check_equal_pairs(world)


async def test_control_who_does_not_wait_for_a_turn_is_noticed(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    met, line_up = asyncio.Barrier(2), Work.line_up

    async def both_at_once(work: Work, *owners: UUID) -> None:
        if len(owners) < 3:
            await line_up(work, *owners)
        else:
            work.tx.in_line.update(owners)
            await met.wait()

    monkeypatch.setattr(Work, "line_up", both_at_once)
    async with asyncio.timeout(20):
        with pytest.raises(AssertionError):
            await check_equal_pairs(world, 1)


async def test_one_id_for_two_residents_at_once_is_one_residents(world: World) -> None:
    """Neither the resident nor the worker is the same: they wait for each other by the id."""
    workers = [await worker_id(world, login) for login in ("sanne", "w1")]
    for pair in range(PAIRS):
        paths = [await new_resident(world) for _ in workers]
        answers = await at_once(world, *((*each, f"zaak-{pair}") for each in zip(paths, workers, strict=True)))
        told = {each.status_code: each.json().get("code") for each in answers}
        assert told == {201: None, 409: "external_id_in_use"}


async def test_the_id_of_another_workers_relationship_assigns_nobody(world: World) -> None:
    """A case system reads 2xx as: this worker is assigned."""
    sanne, other, path = await worker_id(world, "sanne"), await worker_id(world, "w1"), await new_resident(world)
    first = (await assign(world, path, sanne, "zaak-0042")).json()
    for _ in range(2):
        check_problem(await assign(world, path, other, "zaak-0042"), 409, "external_id_of_other_worker")
        await end(world, path, first["id"])
    listed = (await world.get("greet", f"{path}/working-relationships")).json()["results"]
    assert [each["workerId"] for each in listed] == [sanne], "also not once it has ended"
    assert (await assign(world, path, other, "zaak-0043")).status_code == 201


async def test_two_workers_under_one_id_at_once_are_not_both_told_yes(world: World) -> None:
    workers = [await worker_id(world, login) for login in ("sanne", "w1")]
    for pair in range(PAIRS):
        path = await new_resident(world)
        answers = await at_once(world, *((path, worker, f"zaak-{pair}") for worker in workers))
        told = {each.status_code: each.json().get("code") for each in answers}
        assert told == {201: None, 409: "external_id_of_other_worker"}


async def test_for_the_same_worker_it_is_what_there_is_with_its_duties_ended_or_not(world: World) -> None:
    sanne, path = await worker_id(world, "sanne"), await new_resident(world)
    first = (await assign(world, path, sanne, "zaak-0042")).json()
    again = await assign(world, path, sanne, "zaak-0042", duties=["debt"])
    assert (again.status_code, again.json()) == (200, first)
    await end(world, path, first["id"])
    ended = await assign(world, path, sanne, "zaak-0042")
    assert (ended.status_code, ended.json()["id"], ended.json()["endedAt"] is None) == (200, first["id"], False)
