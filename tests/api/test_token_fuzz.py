"""Thousands of mutants of a good token: each is the same 401, or it was genuine still. Never a 500, never a question to
the database or to another host."""

import json
from collections import Counter
from itertools import islice
from typing import Any
from uuid import UUID

import httpx
import jwt
import pytest

from support_api.domain.vocabulary import Role
from support_api.http import auth
from support_api.settings import IssuerSettings
from tests.api.door import watched
from tests.api.forge import Forge, unsigned
from tests.api.genuine import TOWNS, genuine
from tests.api.mutants import Mutants
from tests.api.problems import check_problem
from tests.conftest import World, running
from tests.listening import listening
from tests.make import TRACE
from tests.outbound.origin import Origin

COUNT, SEED = 4000, 20261125


async def check_mutants(world: World, count: int = COUNT) -> Counter[int]:
    """By a service that fetches its keys from an issuer, who counts how often. Answers how often which status came."""
    origin = Origin()
    origin.answers(json.dumps(world.cluster.issuer.jwks).encode())
    async with listening(origin.serve) as port:
        address = f"http://127.0.0.1:{port}"
        said = {**world.cluster.issuer.settings(), "jwks": None, "demo": False, "jwks_uri": f"{address}/keys"}
        issuers = [IssuerSettings(**said, municipalities=TOWNS)]
        async with running(world.cluster, world.main, world.keys, issuers=issuers) as client:
            forge = Forge(world)
            assert (await sent(client, [f"Bearer {forge.token()}"])).status_code == 200
            found = await _statuses(client, forge, islice(Mutants(forge, f"{address}/theirs", SEED), count))
    assert set(origin.asked) == {"/keys"}
    assert len(origin.asked) <= 2, "an unknown key id may ask once"
    return found


async def _statuses(client: httpx.AsyncClient, forge: Forge, mutants: Any) -> Counter[int]:
    found, bodies = Counter[int](), set()
    with watched() as door:
        for number, values in enumerate(mutants):
            before = door.connections
            answer = await sent(client, values)
            found[answer.status_code] += 1
            what = f"mutant {number}, {answer.status_code}: {values}"
            assert answer.status_code in (200, 401, 403, 404), what
            if answer.status_code != 401:
                assert genuine(forge, values), f"let in {what}"
                continue
            check_problem(answer, 401, "unauthorized")
            assert door.connections == before, what
            bodies.add((answer.content, tuple(answer.headers.multi_items())))
    assert len(bodies) == 1
    return found


async def sent(client: httpx.AsyncClient, values: list[str]) -> httpx.Response:
    headers = [("Authorization", value.encode("latin-1")) for value in values]
    return await client.get("/v1/me", headers=[*headers, *TRACE.items()])


@pytest.mark.slow
async def test_a_mutant_is_refused_or_genuine(world: World) -> None:
    found = await check_mutants(world)
    assert found[401] > COUNT / 2
    assert found[200] > COUNT / 50, "some change nothing that matters: to refuse everything is no proof"


def _any_role(value: str) -> Role:
    return Role(value) if value in list(Role) else Role.WORKER


HOLES: dict[str, tuple[str, Any, str]] = {
    "takes any signature": ("jwt.decode", unsigned(jwt.decode), "let in"),
    "takes any type": ("_TYPES", ("at+jwt", "application/at+jwt", "JWT", None, ""), "let in"),
    "takes names twice": ("_unique", dict, "let in"),
    "takes any role": ("Role", _any_role, "let in"),
    "takes old tokens": ("LEEWAY_SECONDS", 1000, "let in"),
    "breaks on a number": ("UUID", lambda value: UUID(value) if isinstance(value, str) else 1 // 0, "500"),
}


@pytest.mark.slow
@pytest.mark.parametrize("hole", HOLES)
async def test_a_hole_is_found(world: World, monkeypatch: pytest.MonkeyPatch, hole: str) -> None:
    """Positive controls."""
    place, spoilt, noticed = HOLES[hole]
    monkeypatch.setattr(f"{auth.__name__}.{place}", spoilt)
    with pytest.raises(AssertionError, match=noticed):
        await check_mutants(world)
