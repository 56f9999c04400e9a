"""The resident's own yes and no: visibility is the limit, consent the key (access.md)."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from support_api.demo import cast
from tests.conftest import World

STORY = "Het verhaal van de ziekte"


async def decide(world: World, **said: Any) -> Any:
    body = {"decision": "permit", "party": {"type": "my_workers"}, "categories": ["portrait"], **said}
    return await world.post("fien", f"{world.fien}/consents", body)


async def teun(world: World) -> str:
    return str((await world.get("teun", "/v1/me")).json()["workerId"])


async def notes(world: World, name: str = "teun") -> list[dict[str, Any]]:
    return list((await world.get(name, f"{world.fien}/baggage-notes")).json()["results"])


async def test_giving_has_a_receipt_in_plain_dutch_and_lasts_twelve_months_at_most(world: World) -> None:
    late = (datetime.now(UTC) + timedelta(days=2000)).isoformat()
    answer = await decide(world, validUntil=late)
    body = answer.json()
    assert (answer.status_code, body["status"], body["origin"]) == (201, "active", "given")
    assert answer.headers["location"].endswith(body["id"])
    until = datetime.fromisoformat(body["validUntil"])
    assert until - datetime.fromisoformat(body["validFrom"]) == timedelta(days=365)
    sentence = body["receipt"]["inPlainDutch"]
    assert sentence.startswith("Wie jou nu begeleidt mag dit lezen: portret. Waarvoor: begeleiding. Tot ")
    assert body["receipt"]["howToStop"].endswith(f"{body['id']}/_withdraw")


async def test_a_no_is_stored_and_stays(world: World) -> None:
    answer = await decide(world, decision="deny", categories=["life_story_short", "life_story_full"])
    body = answer.json()
    assert (body["status"], body["validUntil"], body["receipt"]["event"]) == ("declined", None, "declined")
    assert [note["kind"] for note in await notes(world)] == ["system_critique"]
    assert STORY in [note["title"] for note in await notes(world, "fien")]


async def test_a_permit_opens_nothing_that_visibility_keeps_closed(world: World) -> None:
    await decide(world, categories=["portrait", "life_story_short", "life_story_full"], depth="full")
    shown = str([await notes(world), (await world.get("teun", f"{world.fien}/portrait-items")).json()])
    assert cast.FIEN_PRIVATE not in shown
    assert cast.FIEN_BAGGAGE[2]["short_version"] not in shown


async def test_visibility_opens_nothing_without_a_permit(world: World) -> None:
    for consent in (await world.get("fien", f"{world.fien}/consents?limit=100")).json()["results"]:
        await world.post("fien", f"{world.fien}/consents/{consent['id']}/_withdraw")
    assert await notes(world) == []
    assert (await world.get("teun", f"{world.fien}/portrait-items?count=true")).json()["count"] == 0


async def test_the_whole_story_needs_a_consent_that_says_so(world: World) -> None:
    before = (await notes(world))[0]
    assert (before["title"], before["depth"], before["fullText"]) == (STORY, "short", None)
    given = await decide(
        world, party={"type": "worker", "id": await teun(world)}, categories=["life_story_full"], depth="full"
    )
    after = (await notes(world))[0]
    assert (after["depth"], after["fullText"]) == ("full", cast.FIEN_BAGGAGE[0]["full_text"])
    assert after["whatHelps"] == list(cast.FIEN_BAGGAGE[0]["what_helps"])
    await world.post("fien", f"{world.fien}/consents/{given.json()['id']}/_withdraw")
    assert [(await notes(world))[0]["depth"], (await notes(world))[0]["fullText"]] == ["short", None]


async def test_a_withdrawn_permit_is_a_refusal_until_it_is_given_again(world: World) -> None:
    """No other permit reopens it; the same one does."""
    mine = {"party": {"type": "worker", "id": await teun(world)}, "categories": ["life_story_short"]}
    first = (await decide(world, **mine)).json()
    await world.post("fien", f"{world.fien}/consents/{first['id']}/_withdraw")
    assert [note["kind"] for note in await notes(world)] == ["system_critique"]
    await decide(world, categories=["life_story_short"])
    assert [note["kind"] for note in await notes(world)] == ["system_critique"]
    await decide(world, **mine)
    assert [note["kind"] for note in await notes(world)] == ["life_story", "system_critique"]


async def test_a_no_about_one_item_yields_only_to_a_yes_about_that_item(world: World) -> None:
    """INV-02."""
    story = (await notes(world))[0]["id"]
    one = {"onlyItems": [story], "categories": ["life_story_short"]}
    await decide(world, decision="deny", **one)
    await decide(world, categories=["life_story_short"])
    assert [note["kind"] for note in await notes(world)] == ["system_critique"]
    assert (await world.get("teun", f"{world.fien}/baggage-notes/{story}")).status_code == 404
    await decide(world, **one)
    assert (await world.get("teun", f"{world.fien}/baggage-notes/{story}")).status_code == 200


async def test_a_no_to_all_but_one_spares_that_one(world: World) -> None:
    story = (await notes(world))[0]["id"]
    await decide(world, decision="deny", categories=["life_story_short", "critique"], exceptItems=[story])
    assert [note["id"] for note in await notes(world)] == [story]
    assert (await world.get("teun", f"{world.fien}/baggage-notes?count=true")).json()["count"] == 1


async def test_withdrawing_tells_what_it_does_and_can_be_repeated(world: World) -> None:
    given = (await decide(world)).json()
    key = {"Idempotency-Key": "withdraw-once-and-again"}
    path = f"{world.fien}/consents/{given['id']}/_withdraw"
    first = await world.post("fien", path, headers=key)
    body = first.json()
    assert body["consent"]["status"] == "withdrawn"
    assert body["consent"]["receipt"]["event"] == "withdrawn"
    assert body["consent"]["receipt"]["id"] != given["receipt"]["id"]
    assert body["effect"]["stoppedNow"][0]["party"]["name"] == "Wie jou nu begeleidt"
    assert body["effect"]["consequencesForYou"] == "geen"
    repeated = await world.post("fien", path, headers=key)
    assert (repeated.status_code, repeated.content) == (200, first.content)
    again = await world.post("fien", path)
    assert (again.status_code, again.json()["code"]) == (409, "consent_not_active")


async def test_a_registered_system_reads_what_is_given_to_it_alone(world: World) -> None:
    system = (await world.sql("select id from support.clients where client_id = 'zaaksysteem-voorbeeld'"))[0]["id"]
    assert (await world.get("zaaksysteem", f"{world.fien}/portrait-items")).status_code == 404
    items = (await world.get("fien", f"{world.fien}/portrait-items")).json()["results"]
    shared = items[0]
    change = {"visibility": "custom"}
    tag = f'"{shared["version"]}.{"0" * 16}"'
    await world.patch("fien", f"{world.fien}/portrait-items/{shared['id']}", change, tag)
    given = await decide(world, party={"type": "system", "id": str(system)})
    assert given.json()["party"]["name"] == "Zaaksysteem Voorbeeld"
    read = await world.get("zaaksysteem", f"{world.fien}/portrait-items?count=true")
    assert ([item["id"] for item in read.json()["results"]], read.json()["count"]) == ([shared["id"]], 1)
    await world.post("fien", f"{world.fien}/consents/{given.json()['id']}/_withdraw")
    after = await world.get("zaaksysteem", f"{world.fien}/portrait-items")
    assert after.status_code == 404


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ({"purpose": "enforcement"}, "never_shared"),
        ({"purpose": "indication", "categories": ["critique"]}, "never_shared"),
        ({"party": {"type": "worker", "id": "0199aaaa-0000-7000-8000-00000000dead"}}, "worker_unknown"),
        ({"party": {"type": "system", "id": "0199aaaa-0000-7000-8000-00000000dead"}}, "system_unknown"),
        ({"onlyItems": ["0199aaaa-0000-7000-8000-00000000dead"]}, "item_unknown"),
    ],
)
async def test_what_cannot_be_decided_says_why(world: World, said: dict[str, Any], code: str) -> None:
    before = await world.sql("select count(*) from support.consents")
    answer = await decide(world, **said)
    assert (answer.status_code, answer.json()["code"]) == (409, code)
    assert answer.json()["nextStep"]
    assert await world.sql("select count(*) from support.consents") == before


async def test_a_decision_for_the_past_is_refused(world: World) -> None:
    answer = await decide(world, decision="deny", validUntil="2020-01-01T00:00:00Z")
    assert answer.json()["invalidParams"][0]["name"] == "/validUntil"


@pytest.mark.parametrize(
    "said",
    [
        {"categories": ["identity_contact"]},
        {"categories": []},
        {"party": {"type": "worker"}},
        {"party": {"type": "my_workers", "id": "0199aaaa-0000-7000-8000-00000000dead"}},
        {
            "onlyItems": ["0199aaaa-0000-7000-8000-00000000dead"],
            "exceptItems": ["0199aaaa-0000-7000-8000-00000000dead"],
        },
        {"validUntil": "2027-01-01T00:00:00"},
    ],
)
async def test_what_makes_no_sense_is_refused_before_anything(world: World, said: dict[str, Any]) -> None:
    assert (await decide(world, **said)).status_code == 400


async def test_decisions_are_the_residents_to_take_and_the_privacy_officers_to_see(world: World) -> None:
    assert (await world.get("pim", f"{world.fien}/consents")).status_code == 200
    claims = {"scope": "consents:read consents:write relationships:assign"}
    for name, status in (("teun", 200), ("greet", 403), ("sanne", 404), ("noor", 404)):
        assert (await world.get(name, f"{world.fien}/consents", claims=claims)).status_code == status, name
    body = {"decision": "permit", "party": {"type": "my_workers"}, "categories": ["portrait"]}
    for name, status in (("teun", 409), ("pim", 403), ("sanne", 404)):
        answer = await world.post(name, f"{world.fien}/consents", body, claims=claims)
        assert answer.status_code == status, name


async def test_the_trail_names_the_permit_under_which_a_note_was_read(world: World) -> None:
    story = (await notes(world))[0]["id"]
    await world.get("teun", f"{world.fien}/baggage-notes/{story}")
    line = (await world.get("fien", f"{world.fien}/access-log")).json()["results"][0]
    consent = (await world.get("fien", f"{world.fien}/consents/{line['consentId']}")).json()
    assert story in consent["onlyItems"]
