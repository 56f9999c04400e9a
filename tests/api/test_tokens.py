"""Hostile tokens (ASVS 9.1, 9.2): all get the same 401, and none makes the service ask the database or another host
anything."""

import asyncio
import base64
import re
import time
from typing import Any
from uuid import UUID

import httpx
import jwt
import pytest

from support_api.demo.cast import VERZONNERDAM, VOORBEELDSTAD
from support_api.http import auth
from support_api.settings import IssuerSettings
from tests.api.door import watched
from tests.api.forge import Forge, unsigned
from tests.api.hostile_tokens import hostile
from tests.api.problems import check_problem
from tests.conftest import World, running
from tests.listening import listening

TRACE = {"traceparent": "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"}


async def check_refused(client: httpx.AsyncClient, world: World) -> None:
    """All of them, by the service that knows the two towns' issuer."""
    asked: list[str] = []

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        asked.append((await reader.readline()).decode())
        writer.write(b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")

    async with listening(answer) as port:
        listener = f"http://127.0.0.1:{port}/jwks.json"
        bodies = set()
        for name, values in hostile(Forge(world), listener).items():
            with watched() as door:
                sent = [("Authorization", value.encode("latin-1")) for value in values]
                refused = await client.get("/v1/me", headers=[*sent, *TRACE.items()])
            assert refused.status_code == 401, name
            check_problem(refused, 401, "unauthorized")
            assert refused.headers["WWW-Authenticate"] == "Bearer"
            assert door.connections == 0, name
            bodies.add(refused.content)
        assert (len(bodies), asked) == (1, [])
        async with httpx.AsyncClient() as outsider:
            await outsider.get(listener)
        assert len(asked) == 1, "the listener listens"


def two_towns(world: World) -> list[IssuerSettings]:
    return [IssuerSettings(**world.cluster.issuer.settings(), municipalities=(VOORBEELDSTAD.id, VERZONNERDAM.id))]


async def test_every_hostile_token_gets_the_same_401(world: World) -> None:
    async with running(world.cluster, world.main, world.keys, issuers=two_towns(world)) as client:
        await client.get("/v1/me", headers={"Authorization": f"Bearer {world.token('teun')}"})
        await check_refused(client, world)


async def test_a_good_token_is_let_in(world: World) -> None:
    """Control: what the hostile ones are made of is good, and so are the forms that the profile allows."""
    forge, now = Forge(world), int(time.time())
    good = [
        forge.token(),
        forge.token({"typ": "application/at+jwt"}),
        forge.token(claims={"client_id": None, "azp": forge.claims["client_id"]}),
        forge.token(claims={"aud": ["account", "support-api"]}),
        forge.token(claims={"nbf": now - 5, "iat": now + 10}),
        forge.token(claims={"jti": "j" * 255, "scope": "me:read ".ljust(2000, "x")}),
        forge.token({"jku": "https://issuer.example/jwks.json"}),
    ]
    for token in good:
        answer = await world.client.get("/v1/me", headers={"Authorization": f"Bearer {token}"})
        assert answer.status_code == 200, answer.text
    answer = await world.client.get("/v1/me", params={"access_token": forge.token()})
    check_problem(answer, 401, "unauthorized")


def of_length(forge: Forge, length: int) -> str:
    """A good token of so many characters."""
    room = (length - len(forge.token())) * 3 // 4
    made = (forge.token({"x": "x" * a}, {"x": "x" * (room - b)}) for a in range(3) for b in range(30))
    return next(token for token in made if len(token) == length)


async def test_a_token_has_at_most_8192_characters(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever stands around it. And a control: what is refused of a longer one is its length."""
    longest, longer = (of_length(Forge(world), length) for length in (8192, 8193))

    async def status(token: str) -> int:
        return (await world.client.get("/v1/me", headers={"Authorization": f"Bearer  {token}"})).status_code

    assert (await status(longest), await status(longer)) == (200, 401)
    monkeypatch.setattr(auth, "LONGEST_TOKEN", 8193)
    assert await status(longer) == 200


@pytest.mark.parametrize("scheme", ["Bearer ", "bearer ", "BEARER ", "bEaReR ", "Bearer  ", "bearer     "])
async def test_the_scheme_is_in_any_case_with_one_space_or_more(world: World, scheme: str) -> None:
    """RFC 9110, 11.1 and 11.4."""
    answer = await world.client.get("/v1/me", headers={"Authorization": f"{scheme}{world.token('teun')}"})
    assert answer.status_code == 200, answer.text


@pytest.mark.parametrize(
    ("place", "lenient"),
    [
        ("jwt.decode", unsigned(jwt.decode)),
        ("_TYPES", ("at+jwt", "JWT")),
        ("_unique", dict),
        ("LEEWAY_SECONDS", 3600),
        ("_COMPACT", re.compile(r"(?i)bearer\s+(.+)")),
    ],
)
async def test_a_lenient_verifier_is_noticed(
    world: World, monkeypatch: pytest.MonkeyPatch, place: str, lenient: Any
) -> None:
    """Positive controls."""
    monkeypatch.setattr(f"{auth.__name__}.{place}", lenient)
    async with running(world.cluster, world.main, world.keys, issuers=two_towns(world)) as client:
        with pytest.raises(AssertionError):
            await check_refused(client, world)


class _AnyStart(auth._Claims):
    nbf: Any = 0


def _any_spelling(issuer: auth.Issuer, payload: dict[str, Any], strict: Any = auth._municipality) -> Any:
    try:
        payload = {"municipality": str(UUID(payload["municipality"]))}
    except (KeyError, TypeError, AttributeError, ValueError):
        payload = {}
    return strict(issuer, payload)


@pytest.mark.parametrize(
    ("place", "lenient", "noticed"),
    [
        ("_Claims", _AnyStart, "nbf '1'"),
        ("_municipality", _any_spelling, "municipality respelt"),
    ],
)
async def test_a_claim_that_is_read_kindly_is_noticed(
    world: World, monkeypatch: pytest.MonkeyPatch, place: str, lenient: Any, noticed: str
) -> None:
    """Positive controls."""
    monkeypatch.setattr(auth, place, lenient)
    async with running(world.cluster, world.main, world.keys, issuers=two_towns(world)) as client:
        with pytest.raises(AssertionError, match=noticed):
            await check_refused(client, world)


def _any_bits(part: str | bytes, _: str = "") -> bytes:
    text = part if isinstance(part, str) else part.decode()
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


async def test_a_token_has_one_spelling_whatever_the_library_does(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And a positive control: with a lenient library and a lenient service, the other spellings get in."""
    monkeypatch.setattr("jwt.api_jws.PyJWS._decode_base64url_segment", staticmethod(_any_bits))
    async with running(world.cluster, world.main, world.keys, issuers=two_towns(world)) as client:
        await check_refused(client, world)
        monkeypatch.setattr(auth, "_decoded", _any_bits)
        with pytest.raises(AssertionError, match="respelt"):
            await check_refused(client, world)
