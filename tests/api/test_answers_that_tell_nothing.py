"""INV-01: who may not see something can't tell whether it is hidden, another's, deleted or never was; and what is
refused before that says only what the caller could know (access.md, the table of answers)."""

from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest

from tests.conftest import World

NEVER = "0199aaaa-0000-7000-8000-00000000dead"
TRACE = {"traceparent": "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"}


def items(world: World) -> str:
    return f"{world.fien}/portrait-items"


def as_sent(answer: httpx.Response) -> tuple[int, bytes, list[tuple[str, str]]]:
    return answer.status_code, answer.content, sorted(answer.headers.items())


async def the_hidden(world: World) -> dict[str, str]:
    """Ids that teun may not see, each for another reason."""
    mine = (await world.get("fien", f"{items(world)}?limit=100")).json()["results"]
    private = next(each["id"] for each in mine if each["visibility"] == "only_me")
    abels = f"/v1/residents/{world.person('abel').resident_id}/portrait-items"
    foreign = (await world.get("abel", abels)).json()["results"][0]["id"]
    deleted = mine[0]["id"]
    tag = (await world.get("fien", f"{items(world)}/{deleted}")).headers["etag"]
    assert (await world.delete("fien", f"{items(world)}/{deleted}", tag)).status_code == 204
    return {"private": private, "foreign": foreign, "deleted": deleted, "never": NEVER}


@pytest.mark.parametrize("method", ["GET", "PATCH"])
async def test_hidden_foreign_deleted_and_never_there_are_one_answer(world: World, method: str) -> None:
    """To the byte, headers included."""
    body = {"text": "Iets anders."} if method == "PATCH" else None
    headers = TRACE if body is None else {**TRACE, "If-Match": f'"1.{"0" * 16}"'}
    answers = {
        why: as_sent(await world.call("teun", method, f"{items(world)}/{each}", body, headers=headers))
        for why, each in (await the_hidden(world)).items()
    }
    assert answers["never"][0] == 404
    assert set(answers) == {why for why, answer in answers.items() if answer == answers["never"]}


async def test_without_a_ground_the_resident_was_never_there(world: World) -> None:
    """A relationship that ended, another town, no consent, another resident; of Fien and of nobody."""
    for name in ("sanne", "noor", "zaaksysteem", "abel"):
        for resource in ("portrait-items", "baggage-notes"):
            known, unknown = [
                as_sent(await world.get(name, f"/v1/residents/{resident}/{resource}", headers=TRACE))
                for resident in (world.person("fien").resident_id, NEVER)
            ]
            assert known == unknown, (name, resource)
            assert known[0] == 404, (name, resource)


async def test_deleting_what_is_not_yours_is_refused_alike_for_any_id(world: World) -> None:
    """The action is refused before any item is looked at."""
    headers = {**TRACE, "If-Match": f'"1.{"0" * 16}"'}
    ids = {**await the_hidden(world), "visible": (await world.get("teun", items(world))).json()["results"][0]["id"]}
    answers = [
        as_sent(await world.call("teun", "DELETE", f"{items(world)}/{e}", headers=headers)) for e in ids.values()
    ]
    assert {answer[0] for answer in answers} == {403}
    assert all(answer == answers[0] for answer in answers)


async def test_a_visible_item_that_is_not_theirs_to_change_is_told_apart(world: World) -> None:
    """Positive control of the comparison above: here the answers do differ."""
    visible = (await world.get("teun", items(world))).json()["results"][0]["id"]
    headers = {**TRACE, "If-Match": f'"1.{"0" * 16}"'}
    answers = [
        as_sent(await world.call("teun", "PATCH", f"{items(world)}/{each}", {"text": "Anders."}, headers=headers))
        for each in (visible, NEVER)
    ]
    assert [answer[0] for answer in answers] == [403, 404]


async def test_the_count_is_of_what_the_caller_may_see(world: World) -> None:
    for name, count in (("fien", 9), ("teun", 8)):
        body = (await world.get(name, f"{items(world)}?count=true&limit=3")).json()
        assert (body["count"], len(body["results"])) == (count, 3)
    assert (await world.get("teun", items(world))).json()["count"] is None


async def test_the_last_page_does_not_betray_what_follows(world: World) -> None:
    """The ninth item is Fien's own: for Teun the list ends with the eighth, for Fien it does not."""
    full = (await world.get("teun", f"{items(world)}?limit=8")).json()
    assert (len(full["results"]), full["next"]) == (8, None)
    assert (await world.get("fien", f"{items(world)}?limit=8")).json()["next"] is not None


async def next_cursor(world: World, name: str, path: str) -> str:
    following = (await world.get(name, f"{path}?limit=2")).json()["next"]
    return parse_qs(urlsplit(following).query)["cursor"][0]


async def test_a_cursor_is_good_for_its_caller_and_its_list(world: World) -> None:
    cursor = await next_cursor(world, "teun", items(world))
    assert (await world.get("teun", f"{items(world)}?cursor={cursor}")).status_code == 200
    turned = ("B" if cursor[0] == "A" else "A") + cursor[1:]
    refused = [
        ("fien", items(world), cursor),
        ("teun", f"{world.fien}/baggage-notes", cursor),
        ("teun", f"{world.fien}/working-relationships", cursor),
        ("teun", items(world), turned),
        ("teun", items(world), cursor[:-4]),
        ("teun", items(world), "A" * 40),
    ]
    for name, path, sent in refused:
        answer = await world.get(name, f"{path}?cursor={sent}")
        assert answer.status_code == 400, (name, path)
        assert [each["code"] for each in answer.json()["invalidParams"]] == ["invalid_cursor"]


async def test_a_cursor_to_what_was_deleted_since_goes_on_behind_it(world: World) -> None:
    """It says where, not what: nothing is told of the item that is gone."""
    pages = (await world.get("teun", f"{items(world)}?limit=2")).json()
    last, cursor = pages["results"][-1]["id"], await next_cursor(world, "teun", items(world))
    whole = [each["id"] for each in (await world.get("teun", items(world))).json()["results"]]
    tag = (await world.get("fien", f"{items(world)}/{last}")).headers["etag"]
    await world.delete("fien", f"{items(world)}/{last}", tag)
    rest = (await world.get("teun", f"{items(world)}?cursor={cursor}")).json()["results"]
    assert [each["id"] for each in rest] == whole[2:]


@dataclass(frozen=True)
class Call:
    """Somebody asks for Fien's portrait, with another purpose or another token than usual."""

    says: str
    name: str
    status: int
    code: str
    purpose: str | None = None
    claims: dict[str, Any] = field(default_factory=dict)
    path: str = "/portrait-items"

    async def send(self, world: World, resident_id: str | None) -> httpx.Response:
        headers = TRACE if self.purpose is None else {**TRACE, "Processing-Purpose": self.purpose}
        return await world.get(
            self.name, f"/v1/residents/{resident_id}{self.path}", headers=headers, claims=self.claims
        )


NO_SCOPE, PORTRAIT = {"scope": "me:read"}, {"scope": "portrait:read"}
ASSIGNS = {"scope": "portrait:read relationships:assign"}
BEFORE_ANY_ROW = [
    Call("without a purpose", "teun", 400, "purpose_required", ""),
    Call("a purpose that is none", "teun", 400, "invalid_input", "nosiness"),
    Call("a purpose that is not in the register", "teun", 403, "purpose_not_allowed", "indication"),
    Call("a client that is not in the register", "teun", 403, "purpose_not_allowed", claims={"client_id": "elders"}),
    Call("without the scope", "teun", 403, "scope_missing", claims=NO_SCOPE),
    Call("scope comes before purpose", "teun", 403, "scope_missing", "", NO_SCOPE),
    Call("a weak log-in", "teun", 403, "assurance_too_low", claims={"acr": "anders"}),
    Call("a team lead has no such scope", "greet", 403, "scope_missing"),
    Call("a privacy officer neither", "pim", 403, "scope_missing"),
]
ON_THE_FACTS = [
    Call("a team lead who assigns knows the resident", "greet", 403, "action_not_allowed", claims=ASSIGNS),
    Call("a team lead who does not knows nobody", "greet", 404, "not_found", claims=PORTRAIT),
    Call("a privacy officer oversees and reads no portrait", "pim", 403, "action_not_allowed", claims=PORTRAIT),
    Call("registered, but outside the duties", "teun", 404, "not_found", "complaint_objection", path=""),
    Call("a worker's log-in in another role", "teun", 404, "not_found", claims={"role": "team_lead"}),
    Call("a relationship that ended", "sanne", 404, "not_found"),
    Call("another town", "noor", 404, "not_found"),
    Call("a system without consent", "zaaksysteem", 404, "not_found"),
]


async def test_refused_before_any_row_is_the_same_for_every_id(world: World) -> None:
    for call in BEFORE_ANY_ROW:
        answers = [await call.send(world, each) for each in (world.person("fien").resident_id, NEVER)]
        assert (answers[0].status_code, answers[0].json()["code"]) == (call.status, call.code), call.says
        assert as_sent(answers[0]) == as_sent(answers[1]), call.says


async def test_refused_on_the_facts_of_this_resident(world: World) -> None:
    for call in ON_THE_FACTS:
        answer = await call.send(world, world.person("fien").resident_id)
        assert (answer.status_code, answer.json()["code"]) == (call.status, call.code), call.says
        assert (await call.send(world, NEVER)).status_code == 404, call.says


async def test_a_purpose_that_nothing_was_permitted_for_shows_nothing(world: World) -> None:
    """Registered, and within the duties: Teun may ask for a handover, but Fien gave her yes for support."""
    answer = await world.get("teun", f"{items(world)}?count=true", headers={"Processing-Purpose": "handover"})
    assert (answer.status_code, answer.json()["results"], answer.json()["count"]) == (200, [], 0)


async def test_the_residents_own_purpose_is_ignored(world: World) -> None:
    answer = await world.get("fien", items(world), headers={"Processing-Purpose": "enforcement"})
    assert len(answer.json()["results"]) == 9
