"""Nothing that a caller sends comes back in an error or goes into the log (ASVS 16.2.5, 16.5.1): it may be about a
resident, it may be an attack on who reads it."""

import json
import logging
from collections.abc import Callable
from types import ModuleType
from typing import Any

import httpx
import pytest

from support_api.domain.errors import Fault
from support_api.http import edge, reading
from tests.conftest import World

CANARY = "kanarie7f3a91"
BODIES: tuple[bytes, ...] = (
    CANARY.encode(),
    f'{{"{CANARY}": 1, "{CANARY}": 2}}'.encode(),
    f'{{"kind": "joy", "text": "a" {CANARY}}}'.encode(),
    *(
        json.dumps({"kind": "joy", "text": "Soep.", **said}).encode()
        for said in (
            {CANARY: CANARY},
            {"kind": CANARY},
            {"kind": {CANARY: CANARY}},
            {"text": CANARY + "\u0000"},
            {"text": CANARY * 100},
            {"text": [CANARY]},
            {"seenBy": {CANARY: CANARY}},
            {"seenBy": [CANARY, {CANARY: 1}]},
            {"domainCodes": [CANARY.upper()]},
            {"workerId": CANARY},
            {"rank": CANARY},
            {"visibility": CANARY},
        )
    ),
)
HEADERS = (
    "Authorization",
    "Processing-Purpose",
    "Accept",
    "Accept-Language",
    "Content-Type",
    "Content-Encoding",
    "Idempotency-Key",
    "traceparent",
    "Host",
    "X-Request-Id",
    "Origin",
    "X-Forwarded-Host",
    "X-HTTP-Method-Override",
)
PATHS = ("/v1/{c}", "/v1//{c}", "/v1/residents/{c}/portrait-items", "{p}/{c}", "{p}?{c}=1", "{p}?limit={c}")
PATHS += ("{p}?cursor={c}", "{p}?count={c}", "{p}?limit=1&limit={c}", "/{c}/", "/v1/me?" + "{c}" * 400)


async def answers(world: World) -> list[httpx.Response]:
    """One answer for each place where the canary can sit."""
    place = f"{world.fien}/portrait-items"
    found = [await world.client.request("POST", place, content=body, headers=headers(world)) for body in BODIES]
    for name in HEADERS:
        sent = {**headers(world), name: f"{CANARY} {CANARY}"}
        found.append(await world.client.post(place, content=b"{", headers=sent))
    for path in PATHS:
        asked = path.format(c=CANARY, p=place)
        found.append(await world.client.get(asked, headers={"Authorization": f"Bearer {world.token('fien')}"}))
    item = f"{place}/0199aaaa-0000-7000-8000-00000000dead"
    found.append(await world.patch("fien", item, {CANARY: CANARY}, f'"{CANARY}"'))
    found.append(await world.client.request(CANARY.upper(), place))
    return found


def headers(world: World) -> dict[str, str]:
    token = {"Authorization": f"Bearer {world.token('teun')}", "Processing-Purpose": "support"}
    return {**token, "Content-Type": "application/json", "Idempotency-Key": "0123456789abcdef"}


def check_silent(found: list[httpx.Response], log: str) -> None:
    for answer in found:
        assert 400 <= answer.status_code < 500, answer.url
        heard = answer.text + str(answer.headers.raw)
        assert CANARY not in heard.lower(), (answer.url, heard)
    assert CANARY not in log.lower()


async def test_nothing_that_was_sent_comes_back_or_is_logged(world: World, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG, "support_api"):
        found = await answers(world)
    check_silent(found, caplog.text)


def _named(*args: Any) -> Fault:
    return Fault(str(args[1]["loc"]), "unknown", "Dit veld bestaat niet.")


@pytest.mark.parametrize(("module", "name", "leak"), [(reading, "_fault", _named), (edge, "language", ",".join)])
async def test_an_echo_is_noticed(
    world: World, monkeypatch: pytest.MonkeyPatch, module: ModuleType, name: str, leak: Callable[..., Any]
) -> None:
    """Positive control: a fault that names the caller's own field, a header that repeats the caller's."""
    monkeypatch.setattr(module, name, leak)
    with pytest.raises(AssertionError):
        check_silent(await answers(world), "")
