"""Cover (waarneming): a deputy does a worker's work for a while, without what the resident gave that worker alone."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import httpx
import pytest

from support_api.db import facts
from support_api.domain import access
from support_api.domain.grants import Grant
from tests.api.test_round_trips import cost
from tests.conftest import World
from tests.make import end, lines, worker_id


def place(world: World) -> str:
    return f"{world.fien}/working-relationships/{world.person('teun').working_relationship_id}"


def later(**period: float) -> str:
    return (datetime.now(UTC) + timedelta(**period)).isoformat()


async def covering(world: World, by: str = "greet", who: str = "sanne", **said: Any) -> httpx.Response:
    body = {"workerId": await worker_id(world, who), "until": later(days=14), **said}
    return await world.post(by, f"{place(world)}/covers", body)


async def covered(world: World) -> dict[str, Any]:
    answer = await covering(world)
    assert answer.status_code == 201, answer.text
    return dict(answer.json())


async def texts(world: World, name: str = "sanne") -> set[str]:
    answer = await world.get(name, f"{world.fien}/portrait-items?limit=100")
    return {each["text"] for each in answer.json()["results"]} if answer.is_success else set()


async def tell(world: World, text: str, **said: Any) -> str:
    made = await world.post("fien", f"{world.fien}/portrait-items", {"kind": "joy", "text": text, **said})
    assert made.status_code == 201, made.text
    return str(made.json()["id"])


async def check_what_passes_over(world: World) -> None:
    """What is for whoever works with her; nothing of what is for Teun alone."""
    teun = await worker_id(world, "teun")
    await tell(world, "Voor wie mij begeleidt.", visibility="my_workers")
    await tell(world, "Voor Teun.", visibility="this_worker", workerId=teun)
    apart = await tell(world, "Apart voor Teun.", visibility="custom")
    to_teun = {"decision": "permit", "party": {"type": "worker", "id": teun}, "categories": ["portrait"]}
    await world.post("fien", f"{world.fien}/consents", {**to_teun, "onlyItems": [apart]})
    assert {"Voor Teun.", "Apart voor Teun."} <= await texts(world, "teun")
    seen = await texts(world)
    assert "Voor wie mij begeleidt." in seen
    assert not {"Voor Teun.", "Apart voor Teun."} & seen


async def test_a_deputy_reads_what_is_for_her_workers_and_not_what_is_for_that_worker(world: World) -> None:
    assert await texts(world) == set()
    await covered(world)
    await check_what_passes_over(world)


async def test_a_deputy_who_gets_everything_is_seen(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """Positive control: permits to the worker that are read and pass over, and items for the worker."""
    await covered(world)
    slip = "and (c.status <> 'active' or c.decision <> 'permit')))"
    assert slip in facts._FACTS.sql
    monkeypatch.setattr(facts._FACTS, "sql", facts._FACTS.sql.replace(slip, "))"))
    real = access._about
    monkeypatch.setattr(access, "_about", lambda d, me, held: real(d, me, held) or d.permits)
    monkeypatch.setattr(Grant, "admits", lambda *_: True)
    with pytest.raises(AssertionError):
        await check_what_passes_over(world)


async def test_what_she_refused_the_worker_is_refused_to_the_deputy(world: World) -> None:
    """A veto is not got round by a deputy."""
    await covered(world)
    assert await texts(world)
    party = {"type": "worker", "id": await worker_id(world, "teun")}
    no = {"decision": "deny", "party": party, "categories": ["portrait"]}
    await world.post("fien", f"{world.fien}/consents", no)
    assert await texts(world, "teun") == await texts(world) == set()


async def test_a_deputy_who_ignores_that_refusal_is_seen(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """Positive control."""
    monkeypatch.setattr(access, "_about", lambda decision, me, _: decision.party_id == me.id)
    with pytest.raises(AssertionError):
        await test_what_she_refused_the_worker_is_refused_to_the_deputy(world)


async def test_it_begins_and_ends_by_itself(world: World) -> None:
    made = await covering(world, **{"from": later(days=1)})
    assert made.status_code == 201
    assert await texts(world) == set(), "not yet"
    change = "update support.covers set {} where id = $1"
    cover = UUID(made.json()["id"])
    await world.sql(change.format("starts_at = clock_timestamp()"), cover)
    assert await texts(world)
    await world.sql(change.format("ends_at = clock_timestamp()"), cover)
    assert await texts(world) == set()


async def test_it_ends_early_at_once_and_with_the_relationship(world: World) -> None:
    made = await covered(world)
    path = f"{place(world)}/covers/{made['id']}"
    assert (await world.get("greet", path)).json() == made
    assert (await world.post("greet", f"{path}/_end")).status_code == 200
    assert await texts(world) == set()
    again = await world.post("greet", f"{path}/_end")
    assert (again.status_code, again.json()["code"]) == (409, "cover_ended")
    await covered(world)
    assert await texts(world)
    await end(world, world.fien, str(world.person("teun").working_relationship_id))
    assert await texts(world) == set()


async def test_she_sees_who_stands_in_and_until_when(world: World) -> None:
    made = await covered(world)
    relationship = (await world.get("fien", place(world))).json()
    [cover] = relationship["covers"]
    assert (cover["id"], cover["worker"]["displayName"]) == (made["id"], "Sanne Proef")
    listed = (await world.get("fien", f"{world.fien}/working-relationships?limit=100")).json()["results"]
    assert [len(each["covers"]) for each in listed if each["id"] == relationship["id"]] == [1]
    line = next(e for e in await lines(world) if e["action"] == "cover:start")
    assert "regelde wie er een tijd waarneemt voor je medewerker." in line["sentence"]
    await texts(world)
    assert (await lines(world))[0]["who"]["name"] == "Sanne Proef"
    explained = (await world.get("fien", f"{world.fien}/access-explanation")).json()["parties"]
    deputy = next(each for each in explained if each["name"] == "Sanne Proef" and each["purpose"] == "support")
    assert deputy["sentence"] == "Sanne Proef neemt waar voor iemand die met je werkt. Doel: begeleiding."


async def test_the_deputy_has_her_in_the_caseload_without_a_number_of_their_own(world: World) -> None:
    teun = await worker_id(world, "teun")
    before = (await world.get("fien", f"{world.fien}/working-relationships?limit=100")).json()["results"]
    await covered(world)
    [line] = (await world.get("sanne", "/v1/working-relationships")).json()["results"]
    assert (line["callName"], line["ordinal"], line["standsInFor"]) == ("Fien", 25, teun)
    [own] = (await world.get("teun", "/v1/working-relationships")).json()["results"]
    assert (own["ordinal"], own["standsInFor"]) == (25, None)
    after = (await world.get("fien", f"{world.fien}/working-relationships?limit=100")).json()["results"]
    assert [each["ordinal"] for each in after] == [each["ordinal"] for each in before]
    listed = (await world.get("sanne", f"{world.fien}/working-relationships")).json()["results"]
    assert teun in {each["workerId"] for each in listed}
    briefing = (await world.get("sanne", f"{place(world)}/briefing")).json()
    assert briefing["ordinalSentence"] == "Je neemt waar voor de 25e medewerker die Fien ontmoet."


@pytest.mark.parametrize(
    ("said", "code"),
    [({"until": later(weeks=8, hours=1)}, "cover_period"), ({"until": later(hours=-1)}, "cover_period")],
)
async def test_it_lasts_at_most_eight_weeks_and_ends_later_than_now(world: World, said: Any, code: str) -> None:
    answer = await covering(world, **said)
    assert (answer.status_code, answer.json()["code"]) == (409, code)


async def test_nobody_stands_in_for_themself(world: World) -> None:
    answer = await covering(world, who="teun")
    assert (answer.status_code, answer.json()["code"]) == (409, "cover_of_oneself")


@pytest.mark.parametrize("name", ["fien", "teun", "sanne", "pim"])
async def test_only_who_assigns_arranges_it(world: World, name: str) -> None:
    body = {"workerId": await worker_id(world, "sanne"), "until": later(days=7)}
    claims = {"scope": "relationships:assign"}
    answer = await world.post(name, f"{place(world)}/covers", body, claims=claims)
    assert answer.status_code == (404 if name == "sanne" else 403)


async def test_more_covers_take_no_more_round_trips(world: World) -> None:
    path = f"{world.fien}/working-relationships"
    await covered(world)
    await world.get("fien", path)
    first, _ = await cost(world, "fien", "GET", path)
    await covered(world)
    second, _ = await cost(world, "fien", "GET", path)
    assert second.round_trips == first.round_trips
