"""The worker's own list: the residents whom they work with now, and no list of anybody else."""

from typing import Any

import pytest

from support_api.services import working_relationships
from tests.conftest import World
from tests.make import allow_every_purpose, end, lines, new_resident, start, worker_id

LATER = {"startedAt": "2098-01-01T00:00:00Z"}


async def pages(world: World, name: str, limit: int) -> list[list[str]]:
    found, path = [], f"/v1/working-relationships?limit={limit}"
    while path:
        body = (await world.get(name, path)).json()
        found.append([each["callName"] for each in body["results"]])
        path = body["next"]
    return found


async def residents(world: World, *plan: tuple[str, dict[str, Any]]) -> dict[str, str]:
    """Teun starts with each of them; the ids of the relationships by call name."""
    teun, begun = await worker_id(world, "teun"), {}
    for name, said in plan:
        path = await new_resident(world, callName=name)
        begun[name] = f"{path}/working-relationships/{(await start(world, path, teun, **said)).json()['id']}"
    return begun


async def test_it_has_the_call_name_the_number_and_since_when(world: World) -> None:
    line = (await world.get("teun", "/v1/working-relationships")).json()["results"][0]
    assert (line["callName"], line["ordinal"], line["duties"], line["primary"]) == ("Fien", 25, ["supports"], True)
    assert line["id"] == world.person("teun").working_relationship_id
    assert line["residentId"] == world.person("fien").resident_id
    assert set(line) == {"id", "residentId", "callName", "ordinal", "startedAt", "duties", "primary", "standsInFor"}


async def whole_list(world: World) -> None:
    """What is not for now takes no place and ends no page."""
    begun = await residents(
        world, ("Ada", LATER), ("Bob", {}), ("Cas", {"duties": ["debt"]}), ("Dik", {"duties": ["debt"]}), ("Eef", {})
    )
    assert [name for page in await pages(world, "teun", 2) for name in page] == ["Fien", "Bob", "Eef"]
    path, relationship = begun["Bob"].split("/working-relationships/")
    await end(world, path, relationship)
    assert [name for page in await pages(world, "teun", 1) for name in page] == ["Fien", "Eef"]


async def test_only_who_is_there_now_and_for_this_purpose_page_by_page(world: World) -> None:
    await whole_list(world)


async def test_control_a_list_that_leaves_off_at_what_does_not_open_is_caught(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    honest = working_relationships.store.Page
    monkeypatch.setattr(working_relationships.store, "Page", lambda *given, edges=None: honest(*given))
    with pytest.raises(AssertionError):
        await whole_list(world)


async def test_back_and_forth_shows_the_same(world: World) -> None:
    await residents(world, ("Ada", {}), ("Bob", {}), ("Cas", {}))
    first = await world.get("teun", "/v1/working-relationships?limit=2")
    second = await world.get("teun", first.json()["next"])
    assert [[e["callName"] for e in page.json()["results"]] for page in (first, second)] == [
        ["Fien", "Ada"],
        ["Bob", "Cas"],
    ]
    back = await world.get("teun", second.json()["previous"])
    assert back.json()["results"] == first.json()["results"]
    assert (second.json()["next"], back.json()["previous"]) == (None, None)
    assert 'rel="next"' in first.headers["link"]


async def test_a_cursor_is_good_for_this_list_of_this_worker_alone(world: World) -> None:
    await residents(world, ("Ada", {}))
    following = (await world.get("teun", "/v1/working-relationships?limit=1")).json()["next"]
    cursor = following.split("cursor=")[1].split("&")[0]
    for name, path in (
        ("sanne", "/v1/working-relationships"),
        ("teun", "/v1/workers"),
        ("teun", f"{world.fien}/portrait-items"),
    ):
        answer = await world.get(name, f"{path}?cursor={cursor}")
        assert (answer.status_code, answer.json()["invalidParams"][0]["code"]) == (400, "invalid_cursor")


async def test_other_work_than_support_is_on_the_list_of_its_own_purpose(world: World) -> None:
    """A duty opens the purposes that fit it, and no other: with `support` this worker is nobody to Fien."""
    await allow_every_purpose(world)
    sanne = await worker_id(world, "sanne")
    assert (await start(world, world.fien, sanne, duties=["indicates"])).status_code == 201
    portrait = f"{world.fien}/portrait-items"
    assert (await world.get("sanne", portrait)).status_code == 404
    assert (await world.get("teun", portrait)).status_code == 200
    assert await pages(world, "sanne", 25) == [[]]
    indicating = {"Processing-Purpose": "indication"}
    assert (await world.get("sanne", portrait, headers=indicating)).json()["results"] == []
    found = (await world.get("sanne", "/v1/working-relationships", headers=indicating)).json()["results"]
    assert [each["duties"] for each in found] == [["indicates"]]


async def test_everybody_has_the_own_list(world: World) -> None:
    assert await pages(world, "noor", 25) == [["Abel"]]
    for name in ("sanne", "greet", "pim", "fien"):
        assert await pages(world, name, 25) == [[]]


async def test_the_resident_reads_that_she_was_on_it(world: World) -> None:
    await pages(world, "teun", 25)
    sentence = "Teun Demo bekeek de lijst van eigen inwoners, waar jij op staat. Doel: begeleiding."
    assert (await lines(world))[0]["sentence"] == sentence
