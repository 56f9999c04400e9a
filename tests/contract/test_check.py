"""The check of every answer against the contract: true answers pass, and each way to stray from it is caught."""

import copy
import json
import re
from pathlib import Path
from typing import Any

import httpx
import pytest

from support_api.app import OPERATIONS
from support_api.http import openapi
from support_api.http.edge import Edge
from tests.conftest import World
from tests.contract import check
from tests.contract.check import Contract, assert_documented, unchecked, watch

ROOT = Path(__file__).parents[2]
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
    """The client of the world checks each of them."""
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
    twice = altered(answer)
    twice.headers = httpx.Headers([*answer.headers.multi_items(), ("api-version", answer.headers["api-version"])])
    caught(twice, "header api-version is there more than once")


async def test_a_body_with_more_less_or_other_than_its_schema(answer: httpx.Response) -> None:
    body = answer.json()
    caught(altered(answer, body={**body, "bsn": "999990019"}), "'bsn' was unexpected")
    caught(altered(answer, body={k: v for k, v in body.items() if k != "role"}), "'role' is a required property")
    caught(altered(answer, body={**body, "role": "king"}), r"\$.role: 'king' is not one of")
    caught(altered(answer, body={**body, "municipalityId": "Utrecht"}), r"\$.municipalityId: 'Utrecht'")
    caught(altered(answer, headers={"content-type": "text/html"}), "media type is text/html")
    caught(
        altered(answer, headers={"content-type": "application/json; charset=utf-8"}), "media type is application/json;"
    )


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
    caught(altered(gone, headers={"content-type": "text/plain"}), "or a media type")


async def test_a_head_is_held_to_the_get_operation(answer: httpx.Response) -> None:
    head = altered(answer, body={})
    head.request = httpx.Request("HEAD", answer.request.url, headers=answer.request.headers)
    caught(head, "there is a body, and this is a HEAD")
    head = httpx.Response(200, headers=answer.headers, request=head.request)
    assert_documented(head)
    caught(altered(head, status=418), "status 418 is not among 200, 400")
    caught(altered(head, without=["api-version"]), "header api-version is missing")


async def asked(world: World, **headers: str) -> httpx.Response:
    sent = {"If-Match": (await world.get("fien", world.fien)).headers["ETag"]}
    return await world.patch("fien", world.fien, {"addressAs": "je"}, headers=sent | headers)


def with_request(answer: httpx.Response, **changes: Any) -> httpx.Response:
    made = altered(answer)
    old = answer.request
    headers = {name: value for name, value in {**old.headers, **changes.get("headers", {})}.items() if value}
    content = json.dumps(changes["body"]).encode() if "body" in changes else old.content
    made.request = httpx.Request(
        old.method, old.url.copy_with(**changes.get("url", {})), headers=headers, content=content
    )
    return made


async def test_a_request_that_the_contract_forbids_and_the_service_took(world: World) -> None:
    """What was answered well was asked well, or one of the two is not true."""
    answer = await asked(world)
    assert_documented(with_request(answer))
    caught(with_request(answer, body={"addressAs": 5}), r"the request's \$.addressAs: 5 is not")
    caught(with_request(answer, body={"bsn": "999990019"}), "the request's .*'bsn' was unexpected")
    caught(with_request(answer, headers={"content-type": "text/json"}), "the request's media type was text/json")
    caught(with_request(answer, headers={"if-match": "*"}), "the request's If-Match")
    caught(with_request(answer, headers={"if-match": ""}), "the request had no header parameter If-Match")
    caught(with_request(answer, headers={"authorization": ""}), "the request had no token")
    caught(with_request(answer, url={"query": b"limit=2"}), "the request's query had limit")
    caught(with_request(answer, url={"path": "/v1/residents/7"}), "the request's residentId: '7'")


async def test_a_header_twice_is_noticed_unless_it_is_a_list(world: World) -> None:
    answer = await asked(world, **{"Accept-Language": "en"})
    sent = list(answer.request.headers.multi_items())
    for name, twice in (("accept-language", False), ("if-match", True)):
        answer.request.headers = httpx.Headers([*sent, (name, answer.request.headers[name])])
        if twice:
            caught(answer, "the request had If-Match more than once")
        else:
            assert_documented(answer)


async def test_a_query_that_the_contract_forbids_and_the_service_took(world: World) -> None:
    answer = await world.get("fien", f"{world.fien}/consents?limit=2&count=true")
    assert_documented(with_request(answer))
    caught(with_request(answer, url={"query": b"limit=101"}), "the request's limit: 101 is greater")
    caught(with_request(answer, url={"query": b"limit=two"}), "the request's limit: 'two' is not of type 'integer'")
    caught(with_request(answer, url={"query": b"count=1"}), "the request's count: '1' is not of type 'boolean'")
    caught(with_request(answer, url={"query": b"limit=2&limit=3"}), "the request had limit more than once")
    caught(with_request(answer, body={"a": 1}), "the request had a body")


def test_each_schema_has_a_validator_of_its_own() -> None:
    """Also one that is thrown away at once, whose place in memory the next one gets."""
    contract = check.contract()
    assert [contract.validator({"const": number}).is_valid(number) for number in range(500)] == [True] * 500


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


def forgetful(monkeypatch: pytest.MonkeyPatch) -> None:
    """The suite's own calls are held to a contract that forgot a property."""
    document = copy.deepcopy(openapi.document(OPERATIONS))
    del document["components"]["schemas"]["MeView"]["properties"]["role"]
    monkeypatch.setattr(check, "contract", lambda: Contract(document))


async def test_every_client_of_the_suite_is_watched(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    headers = {"Authorization": f"Bearer {world.token('fien')}"}
    forgetful(monkeypatch)
    with pytest.raises(AssertionError, match="'role' was unexpected"):
        await world.get("fien", "/v1/me")
    with pytest.raises(AssertionError, match="'role' was unexpected"):
        await world.client.get("/v1/me", headers=headers)
    with unchecked("to see that it is left alone"):
        assert (await world.client.get("/v1/me", headers=headers)).status_code == 200


def test_a_client_that_waits_is_watched_too(answer: httpx.Response, monkeypatch: pytest.MonkeyPatch) -> None:
    forgetful(monkeypatch)
    handler = httpx.MockTransport(lambda request: altered(answer))
    with (
        httpx.Client(transport=handler, event_hooks={"response": [watch]}) as client,
        pytest.raises(AssertionError, match="'role' was unexpected"),
    ):
        client.get("http://testserver/v1/me", headers=answer.request.headers)


# Those that ask others than the service, or whether it is there; Schemathesis has checks of its own.
UNWATCHED = {"tests/processes.py": 1, "tests/api/test_tokens.py": 1, "tests/outbound/test_jwks.py": 1}
UNWATCHED |= {"tests/deploy/test_operating.py": 1, "tests/provider/provider.py": 3}
UNWATCHED |= {"tests/schemathesis/stage.py": 1, "tests/monitoring/scraping.py": 1, "tests/demo/test_reset.py": 1}
UNWATCHED |= {"tests/docs/external.py": 1, "tests/docs/test_crawl.py": 1, "tests/docs/test_external.py": 1}
_CLIENT = re.compile(r"httpx\.(?:Client|AsyncClient|request|get|post)\((?![^()]*event_hooks)(?!transport=handler)")


def unwatched(text: str) -> int:
    return len(_CLIENT.findall(text))


def test_no_test_calls_the_service_with_a_client_of_its_own() -> None:
    files = {path.relative_to(ROOT).as_posix(): path.read_text() for path in (ROOT / "tests").rglob("*.py")}
    own = {name: count for name, text in files.items() if (count := unwatched(text))}
    assert own == UNWATCHED, "call with `world.client`, or with a client that has the hooks of tests/contract/check.py"
    assert unwatched("httpx.Client" + "(timeout=5)") == 1
