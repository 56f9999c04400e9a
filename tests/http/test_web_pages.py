"""Pages of origins that are allowed can call from a browser and read every answer; no other page can (CORS)."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from unittest.mock import patch

import httpx
import pytest

from support_api.http.cors import ALLOWED_HEADERS, EXPOSED_HEADERS, Origins
from support_api.http.edge import Edge
from support_api.settings import SettingsError, read_settings
from tests.conftest import World, running
from tests.contract.check import unchecked

PAGE = "https://werkplek.example"
ALLOWED = (PAGE, "http://localhost:*", "http://[::1]:5173")
Call = Callable[[httpx.AsyncClient], Awaitable[httpx.Response]]


@asynccontextmanager
async def allowing(world: World, **changes: object) -> AsyncIterator[httpx.AsyncClient]:
    given = {"allowed_origins": ALLOWED, **changes}
    async with running(world.cluster, world.main, world.keys, **given) as client:
        client.headers["Origin"] = PAGE
        yield client


def asked(method: str, **more: str) -> dict[str, str]:
    return {"Access-Control-Request-Method": method, **more}


def readable(answer: httpx.Response, origin: str = PAGE) -> bool:
    """Whether a browser lets the page of that origin read the answer and all of our headers."""
    shown = {name.strip() for name in answer.headers.get("access-control-expose-headers", "").split(",")}
    return (
        answer.headers.get("access-control-allow-origin") == origin
        and shown == set(EXPOSED_HEADERS)
        and answer.headers.get("vary") == "Origin"
        and "access-control-allow-credentials" not in answer.headers
    )


@pytest.mark.parametrize("origin", [PAGE, "http://localhost:5173", "http://localhost", "http://[::1]:5173"])
async def test_a_browser_that_asks_first_may_call(world: World, origin: str) -> None:
    headers = {"Origin": origin, **asked("PATCH", **{"Access-Control-Request-Headers": "authorization,if-match"})}
    async with allowing(world) as client:
        with unchecked("a preflight is no operation"):
            answer = await client.options(f"{world.fien}/portrait-items", headers=headers)
    assert (answer.status_code, answer.content) == (204, b"")
    assert readable(answer, origin)
    assert "PATCH" in answer.headers["access-control-allow-methods"]
    assert set(answer.headers["access-control-allow-headers"].split(", ")) == set(ALLOWED_HEADERS)
    assert answer.headers["access-control-max-age"] == "600"
    assert answer.headers["x-content-type-options"] == "nosniff"


@pytest.mark.parametrize(
    "origin",
    [
        "https://evil.example",
        "https://werkplek.example.evil.example",
        "https://werkplek.example:8443",
        "http://werkplek.example",
        "https://WERKPLEK.example",
        "https://werkplekxexample",
        "http://localhost.evil.example",
        "http://localhost:5173.evil.example",
        "http://[::1]:5174",
        "null",
        "",
    ],
)
async def test_other_pages_are_told_nothing(world: World, origin: str) -> None:
    async with allowing(world) as client:
        for answer in (
            await client.options("/v1/me", headers={"Origin": origin, **asked("GET")}),
            await client.get("/v1/me", headers={"Origin": origin}),
        ):
            assert {name for name in answer.headers if name.startswith("access-control")} == set()
            assert answer.headers["vary"] == "Origin"


async def test_with_none_allowed_none_is(world: World) -> None:
    """As it is from the start."""
    for origin in (PAGE, "http://localhost:5173", "http://testserver"):
        answer = await world.client.options("/v1/me", headers={"Origin": origin, **asked("GET")})
        assert (answer.status_code, answer.headers["allow"]) == (204, "GET, HEAD, OPTIONS")
        assert not [name for name in answer.headers if name.startswith("access-control") or name == "vary"]


ERRORS: dict[str, tuple[int, Call]] = {
    "no token": (401, lambda client: client.get("/v1/me")),
    "no such address": (404, lambda client: client.get("/v1/nowhere")),
    "refused by the shell": (404, lambda client: client.get("/v1//me")),
    "too long": (414, lambda client: client.get("/v1/" + "a" * 3000)),
    "too large": (413, lambda client: client.post("/v1/residents", content=b"x" * 300_000)),
    "headers": (431, lambda client: client.get("/v1/me", headers={"X-Long": "x" * 20_000})),
    "method": (405, lambda client: client.delete("/v1/me")),
    "the start page": (200, lambda client: client.get("/")),
    "the head of nothing": (404, lambda client: client.head("/v1/nowhere")),
    "options": (204, lambda client: client.options("/v1/me")),
}


@pytest.mark.parametrize("what", ERRORS)
async def test_every_answer_can_be_read(world: World, what: str) -> None:
    status, call = ERRORS[what]
    async with allowing(world) as client:
        answer = await call(client)
    assert answer.status_code == status
    assert readable(answer)


async def test_a_page_that_calls_too_fast_can_read_when_to_come_back(world: World) -> None:
    async with allowing(world, client_per_second=1) as client:
        headers = {"Authorization": f"Bearer {world.token('teun')}"}
        answers = [await client.get("/v1/me", headers=headers) for _ in range(4)]
    assert {answer.status_code for answer in answers} == {200, 429}
    assert "Retry-After" in EXPOSED_HEADERS
    assert all(readable(answer) for answer in answers)


async def test_a_crash_can_be_read_too(world: World) -> None:
    async with allowing(world) as client:
        with unchecked("broken on purpose"), patch.object(Edge, "run", side_effect=RuntimeError):
            answer = await client.get("/v1/me")
    assert answer.status_code == 500
    assert readable(answer)


async def test_an_answer_that_goes_around_it_would_be_noticed(world: World) -> None:
    """The control: what the shell refuses itself, without it."""
    with patch.object(Origins, "added", return_value=[]):
        async with allowing(world) as client:
            assert not readable(await client.get("/v1//me"))


async def test_the_contract_is_open_to_every_page(world: World) -> None:
    async with allowing(world) as client:
        for origin in (PAGE, "https://evil.example"):
            answer = await client.get("/v1/openapi.json", headers={"Origin": origin})
            assert answer.headers.get_list("access-control-allow-origin") == ["*"]


def test_two_origins_are_none() -> None:
    scope = {"method": "GET", "headers": [(b"origin", PAGE.encode())] * 2}
    assert Origins([PAGE]).added(scope, set()) == [(b"vary", b"Origin")]


def test_the_setting_is_a_list_in_words(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SUPPORT_API_ALLOWED_ORIGINS", f" {PAGE},\n http://localhost:* http://127.0.0.1:3000 ")
    assert read_settings().allowed_origins == (PAGE, "http://localhost:*", "http://127.0.0.1:3000")


@pytest.mark.parametrize(
    "wrong",
    [
        "*",
        "null",
        "werkplek.example",
        "https://werkplek.example/",
        "https://*.example",
        "https://werkplek.example:*",
        "http://werkplek.example",
        "https://Werkplek.example",
        f"{PAGE} *",
    ],
)
def test_what_is_no_origin_is_refused(monkeypatch: pytest.MonkeyPatch, wrong: str) -> None:
    monkeypatch.setenv("SUPPORT_API_ALLOWED_ORIGINS", wrong)
    with pytest.raises(SettingsError, match="SUPPORT_API_ALLOWED_ORIGINS"):
        read_settings()
