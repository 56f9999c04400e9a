"""A worker proposes, the resident decides: nobody gives himself access (access.md)."""

from typing import Any
from uuid import UUID

import pytest

from tests.conftest import World
from tests.make import UNKNOWN, end, worker_id

NOTICE = {"noticeId": "nt-12", "version": "3", "language": "nl-B1"}


async def propose(world: World, **said: Any) -> Any:
    body = {
        "decision": "permit",
        "party": {"type": "worker", "id": await worker_id(world, "teun")},
        "categories": ["life_story_full"],
        "depth": "full",
        "how": "spoken_played_back",
        "informedWith": NOTICE,
        **said,
    }
    return await world.post("teun", f"{world.fien}/consents", body)


async def whole_story(world: World) -> Any:
    return (await world.get("teun", f"{world.fien}/baggage-notes")).json()["results"][0]["fullText"]


async def decide(world: World, proposal: Any, decision: str, name: str = "fien", **kwargs: Any) -> Any:
    path = f"{world.fien}/consents/{proposal.json()['id']}/_decide"
    return await world.post(name, path, {"decision": decision}, **kwargs)


async def listed(world: World, name: str, query: str = "") -> list[Any]:
    answer = await world.get(name, f"{world.fien}/consents?limit=100{query}")
    assert answer.status_code == 200, answer.text
    return list(answer.json()["results"])


async def asked(world: World) -> list[Any]:
    asks = (await world.get("fien", "/v1/home")).json()["resident"]["asks"]
    return [each for each in asks if each["kind"] == "decide_consent"]


async def later(world: World, proposal: Any, days: int) -> None:
    statement = f"update support.consents set created_at = created_at - interval '{days} days' where id = $1"
    await world.sql(statement, UUID(proposal.json()["id"]))


async def test_a_proposal_opens_nothing_until_the_resident_says_yes(world: World) -> None:
    proposal = await propose(world)
    body = proposal.json()
    assert (proposal.status_code, body["status"], body["authorRole"]) == (201, "proposed", "worker")
    assert (body["how"], body["informedWith"], body["receipt"]) == ("spoken_played_back", NOTICE, None)
    assert body["decideBy"] is not None
    assert await whole_story(world) is None
    given = (await decide(world, proposal, "permit")).json()
    assert (given["status"], given["how"], given["decideBy"]) == ("active", "login", None)
    assert given["receipt"]["event"] == "given"
    assert await whole_story(world) is not None


async def test_the_resident_is_asked_on_the_first_screen_and_then_no_more(world: World) -> None:
    proposal = await propose(world)
    [ask] = await asked(world)
    assert ask["aboutIds"] == [proposal.json()["id"]]
    assert ask["sentence"] == "Teun Demo vraagt of iets van jou gedeeld mag worden. Wat vind je?"
    await decide(world, proposal, "deny")
    assert await asked(world) == []


async def test_a_no_to_a_proposal_is_kept_as_a_refusal(world: World) -> None:
    proposal = await propose(world, categories=["life_story_short"], depth="short")
    before = (await world.get("teun", f"{world.fien}/baggage-notes")).json()["results"]
    declined = (await decide(world, proposal, "deny")).json()
    assert (declined["status"], declined["decision"], declined["validUntil"]) == ("declined", "deny", None)
    after = (await world.get("teun", f"{world.fien}/baggage-notes")).json()["results"]
    assert {each["kind"] for each in before} - {each["kind"] for each in after} == {"life_story"}


async def test_nobody_but_the_resident_decides(world: World) -> None:
    proposal = await propose(world)
    assert (await decide(world, proposal, "permit", "teun")).status_code == 403
    claims = {"scope": "consents:read consents:write"}
    assert (await decide(world, proposal, "permit", "sanne", claims=claims)).status_code == 404
    assert await whole_story(world) is None


async def test_what_was_decided_is_decided_once(world: World) -> None:
    proposal = await propose(world)
    key = {"Idempotency-Key": "decide-once-and-for-all"}
    first = await decide(world, proposal, "permit", headers=key)
    assert (await decide(world, proposal, "permit", headers=key)).content == first.content
    again = await decide(world, proposal, "deny")
    assert (again.status_code, again.json()["code"]) == (409, "proposal_not_waiting")


async def test_a_proposal_lapses_after_thirty_days(world: World) -> None:
    proposal = await propose(world)
    await later(world, proposal, 29)
    assert len(await asked(world)) == 1
    await later(world, proposal, 1)
    assert await asked(world) == []
    path = f"{world.fien}/consents/{proposal.json()['id']}"
    assert (await world.get("fien", path)).json()["status"] == "expired"
    late = await decide(world, proposal, "permit")
    assert (late.status_code, late.json()["code"]) == (409, "proposal_not_waiting")


async def test_a_worker_sees_own_proposals_and_what_opens_something_to_him(world: World) -> None:
    system = (await world.sql("select id from support.clients where client_id = 'zaaksysteem-voorbeeld'"))[0]["id"]
    body = {"decision": "permit", "party": {"type": "system", "id": str(system)}, "categories": ["portrait"]}
    foreign = (await world.post("fien", f"{world.fien}/consents", body)).json()["id"]
    no = {**body, "decision": "deny", "party": {"type": "my_workers"}, "categories": ["critique"]}
    await world.post("fien", f"{world.fien}/consents", no)
    proposal = (await propose(world)).json()["id"]
    seen = await listed(world, "teun")
    assert proposal in [each["id"] for each in seen]
    assert {each["status"] for each in seen} == {"active", "proposed"}
    assert foreign not in [each["id"] for each in seen]
    for hidden in (foreign, UNKNOWN):
        assert (await world.get("teun", f"{world.fien}/consents/{hidden}")).status_code == 404
    everything = await listed(world, "fien")
    assert len(everything) > len(seen)
    counted = (await world.get("teun", f"{world.fien}/consents?count=true&limit=1")).json()
    assert counted["count"] == len(seen)


async def test_a_worker_is_told_of_no_item_that_he_does_not_see(world: World) -> None:
    notes = (await world.get("fien", f"{world.fien}/baggage-notes")).json()["results"]
    hidden = next(each["id"] for each in notes if each["visibility"] == "only_me")
    shown = next(each["id"] for each in notes if each["visibility"] == "my_workers")
    teun = {"type": "worker", "id": await worker_id(world, "teun")}
    for only in ([hidden], [hidden, shown]):
        said = {"decision": "permit", "party": teun, "categories": ["life_story_short"], "onlyItems": only}
        await world.post("fien", f"{world.fien}/consents", said)
    all_but = {"decision": "permit", "party": teun, "categories": ["portrait"], "exceptItems": [hidden]}
    await world.post("fien", f"{world.fien}/consents", all_but)
    assert hidden in str(await listed(world, "fien"))
    assert hidden not in str(await listed(world, "teun"))
    assert (await propose(world, onlyItems=[hidden])).json()["code"] == "item_unknown"


async def test_somebody_who_works_with_her_no_longer_sees_no_proposal(world: World) -> None:
    proposal = await propose(world)
    await end(world, world.fien, str(world.person("teun").working_relationship_id))
    path = f"{world.fien}/consents/{proposal.json()['id']}"
    assert (await world.get("teun", path)).status_code == 404


@pytest.mark.parametrize(
    ("said", "status", "code"),
    [
        ({"decision": "deny"}, 409, "only_a_yes_is_proposed"),
        ({"purpose": "enforcement"}, 409, "never_shared"),
        ({"how": None}, 409, "proposal_says_how"),
        ({"how": "login"}, 409, "proposal_says_how"),
        ({"actions": ["forward"]}, 400, "invalid_input"),
    ],
)
async def test_what_cannot_be_proposed_says_why(world: World, said: Any, status: int, code: str) -> None:
    answer = await propose(world, **said)
    assert (answer.status_code, answer.json()["code"]) == (status, code)


async def test_lists_are_narrowed_by_status_party_and_purpose(world: World) -> None:
    proposal = (await propose(world)).json()
    teun = proposal["party"]["id"]
    assert [each["id"] for each in await listed(world, "fien", "&status=proposed")] == [proposal["id"]]
    assert {each["party"]["id"] for each in await listed(world, "fien", f"&partyId={teun}")} == {teun}
    assert {each["party"]["type"] for each in await listed(world, "fien", "&partyType=my_workers")} == {"my_workers"}
    assert await listed(world, "fien", "&purpose=handover") == []
    ended = (await listed(world, "fien", "&status=active"))[0]
    moment = "update support.consents set valid_until = now() - interval '1 day' where id = $1"
    await world.sql(moment, UUID(ended["id"]))
    [found] = await listed(world, "fien", "&status=expired")
    assert (found["id"], found["status"]) == (ended["id"], "expired")
    for name, value in (("status", "gone"), ("partyId", "x"), ("party", "me"), ("purpose", "")):
        answer = await world.get("fien", f"{world.fien}/consents?{name}={value}")
        assert answer.status_code == 400, name


async def test_the_next_page_is_of_the_same_narrowed_list(world: World) -> None:
    for _ in range(3):
        await propose(world, categories=["portrait"])
    walked, link = [], f"{world.fien}/consents?status=proposed&limit=2"
    while link:
        page = (await world.get("fien", link)).json()
        walked += [each["status"] for each in page["results"]]
        link = page["next"] and page["next"].removeprefix("http://testserver")
    assert walked == ["proposed"] * 3
