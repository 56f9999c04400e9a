"""What a good token still opens when something behind it has ended. It is the same token all along, so one that the
service has verified and kept: nothing but the verification may come from memory."""

from collections.abc import Awaitable, Callable
from functools import partial

import httpx
import pytest

from support_api import app
from support_api.db import facts, register
from support_api.db.register import Register
from support_api.db.tx import Tx
from support_api.demo.cast import CASE_SYSTEM, FRONT_END
from support_api.domain.facts import Me, Principal
from tests.api.problems import check_problem
from tests.conftest import World, running
from tests.make import worker_id

Call = Callable[[str, str], Awaitable[httpx.Response]]


class Clock:
    """What the register's memory is measured with."""

    now = 1000.0

    def __call__(self) -> float:
        return self.now


def caller(world: World, client: httpx.AsyncClient) -> Call:
    """Calls as somebody, always with the same token."""
    tokens = {name: world.token(name) for name in ("teun", "fien", "zaaksysteem")}

    async def call(name: str, path: str) -> httpx.Response:
        headers = {"Authorization": f"Bearer {tokens[name]}"}
        if name != "fien":
            headers["Processing-Purpose"] = "support"
        return await client.get(path, headers=headers)

    return call


async def unregister(world: World, client_id: str) -> None:
    which = "(select id from support.clients where client_id = $1)"
    await world.sql(f"delete from support.processing_activities where client_id in {which}", client_id)
    await world.sql(f"delete from support.recalls where system_id in {which}", client_id)
    await world.sql("delete from support.clients where client_id = $1", client_id)


async def check_unregistered(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """The municipality takes a client off its register; five seconds later the service knows."""
    clock, clients = Clock(), {"teun": FRONT_END, "zaaksysteem": CASE_SYSTEM}
    monkeypatch.setattr(app, "Register", partial(Register, clock=clock))
    async with running(world.cluster, world.main, world.keys) as client:
        call = caller(world, client)
        for name in (*clients, "fien"):
            assert (await call(name, "/v1/me")).status_code == 200
        for client_id in clients.values():
            await unregister(world, client_id)
        clock.now += 6
        for name in clients:
            for path in ("/v1/me", f"{world.fien}/portrait-items"):
                check_problem(await call(name, path), 403, "purpose_not_allowed")
        assert (await call("fien", "/v1/me")).status_code == 200, "another client of the same town"


async def test_the_client_is_unregistered(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    await check_unregistered(world, monkeypatch)


async def test_a_register_that_is_never_read_again_is_noticed(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """Positive control."""

    async def not_at_all(_: Register) -> None:
        return None

    monkeypatch.setattr(Register, "keep_fresh", not_at_all)
    monkeypatch.setattr(register, "FRESH_SECONDS", 3600.0)
    with pytest.raises(AssertionError, match="clientId"):
        await check_unregistered(world, monkeypatch)


async def check_forgotten(world: World) -> None:
    """A log-in that is taken away opens nothing from the next request on."""
    call = caller(world, world.client)
    paths = {"teun": f"{world.fien}/portrait-items", "fien": world.fien}
    for name, path in paths.items():
        assert (await call(name, path)).status_code == 200
        role = world.person(name).role
        await world.sql("delete from support.identities where role = $1", role)
        for each in ("/v1/me", path):
            check_problem(await call(name, each), 404, "not_found")


async def test_the_log_in_is_taken_away(world: World) -> None:
    await check_forgotten(world)


async def test_a_service_that_remembers_who_is_who_is_noticed(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """Positive control."""
    who, known = facts.who, dict[Principal, Me | None]()

    async def remembering(tx: Tx, principal: Principal) -> Me | None:
        if principal not in known:
            known[principal] = await who(tx, principal)
        return known[principal]

    monkeypatch.setattr(facts, "who", remembering)
    await caller(world, world.client)("teun", "/v1/me")
    with pytest.raises(AssertionError, match="workerId"):
        await check_forgotten(world)


async def test_the_role_is_another_one(world: World) -> None:
    """The old role in a token opens nothing any more; the new one needs a token that says so, and its own scopes."""
    teun = await worker_id(world, "teun")
    call, path = caller(world, world.client), f"{world.fien}/portrait-items"
    assert (await call("teun", path)).status_code == 200
    await world.sql("update support.identities set role = 'team_lead' where role_id = $1::uuid", teun)
    for each in ("/v1/me", path):
        check_problem(await call("teun", each), 404, "not_found")
    me = await world.get("teun", "/v1/me", claims={"role": "team_lead"})
    assert (me.json()["role"], me.json()["workerId"]) == ("team_lead", teun)
    check_problem(await world.get("teun", path, claims={"role": "team_lead"}), 404, "not_found")
