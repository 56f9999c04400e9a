"""/core/transport/no-sensitive-uris (R01): nothing personal in an address, and nothing in what may become one: headers,
links and the instance of a problem. A resident made with markers looks and is looked at."""

import base64
import re
from collections.abc import AsyncIterator, Iterator
from typing import Any
from urllib.parse import quote

import httpx
import pytest

from support_api.app import OPERATIONS
from support_api.http import openapi
from support_api.http.operations import Call
from tests.api.problems import check_problem
from tests.conftest import World
from tests.every_operation import SEARCH, SOUP, STORY, YES
from tests.make import log_in, start, worker_id

NAME, FULL_NAME, MAIL, BSN, TEXT = "Merkteken", "Merkteken Zegel", "merk@zegel.example", "999991772", "Stempelsoep"
BORN = "1931-05-17"
RESIDENT: dict[str, Any] = {
    "callName": NAME,
    "officialName": FULL_NAME,
    "birthDate": BORN,
    "contactPreferences": [{"channel": "email", "value": MAIL}],
    "identifiers": [{"system": "bsn", "value": BSN}, {"system": "email", "value": MAIL}],
}
PERSONAL = re.compile("bsn|burgerservice|name|naam|birth|geboorte|token|mail|phone|adres", re.IGNORECASE)


def asks_for(document: dict[str, Any]) -> list[str]:
    """What the contract wants in an address that may be personal: by its name, or as a free text in the path."""
    own = [p for item in document["paths"].values() for each in item.values() for p in each.get("parameters", [])]
    shared = document["components"]["parameters"].values()
    found = []
    for each in (each for each in (*own, *shared) if each.get("in") in ("path", "query")):
        free = each["in"] == "path" and each["schema"].get("format") != "uuid"
        found += [each["name"]] if PERSONAL.search(each["name"]) or free else []
    return found


def test_the_contract_asks_for_nothing_personal_in_an_address() -> None:
    document = openapi.document(OPERATIONS)
    assert asks_for(document) == []
    wrong: list[dict[str, Any]] = [{"name": name, "in": "query", "schema": {}} for name in ("bsn", "callName")]
    wrong.append({"name": "slug", "in": "path", "schema": {"type": "string"}})
    document["paths"]["/me"]["get"]["parameters"] += wrong
    assert asks_for(document) == ["bsn", "callName", "slug"]


def forms(value: str) -> Iterator[str]:
    """As it is, escaped, and in base 16 and 64, wherever in the bytes around it it begins."""
    yield from (value, quote(value), value.encode().hex())
    for shift in range(3):
        kept = (shift + len(value.encode())) // 3 * 4
        yield base64.urlsafe_b64encode(b"\0" * shift + value.encode()).decode()[4 if shift else 0 : kept]


def tells(text: str) -> list[str]:
    """Which of the resident's own data stand in a text."""
    values = (NAME, MAIL, BSN, BORN, TEXT)
    return [value for value in values if any(form.lower() in text.lower() for form in forms(value))]


def addressing(answer: httpx.Response) -> str:
    """All of an answer that is an address, becomes one, or is logged like one."""
    if not answer.headers.get("Content-Type", "").endswith("json"):
        return str(answer.headers.raw)
    body = answer.json()
    links = [body.get(name) for name in ("next", "previous", "instance", "type")]
    return str([answer.headers.raw, str(answer.request.url), links])


async def looked_at(world: World) -> AsyncIterator[tuple[str, httpx.Response]]:
    """Made, told, shared, listed one at a time, searched, and refused."""
    made = await world.post("greet", "/v1/residents", RESIDENT)
    yield "made", made
    path = made.headers["Location"].removeprefix("http://testserver")
    claims = await log_in(world, "merkteken", path)
    yield "assigned", await start(world, path, await worker_id(world, "teun"))
    told = [("portrait-items", {**SOUP, "text": TEXT}), ("baggage-notes", {**STORY, "shortVersion": TEXT})]
    for where, said in [*told, *told, ("consents", YES)]:
        yield where, await world.post("fien", f"{path}/{where}", said, claims=claims)
    for operation in OPERATIONS:
        if operation.method == "GET" and operation.parameters == ["residentId"]:
            where = path + operation.path.removeprefix("/residents/{residentId}")
            limited = f"{where}?limit=1" if operation.query else where
            yield operation.name, await world.get("fien", limited, claims=claims)
            yield f"{operation.name}, wrong", await world.get("fien", f"{where}?x={quote('é')}", claims=claims)
    for system, value in (("bsn", BSN), ("email", MAIL)):
        said = {**SEARCH, "system": system, "value": value}
        yield f"search by {system}", await world.post("teun", "/v1/residents/_search", said)
    yield "made twice", await world.post("greet", "/v1/residents", RESIDENT)


async def told(world: World) -> dict[str, list[str]]:
    return {what: found async for what, answer in looked_at(world) if (found := tells(addressing(answer)))}


async def test_core_transport_no_sensitive_uris(world: World) -> None:
    assert await told(world) == {}
    seen = [answer for answer in world.answers if answer.status_code == 200 and NAME in answer.text]
    assert len(seen) >= 2, "the resident's data did come back in bodies"
    assert sum("Link" in answer.headers for answer in world.answers) >= 3, "and lists went on"


async def test_a_link_that_tells_is_noticed(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """Positive control: a cursor made of what it stands on."""
    monkeypatch.setattr(Call, "link", lambda *_, **__: f"http://testserver/v1/me?cursor={list(forms('x' + TEXT))[4]}")
    assert set(await told(world)) >= {"listPortraitItems", "listBaggageNotes"}


@pytest.mark.parametrize("value", [NAME, MAIL, BSN, BORN, TEXT])
def test_each_form_of_each_value_is_noticed(value: str) -> None:
    """Positive control: whatever bytes stand before and after it."""
    for lead in (b"", b"a", b"ab", b"abc"):
        hidden = base64.urlsafe_b64encode(lead + value.encode() + b"zzz").decode()
        assert tells(f"https://x.example/?cursor={hidden}") == [value], lead
    for shown in (value.upper(), quote(value), value.encode().hex(), f"a{value}b"):
        assert tells(shown) == [value]


async def test_what_is_personal_in_an_address_is_nowhere(world: World) -> None:
    for path in (f"/v1/residents/{BSN}", f"/v1/residents/{MAIL}", f"/v1/workers/{NAME}"):
        check_problem(await world.get("greet", path), 404, "not_found")
