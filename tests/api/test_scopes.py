"""Each operation needs exactly the scope that the contract names: no other scope opens it, and no more is asked."""

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

import pytest

from support_api.domain.vocabulary import Scope
from support_api.http import edge
from support_api.http.auth import insufficient_scope
from support_api.http.edge import Edge
from support_api.http.operations import Operation
from tests.api.door import watched
from tests.api.problems import check_problem
from tests.conftest import World
from tests.contract.check import assert_documented, contract
from tests.every_operation import BY_NAME, NAMES, Good, good


def documented(name: str) -> str:
    """The one scope that the contract names for it."""
    operations = (each for path in contract().document["paths"].values() for each in path.values())
    found = next(each for each in operations if isinstance(each, dict) and each.get("operationId") == name)
    [[scope]] = [need["bearer"] for need in found["security"]]
    return str(scope)


def with_scopes(world: World, request: Good, scopes: Iterable[str]) -> str:
    return f"Bearer {world.token(request.name, scope=' '.join(scopes))}"


async def check_refused_without(world: World, name: str) -> None:
    """With every scope but the documented one: refused, and the database is not asked."""
    request = await good(world, name)
    others = [scope.value for scope in Scope if scope.value != documented(name)]
    with watched() as door:
        answer = await request.send(world, Authorization=with_scopes(world, request, others))
    assert answer.status_code == 403, f"{name} is open without its scope: {answer.status_code}"
    check_problem(answer, 403, "scope_missing")
    challenge = f'Bearer error="insufficient_scope", scope="{documented(name)}"'
    assert answer.headers.get_list("WWW-Authenticate") == [challenge], f"{name} does not say which scope it needs"
    assert_documented(answer)
    assert door.connections == 0, name


@pytest.mark.slow
async def test_the_documented_scope_is_enough(world: World) -> None:
    for name in NAMES:
        request = await good(world, name)
        answer = await request.send(world, Authorization=with_scopes(world, request, [documented(name)]))
        assert answer.status_code == BY_NAME[name].status, f"{name}: {answer.text}"


@pytest.mark.slow
async def test_every_other_scope_is_not(world: World) -> None:
    for name in NAMES:
        await check_refused_without(world, name)


async def test_an_edge_that_asks_for_no_scope_is_noticed(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """Positive control."""
    check = Edge._check

    async def lenient(self: Edge, request: Any, operation: Operation) -> Any:
        principal = await self._tokens.verify(request.headers.getall("authorization", []))
        return await check(self, request, replace(operation, scope=min(principal.scopes)))

    monkeypatch.setattr(Edge, "_check", lenient)
    with pytest.raises(AssertionError, match="open without its scope: 200"):
        await check_refused_without(world, "getMe")


async def test_an_edge_that_does_not_say_which_scope_is_noticed(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """Positive control."""
    monkeypatch.setattr(edge, "insufficient_scope", lambda _: insufficient_scope(Scope.BAGGAGE_READ))
    with pytest.raises(AssertionError, match="getMe does not say"):
        await check_refused_without(world, "getMe")


async def test_a_403_for_another_reason_asks_for_no_scope(world: World) -> None:
    """A client would get a new token in vain."""
    for headers, claims in (({"Processing-Purpose": "enforcement"}, {}), ({}, {"client_id": "unregistered"})):
        answer = await world.get("teun", f"{world.fien}/portrait-items", headers=headers, claims=claims)
        check_problem(answer, 403, "purpose_not_allowed")
        assert "WWW-Authenticate" not in answer.headers
