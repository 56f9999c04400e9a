"""A real provider that changes its keys, and one that is gone."""

import asyncio
from pathlib import Path
from typing import Any

import httpx
import jwt
import pytest

from support_api.outbound import jwks as outbound
from support_api.outbound.jwks import PublicKey
from tests.provider.conftest import Clock, Service
from tests.provider.provider import Provider, jwks, new_key

pytestmark = [pytest.mark.node, pytest.mark.slow]
OLD, NEW = jwks("old")["keys"], jwks("new")["keys"]


async def machine_tokens(provider: Provider, kid: str, count: int) -> list[str]:
    tokens = [(await provider.for_machine()).json()["access_token"] for _ in range(count)]
    assert {jwt.get_unverified_header(token)["kid"] for token in tokens} == {kid}
    return tokens


def of_unknown_key(token: str) -> str:
    """The same claims, signed by a stranger who names a key that nobody has."""
    claims = jwt.decode(token, options={"verify_signature": False})
    return jwt.encode(claims, new_key(), "ES256", {"typ": "at+jwt", "kid": "unknown"})


async def status(client: httpx.AsyncClient, token: str) -> int:
    async with asyncio.timeout(5):
        return (await client.get("/v1/me", headers={"Authorization": f"Bearer {token}"})).status_code


async def check_rotation(folder: Path, service: Service, clock: Clock) -> None:
    """The new key comes beside the old one, and the old one goes later. No token is used twice: none is remembered."""
    provider, found = Provider(folder), {}
    with provider.running({"keys": OLD}):
        old = await machine_tokens(provider, "old", 3)
    with provider.running({"keys": NEW}):
        new = await machine_tokens(provider, "new", 3)
    with provider.running({"keys": OLD}) as process:
        async with service(provider) as client:
            found["old"] = await status(client, old[0])
            process.stop()
            with provider.running({"keys": [*NEW, *OLD]}):
                found["new, within a minute"] = await status(client, new[0])
                clock.now += 61
                found["new, a minute later"] = await status(client, new[1])
                found["old, beside it"] = await status(client, old[1])
            with provider.running({"keys": NEW}):
                clock.now += 61
                await status(client, of_unknown_key(new[0]))
                found["new, alone"] = await status(client, new[2])
                found["old, withdrawn"] = await status(client, old[2])
    assert found == {
        "old": 200,
        "new, within a minute": 401,
        "new, a minute later": 200,
        "old, beside it": 200,
        "new, alone": 200,
        "old, withdrawn": 401,
    }


async def test_a_provider_changes_its_keys(folder: Path, service: Service, clock: Clock) -> None:
    await check_rotation(folder, service, clock)


def _hoarding() -> Any:
    """Reads key sets, and never lets a key go."""
    parse, kept = outbound._parse, dict[str, PublicKey]()

    def hoard(found: Any) -> dict[str, PublicKey]:
        kept.update(parse(found))
        return dict(kept)

    return hoard


@pytest.mark.parametrize(
    ("place", "careless", "noticed"),
    [("_parse", _hoarding(), "'old, withdrawn': 200"), ("_RETRY_SECONDS", 0.0, "'new, within a minute': 200")],
    ids=["hoards", "asks at once"],
)
async def test_careless_keeping_of_keys_is_noticed(
    folder: Path,
    service: Service,
    clock: Clock,
    monkeypatch: pytest.MonkeyPatch,
    place: str,
    careless: Any,
    noticed: str,
) -> None:
    """Positive controls."""
    monkeypatch.setattr(outbound, place, careless)
    with pytest.raises(AssertionError, match=noticed):
        await check_rotation(folder, service, clock)


async def test_a_provider_that_is_gone_takes_nobody_along(folder: Path, service: Service, clock: Clock) -> None:
    """Known keys stay good for a day. Then it is 503, not 401: a good token may be tried again."""
    provider = Provider(folder)
    with provider.running({"keys": OLD}) as process:
        tokens = await machine_tokens(provider, "old", 5)
        async with service(provider) as client:
            assert await status(client, tokens[0]) == 200
            process.kill()
            assert await status(client, tokens[1]) == 200
            clock.now += 61
            assert await status(client, of_unknown_key(tokens[0])) == 401
            assert await status(client, tokens[2]) == 200
            clock.now += 24 * 3600
            assert await status(client, tokens[3]) == 503
            with provider.running({"keys": OLD}):
                clock.now += 61
                await status(client, of_unknown_key(tokens[0]))
                assert await status(client, tokens[4]) == 200


async def test_a_provider_that_was_never_there(folder: Path, service: Service) -> None:
    provider = Provider(folder)
    with provider.running({"keys": OLD}):
        [token] = await machine_tokens(provider, "old", 1)
    async with service(provider) as client:
        assert await status(client, token) == 503
