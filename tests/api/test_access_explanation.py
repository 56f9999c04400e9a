"""The access explanation says exactly what the reads then do, to the resident of everybody and to a worker of
themself."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any
from uuid import UUID

import pytest

from support_api.domain import access_explanation
from support_api.domain.access import Access
from support_api.domain.grants import Grant
from support_api.domain.vocabulary import Category
from tests.api.test_round_trips import cost
from tests.conftest import World
from tests.make import end, log_in, new_resident, start, worker_id

GATE_A = ("portrait", "life_story_short", "critique")
LISTS = {"portrait": "portrait-items", "life_story_short": "baggage-notes", "critique": "baggage-notes"}
KINDS = {"portrait": "joy", "life_story_short": "life_story", "critique": "system_critique"}


async def explained(world: World, name: str = "fien", **kwargs: Any) -> dict[str, Any]:
    answer = await world.get(name, f"{world.fien}/access-explanation", **kwargs)
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


async def party(world: World, party_id: str, purpose: str = "support") -> dict[str, Any]:
    found = (await explained(world))["parties"]
    mine = [each for each in found if each["id"] == party_id and each["purpose"] in (purpose, None)]
    assert len(mine) == 1
    return dict(mine[0])


def of(found: dict[str, Any], category: str) -> dict[str, Any]:
    return next(each for each in found["categories"] if each["category"] == category)


async def system_id(world: World) -> str:
    town = UUID(world.person("zaaksysteem").municipality_id)
    which = "client_id = 'zaaksysteem-voorbeeld' and municipality_id = $1"
    [row] = await world.sql(f"select id from support.clients where {which}", town)
    return str(row["id"])


async def readers(world: World) -> dict[str, str]:
    """By their log-in: who could look, and by which id they are known."""
    sanne, teun = await worker_id(world, "sanne"), await worker_id(world, "teun")
    return {"teun": teun, "sanne": sanne, "zaaksysteem": await system_id(world)}


async def read_by(world: World, name: str) -> dict[str, set[str]]:
    """By category, the ids that the lists show to somebody, and those that can be read in full."""
    found: dict[str, set[str]] = {category: set() for category in (*GATE_A, "life_story_full")}
    for category, path in LISTS.items():
        answer = await world.get(name, f"{world.fien}/{path}?limit=100")
        if answer.status_code != 200:
            continue
        for each in answer.json()["results"]:
            if path == "portrait-items" or each["kind"] == KINDS[category]:
                found[category].add(each["id"])
                if category == "life_story_short" and each["fullText"]:
                    found["life_story_full"].add(each["id"])
    return found


async def _differences(world: World) -> list[str]:
    wrong = []
    for name, known_as in (await readers(world)).items():
        reads = await read_by(world, name)
        found = [e for e in (await explained(world))["parties"] if e["id"] == known_as and e["purpose"] == "support"]
        for category, ids in reads.items():
            told = set(of(found[0], category)["shownIds"]) if found else set()
            level = of(found[0], category)["level"] if found else "none"
            if told != ids or (level in ("short", "full")) != bool(ids):
                wrong.append(f"{name} {category}: told {len(told)} ({level}), reads {len(ids)}")
    return wrong


async def _something(world: World, random: Random, items: list[tuple[str, str]], ids: dict[str, str]) -> None:
    """One thing that a resident does: tells something, says yes or no, or takes a yes back."""
    if len(items) < 3 or random.random() < 0.4:
        category = random.choice(GATE_A)
        text = {"text": "Soep."} if category == "portrait" else {"shortVersion": "Kort.", "fullText": "Lang."}
        told = {"kind": KINDS[category], "visibility": random.choice(("only_me", "my_workers", "custom")), **text}
        if category != "portrait" and random.random() < 0.2:
            told |= {"tellMyself": True, "existenceHint": "soft"}
        made = await world.post("fien", f"{world.fien}/{LISTS[category]}", told)
        assert made.status_code == 201, made.text
        items.append((category, made.json()["id"]))
        return
    category, item = random.choice(items)
    whom: dict[str, Any] = random.choice(
        (
            {"type": "my_workers"},
            *({"type": "system" if n == "zaaksysteem" else "worker", "id": i} for n, i in ids.items()),
        )
    )
    asked: dict[str, Any] = {"decision": random.choice(("permit", "permit", "deny")), "party": whom}
    asked["categories"] = [category, *(["life_story_full"] if category == "life_story_short" else [])]
    asked["depth"] = random.choice(("short", "full"))
    if random.random() < 0.5:
        asked["onlyItems"] = [item]
    made = await world.post("fien", f"{world.fien}/consents", asked)
    assert made.status_code == 201, made.text
    if asked["decision"] == "permit" and random.random() < 0.2:
        await world.post("fien", f"{world.fien}/consents/{made.json()['id']}/_withdraw")


async def _tried(world: World, seed: int, steps: int) -> list[str]:
    """Every second time Sanne stands in for Teun; else she doesn't work with Fien any more."""
    random, items, ids = Random(seed), [], await readers(world)
    wrong: list[str] = []
    if seed % 2:
        until = (datetime.now(UTC) + timedelta(days=7)).isoformat()
        place = f"{world.fien}/working-relationships/{world.person('teun').working_relationship_id}/covers"
        assert (await world.post("greet", place, {"workerId": ids["sanne"], "until": until})).status_code == 201
    for step in range(steps):
        await _something(world, random, items, ids)
        if step % 4 == 3:
            wrong += await _differences(world)
    return wrong


@pytest.mark.parametrize("seed", range(4))
async def test_what_is_explained_is_what_the_reads_do(world: World, seed: int) -> None:
    assert await _tried(world, seed, 24) == []


def forgetting_refusals(real: Callable[..., Access]) -> Callable[..., Access]:
    def wrong(like: Access, known: Any, *rest: Any) -> Access:
        permits = tuple(each for each in known.decisions if each.permits)
        return real(
            like, access_explanation.Known(known.resident, known.recorder_role, known.relations, permits, {}), *rest
        )

    return wrong


async def test_an_explanation_that_forgets_refusals_is_seen(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """Positive control."""
    monkeypatch.setattr(access_explanation, "as_party", forgetting_refusals(access_explanation.as_party))
    assert await _tried(world, 0, 24)


async def test_an_explanation_of_every_item_is_seen(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """Positive control: in the explanation alone everything that is permitted is shown, whatever its visibility."""
    real = access_explanation.lines

    def wrong(access: Access, told: Any) -> Any:
        with monkeypatch.context() as patch:
            patch.setattr(Grant, "admits", lambda *_: True)
            return real(access, told)

    monkeypatch.setattr(access_explanation, "lines", wrong)
    await world.post(
        "fien",
        f"{world.fien}/consents",
        {"decision": "permit", "party": {"type": "my_workers"}, "categories": ["portrait", "life_story_short"]},
    )
    assert await _differences(world)


async def test_she_reads_of_everybody_what_they_see_and_by_which_decision(world: World) -> None:
    teun = await party(world, await worker_id(world, "teun"))
    assert (teun["name"], teun["basis"]) == ("Teun Demo", "relation")
    assert teun["sentence"] == "Teun Demo werkt met je. Doel: begeleiding."
    assert [each["category"] for each in teun["categories"]] == [each.value for each in Category]
    assert of(teun, "identity_contact")["level"] == "full"
    story = of(teun, "life_story_short")
    assert (story["level"], len(story["shownIds"]), len(story["excludedIds"])) == ("short", 1, 1)
    known = {each["id"] for each in (await world.get("fien", f"{world.fien}/consents?limit=100")).json()["results"]}
    assert story["consentIds"]
    assert set(story["consentIds"]) <= known
    assert story["sentence"].endswith("Dat heb jij toegestaan.")
    sanne = await party(world, await worker_id(world, "sanne"))
    assert sanne["sentence"] == "Sanne Proef werkt niet meer met je en ziet niets meer van je."
    assert {each["level"] for each in sanne["categories"]} == {"none"}
    roles = {each["role"]: each for each in (await explained(world))["parties"] if each["id"] is None}
    assert of(roles["privacy_officer"], "consent")["level"] == "full"
    assert of(roles["privacy_officer"], "portrait")["level"] == "none"
    assert of(roles["team_lead"], "relationship")["level"] == "existence"


async def test_a_no_is_named_as_what_closes_it(world: World) -> None:
    teun = await worker_id(world, "teun")
    said = {"decision": "deny", "party": {"type": "worker", "id": teun}, "categories": ["portrait"]}
    no = (await world.post("fien", f"{world.fien}/consents", said)).json()["id"]
    portrait = of(await party(world, teun), "portrait")
    assert (portrait["level"], portrait["refusalIds"], portrait["shownIds"]) == ("none", [no], [])
    assert portrait["sentence"] == "Van portret: niets. Jij hebt nee gezegd."


async def test_a_worker_reads_of_themself_alone_and_finds_no_trace_of_the_rest(world: World) -> None:
    before = await explained(world, "teun")
    [own] = before["parties"]
    assert own["id"] == await worker_id(world, "teun")
    assert all(not each["excludedIds"] and not each["refusalIds"] for each in own["categories"])
    for hidden in (
        {"kind": "life_story", "shortVersion": "Alleen van mij.", "visibility": "only_me"},
        {"kind": "life_story", "shortVersion": "Apart.", "visibility": "custom"},
    ):
        await world.post("fien", f"{world.fien}/baggage-notes", hidden)
    after = await explained(world, "teun")
    assert {**after, "at": before["at"]} == before


@pytest.mark.parametrize("name", ["sanne", "zaaksysteem"])
async def test_for_who_sees_nothing_there_is_no_explanation(world: World, name: str) -> None:
    answer = await world.get(name, f"{world.fien}/access-explanation", claims={"scope": "consents:read"})
    assert answer.status_code == 404


async def test_more_workers_take_no_more_round_trips(world: World) -> None:
    place = f"{world.fien}/access-explanation"
    await explained(world)
    first, _ = await cost(world, "fien", "GET", place)
    for name in ("w1", "w2"):
        started = await start(world, world.fien, await worker_id(world, name))
        await end(world, world.fien, started.json()["id"])
    await explained(world)
    second, _ = await cost(world, "fien", "GET", place)
    assert second.round_trips == first.round_trips <= 10


async def test_who_recorded_a_resident_is_named_until_somebody_works_with_them(world: World) -> None:
    path = await new_resident(world, by="teun")
    claims, teun = await log_in(world, "guusje", path), await worker_id(world, "teun")

    async def told() -> list[str]:
        found = (await world.get("fien", f"{path}/access-explanation", claims=claims)).json()["parties"]
        return [each["basis"] for each in found if each["id"] == teun]

    assert set(await told()) == {"recorder"}
    await start(world, path, await worker_id(world, "sanne"))
    assert await told() == []
