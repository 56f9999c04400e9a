"""Baggage: told once, in a short version; the whole story only where a consent gives it; and told myself is my own."""

from typing import Any

import httpx
import pytest

from support_api.demo import cast
from support_api.domain import access
from tests.conftest import World
from tests.make import UNKNOWN, allow_every_purpose, new_resident, start, stored, worker_id

STORY = {"kind": "life_story", "shortVersion": "Na de brand wilde ik niemand meer zien.", "visibility": "my_workers"}
CRITIQUE = {"kind": "system_critique", "shortVersion": "Ik werd nooit teruggebeld.", "visibility": "my_workers"}
FULL_ONLY = ("fullText", "effectOnContact", "whatHelps", "whatDoesNotHelp")


async def tell(world: World, body: Any = STORY, name: str = "fien", **kwargs: Any) -> httpx.Response:
    return await world.post(name, f"{world.fien}/baggage-notes", body, **kwargs)


def path_of(world: World, note: httpx.Response) -> str:
    return f"{world.fien}/baggage-notes/{note.json()['id']}"


async def listed(world: World, name: str = "teun", **kwargs: Any) -> list[str]:
    answer = await world.get(name, f"{world.fien}/baggage-notes?count=true", **kwargs)
    body = answer.json()
    assert body["count"] == len(body["results"])
    return [each["id"] for each in body["results"]]


async def change(world: World, path: str, body: Any) -> httpx.Response:
    return await world.patch("fien", path, body, (await world.get("fien", path)).headers["etag"])


async def permit(world: World, **said: Any) -> httpx.Response:
    body = {"decision": "permit", "party": {"type": "my_workers"}, **said}
    return await world.post("fien", f"{world.fien}/consents", body)


async def test_both_kinds_are_told_in_a_few_words(world: World) -> None:
    """INV-29: themes, title and the whole story are never required."""
    for body in (STORY, CRITIQUE):
        note = await tell(world, {**body, "doNotAskAgain": True})
        told = note.json()
        assert (note.status_code, told["kind"], told["confirmation"]) == (201, body["kind"], "confirmed")
        assert (told["title"], told["themes"], told["critiqueTypes"]) == (None, [], [])
        read = (await world.get("teun", path_of(world, note))).json()
        assert (read["shortVersion"], read["doNotAskAgain"]) == (body["shortVersion"], True)


async def test_unless_said_otherwise_it_is_for_the_resident_alone(world: World) -> None:
    note = await tell(world, {"kind": "life_story", "shortVersion": "Dit is van mij."})
    assert note.json()["visibility"] == "only_me"
    assert (await world.get("teun", path_of(world, note))).status_code == 404


async def test_a_worker_gets_the_short_version_until_a_consent_gives_the_story(world: World) -> None:
    full = {"fullText": "Eerst rook ik het alleen.", "whatHelps": ["Rustig praten"], "effectOnContact": "Ik schrik."}
    path = path_of(world, await tell(world, {**STORY, **full}))
    short = (await world.get("teun", path)).json()
    assert (short["depth"], [short[name] for name in FULL_ONLY]) == ("short", [None, None, [], []])
    await permit(world, categories=["life_story_short"], depth="full")
    assert (await world.get("teun", path)).json() == short, "a depth without the category opens no more"
    given = (await permit(world, categories=["life_story_full"], depth="full")).json()
    whole = (await world.get("teun", path)).json()
    assert (whole["depth"], whole["fullText"], whole["whatHelps"]) == ("full", full["fullText"], ["Rustig praten"])
    await world.post("fien", f"{world.fien}/consents/{given['id']}/_withdraw")
    assert (await world.get("teun", path)).json() == short


async def test_what_the_resident_would_rather_tell_closes_for_everybody(world: World) -> None:
    note = await tell(world, {**STORY, "existenceHint": "soft"})
    path = path_of(world, note)
    assert note.json()["id"] in await listed(world)
    changed = await change(world, path, {"tellMyself": True})
    assert changed.json()["tellMyself"] is True
    everything = ["portrait", "life_story_short", "life_story_full", "critique"]
    await permit(world, categories=everything, depth="full")
    await permit(world, categories=everything, depth="full", onlyItems=[note.json()["id"]])
    assert (await world.get("teun", path)).status_code == 404
    assert note.json()["id"] not in await listed(world)
    briefing = f"{world.fien}/working-relationships/{world.person('teun').working_relationship_id}/briefing"
    assert STORY["shortVersion"] not in (await world.get("teun", briefing)).text
    await change(world, path, {"tellMyself": False})
    assert (await world.get("teun", path)).status_code == 200


async def test_themes_belong_to_their_kind_and_a_kind_is_for_good(world: World) -> None:
    """INV-14."""
    mixed = ((STORY, {"critiqueTypes": ["rejection"]}), (CRITIQUE, {"themes": ["debt"]}))
    for body, other in mixed:
        refused = await tell(world, {**body, **other})
        assert (refused.status_code, refused.json()["code"]) == (409, "theme_of_other_kind")
        path = path_of(world, await tell(world, body))
        assert (await change(world, path, other)).json()["code"] == "theme_of_other_kind"
        answer = await change(world, path, {"kind": "life_story"})
        assert (answer.status_code, answer.json()["invalidParams"][0]["code"]) == (400, "unknown")


async def with_all_duties(world: World) -> None:
    await allow_every_purpose(world)
    duties = ["supports", "indicates", "decides_benefit", "debt", "enforces"]
    assert (await start(world, world.fien, await worker_id(world, "sanne"), duties=duties)).status_code == 201


async def read_for(world: World, purpose: str) -> int:
    """How many notes that worker reads for a purpose for which, somehow, everything was permitted."""
    await world.sql("update support.consents set purpose = $1, party_type = 'my_workers', party_id = null", purpose)
    stated = {"Processing-Purpose": purpose}
    found = await listed(world, "sanne", headers=stated)
    ids = await listed(world, "fien")
    each = [await world.get("sanne", f"{world.fien}/baggage-notes/{note}", headers=stated) for note in ids]
    assert [answer.status_code for answer in each].count(200) == len(found)
    return len(found)


AGAINST = ("indication", "benefit_execution", "debt_support", "enforcement")


async def test_baggage_is_never_read_to_decide_about_somebody(world: World) -> None:
    """Gate C, INV-06: not even with a permit; and the API takes none."""
    await with_all_duties(world)
    assert await read_for(world, "support") == 2
    for purpose in AGAINST:
        assert await read_for(world, purpose) == 0
        for category in ("life_story_short", "life_story_full", "critique"):
            asked = await permit(world, purpose=purpose, categories=[category])
            assert (asked.status_code, asked.json()["code"]) == (409, "never_shared")


async def test_control_without_gate_c_a_permit_would_open_it(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(access, "NEVER", {})
    await with_all_duties(world)
    assert [await read_for(world, purpose) for purpose in AGAINST] == [2, 2, 2, 2]


async def test_deleting_leaves_that_there_was_something_and_nothing_of_it(world: World) -> None:
    key = {"Idempotency-Key": "told-once-deleted-once"}
    note = await tell(world, STORY, headers=key)
    path = path_of(world, note)
    changed = await change(world, path, {"title": "De brand"})
    kept = "select sealed, deleted_at from support.baggage_notes where id = $1::uuid"
    revisions = "select 1 from support.revisions where item_id = $1::uuid"
    assert (await world.sql(kept, note.json()["id"]))[0]["sealed"]
    assert len(await world.sql(revisions, note.json()["id"])) == 1
    assert [(await world.delete("fien", path, tag)).status_code for tag in (None, note.headers["etag"])] == [428, 412]
    gone = await world.delete("fien", path, changed.headers["etag"])
    assert (gone.status_code, gone.content) == (204, b"")
    row = (await world.sql(kept, note.json()["id"]))[0]
    assert (row["sealed"], row["deleted_at"] is None) == (None, False)
    assert await world.sql(revisions, note.json()["id"]) == []
    for name in ("fien", "teun"):
        assert (await world.get(name, path)).status_code == 404
        assert note.json()["id"] not in await listed(world, name)
    assert (await tell(world, STORY, headers=key)).status_code == 404, "nor does a repeated request bring it back"


async def test_a_note_is_found_under_its_own_resident_only(world: World) -> None:
    note = (await listed(world, "fien"))[0]
    path = await new_resident(world)
    await start(world, path, await worker_id(world, "teun"))
    for name, where in (("teun", path), ("teun", f"/v1/residents/{UNKNOWN}"), ("noor", world.fien)):
        assert (await world.get(name, f"{where}/baggage-notes/{note}")).status_code == 404
    mine = f"/v1/residents/{world.person('abel').resident_id}/baggage-notes/{note}"
    assert [(await world.get(name, mine)).status_code for name in ("abel", "noor", "teun")] == [404] * 3


async def test_a_worker_changes_and_deletes_nothing(world: World) -> None:
    note = await tell(world)
    for path in (path_of(world, note), f"{world.fien}/baggage-notes/{UNKNOWN}"):
        for answer in (
            await world.patch("teun", path, {"shortVersion": "Anders."}, note.headers["etag"]),
            await world.delete("teun", path, note.headers["etag"]),
        ):
            assert (answer.status_code, answer.json()["code"]) == (403, "action_not_allowed")
    assert (await world.get("fien", path_of(world, note))).json() == note.json()


async def test_odd_bodies_are_refused(world: World) -> None:
    path = path_of(world, await tell(world))
    for body in (
        *({"shortVersion": None}, {"shortVersion": "x" * 281}, {"shortVersion": " \u200b"}, {"themes": None}),
        *({"themes": ["debt"] * 21}, {"themes": ["made_up"]}, {"tellMyself": None}, {"tellMyself": "true"}, []),
        *({"visibility": None}, {"visibility": "this_worker"}, {"existenceHint": None}, {"confirmation": "rejected"}),
        *({"whatHelps": [None]}, {"fullText": "x" * 20_001}, {"workerId": "1"}, {"authorRole": "worker"}),
    ):
        answer = await change(world, path, body)
        assert (answer.status_code, answer.json()["code"]) == (400, "invalid_input"), body
    for stranger in (UNKNOWN, await worker_id(world, "noor")):
        answer = await change(world, path, {"visibility": "this_worker", "workerId": stranger})
        assert (answer.status_code, answer.json()["code"]) == (409, "worker_unknown")
    assert (await world.get("fien", path)).json()["version"] == 1
    assert cast.FIEN_BAGGAGE[0]["short_version"] not in await stored(world)
