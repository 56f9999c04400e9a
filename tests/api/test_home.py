"""The first screen in one call: what waits for a resident and who looked; whom a worker works with."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tests.api.test_round_trips import cost
from tests.conftest import World
from tests.make import end, lines, log_in, new_resident, start, worker_id

NOTE = {"kind": "life_story", "shortVersion": "Zij belt liever niet."}
SOUP = {"kind": "joy", "text": "Soep."}


async def home(world: World, name: str, **kwargs: Any) -> Any:
    answer = await world.get(name, "/v1/home", **kwargs)
    assert answer.status_code == 200, answer.text
    return answer.json()["worker" if world.person(name).role == "worker" else "resident"]


async def asks(world: World) -> list[tuple[str, int]]:
    return [(each["kind"], len(each["aboutIds"])) for each in (await home(world, "fien"))["asks"]]


def briefing(world: World, relationship: str | None = None) -> str:
    relationship = relationship or world.person("teun").working_relationship_id
    return f"{world.fien}/working-relationships/{relationship}/briefing"


async def approve(world: World, path: str) -> None:
    tag = (await world.get("fien", path)).headers["ETag"]
    answer = await world.post("fien", f"{path}/_approve", headers={"If-Match": tag})
    assert answer.status_code == 200, answer.text


async def test_a_resident_sees_who_works_with_her_and_who_looked(world: World) -> None:
    await world.get("teun", briefing(world))
    seen = await home(world, "fien")
    assert (seen["callName"], seen["asks"], seen["moreAsks"]) == ("Fien", [], 0)
    [teun] = seen["workers"]
    assert (teun["worker"]["displayName"], teun["ordinal"], teun["briefing"]) == ("Teun Demo", 25, "open")
    assert seen["looked"][0]["sentence"] == "Teun Demo las je briefing. Doel: begeleiding."
    assert len(seen["looked"]) == 5
    assert not any(each["who"]["you"] for each in seen["looked"])


async def test_what_a_worker_wrote_waits_in_one_question_until_she_decides(world: World) -> None:
    made = [await world.post("teun", f"{world.fien}/baggage-notes", NOTE) for _ in range(2)]
    await world.post("teun", f"{world.fien}/portrait-items", SOUP)
    assert await asks(world) == [("confirm_note", 2), ("keep_portrait_item", 1)]
    first = (await home(world, "fien"))["asks"][0]
    assert first["sentence"] == "Teun Demo schreef 2 dingen op over jou. Bedoel je het zo?"
    assert set(first["aboutIds"]) == {each.json()["id"] for each in made}
    for each in made:
        place = each.headers["Location"].removeprefix("http://testserver")
        tag = (await world.get("fien", place)).headers["ETag"]
        said = await world.post("fien", f"{place}/_confirm", {"confirmation": "rejected"}, headers={"If-Match": tag})
        assert said.status_code == 200
    assert await asks(world) == [("keep_portrait_item", 1)]


async def test_a_new_worker_waits_for_her_yes_or_no(world: World) -> None:
    started = (await start(world, world.fien, await worker_id(world, "w1"))).json()["id"]
    seen = await home(world, "fien")
    assert [(each["kind"], each["aboutIds"]) for each in seen["asks"]] == [("approve_briefing", [started])]
    assert [each["briefing"] for each in seen["workers"]] == ["open", "awaiting_resident"]
    await approve(world, briefing(world, started))
    assert await asks(world) == []
    await world.post("fien", f"{briefing(world, started)}/_stop")
    assert await asks(world) == [], "a no is an answer"
    await end(world, world.fien, started)
    assert len((await home(world, "fien"))["workers"]) == 1


async def test_who_has_nothing_to_share_is_not_asked_to(world: World) -> None:
    path = await new_resident(world)
    claims = await log_in(world, "guusje", path)
    await start(world, path, await worker_id(world, "teun"))
    seen = await home(world, "fien", claims=claims)
    assert (seen["callName"], seen["asks"], len(seen["workers"])) == ("Guusje", [], 1)


async def test_a_consent_that_ends_soon_is_brought_up(world: World) -> None:
    soon, later = (datetime.now(UTC) + timedelta(days=days) for days in (20, 60))
    for until in (soon, later):
        body = {"decision": "permit", "party": {"type": "my_workers"}, "categories": ["portrait"]}
        await world.post("fien", f"{world.fien}/consents", {**body, "validUntil": until.isoformat()})
        found = [each for each in (await home(world, "fien"))["asks"] if each["kind"] == "renew_consent"]
        assert len(found) == (1 if until is soon else 0), "the later one takes the place of the first"
        if found:
            assert found[0]["sentence"].startswith("Je toestemming voor wie jou nu begeleidt loopt af op ")
            assert datetime.fromisoformat(found[0]["until"]) == soon.replace(microsecond=soon.microsecond)


async def test_no_more_than_three_at_once(world: World) -> None:
    for name in ("w1", "w2", "w3"):
        await start(world, world.fien, await worker_id(world, name))
    await world.post("teun", f"{world.fien}/baggage-notes", NOTE)
    seen = await home(world, "fien")
    assert [each["kind"] for each in seen["asks"]] == ["approve_briefing"] * 3
    assert seen["moreAsks"] == 1


async def test_a_worker_sees_with_whom_and_whether_the_briefing_is_open(world: World) -> None:
    path = await new_resident(world, callName="Guusje")
    await start(world, path, await worker_id(world, "teun"))
    seen = await home(world, "teun")
    assert [(each["callName"], each["briefing"]) for each in seen["caseload"]] == [
        ("Guusje", "awaiting_resident"),
        ("Fien", "open"),
    ]
    assert (seen["caseload"][1]["ordinal"], seen["more"]) == (25, False)
    assert (await home(world, "sanne"))["caseload"] == []
    read = [each for each in await lines(world) if each["action"] == "home:read"]
    assert read[0]["sentence"].startswith("Teun Demo opende het eigen beginscherm, waar jij op staat.")


async def test_both_say_of_a_briefing_what_the_briefing_says(world: World) -> None:
    async def told() -> tuple[str, str, str]:
        resident, worker = await home(world, "fien"), await home(world, "teun")
        read = (await world.get("teun", briefing(world))).json()["state"]
        return resident["workers"][0]["briefing"], worker["caseload"][0]["briefing"], read

    assert await told() == ("open",) * 3
    await world.post("fien", f"{briefing(world)}/_stop")
    assert await told() == ("stopped",) * 3
    await approve(world, briefing(world))
    assert await told() == ("open",) * 3
    consent = (await world.get("fien", briefing(world))).json()["consentId"]
    await world.post("fien", f"{world.fien}/consents/{consent}/_withdraw")
    assert await told() == ("stopped",) * 3


@pytest.mark.parametrize(
    ("scope", "shown"),
    [
        ("", set()),
        ("residents:read", {"callName"}),
        ("relationships:read", {"workers"}),
        ("access-log:read", {"looked"}),
        ("baggage:read", {"asks"}),
    ],
)
async def test_a_token_gets_the_parts_that_it_could_read_elsewhere(world: World, scope: str, shown: set[str]) -> None:
    await world.post("teun", f"{world.fien}/baggage-notes", NOTE)
    seen = await home(world, "fien", claims={"scope": f"me:read {scope}".strip()})
    assert {name for name, value in seen.items() if value} == shown
    assert not any(each["briefing"] for each in seen["workers"] or ())
    bare = await home(world, "teun", claims={"scope": "me:read"})
    assert (bare["caseload"], bare["more"]) == (None, False)


@pytest.mark.parametrize("name", ["greet", "pim", "zaaksysteem"])
async def test_other_roles_have_no_first_screen(world: World, name: str) -> None:
    answer = await world.get(name, "/v1/home")
    assert (answer.status_code, answer.json()["code"]) == (403, "action_not_allowed")


async def test_a_worker_says_what_for_and_gets_what_the_duties_are_for(world: World) -> None:
    without = await world.get("teun", "/v1/home", headers={"Processing-Purpose": ""})
    assert (without.status_code, without.json()["code"]) == (400, "purpose_required")
    stranger = await world.get("teun", "/v1/home", claims={"sub": "niemand"})
    assert stranger.status_code == 404


async def test_a_longer_caseload_takes_no_more_round_trips(world: World) -> None:
    await world.get("teun", "/v1/home")
    first, _ = await cost(world, "teun", "GET", "/v1/home")
    for _ in range(3):
        await start(world, await new_resident(world), await worker_id(world, "teun"))
    await world.get("teun", "/v1/home")
    second, _ = await cost(world, "teun", "GET", "/v1/home")
    assert second.round_trips == first.round_trips <= 8
    await world.get("fien", "/v1/home")
    resident, _ = await cost(world, "fien", "GET", "/v1/home")
    assert resident.round_trips <= 16
