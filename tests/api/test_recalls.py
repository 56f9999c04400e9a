"""What a system has received is asked back after a withdrawal, and the resident reads what it answers (B.7, W8)."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from tests.conftest import World
from tests.every_operation import KEPT
from tests.make import UNKNOWN, give_to_system, recalled


async def withdraw(world: World, consent: dict[str, Any]) -> Any:
    return (await world.post("fien", f"{world.fien}/consents/{consent['id']}/_withdraw")).json()


async def answer(world: World, recall: dict[str, Any], body: Any, name: str = "zaaksysteem", **kwargs: Any) -> Any:
    return await world.post(name, f"/v1/recalls/{recall['id']}/_answer", body, **kwargs)


async def mine(world: World) -> list[Any]:
    found = await world.get("zaaksysteem", "/v1/recalls")
    assert found.status_code == 200, found.text
    resident = world.person("fien").resident_id
    return [each for each in found.json()["results"] if each["residentId"] == resident]


async def test_a_system_that_has_read_is_asked_to_delete_it(world: World) -> None:
    withdrawn = await recalled(world)
    [asked] = withdrawn["effect"]["recalled"]
    recall = withdrawn["consent"]["recall"]
    assert (asked["party"]["name"], asked["items"], asked["answer"]) == ("Zaaksysteem Voorbeeld", 1, None)
    asked_at = datetime.fromisoformat(recall["createdAt"])
    assert datetime.fromisoformat(asked["answerBy"]) - asked_at == timedelta(days=14)
    assert recall["objectIds"] == withdrawn["consent"]["onlyItems"]
    assert await mine(world) == [recall]
    assert (await world.get("zaaksysteem", f"/v1/recalls/{recall['id']}")).json() == recall


async def test_what_was_never_read_is_not_asked_back(world: World) -> None:
    withdrawn = await withdraw(world, await give_to_system(world))
    assert (withdrawn["effect"]["recalled"], withdrawn["consent"]["recall"]) == ([], None)
    assert await mine(world) == []


async def test_a_refusal_that_takes_the_place_of_a_permit_asks_back_too(world: World) -> None:
    consent = await give_to_system(world)
    await world.get("zaaksysteem", f"{world.fien}/portrait-items")
    no = {name: consent[name] for name in ("purpose", "categories", "onlyItems")}
    party = {"type": "system", "id": consent["party"]["id"]}
    await world.post("fien", f"{world.fien}/consents", {**no, "party": party, "decision": "deny"})
    assert [each["objectIds"] for each in await mine(world)] == [consent["onlyItems"]]


async def test_what_workers_read_is_not_asked_back(world: World) -> None:
    await world.get("teun", f"{world.fien}/portrait-items")
    consents = (await world.get("fien", f"{world.fien}/consents?status=active&limit=100")).json()["results"]
    for each in consents:
        assert (await withdraw(world, each))["effect"]["recalled"] == []


async def test_the_system_answers_once_and_reads_nothing_else(world: World) -> None:
    recall = (await recalled(world))["consent"]["recall"]
    assert (await world.get("zaaksysteem", f"{world.fien}/portrait-items")).status_code == 404
    key = {"Idempotency-Key": "answer-once-and-again"}
    first = await answer(world, recall, KEPT, headers=key)
    assert (first.status_code, first.json()["answer"]) == (200, "kept_with_legal_basis")
    assert (await answer(world, recall, KEPT, headers=key)).content == first.content
    again = await answer(world, recall, {"answer": "deleted"})
    assert (again.status_code, again.json()["code"]) == (409, "recall_answered")
    assert [each["answer"] for each in await mine(world)] == ["kept_with_legal_basis"]


async def test_the_resident_reads_the_answer_with_the_consent_and_in_the_log(world: World) -> None:
    consent = (await recalled(world))["consent"]
    await answer(world, consent["recall"], KEPT)
    read = (await world.get("fien", f"{world.fien}/consents/{consent['id']}")).json()["recall"]
    assert (read["answer"], read["legalBasis"], read["reason"]) == tuple(KEPT.values())
    listed = (await world.get("fien", f"{world.fien}/consents?status=withdrawn")).json()["results"]
    assert [each["recall"] for each in listed] == [read]
    log = (await world.get("fien", f"{world.fien}/access-log")).json()["results"]
    assert "Zaaksysteem Voorbeeld liet weten of het gewist is." in [each["sentence"] for each in log]


async def test_what_the_system_wrote_is_sealed(world: World) -> None:
    recall = (await recalled(world))["consent"]["recall"]
    await answer(world, recall, KEPT)
    assert KEPT["reason"] not in str(await world.sql("select * from support.recalls"))


async def test_a_recall_is_for_the_system_that_it_asks(world: World) -> None:
    recall = (await recalled(world))["consent"]["recall"]
    claims = {"scope": "recalls:answer"}
    for name in ("fien", "teun", "pim"):
        assert (await world.get(name, "/v1/recalls", claims=claims)).status_code == 403
        assert (await answer(world, recall, KEPT, name, claims=claims)).status_code == 403
    other = {**recall, "id": UNKNOWN}
    assert (await answer(world, other, KEPT)).status_code == 404
    assert (await world.get("zaaksysteem", f"/v1/recalls/{UNKNOWN}")).status_code == 404
    await world.sql(
        "update support.recalls set system_id = (select id from support.clients where id <> $1 limit 1)",
        UUID(recall["systemId"]),
    )
    assert await mine(world) == []
    assert (await answer(world, recall, KEPT)).status_code == 404


@pytest.mark.parametrize(
    "body",
    [
        {"answer": "kept_with_legal_basis"},
        {"answer": "kept_with_legal_basis", "legalBasis": "Archiefwet 1995"},
        {"answer": "deleted", "reason": "Zomaar."},
        {"answer": "forgotten"},
    ],
)
async def test_keeping_needs_a_law_and_a_reason_and_deleting_needs_none(world: World, body: Any) -> None:
    assert (await answer(world, {"id": UNKNOWN}, body)).status_code == 400
