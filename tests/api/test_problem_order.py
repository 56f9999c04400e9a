"""The order of refusals (access.md): router → 401 → scope → purpose → assurance → 406 → 415 → 400 → 428. None takes a
database connection or writes an audit entry (ASVS 16.3.2: they belong to the security log)."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import httpx
import pytest
from litestar import Request

from support_api.demo.cast import VOORBEELDSTAD
from support_api.http import reading
from support_api.http.edge import Edge
from support_api.http.operations import Operation
from tests.api.door import watched
from tests.api.problems import check_problem
from tests.conftest import World


@dataclass
class Draft:
    """A request of Teun's that is right in every way but one: the version that it states is not there."""

    path: str
    method: str = "PATCH"
    claims: dict[str, Any] = field(default_factory=dict)
    body: bytes = b'{"text": "Soep."}'
    headers: dict[str, str] = field(
        default_factory=lambda: {
            "Processing-Purpose": "support",
            "Accept": "application/json",
            "Content-Type": "application/merge-patch+json",
            "If-Match": '"9.0123456789abcdef"',
        }
    )
    anonymous: bool = False


@dataclass(frozen=True)
class Wrong:
    name: str
    status: int
    code: str
    spoil: Callable[[Draft], Any]


# In the order in which they are answered.
WRONGS = (
    Wrong("address", 404, "not_found", lambda d: setattr(d, "path", "/v1/nowhere")),
    Wrong("method", 405, "method_not_allowed", lambda d: setattr(d, "method", "PUT")),
    Wrong("token", 401, "unauthorized", lambda d: setattr(d, "anonymous", True)),
    Wrong("scope", 403, "scope_missing", lambda d: d.claims.update(scope="me:read portrait:read")),
    Wrong("no purpose", 400, "purpose_required", lambda d: d.headers.pop("Processing-Purpose", None)),
    Wrong("purpose", 403, "purpose_not_allowed", lambda d: d.headers.update({"Processing-Purpose": "enforcement"})),
    Wrong("assurance", 403, "assurance_too_low", lambda d: d.claims.update(acr="urn:unknown")),
    Wrong("accept", 406, "not_acceptable", lambda d: d.headers.update(Accept="text/html")),
    Wrong("media", 415, "unsupported_media_type", lambda d: d.headers.update({"Content-Type": "text/plain"})),
    Wrong("body", 400, "invalid_input", lambda d: setattr(d, "body", b'{"text": 5}')),
    Wrong("precondition", 428, "precondition_required", lambda d: d.headers.pop("If-Match")),
)


async def send(world: World, wrongs: tuple[Wrong, ...]) -> httpx.Response:
    draft = Draft(f"{world.fien}/portrait-items/0199aaaa-0000-7000-8000-00000000dead")
    for wrong in reversed(wrongs):
        wrong.spoil(draft)
    if not draft.anonymous:
        draft.headers["Authorization"] = f"Bearer {world.token('teun', **draft.claims)}"
    return await world.client.request(draft.method, draft.path, content=draft.body, headers=draft.headers)


async def check_order(world: World) -> None:
    """Alone, with the next one, and with all that come after: the first one is answered, without the database."""
    await world.get("teun", "/v1/me")
    entries = await trail(world)
    for n, wrong in enumerate(WRONGS):
        for wrongs in (WRONGS[n : n + 1], WRONGS[n : n + 2], WRONGS[n:]):
            with watched() as door:
                answer = await send(world, wrongs)
            check_problem(answer, wrong.status, wrong.code)
            assert (door.connections, len(door.transactions)) == (0, 0), wrong.name
    assert await trail(world) == entries


async def trail(world: World) -> int:
    return (await world.sql("select count(*) from support.audit_entries"))[0][0]  # type: ignore[no-any-return]


async def test_the_first_mistake_is_answered_without_the_database(world: World) -> None:
    await check_order(world)


async def test_a_right_request_does_reach_database_and_trail(world: World) -> None:
    """Positive control of the counting: the same draft with nothing wrong takes a connection and leaves an entry."""
    await world.get("teun", "/v1/me")
    entries = await trail(world)
    with watched() as door:
        answer = await send(world, ())
    check_problem(answer, 404, "not_found")
    assert (door.connections, len(door.transactions)) == (2, 2)
    assert await trail(world) == entries + 1


CHECK = Edge._check


async def _accept_first(self: Edge, request: Request[Any, Any, Any], operation: Operation) -> Any:
    reading.accept(request.headers.get("accept"))
    return await CHECK(self, request, operation)


async def _transaction_first(self: Edge, request: Request[Any, Any, Any], operation: Operation) -> Any:
    async with self._database.transaction(VOORBEELDSTAD.id):
        return await CHECK(self, request, operation)


@pytest.mark.parametrize("broken", [_accept_first, _transaction_first])
async def test_a_wrong_order_and_an_early_transaction_are_noticed(
    world: World, monkeypatch: pytest.MonkeyPatch, broken: Any
) -> None:
    """Positive controls."""
    monkeypatch.setattr(Edge, "_check", broken)
    with pytest.raises(AssertionError):
        await check_order(world)
