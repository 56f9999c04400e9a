"""Tokens of a real provider: those meant for us open what they should, and nothing else that it hands out does."""

import asyncio
import datetime as real
import json
import subprocess
from typing import Any

import httpx
import pytest

from support_api.demo.cast import CASE_SYSTEM, FRONT_END, RESIDENT_PORTAL
from support_api.domain.vocabulary import Role
from tests.api.problems import check_problem
from tests.conftest import World
from tests.contract.check import assert_documented
from tests.docs import commands
from tests.docs.pages import page
from tests.processes import environment
from tests.provider.conftest import Service
from tests.provider.provider import ANOTHER, OPAQUE, Provider, challenge, new_key

pytestmark = [pytest.mark.node, pytest.mark.slow]
VERIFIER = "a-verifier-of-the-tests-that-is-long-enough-for-it"


async def get(client: httpx.AsyncClient, token: str, path: str = "/v1/me", **headers: str) -> httpx.Response:
    answer = await client.get(path, headers={"Authorization": f"Bearer {token}", **headers})
    assert_documented(answer)
    return answer


async def test_a_case_system_gets_in_with_its_key(world: World, provider: Provider, service: Service) -> None:
    given = (await provider.for_machine()).json()
    assert "refresh_token" not in given, "a system has its key for that"
    token = given["access_token"]
    async with service(provider) as client:
        me = (await get(client, token)).json()
        assert (me["role"], me["clientId"], me["residentId"]) == ("external_system", CASE_SYSTEM, None)
        workers = await get(client, token, "/v1/workers")
        assert workers.status_code == 200
        assert workers.json()["results"]
        hidden = await get(client, token, f"{world.fien}/portrait-items", **{"Processing-Purpose": "support"})
        check_problem(hidden, 404, "not_found")


def asked_as_on_the_page(provider: Provider, assertion: str) -> dict[str, Any]:
    """Typed as it stands, but for whose provider it is."""
    [command] = [each.text for each in commands.of(page("docs/integrating.md")) if each.heading == "Getting a token"]
    command = command.replace("curl ", "curl --silent --noproxy '*' ", 1)
    command = command.replace("https://login.voorbeeldstad.example", provider.issuer)
    shell = ["bash", "-euo", "pipefail", "-c", command]
    done = subprocess.run(shell, env=environment(ASSERTION=assertion), capture_output=True, text=True, check=True)
    return dict(json.loads(done.stdout))


async def test_the_command_of_the_page_gets_a_token(provider: Provider, service: Service) -> None:
    """And with the key of somebody else it gets none."""
    given = await asyncio.to_thread(asked_as_on_the_page, provider, provider.assertion())
    async with service(provider) as client:
        assert (await get(client, given["access_token"], "/v1/workers")).status_code == 200
    refused = await asyncio.to_thread(asked_as_on_the_page, provider, provider.assertion(new_key()))
    assert refused["error"] == "invalid_client"


async def test_a_resident_and_a_worker_get_in_with_a_code(world: World, provider: Provider, service: Service) -> None:
    fien = (await provider.for_person("fien", Role.RESIDENT, RESIDENT_PORTAL))["access_token"]
    teun = (await provider.for_person("teun", Role.WORKER, FRONT_END))["access_token"]
    briefing = f"{world.fien}/working-relationships/{world.person('teun').working_relationship_id}/briefing"
    async with service(provider) as client:
        assert (await get(client, fien)).json()["residentId"] == world.person("fien").resident_id
        assert len((await get(client, fien, f"{world.fien}/portrait-items")).json()["results"]) > 1
        assert (await get(client, fien, f"{world.fien}/consents")).status_code == 200, "asks for a stronger log-in"
        assert (await get(client, teun)).json()["role"] == "worker"
        read = await get(client, teun, briefing, **{"Processing-Purpose": "support"})
        assert (read.status_code, read.json()["state"]) == (200, "open"), read.text


async def not_for_us(provider: Provider) -> dict[str, str]:
    """Everything else that the provider hands out to the same people and systems."""
    logged_in = await provider.for_person("fien", Role.RESIDENT, RESIDENT_PORTAL)
    return {
        "an ID token": logged_in["id_token"],
        "for another audience": (await provider.for_machine(ANOTHER)).json()["access_token"],
        "of a person for another audience": (
            await provider.for_person("fien", Role.RESIDENT, RESIDENT_PORTAL, ANOTHER)
        )["access_token"],
        "an opaque token": (await provider.for_machine(OPAQUE)).json()["access_token"],
    }


async def check_refused(client: httpx.AsyncClient, tokens: dict[str, str]) -> None:
    for name, token in tokens.items():
        answer = await get(client, token)
        assert answer.status_code == 401, f"{name} opens it: {answer.status_code}"
        check_problem(answer, 401, "unauthorized")


async def test_what_is_not_meant_for_us_is_refused(provider: Provider, service: Service) -> None:
    async with service(provider) as client:
        await check_refused(client, await not_for_us(provider))


async def test_a_service_that_takes_for_ours_what_is_not_is_noticed(provider: Provider, service: Service) -> None:
    """Positive control."""
    async with service(provider, audience="another-api") as client:
        with pytest.raises(AssertionError, match="for another audience opens it: 200"):
            await check_refused(client, await not_for_us(provider))


async def test_a_token_ends(provider: Provider, service: Service, monkeypatch: pytest.MonkeyPatch) -> None:
    """Ten minutes, and half a minute for clocks that differ. Each is a new one: none is known from before."""

    def after(seconds: float) -> None:
        class Later(real.datetime):
            @classmethod
            def now(cls, tz: Any = None) -> "Later":
                return super().now(tz) + real.timedelta(seconds=seconds)

        monkeypatch.setattr("jwt.api_jwt.datetime", Later)

    async with service(provider) as client:
        for seconds, status in ((590, 200), (640, 401)):
            token = (await provider.for_machine()).json()["access_token"]
            after(seconds)
            assert (await get(client, token)).status_code == status, seconds


async def test_the_provider_refuses_a_client_with_another_key(provider: Provider) -> None:
    answer = await provider.for_machine(key=new_key())
    assert (answer.status_code, answer.json()["error"]) == (401, "invalid_client")


async def test_the_provider_refuses_a_code_without_its_verifier(provider: Provider) -> None:
    """So whoever catches a code on its way back has nothing. With it, the same code is good, and once."""
    bare = await provider.code("fien", Role.RESIDENT, RESIDENT_PORTAL)
    assert bare["error"] == "invalid_request"
    plain = await provider.code(
        "fien", Role.RESIDENT, RESIDENT_PORTAL, code_challenge=VERIFIER, code_challenge_method="plain"
    )
    assert plain["error"] == "invalid_request"
    code = (await provider.code("fien", Role.RESIDENT, RESIDENT_PORTAL, code_challenge=challenge(VERIFIER)))["code"]
    tried: list[dict[str, str]] = [{}, {"code_verifier": VERIFIER + "x"}, {"code_verifier": VERIFIER}]
    answers = [await provider.redeem(code, RESIDENT_PORTAL, **said) for said in tried]
    assert [answer.status_code for answer in answers] == [400, 400, 200]
    again = await provider.redeem(code, RESIDENT_PORTAL, code_verifier=VERIFIER)
    assert (again.status_code, again.json()["error"]) == (400, "invalid_grant")
