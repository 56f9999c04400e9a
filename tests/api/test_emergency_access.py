"""Emergency access (INV-23): how to reach somebody and nothing else, for an hour, shown at once and reviewed."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import httpx
import pytest

from support_api.domain import access
from support_api.domain.grounds import RULES, Basis
from support_api.domain.vocabulary import Category, Level
from tests.conftest import World
from tests.make import TRACE, UNKNOWN, as_bytes, lines, start, worker_id

URGENT = {"Processing-Purpose": "emergency"}
REASON = {"reason": "Ze neemt niet op en de buren horen niets."}
FOUND = {"outcome": "justified", "words": "Er moest gebeld worden."}
HIDDEN = ("portrait-items", "baggage-notes", "consents", "working-relationships", "access-log", "emergency-access")


async def opening(world: World, name: str = "sanne", path: str | None = None, **headers: str) -> httpx.Response:
    place = f"{path or world.fien}/emergency-access"
    return await world.post(name, place, REASON, headers={**URGENT, **headers})


async def opened(world: World) -> dict[str, Any]:
    answer = await opening(world)
    assert answer.status_code == 201, answer.text
    return dict(answer.json())


async def read(world: World, path: str = "", purpose: str = "emergency", **kwargs: Any) -> httpx.Response:
    return await world.get("sanne", f"{world.fien}{path}", headers={"Processing-Purpose": purpose}, **kwargs)


async def check_only_how_to_reach_her(world: World) -> None:
    shown = (await read(world)).json()
    assert shown["callName"] == "Fien"
    assert (shown["birthDate"], shown["importedWorkers"]) == (None, None)
    everything = "baggage:read portrait:read consents:read relationships:read access-log:read residents:read"
    for path in HIDDEN:
        answer = await read(world, f"/{path}", claims={"scope": everything})
        assert answer.status_code in (403, 404), path


async def test_it_opens_how_to_reach_her_and_never_what_she_told(world: World) -> None:
    assert (await read(world)).status_code == 404
    made = await opened(world)
    assert datetime.fromisoformat(made["endsAt"]) - datetime.fromisoformat(made["openedAt"]) == timedelta(hours=1)
    await check_only_how_to_reach_her(world)
    assert (await read(world, purpose="support")).status_code == 404, "for no other purpose"


async def test_a_consent_for_emergencies_opens_nothing_either(world: World) -> None:
    """Gate C: what she told has no place in an emergency, whatever she permits."""
    said = {"decision": "permit", "party": {"type": "my_workers"}, "purpose": "emergency", "categories": ["portrait"]}
    answer = await world.post("fien", f"{world.fien}/consents", said)
    assert (answer.status_code, answer.json()["code"]) == (409, "never_shared")


async def test_more_than_that_is_seen(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """Positive control: an emergency that opens as much as a relation does."""
    await opened(world)
    wider = {**RULES, Basis.EMERGENCY: RULES[Basis.RELATION]}
    monkeypatch.setattr(access, "RULES", wider)
    with pytest.raises(AssertionError):
        await check_only_how_to_reach_her(world)
    assert RULES[Basis.EMERGENCY].levels == {Category.IDENTITY_CONTACT: Level.SHORT}


async def test_it_ends_after_an_hour(world: World) -> None:
    made = await opened(world)
    assert (await read(world)).status_code == 200
    await world.sql("update support.emergency_access set ends_at = clock_timestamp() where id = $1", UUID(made["id"]))
    assert (await read(world)).status_code == 404


async def test_she_sees_it_at_once_with_the_reason(world: World) -> None:
    made = await opened(world)
    first = (await lines(world))[0]
    assert (first["action"], first["outcome"], first["objectIds"]) == ("emergency_access:open", "done", [made["id"]])
    assert "opende in een noodgeval voor één uur je naam en contactvoorkeuren. Doel: noodgeval." in first["sentence"]
    [seen] = (await world.get("fien", f"{world.fien}/emergency-access")).json()["results"]
    assert (seen["reason"], seen["who"]["name"], seen["outcome"]) == (REASON["reason"], "Sanne Proef", None)
    explained = (await world.get("fien", f"{world.fien}/access-explanation")).json()["parties"]
    [party] = [each for each in explained if each["basis"] == "emergency"]
    assert (party["name"], party["purpose"]) == ("Sanne Proef", "emergency")
    assert {each["category"] for each in party["categories"] if each["level"] != "none"} == {"identity_contact"}


async def test_the_privacy_officer_reviews_it_and_she_reads_what_was_found(world: World) -> None:
    made = await opened(world)
    waiting = (await world.get("pim", "/v1/emergency-access")).json()["results"]
    assert [(each["id"], each["residentId"]) for each in waiting] == [(made["id"], made["residentId"])]
    place = f"{world.fien}/emergency-access/{made['id']}"
    assert (await world.get("pim", place)).json()["reason"] == REASON["reason"]
    said = await world.post("pim", f"{place}/_review", FOUND)
    assert (said.status_code, said.json()["outcome"]) == (200, "justified")
    assert (await world.get("pim", "/v1/emergency-access")).json()["results"] == []
    again = await world.post("pim", f"{place}/_review", FOUND)
    assert (again.status_code, again.json()["code"]) == (409, "emergency_reviewed")
    seen = (await world.get("fien", place)).json()
    assert (seen["words"], seen["outcome"]) == (FOUND["words"], "justified")
    assert (await read(world)).status_code == 200, "until the hour is over"


async def test_what_was_not_justified_ends_at_once(world: World) -> None:
    made = await opened(world)
    found = {**FOUND, "outcome": "not_justified"}
    await world.post("pim", f"{world.fien}/emergency-access/{made['id']}/_review", found)
    assert (await read(world)).status_code == 404


@pytest.mark.parametrize("name", ["fien", "teun", "greet", "zaaksysteem"])
async def test_nobody_else_reviews(world: World, name: str) -> None:
    made = await opened(world)
    place, claims = f"{world.fien}/emergency-access/{made['id']}/_review", {"scope": "emergency:review"}
    assert (await world.post(name, place, FOUND, claims=claims)).status_code in (403, 404)
    assert (await world.get(name, "/v1/emergency-access", claims=claims)).status_code == 403


async def test_who_works_with_her_needs_no_emergency(world: World) -> None:
    answer = await opening(world, "teun")
    assert (answer.status_code, answer.json()["code"]) == (409, "emergency_not_needed")


async def test_without_its_scope_or_its_purpose_there_is_none(world: World) -> None:
    place = f"{world.fien}/emergency-access"
    without = await world.post("sanne", place, REASON, claims={"scope": "residents:read"}, headers=URGENT)
    assert (without.status_code, without.json()["code"]) == (403, "scope_missing")
    other = await world.post("sanne", place, REASON)
    assert other.status_code == 404
    for name in ("greet", "pim", "zaaksysteem", "fien"):
        claims = {"scope": "emergency:access", "client_id": "werkplek-voorbeeld"}
        answer = await world.post(name, place, REASON, claims=claims, headers=URGENT)
        assert answer.status_code in (403, 404), name


async def test_an_unknown_and_a_foreign_resident_are_the_same(world: World) -> None:
    foreign = f"/v1/residents/{world.person('abel').resident_id}"
    first = await opening(world, path=f"/v1/residents/{UNKNOWN}", **TRACE)
    second = await opening(world, path=foreign, **TRACE)
    assert first.status_code == 404
    assert as_bytes(first)[0] == as_bytes(second)[0]
    assert first.json() == {**second.json(), "instance": first.json()["instance"]}


async def test_who_comes_to_work_with_her_reads_as_that(world: World) -> None:
    await opened(world)
    await start(world, world.fien, await worker_id(world, "sanne"))
    assert (await read(world, purpose="support")).status_code == 200
