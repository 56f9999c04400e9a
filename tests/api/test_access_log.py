"""The resident reads who looked, why, and what was tried in vain, in plain Dutch (W9, INV-26)."""

from typing import Any

import pytest

from support_api.services import access_log
from tests.conftest import World
from tests.make import UNKNOWN, lines, log_in, new_resident, start, worker_id

NOTICE = " Door een eerdere beslissing van jou kan deze medewerker je briefing meteen lezen."
IN_VAIN = " Dat is niet gebeurd en er is niets getoond."
ASSIGNED = "Een teamleider van Wijkteam De Denkbeeldige Linde wees je een medewerker toe. Doel: begeleiding."
READS_LOG = {"scope": "access-log:read relationships:assign"}


async def newest(world: World) -> str:
    return str((await lines(world))[0]["sentence"])


async def test_each_line_is_a_sentence_with_who_what_and_what_for(world: World) -> None:
    for name, path, sentence in (
        ("teun", "", "Teun Demo bekeek je naam en contactvoorkeuren. Doel: begeleiding."),
        ("teun", "/portrait-items", "Teun Demo bekeek je portret. Doel: begeleiding."),
        ("teun", "/baggage-notes", "Teun Demo bekeek je bagagenotities. Doel: begeleiding."),
        ("teun", "/working-relationships", "Teun Demo bekeek wie jou begeleidt en begeleidde. Doel: begeleiding."),
        ("fien", "/consents", "Jij bekeek welke toestemmingen er zijn."),
        ("fien", "/access-log", "Jij bekeek wie er in je gegevens keek."),
    ):
        await world.get(name, world.fien + path)
        assert await newest(world) == sentence


async def test_a_line_says_on_what_ground_and_what_was_shown(world: World) -> None:
    shown = (await world.get("teun", f"{world.fien}/baggage-notes")).json()["results"]
    line = (await lines(world))[0]
    assert (line["action"], line["outcome"], line["purpose"]) == ("baggage_note:list", "done", "support")
    assert (line["legalBasis"], line["objectIds"]) == ("Wmo 2015, art. 2.3.1", [each["id"] for each in shown])
    assert line["who"] == {
        "you": False,
        "name": "Teun Demo",
        "function": "consulent",
        "unit": "Wijkteam De Denkbeeldige Linde",
        "system": "Werkplek Voorbeeld",
    }


async def test_what_was_tried_in_vain_is_there_and_what_another_municipality_tried_is_not(world: World) -> None:
    before = len(await lines(world))
    item = (await world.get("fien", f"{world.fien}/portrait-items")).json()["results"][-1]["id"]
    tag = {"If-Match": f'"1.{"0" * 16}"'}
    guusje = await log_in(world, "guusje", await new_resident(world))
    await world.get("sanne", f"{world.fien}/portrait-items")
    await world.get("teun", f"{world.fien}/portrait-items/{item}")
    await world.call("teun", "DELETE", f"{world.fien}/portrait-items/{item}", headers=tag)
    await start(world, world.fien, await worker_id(world, "teun"))
    await world.get("zaaksysteem", f"{world.fien}/baggage-notes")
    await world.get("fien", world.fien, claims=guusje)
    for name in ("noor", "abel", "lotte"):
        assert (await world.get(name, world.fien)).status_code == 404
    found = await lines(world)
    assert [(each["sentence"].removesuffix(IN_VAIN), each["outcome"]) for each in found[: len(found) - before - 2]] == [
        ("Een inwoner wilde je naam en contactvoorkeuren bekijken.", "not_found"),
        ("Zaaksysteem Voorbeeld wilde je bagagenotities bekijken.", "not_found"),
        ("Een teamleider van Wijkteam De Denkbeeldige Linde wilde je een medewerker toewijzen.", "refused"),
        ("Teun Demo wilde iets weghalen uit je portret.", "not_allowed"),
        ("Teun Demo wilde een onderdeel van je portret bekijken.", "not_found"),
        ("Sanne Proef wilde je portret bekijken.", "not_found"),
    ]
    assert all(not each["objectIds"] for each in found[:6])


async def names_of_strangers(world: World) -> list[str]:
    for name in ("greet", "pim"):
        await world.get(name, world.fien)
    log = str(await lines(world))
    return [name for name in ("Greet Sjabloon", "Pim Privacybedacht", "Noor Schijnbaar") if name in log]


async def test_a_name_is_for_whom_she_met_and_role_and_unit_for_others(world: World) -> None:
    assert await names_of_strangers(world) == []
    assert [each["sentence"] for each in (await lines(world))[1:3]] == [
        "Een functionaris gegevensbescherming bekeek je naam en contactvoorkeuren. Doel: begeleiding.",
        "Een teamleider van Wijkteam De Denkbeeldige Linde bekeek je naam en contactvoorkeuren. Doel: begeleiding.",
    ]


async def test_control_a_log_that_knows_everybody_is_caught(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    async def everybody(tx: Any, _: Any) -> frozenset[Any]:
        found = await access_log.directory.worker_page(tx, None, 100, backwards=False)
        return frozenset(each.id for each in found)

    monkeypatch.setattr(access_log.directory, "met", everybody)
    assert await names_of_strangers(world) == ["Greet Sjabloon", "Pim Privacybedacht"]


async def test_newest_first_page_by_page_while_every_look_adds_a_line(world: World) -> None:
    whole = await lines(world)
    found, path = [], f"{world.fien}/access-log?limit=7"
    while path:
        answer = await world.get("fien", path)
        found += answer.json()["results"]
        path = answer.json()["next"]
        assert answer.json()["previous"] is None
    assert found[1:] == whole, "the first page begins with the look that made `whole`"
    assert [each["at"] for each in found] == sorted((each["at"] for each in found), reverse=True)
    assert len({each["id"] for each in found}) == len(found)
    cursor = (await world.get("fien", f"{world.fien}/access-log?limit=1")).json()["next"]
    assert (await world.get("pim", cursor)).status_code == 400, "a cursor is good for one reader"


async def test_the_privacy_officer_reads_it_and_is_seen_reading_it(world: World) -> None:
    about = {"Processing-Purpose": "complaint_objection"}
    answer = await world.get("pim", f"{world.fien}/access-log", headers=about)
    assert (answer.status_code, answer.json()["results"][0]["sentence"]) == (200, "Jij keurde je briefing goed.")
    line = (await lines(world))[0]
    reads = "Een functionaris gegevensbescherming bekeek wie er in je gegevens keek. Doel: klacht of bezwaar."
    assert (line["sentence"], line["legalBasis"]) == (reads, "AVG, art. 39 lid 1 onder b")
    unstated = await world.get("pim", f"{world.fien}/access-log", headers={"Processing-Purpose": ""})
    assert (unstated.status_code, unstated.json()["code"]) == (400, "purpose_required")


async def test_nobody_else_reads_it(world: World) -> None:
    path = f"{world.fien}/access-log"
    for name in ("greet", "teun", "zaaksysteem"):
        assert (await world.get(name, path)).json()["code"] == "scope_missing"
    for name in ("greet", "teun"):
        assert (await world.get(name, path, claims=READS_LOG)).json()["code"] == "action_not_allowed"
    for name in ("sanne", "zaaksysteem", "noor", "abel"):
        assert (await world.get(name, path, claims={"scope": "access-log:read"})).status_code == 404
    assert (await world.get("pim", f"/v1/residents/{UNKNOWN}/access-log")).status_code == 404
    weak = await world.get("fien", path, claims={"acr": "low"})
    assert (weak.status_code, weak.json()["code"]) == (403, "assurance_too_low")


async def test_notice_when_a_standing_decision_opens_the_briefing_at_assignment(world: World) -> None:
    await start(world, world.fien, await worker_id(world, "w1"))
    assert await newest(world) == ASSIGNED
    decision = {"decision": "permit", "party": {"type": "my_workers"}}
    body = {**decision, "categories": ["portrait", "life_story_short", "critique"]}
    given = (await world.post("fien", f"{world.fien}/consents", body)).json()["id"]
    await start(world, world.fien, await worker_id(world, "w2"))
    line = (await lines(world))[0]
    assert (line["sentence"], line["consentId"]) == (
        f"{ASSIGNED}{NOTICE} Wil je dat niet? Dan stop je het in één stap.",
        given,
    )


async def test_no_notice_of_what_does_not_happen(world: World) -> None:
    """Whoever does other work than support, or was refused before, does not read the briefing."""
    everything = {"categories": ["portrait", "life_story_short", "critique"]}
    refused = await worker_id(world, "w4")
    for decision, party in (("permit", {"type": "my_workers"}), ("deny", {"type": "worker", "id": refused})):
        await world.post("fien", f"{world.fien}/consents", {"decision": decision, "party": party, **everything})
    for worker, duties in ((await worker_id(world, "w3"), ["indicates"]), (refused, ["supports"])):
        await start(world, world.fien, worker, duties=duties)
        assert await newest(world) == ASSIGNED
