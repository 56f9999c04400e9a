"""The check of every answer against the contract: true answers pass, and each way to stray from it is caught."""

import copy
import json
from typing import Any

import httpx
import pytest

from support_api.app import OPERATIONS
from support_api.http import openapi
from support_api.http.edge import Edge
from tests.conftest import World
from tests.contract.check import assert_documented

STATUSES = [
    201,
    201,
    422,
    200,
    200,
    304,
    400,
    400,
    200,
    412,
    428,
    404,
    403,
    401,
    406,
    415,
    414,
    431,
    413,
    405,
    404,
    200,
]
ITEM = {"kind": "joy", "text": "Koken voor anderen."}


async def test_answers_of_all_sorts_are_in_the_contract(world: World) -> None:
    """`World.call` checks each of them."""
    items = f"{world.fien}/portrait-items"
    made = await world.post("fien", items, ITEM)
    key = made.request.headers["idempotency-key"]
    one, tag = made.headers["location"].removeprefix("http://testserver"), made.headers["etag"]
    answers = [
        made,
        await world.post("fien", items, ITEM, headers={"Idempotency-Key": key}),
        await world.post("fien", items, {**ITEM, "text": "Anders."}, headers={"Idempotency-Key": key}),
        await world.get("fien", "/v1/me"),
        await world.get("fien", f"{items}?limit=2&count=true"),
        await world.get("fien", one, headers={"If-None-Match": tag}),
        await world.get("teun", one, headers={"Processing-Purpose": ""}),
        await world.get("fien", f"{items}?page=2", headers={"Accept-Language": "en"}),
        await world.patch("fien", one, {"rank": 2}, tag),
        await world.patch("fien", one, {"rank": 3}, tag),
        await world.patch("fien", one, {"rank": 3}),
        await world.get("sanne", one),
        await world.get("fien", one, claims={"scope": "me:read"}),
        await world.get("fien", one, headers={"Authorization": "Bearer x.y.z"}),
        await world.get("fien", one, headers={"Accept": "text/html"}),
        await world.get("fien", one, headers={"Content-Type": "text/plain"}),
        await world.get("fien", one + "?" + "x" * 5000),
        await world.get("fien", one, headers={"X-Much": "x" * 20_000}),
        await world.post("fien", items, {"text": "x" * 300_000}),
        await world.call("fien", "PUT", one),
        await world.get("fien", "/v1/nowhere"),
        await world.get("fien", "/v1/openapi.json"),
    ]
    assert [answer.status_code for answer in answers] == STATUSES
    again = await world.delete("fien", one, answers[8].headers["etag"])
    assert (again.status_code, again.content) == (204, b"")


@pytest.fixture
async def answer(world: World) -> httpx.Response:
    return await world.get("fien", "/v1/me")


def altered(answer: httpx.Response, **changes: Any) -> httpx.Response:
    made = httpx.Response(
        changes.get("status", answer.status_code),
        headers={**answer.headers, **changes.get("headers", {})},
        content=json.dumps(changes["body"]).encode() if "body" in changes else answer.content,
        request=answer.request,
    )
    for name in changes.get("without", ()):
        del made.headers[name]
    return made


def caught(answer: httpx.Response, complaint: str, document: dict[str, Any] | None = None) -> None:
    with pytest.raises(AssertionError, match=complaint):
        assert_documented(answer, document)


async def test_a_status_that_is_not_named(answer: httpx.Response) -> None:
    caught(altered(answer, status=418), "status 418 is not among 200, 400")


async def test_a_header_too_many_too_few_or_wrong(answer: httpx.Response) -> None:
    caught(altered(answer, headers={"x-powered-by": "us"}), "header x-powered-by is not documented")
    caught(altered(answer, without=["api-version"]), "header api-version is missing")
    caught(altered(answer, without=["cache-control"]), "header cache-control is missing")
    caught(altered(answer, headers={"api-version": "one"}), "header api-version: 'one' does not match")


async def test_a_body_with_more_less_or_other_than_its_schema(answer: httpx.Response) -> None:
    body = answer.json()
    caught(altered(answer, body={**body, "bsn": "999990019"}), "'bsn' was unexpected")
    caught(altered(answer, body={k: v for k, v in body.items() if k != "role"}), "'role' is a required property")
    caught(altered(answer, body={**body, "role": "king"}), r"\$.role: 'king' is not one of")
    caught(altered(answer, body={**body, "municipalityId": "Utrecht"}), r"\$.municipalityId: 'Utrecht'")
    caught(altered(answer, headers={"content-type": "text/html"}), "media type is text/html")


async def test_a_problem_with_another_status_or_code(world: World) -> None:
    answer = await world.get("fien", "/v1/me?page=2")
    assert answer.status_code == 400
    caught(altered(answer, body={**answer.json(), "status": 500}), "the body says status 500")
    caught(altered(answer, body={**answer.json(), "code": "stale"}), "code stale is not among invalid_input")


async def test_a_body_where_there_is_none(world: World) -> None:
    items = f"{world.fien}/portrait-items"
    made = await world.post("fien", items, ITEM)
    one = made.headers["location"].removeprefix("http://testserver")
    gone = await world.delete("fien", one, made.headers["etag"])
    caught(altered(gone, body={}), "there is a body")


async def test_a_contract_that_forgets_a_property(answer: httpx.Response) -> None:
    document = copy.deepcopy(openapi.document(OPERATIONS))
    del document["components"]["schemas"]["MeView"]["properties"]["role"]
    caught(answer, "'role' was unexpected", document)


async def test_a_crash_answers_as_the_contract_says(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """R60: the 500 too is problem+json with all headers, not the framework's own."""

    async def crash(*_: object) -> None:
        raise RuntimeError("the caller must not read this")

    monkeypatch.setattr(Edge, "run", crash)
    answer = await world.get("fien", "/v1/me")
    assert (answer.status_code, answer.json()["code"]) == (500, "internal")
    assert "must not read" not in answer.text


async def test_a_world_that_is_not_told_of_an_answer_fails(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """The suite's own calls are checked: with a contract that forgot a property, an ordinary call fails."""
    document = copy.deepcopy(openapi.document(OPERATIONS))
    del document["components"]["schemas"]["MeView"]["properties"]["role"]
    monkeypatch.setattr("tests.conftest.assert_documented", lambda answer: assert_documented(answer, document))
    with pytest.raises(AssertionError, match="'role' was unexpected"):
        await world.get("fien", "/v1/me")
