"""What the municipality's register doesn't have a program for, it shows nobody, whatever a resident permits (R30)."""

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4

from support_api.domain.register import Activity
from support_api.domain.vocabulary import Category, Purpose
from support_api.services import setup
from tests.conftest import MIGRATOR, World
from tests.make import worker_id

SPECIAL = "AVG, art. 9 lid 2 onder h"
TOLD = ("portrait-items", "baggage-notes")


async def program(world: World, only: Iterable[Category] = (), special: str | None = SPECIAL) -> dict[str, Any]:
    """The claims of a call through a program of its own, registered so. Before the first call of a test: the service
    keeps the register for five seconds."""
    activity = Activity("https://register.example/1", "Wmo 2015", frozenset(only), special)
    client = f"programma-{uuid4().hex[:8]}"
    municipality = UUID(world.person("fien").municipality_id)
    async with world.database(MIGRATOR) as database, database.transaction(municipality) as tx:
        await setup.add_client(tx, client, "Programma", {Purpose.SUPPORT: activity}, datetime.now(UTC))
    return {"client_id": client}


def briefing(world: World) -> str:
    return f"{world.fien}/working-relationships/{world.person('teun').working_relationship_id}/briefing"


async def test_without_an_exception_it_shows_nothing_that_residents_tell(world: World) -> None:
    programs = [(await program(world, special=special), status) for special, status in ((None, 403), (SPECIAL, 200))]
    for claims, status in programs:
        for path in TOLD:
            answer = await world.get("teun", f"{world.fien}/{path}", claims=claims)
            assert answer.status_code == status
            assert status == 200 or answer.json()["code"] == "purpose_not_allowed"
        shown = (await world.get("teun", briefing(world), claims=claims)).json()
        assert (bool(shown["whatMatters"]), bool(shown["baggage"])) == (status == 200, status == 200)


async def test_the_refusal_is_the_same_for_whoever_it_is_about(world: World) -> None:
    claims = await program(world, special=None)
    unknown = f"/v1/residents/{uuid4()}"
    for path in TOLD:
        answers = [await world.get("teun", f"{whom}/{path}", claims=claims) for whom in (world.fien, unknown)]
        assert [each.status_code for each in answers] == [403, 403]


async def test_it_adds_nothing_that_it_would_not_show(world: World) -> None:
    claims = await program(world, only=[Category.PORTRAIT])
    note = {"kind": "life_story", "shortVersion": "Iets."}
    answer = await world.post("teun", f"{world.fien}/baggage-notes", note, claims=claims)
    assert (answer.status_code, answer.json()["code"]) == (403, "purpose_not_allowed")
    item = {"kind": "strength", "text": "Ze lacht snel."}
    assert (await world.post("teun", f"{world.fien}/portrait-items", item, claims=claims)).status_code == 201


async def test_it_shows_only_the_kinds_that_it_is_registered_for(world: World) -> None:
    claims = await program(world, only=[Category.CRITIQUE])
    page = (await world.get("teun", f"{world.fien}/baggage-notes?count=true", claims=claims)).json()
    assert {note["kind"] for note in page["results"]} == {"system_critique"}
    assert page["count"] == len(page["results"])
    whole = (await world.get("teun", f"{world.fien}/baggage-notes")).json()["results"]
    story = next(note for note in whole if note["kind"] == "life_story")
    hidden = await world.get("teun", f"{world.fien}/baggage-notes/{story['id']}", claims=claims)
    assert hidden.status_code == 404
    shown = (await world.get("teun", briefing(world), claims=claims)).json()
    assert {each["kind"] for each in shown["baggage"]} == {"system_critique"}


async def test_the_whole_story_needs_its_own_line(world: World) -> None:
    short = await program(world, only=[Category.LIFE_STORY_SHORT])
    permit = {
        "decision": "permit",
        "party": {"type": "worker", "id": await worker_id(world, "teun")},
        "categories": ["life_story_full"],
        "depth": "full",
    }
    assert (await world.post("fien", f"{world.fien}/consents", permit)).status_code == 201
    for claims, depth in ((short, "short"), ({}, "full")):
        found = (await world.get("teun", f"{world.fien}/baggage-notes", claims=claims)).json()["results"]
        assert {note["depth"] for note in found if note["kind"] == "life_story"} == {depth}


async def test_it_takes_nothing_from_the_resident(world: World) -> None:
    claims = await program(world, special=None)
    for path in TOLD:
        assert (await world.get("fien", f"{world.fien}/{path}", claims=claims)).json()["results"]


async def test_the_register_says_so(world: World) -> None:
    await program(world, only=[Category.PORTRAIT])
    found = (await world.get("fien", "/v1/reference/processing-activities")).json()["results"]
    ours = next(each for each in found if each["clients"] == ["Programma"])
    assert (ours["categories"], ours["specialBasis"]) == (["portrait"], SPECIAL)
