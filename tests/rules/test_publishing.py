"""/core/publish-openapi, /core/semver, /core/transport/cors: the contract is where one looks for it, for everyone."""

import re

import httpx
import pytest

from support_api.http import shell
from tests.conftest import World
from tests.contract.check import unchecked
from tests.rules.addresses import addresses, ask

_SEMVER = re.compile(r"(0|[1-9]\d*)\.(0|[1-9]\d*)\.(0|[1-9]\d*)(-[0-9A-Za-z.-]+)?(\+[0-9A-Za-z.-]+)?")
ELSEWHERE = {"Origin": "https://elsewhere.example"}


def unpublished(answer: httpx.Response) -> list[str]:
    """What is lacking for a reader on any web page."""
    if answer.status_code != 200:
        return [f"status {answer.status_code}"]
    document, here = answer.json(), str(answer.request.url)
    found = {
        "not JSON": answer.headers["Content-Type"] != "application/json",
        "not readable from a web page": answer.headers.get("Access-Control-Allow-Origin") != "*",
        "no OpenAPI 3": not document["openapi"].startswith("3."),
        "not at the base of the service": [f"{each['url']}/openapi.json" for each in document["servers"]] != [here],
        "another version than the answer's": document["info"]["version"] != answer.headers["API-Version"],
        "no semantic version": not _SEMVER.fullmatch(document["info"]["version"]),
    }
    return [fault for fault, there in found.items() if there]


async def test_core_publish_openapi_and_core_semver(world: World) -> None:
    """Without a token, with one that is worth nothing, from anywhere."""
    for headers in ({}, ELSEWHERE, {"Authorization": "Bearer nonsense"}, {"Cookie": "session=1"}):
        assert unpublished(await ask(world, "GET", "/v1/openapi.json", **headers)) == [], headers


async def test_what_is_lacking_is_noticed(world: World) -> None:
    """Positive controls: the very answer, spoilt one by one."""
    answer = await ask(world, "GET", "/v1/openapi.json")
    assert unpublished(spoilt(answer, answer.text, **{"Access-Control-Allow-Origin": "http://testserver"}))
    assert unpublished(spoilt(answer, answer.text, **{"API-Version": "9.9.9"}))
    assert unpublished(spoilt(answer, answer.text.replace('"http://testserver/v1"', '"http://testserver"')))
    assert unpublished(spoilt(answer, answer.text.replace('"3.1.0"', '"2.0"')))
    assert unpublished(spoilt(answer, answer.text.replace('"version":"0.', '"version":"v0.'), **{"API-Version": "v0"}))
    assert unpublished(await ask(world, "GET", "/openapi.json")) == ["status 404"]
    assert not unpublished(spoilt(answer, answer.text))


def spoilt(answer: httpx.Response, text: str, **headers: str) -> httpx.Response:
    return httpx.Response(200, text=text, headers={**answer.headers, **headers}, request=answer.request)


async def check_cors(world: World) -> None:
    asked = {"Access-Control-Request-Method": "GET", "Access-Control-Request-Headers": "authorization", **ELSEWHERE}
    for path in addresses():
        for method in ("GET", "HEAD", "OPTIONS"):
            answer = await ask(world, method, path, **asked)
            opened = [name for name in answer.headers if name.startswith("access-control-")]
            public = path == "/v1/openapi.json" and method != "OPTIONS"
            assert opened == ["access-control-allow-origin"] * public, f"{method} {path}"


async def test_core_transport_cors(world: World) -> None:
    """The list of allowed web pages is empty: only the contract can be read from one."""
    await check_cors(world)


async def test_a_service_that_lets_every_web_page_in_is_noticed(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """Positive control."""
    opened = (b"access-control-allow-origin", b"*")
    monkeypatch.setattr(shell, "_HEADERS", (*shell._HEADERS, opened))
    with unchecked("an undocumented header"), pytest.raises(AssertionError, match=r"OPTIONS /v1/openapi\.json"):
        await check_cors(world)
