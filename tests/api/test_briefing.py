"""The flagship (W1): the 25th worker opens one briefing, approved by the resident, and need not ask it all again."""

from typing import Any

from support_api.demo import cast
from tests.conftest import World


def briefing_of(world: World, name: str = "teun") -> str:
    return f"{world.fien}/working-relationships/{world.person(name).working_relationship_id}/briefing"


def texts(body: dict[str, Any]) -> str:
    return str({key: value for key, value in body.items() if key != "draft"})


async def test_the_25th_worker_reads_what_fien_shared_in_short_form(world: World) -> None:
    answer = await world.get("teun", briefing_of(world))
    body = answer.json()
    assert (body["state"], body["ordinal"], body["openedBy"]) == ("open", 25, "approval")
    assert body["ordinalSentence"] == "Je bent de 25e medewerker die Fien ontmoet."
    assert body["workerHistory"] == {"earlierWorkers": 24, "importedWorkers": 19, "residentAgrees": True}
    assert [note["depth"] for note in body["baggage"]] == ["short", "short"]
    assert all(text in texts(body) for _, text in cast.FIEN_PORTRAIT)
    for hidden in (cast.FIEN_PRIVATE, cast.FIEN_BAGGAGE[0]["full_text"], cast.FIEN_BAGGAGE[2]["short_version"]):
        assert hidden not in answer.text
    assert body["existenceHint"] is None
    assert body["draft"] is None


async def test_the_order_is_the_person_first_and_the_baggage_late(world: World) -> None:
    """INV-09."""
    keys = list((await world.get("teun", briefing_of(world))).json())
    places = [keys.index(name) for name in ("whatMatters", "strengthsAndWhatGoesWell", "howToApproachMe")]
    places += [keys.index(name) for name in ("wishesAndGoals", "worries", "baggage", "rules")]
    assert places == sorted(places)


async def test_the_frame_that_the_service_writes_is_short(world: World) -> None:
    body = (await world.get("teun", briefing_of(world))).json()
    frame = [body["ordinalSentence"], *body["rules"]]
    assert sum(len(line.split()) for line in frame) <= 250


async def test_before_approval_a_worker_gets_a_name_a_way_to_reach_and_a_number(world: World) -> None:
    await start_anew(world)
    body = (await world.get("teun", briefing_of(world))).json()
    shown = {key: value for key, value in body.items() if value not in (None, [])}
    assert shown == {
        "workingRelationshipId": world.person("teun").working_relationship_id,
        "state": "awaiting_resident",
        "resident": {
            "callName": "Fien",
            "contactPreferences": [{"channel": "app", "value": None, "note": "eerst appen, na 10.00 uur"}],
            "addressAs": None,
        },
        "ordinal": 25,
        "ordinalSentence": "Je bent de 25e medewerker die Fien ontmoet.",
    }


async def test_the_resident_looks_leaves_out_rewords_and_approves(world: World) -> None:
    await start_anew(world)
    draft = await world.get("fien", briefing_of(world))
    trigger = draft.json()["worries"][0]["id"]
    story = draft.json()["baggage"][0]["id"]
    changed = await world.patch(
        "fien",
        briefing_of(world),
        {"excludedIds": [trigger], "replacements": [{"id": story, "text": "Vraag mij er niet naar."}]},
        draft.headers["etag"],
    )
    assert (changed.status_code, changed.json()["state"]) == (200, "awaiting_resident")
    approved = await approve(world, changed.headers["etag"])
    assert (approved.status_code, approved.json()["state"]) == (200, "open")

    read = (await world.get("teun", briefing_of(world))).json()
    assert read["worries"] == []
    assert read["baggage"][0]["shortVersion"] == "Vraag mij er niet naar."
    assert trigger not in str(read)
    consent = (await world.get("fien", f"{world.fien}/consents/{read['consentId']}")).json()
    assert (consent["party"]["name"], consent["purpose"], consent["depth"]) == ("Teun Demo", "support", "short")
    assert consent["workingRelationshipId"] == world.person("teun").working_relationship_id
    assert set(consent["onlyItems"]) == set(approved.json()["draft"]["sharedNowIds"])


async def test_approving_needs_the_very_thing_that_was_looked_at(world: World) -> None:
    """The whole tag counts: the same draft with a changed item is another briefing."""
    await start_anew(world)
    looked_at = await world.get("fien", briefing_of(world))
    await tell(world, "Ik wil leren zwemmen.")
    assert (await approve(world, looked_at.headers["etag"])).status_code == 412
    assert (await world.get("teun", briefing_of(world))).json()["state"] == "awaiting_resident"
    assert (await approve(world, None)).status_code == 428


async def test_what_is_newer_than_the_approval_stays_absent(world: World) -> None:
    new = await tell(world, "Ik wil leren zwemmen.")
    items = (await world.get("fien", f"{world.fien}/portrait-items")).json()["results"]
    hope = next(item for item in items if item["kind"] == "hope" and item["id"] != new)
    await world.patch("fien", f"{world.fien}/portrait-items/{hope['id']}", {"text": "Twee keer."}, f'"1.{"0" * 16}"')
    body = (await world.get("teun", briefing_of(world))).json()
    assert body["wishesAndGoals"] == []
    assert "zwemmen" not in str(body)

    looked_at = await world.get("fien", briefing_of(world))
    assert (await approve(world, looked_at.headers["etag"])).status_code == 200
    body = (await world.get("teun", briefing_of(world))).json()
    assert {line["text"] for line in body["wishesAndGoals"]} == {"Ik wil leren zwemmen.", "Twee keer."}


async def test_withdrawing_holds_at_the_next_request(world: World) -> None:
    """INV-03: nothing of portrait and baggage, in the briefing or beside it."""
    consent = (await world.get("teun", briefing_of(world))).json()["consentId"]
    withdrawn = await world.post("fien", f"{world.fien}/consents/{consent}/_withdraw")
    assert withdrawn.json()["effect"]["reRendered"] == [world.person("teun").working_relationship_id]
    answer = await world.get("teun", briefing_of(world))
    assert (answer.json()["state"], answer.json()["baggage"], answer.json()["whatMatters"]) == ("stopped", [], [])
    for beside in ("baggage-notes", "portrait-items"):
        assert (await world.get("teun", f"{world.fien}/{beside}?count=true")).json()["results"] == []


async def test_one_item_that_is_withdrawn_goes_without_a_trace_and_the_rest_stays(world: World) -> None:
    story = (await world.get("teun", briefing_of(world))).json()["baggage"][0]["id"]
    consents = (await world.get("fien", f"{world.fien}/consents?limit=100")).json()["results"]
    permit = next(c for c in consents if c["onlyItems"] == [story])
    await world.post("fien", f"{world.fien}/consents/{permit['id']}/_withdraw")
    body = (await world.get("teun", briefing_of(world))).json()
    assert (body["state"], len(body["baggage"])) == ("open", 1)
    assert story not in str(body)
    assert "Het verhaal van de ziekte" not in str(body)


async def test_stopping_is_one_step_and_approving_opens_again(world: World) -> None:
    stopped = await world.post("fien", briefing_of(world) + "/_stop")
    assert stopped.json()["state"] == "stopped"
    assert (await world.get("teun", briefing_of(world))).json()["state"] == "stopped"
    assert (await world.get("teun", f"{world.fien}/portrait-items")).json()["results"] == []
    again = await world.post("fien", briefing_of(world) + "/_stop")
    assert (again.status_code, again.json()["draft"]) == (200, stopped.json()["draft"])

    assert (await approve(world, again.headers["etag"])).status_code == 200
    body = (await world.get("teun", briefing_of(world))).json()
    assert (body["state"], len(body["baggage"])) == ("open", 2)


async def test_approving_after_a_stop_opens_what_was_approved_and_nothing_beside_it(world: World) -> None:
    await world.post("fien", briefing_of(world) + "/_stop")
    draft = await world.get("fien", briefing_of(world))
    story = draft.json()["baggage"][0]["id"]
    changed = await world.patch("fien", briefing_of(world), {"excludedIds": [story]}, draft.headers["etag"])
    assert (await approve(world, changed.headers["etag"])).json()["state"] == "open"
    assert len((await world.get("teun", briefing_of(world))).json()["baggage"]) == 1
    listed = (await world.get("teun", f"{world.fien}/baggage-notes?count=true")).json()
    assert ([note["kind"] for note in listed["results"]], listed["count"]) == (["system_critique"], 1)
    await world.post("fien", briefing_of(world) + "/_stop")
    assert (await world.get("teun", briefing_of(world))).json()["state"] == "stopped"
    assert (await world.get("teun", f"{world.fien}/portrait-items")).json()["results"] == []


async def test_told_once_decided_once_opens_for_the_next_worker_at_assignment(world: World) -> None:
    """A standing decision for my_workers, with notice in the access log and one step to stop."""
    body = {"decision": "permit", "party": {"type": "my_workers"}, "categories": ["portrait", "life_story_short"]}
    assert (await world.post("fien", f"{world.fien}/consents", body)).status_code == 201
    workers = (await world.get("greet", "/v1/workers")).json()["results"]
    sanne = next(worker["id"] for worker in workers if worker["displayName"] == "Sanne Proef")
    started = await world.post(
        "greet",
        f"{world.fien}/working-relationships",
        {"workerId": sanne, "duties": ["supports"], "function": "consulent"},
    )
    path = f"{world.fien}/working-relationships/{started.json()['id']}/briefing"
    read = (await world.get("sanne", path)).json()
    assert (read["state"], read["openedBy"], read["ordinal"]) == ("open", "standing_decision", 24)
    assert [note["kind"] for note in read["baggage"]] == ["life_story", "system_critique"]

    log = (await world.get("fien", f"{world.fien}/access-log")).json()["results"]
    assert any("stop je het in één stap" in line["sentence"] for line in log)
    await world.post("fien", path + "/_stop")
    assert (await world.get("sanne", path)).json()["state"] == "stopped"
    assert (await world.get("teun", briefing_of(world))).json()["state"] == "open"


async def test_a_refusal_goes_before_a_standing_decision(world: World) -> None:
    everything = ["portrait", "life_story_short", "critique"]
    for decision, party in (("permit", {"type": "my_workers"}), ("deny", {"type": "my_workers"})):
        body = {"decision": decision, "party": party, "categories": everything}
        await world.post("fien", f"{world.fien}/consents", body)
    body = (await world.get("teun", briefing_of(world))).json()
    assert (body["state"], body["whatMatters"], body["baggage"]) == ("stopped", [], [])


async def test_what_needs_a_separate_yes_is_not_proposed(world: World) -> None:
    tag = f'"1.{"0" * 16}"'
    story = (await world.get("teun", briefing_of(world))).json()["baggage"][0]["id"]
    await world.patch("fien", f"{world.fien}/baggage-notes/{story}", {"visibility": "custom"}, tag)
    assert story not in str((await world.get("fien", briefing_of(world))).json()["baggage"])
    body = {"decision": "permit", "party": {"type": "my_workers"}, "categories": ["life_story_short"]}
    await world.post("fien", f"{world.fien}/consents", {**body, "onlyItems": [story]})
    assert story in str((await world.get("fien", briefing_of(world))).json()["baggage"])


async def test_what_fien_would_rather_tell_herself_is_hinted_at_and_never_told(world: World) -> None:
    note = {
        "kind": "life_story",
        "title": "Het huis van vroeger",
        "shortVersion": "Daar vertel ik zelf over.",
        "tellMyself": True,
        "existenceHint": "soft",
        "visibility": "my_workers",
        "doNotAskAgain": True,
    }
    told = (await world.post("fien", f"{world.fien}/baggage-notes", note)).json()["id"]
    assert (await approve(world, (await world.get("fien", briefing_of(world))).headers["etag"])).status_code == 200
    answer = await world.get("teun", briefing_of(world))
    assert answer.json()["existenceHint"] == "Er is iets dat ik liever zelf vertel."
    listed = await world.get("teun", f"{world.fien}/baggage-notes?count=true")
    assert listed.json()["count"] == 2
    for shown in (answer.text, listed.text):
        assert told not in shown
        assert "Het huis van vroeger" not in shown
    assert (await world.get("teun", f"{world.fien}/baggage-notes/{told}")).status_code == 404


async def test_nobody_else_reads_or_decides(world: World) -> None:
    trace = {"traceparent": "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"}
    never = "/v1/residents/0199aaaa-0000-7000-8000-00000000dead/working-relationships"
    never += "/0199aaaa-0000-7000-8000-00000000beef/briefing"
    for name in ("sanne", "noor", "zaaksysteem"):
        hidden = await world.get(name, briefing_of(world), headers=trace)
        unknown = await world.get(name, never, headers=trace)
        assert (hidden.status_code, hidden.content) == (404, unknown.content)
    all_scopes = {"scope": "briefings:write briefings:read"}
    for path in ("/_approve", "/_stop"):
        answer = await world.post(
            "teun", briefing_of(world) + path, headers={"If-Match": f'"1.{"0" * 16}"'}, claims=all_scopes
        )
        assert (answer.status_code, answer.json()["code"]) == (403, "action_not_allowed")
    of_sanne = briefing_of(world, "sanne")
    assert (await world.get("teun", of_sanne)).status_code == 404


async def test_fiens_log_names_the_reads_of_her_worker(world: World) -> None:
    await world.get("teun", briefing_of(world))
    first = (await world.get("fien", f"{world.fien}/access-log")).json()["results"][0]
    assert first["sentence"] == "Teun Demo las je briefing. Doel: begeleiding."
    assert first["consentId"]
    assert len(first["objectIds"]) == 11


async def start_anew(world: World) -> None:
    """As if Fien had not been asked yet: the approval of the demo is taken away from under it."""
    await world.sql("delete from support.consents where origin = 'briefing'")


async def approve(world: World, tag: str | None) -> Any:
    headers = {"If-Match": tag} if tag else {}
    return await world.post("fien", briefing_of(world) + "/_approve", headers=headers)


async def tell(world: World, text: str) -> str:
    body = {"kind": "life_i_want", "text": text, "visibility": "my_workers"}
    return str((await world.post("fien", f"{world.fien}/portrait-items", body)).json()["id"])
