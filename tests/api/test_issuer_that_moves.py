"""An issuer gets another address, and everybody who logs in there stays who they are."""

from typing import Any

import jwt
import pytest

from support_api.demo.issuer import ISSUER
from support_api.settings import IssuerSettings, SettingsError, read_settings
from tests.conftest import World, running

MOVED = "https://login.voorbeeldstad.example/new"


def moved_token(world: World, name: str) -> str:
    claims = {**jwt.decode(world.token(name), options={"verify_signature": False}), "iss": MOVED}
    issuer = world.cluster.issuer
    return jwt.encode(claims, issuer._key, "ES256", headers={"typ": "at+jwt", "kid": issuer.thumbprint})


async def me(world: World, token: str, **changes: Any) -> tuple[int, Any]:
    entry = {**world.cluster.issuer.settings(), "demo": False}
    issuers = [IssuerSettings(**{**entry, "issuer": MOVED, **changes}), IssuerSettings(**entry)]
    async with running(world.cluster, world.main, world.keys, issuers=issuers) as client:
        answer = await client.get("/v1/me", headers={"Authorization": f"Bearer {token}"})
        return answer.status_code, answer.json()


async def test_whoever_logs_in_at_the_new_address_is_who_they_were(world: World) -> None:
    before = await world.get("fien", "/v1/me")
    assert before.json()["residentId"]
    assert await me(world, moved_token(world, "fien"), subject_namespace=ISSUER) == (200, before.json())
    assert await me(world, world.token("fien"), subject_namespace=ISSUER) == (200, before.json())


@pytest.mark.parametrize("changes", [{}, {"subject_namespace": "urn:somebody-else"}])
async def test_without_that_name_they_are_strangers(world: World, changes: dict[str, str]) -> None:
    """The control: the setting is what does it."""
    assert (await me(world, moved_token(world, "fien"), **changes))[0] == 404


def test_an_empty_name_is_a_mistake() -> None:
    with pytest.raises(SettingsError, match="SUBJECT_NAMESPACE"):
        read_settings(issuers=[{"issuer": MOVED, "subject_namespace": ""}])
