"""What is right comes back byte for byte: from each text field of each operation, at once, when read, in a list, and
after a change."""

import json
import unicodedata
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest

from support_api.http import reading
from support_api.http.wire import View
from tests.conftest import World
from tests.every_operation import BY_NAME, WITH_BODY, Good, good
from tests.hostile.corpus.good_texts import GOOD_TEXTS
from tests.hostile.judging import assert_none
from tests.hostile.places import Place, places
from tests.leaks.asking import HIDDEN, rich
from tests.leaks.planting import Planter
from tests.make import new_resident, start, worker_id
from tests.schemas import Schemas, of_body

_ROOT = "http://testserver"
_UNSHOWN = ("startWorkingRelationship",)  # who assigns is not told more than that it is done


def with_text(name: str) -> bool:
    schema = of_body(BY_NAME[name])
    return Schemas(schema).takes_text({"type": "object", **schema})


NAMES = [name for name in WITH_BODY if with_text(name)]


async def said(world: World, name: str, text: str) -> list[str]:
    """Complaints about one operation with this text in each field that takes it."""
    request = await _asked(world, name, text)
    body = Planter(of_body(request.operation), text).planted(request.body)
    answer = await _sent(world, request, json.dumps(body, ensure_ascii=False).encode())
    if answer.status_code != request.operation.status:
        return [f"{name} refuses {text!r}: {answer.text}"]
    lacks = count(answer.json(), text) < count(body, text) and name not in _UNSHOWN
    found = [f"{name} answers otherwise: {text!r} is {answer.text}"] if lacks else []
    async for where, shown in shows(world, request, answer):
        if count(shown, text) < count(body, text):
            found.append(f"{name}, {where}: {text!r} is {json.dumps(shown)}")
    return found


async def _asked(world: World, name: str, text: str) -> Good:
    """For what only shows to who works with the resident, or only when it is found."""
    if name == "searchResidents":
        path = await new_resident(world, "teun", callName=text, identifiers=[{"system": "external_id", "value": text}])
        await start(world, path, await worker_id(world, "teun"))
        return await good(world, name)
    request = await rich(world, name)
    return request.but(name="teun") if name == "createResident" else request


async def _sent(world: World, request: Good, content: bytes) -> httpx.Response:
    return await world.client.request(request.method, request.path, content=content, headers=request.sent(world))


async def shows(world: World, request: Good, answer: httpx.Response) -> AsyncIterator[tuple[str, Any]]:
    """Where else it can be read: the thing itself, and the list that holds it."""
    name, path = request.name, answer.headers.get("Location", request.path).removeprefix(_ROOT)
    path = path.rsplit("/_", 1)[0]
    if request.operation.name == "searchResidents":
        return  # what was found stood in its answer
    if request.operation.name == "startEmergencyAccess":
        name = "fien"
    if request.operation.name == "createResident":
        await start(world, path, await worker_id(world, "teun"))
    if request.operation.name == "startWorkingRelationship":
        name = "teun"
    yield "read", (await world.get(name, path)).json()
    holder, last = path.rsplit("/", 1)
    if last != "briefing" and holder != "/v1/residents":
        page = (await world.get(name, f"{holder}?limit=100")).json()
        yield "in a list", [each for each in page["results"] if each["id"] == last]


def count(value: Any, text: str) -> int:
    """How often it stands there as a whole; what is never given back doesn't count."""
    if isinstance(value, dict):
        return sum(count(each, text) for name, each in value.items() if name not in HIDDEN)
    if isinstance(value, list):
        return sum(count(each, text) for each in value)
    return value == text


@pytest.mark.slow
@pytest.mark.parametrize("name", NAMES)
async def test_each_text_comes_back_as_it_was_said(world: World, name: str) -> None:
    assert_none([each for text in GOOD_TEXTS for each in await said(world, name, text)])


@pytest.mark.slow
@pytest.mark.parametrize("name", sorted({*NAMES} - {"searchResidents"}))
async def test_each_text_may_be_as_long_as_the_contract_says(world: World, name: str) -> None:
    """Counted in characters, not in bytes or halves of characters."""
    found = []
    for at, place in enumerate(_texts(await rich(world, name))):
        request = await rich(world, name)
        place, text = _texts(request)[at], "\U0001f600" * place.kind["maxLength"]
        answer = await _sent(world, request, place.holding(json.dumps(text).encode()))
        if answer.status_code != request.operation.status or not (count(answer.json(), text) or name in _UNSHOWN):
            found.append(f"{name} refuses or forgets {place.pointer}: {answer.text}")
    assert_none(found)


def _texts(request: Good) -> list[Place]:
    free = Schemas(of_body(request.operation)).takes_text
    found = [place for place in places(request) if place.kind["type"] == "string" and free(place.kind)]
    return [place for place in found if not set(HIDDEN) & set(place.pointer.split("/"))]


def _composed(content: bytes) -> bytes:
    return unicodedata.normalize("NFC", content.decode()).encode()


async def test_a_service_that_mends_what_it_reads_is_noticed(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """Positive control."""
    body = reading.body
    monkeypatch.setattr(reading, "body", lambda operation, raw, faults: body(operation, _composed(raw), faults))
    assert await said(world, "createPortraitItem", "e\u0301")
    assert not await said(world, "createPortraitItem", "é")


@pytest.mark.parametrize("name", ["PortraitItemPageView", "PortraitItemView"])
async def test_a_service_that_mends_what_it_shows_is_noticed(
    world: World, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    """Positive control: in one place only."""
    as_it_is = View.json_bytes

    def mended(view: View) -> bytes:
        content = as_it_is(view)
        return _composed(content) if type(view).__name__ == name else content

    monkeypatch.setattr(View, "json_bytes", mended)
    found = await said(world, "createPortraitItem", "e\u0301")
    assert [each.split(":")[0] for each in found] == (
        ["createPortraitItem, in a list"]
        if "Page" in name
        else ["createPortraitItem answers otherwise", "createPortraitItem, read"]
    )
