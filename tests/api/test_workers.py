"""Who works here: colleagues see each other, a resident sees those whom they have met."""

from typing import Any
from uuid import UUID

import pytest

from support_api.db import directory
from tests.conftest import World
from tests.make import TRACE, UNKNOWN, as_bytes, new_resident, start, worker_id

MET = {"Ilias Oefening", "Joris Proefpersoon", "Saar Voorbeeldig", "Daan Bedenksel", "Sanne Proef", "Teun Demo"}
OTHERS = {"Greet Sjabloon", "Pim Privacybedacht", "Roos Nagemaakt"}


async def names(world: World, name: str, **kwargs: Any) -> set[str]:
    return {worker["displayName"] for worker in (await world.get(name, "/v1/workers", **kwargs)).json()["results"]}


async def test_colleagues_and_registered_systems_see_who_works_here(world: World) -> None:
    for name in ("teun", "greet", "pim", "zaaksysteem"):
        assert await names(world, name) == MET | OTHERS
    teun = (await world.get("sanne", f"/v1/workers/{await worker_id(world, 'teun')}")).json()
    assert (teun["displayName"], teun["function"]) == ("Teun Demo", "consulent")
    assert teun["unit"] == "Wijkteam De Denkbeeldige Linde"


async def test_it_is_about_no_resident_so_no_purpose_is_asked(world: World) -> None:
    assert await names(world, "teun", headers={"Processing-Purpose": ""}) == MET | OTHERS


async def sees_only_whom_she_met(world: World) -> None:
    greet = await worker_id(world, "greet")
    assert await names(world, "fien") == MET
    unmet = await world.get("fien", f"/v1/workers/{greet}", headers=TRACE)
    assert as_bytes(unmet) == as_bytes(await world.get("fien", f"/v1/workers/{UNKNOWN}", headers=TRACE))
    assert unmet.status_code == 404


async def test_a_resident_sees_whom_she_met_also_when_it_was_long_ago(world: World) -> None:
    await sees_only_whom_she_met(world)
    assert (await start(world, world.fien, await worker_id(world, "pim"))).status_code == 201
    assert await names(world, "fien") == MET | {"Pim Privacybedacht"}


async def test_control_a_resident_who_would_see_everybody_is_caught(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def everybody(tx: Any, _: UUID) -> frozenset[UUID]:
        return frozenset(each.id for each in await directory.worker_page(tx, None, 100, backwards=False))

    monkeypatch.setattr(directory, "met", everybody)
    with pytest.raises(AssertionError):
        await sees_only_whom_she_met(world)


async def test_another_municipality_has_its_own_workers_and_sees_no_others(world: World) -> None:
    assert await names(world, "noor") == {"Noor Schijnbaar", "Lotte Testpersoon"}
    assert await names(world, "abel") == {"Noor Schijnbaar"}
    for name in ("noor", "abel"):
        foreign = await world.get(name, f"/v1/workers/{await worker_id(world, 'teun')}", headers=TRACE)
        assert as_bytes(foreign) == as_bytes(await world.get(name, f"/v1/workers/{UNKNOWN}", headers=TRACE))


async def test_a_foreign_worker_is_nobody_to_assign(world: World) -> None:
    answer = await start(world, await new_resident(world), await worker_id(world, "noor"))
    assert (answer.status_code, answer.json()["code"]) == (409, "worker_unknown")


@pytest.mark.parametrize("name", ["greet", "fien"])
async def test_pages_go_forward_and_back_over_everybody_once(world: World, name: str) -> None:
    """Also where the list is made in memory, as for a resident."""
    forward, path = [], "/v1/workers?limit=3"
    while path:
        answer = await world.get(name, path)
        forward.append([worker["id"] for worker in answer.json()["results"]])
        last, path = answer, answer.json()["next"]
    backward, path = [forward[-1]], last.json()["previous"]
    while path:
        answer = await world.get(name, path)
        backward.insert(0, [worker["id"] for worker in answer.json()["results"]])
        path = answer.json()["previous"]
    assert backward == forward
    ids = [each for page in forward for each in page]
    assert ids == sorted(set(ids))
    assert len(ids) == len(await names(world, name))


async def test_only_the_form_in_which_an_id_is_given_is_an_id(world: World) -> None:
    teun = await worker_id(world, "teun")
    for wrong in (teun.upper(), teun.replace("-", ""), "1", f"{teun}x"):
        assert (await world.get("greet", f"/v1/workers/{wrong}")).status_code == 404
    assert (await world.get("greet", f"/v1/workers/{teun}?expand=all")).status_code == 400


async def test_a_log_in_that_nobody_knows_sees_nobody(world: World) -> None:
    for path in ("/v1/workers", f"/v1/workers/{await worker_id(world, 'teun')}"):
        assert (await world.get("teun", path, claims={"sub": "unknown"})).status_code == 404
