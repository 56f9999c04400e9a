"""/readyz names the part that is not as it should be, and asks no more often than once a second."""

from collections.abc import AsyncIterator
from typing import Any

import asyncpg
import httpx
import pytest

from support_api.app import create_app
from support_api.db import migrate, readiness
from support_api.db.canary import fits
from support_api.db.keys import KeyRing, StaticKeys
from support_api.db.readiness import Parts
from support_api.db.revisions import KEYS_REVISION, MAIN_REVISION, standing
from support_api.db.tx import open_pool
from support_api.settings import make_keyring
from tests.conftest import KEEPER, World, running, settings_for, static_keys
from tests.contract.check import WATCHED
from tests.leaks.trouble import away
from tests.sites import Site

WELL = {"database": "ok", "schema": "ok", "keyStore": "ok", "keyStoreSchema": "ok", "keyring": "ok", "draining": False}


@pytest.fixture
async def world(light_site: Site, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[World]:
    monkeypatch.setattr(readiness, "FRESH_SECONDS", 0)
    async with light_site.inside() as made:
        yield made


async def told(client: httpx.AsyncClient, status: int = 503) -> dict[str, Any]:
    """The parts that are not well."""
    answer = await client.get("/readyz")
    assert answer.status_code == status, answer.text
    assert answer.headers.get("Retry-After") == (None if status == 200 else "2")
    assert answer.headers["Content-Type"] == f"application/{'' if status == 200 else 'problem+'}json"
    parts: dict[str, Any] = answer.json()["parts"]
    assert parts.keys() == WELL.keys()
    return {name: state for name, state in parts.items() if state != WELL[name]}


async def test_it_is_ready_when_all_is_well(world: World) -> None:
    assert await told(world.client, 200) == {}


async def test_a_database_that_is_away_is_told(world: World, light_site: Site) -> None:
    async with away(light_site, light_site.main):
        assert await told(world.client) == {"database": "away", "schema": "unknown"}
        assert (await world.client.get("/livez")).status_code == 200
    assert await told(world.client, 200) == {}


async def test_the_log_tells_a_part_once(world: World, light_site: Site, caplog: pytest.LogCaptureFixture) -> None:
    """And again when it was well in between."""
    for _ in range(2):
        async with away(light_site, light_site.keys):
            for _ in range(3):
                await world.client.get("/readyz")
        await told(world.client, 200)
    said = [record.getMessage() for record in caplog.records if "not ready" in record.getMessage()]
    assert said == [f"not ready: {part}" for part in ("key store", "key store schema", "keyring")] * 2


async def test_a_key_store_that_is_away_is_told(world: World, light_site: Site) -> None:
    async with away(light_site, light_site.keys):
        missing = {"keyStore": "away", "keyStoreSchema": "unknown", "keyring": "unknown"}
        assert await told(world.client) == missing
    assert await told(world.client, 200) == {}


@pytest.mark.parametrize(
    ("version", "state", "status"),
    [("0001", "older", 503), ("9999", "newer", 200), ("f00d", "unknown", 503), ("keys_0002", "unknown", 503)],
)
async def test_another_version_of_the_schema_is_told(world: World, version: str, state: str, status: int) -> None:
    await world.sql("update support.alembic_version set version_num = $1", version)
    assert await told(world.client, status) == {"schema": state}


@pytest.mark.parametrize(("version", "state", "status"), [("keys_0001", "older", 503), ("keys_9999", "newer", 200)])
async def test_another_version_of_the_key_store_is_told(
    world: World, light_site: Site, version: str, state: str, status: int
) -> None:
    await in_keys(light_site, f"update keys.alembic_version set version_num = '{version}'")
    unasked = {"keyring": "unknown"} if status == 503 else {}
    assert await told(world.client, status) == {"keyStoreSchema": state, **unasked}


@pytest.mark.parametrize(
    "change",
    [
        "delete from support.alembic_version",
        "drop table support.alembic_version",
        "revoke select on support.alembic_version from support_api_serve",
        "drop schema support cascade",
    ],
)
async def test_a_database_that_does_not_tell_its_version_is_not_ready(world: World, change: str) -> None:
    await world.sql(change)
    assert await told(world.client) == {"schema": "unknown"}


async def in_keys(site: Site, statement: str) -> list[Any]:
    connection = await asyncpg.connect(site.cluster.url(site.keys))
    try:
        return await connection.fetch(statement)
    finally:
        await connection.close()


async def test_a_service_with_a_foreign_keyring_is_not_ready_and_adds_nobody(world: World, light_site: Site) -> None:
    """Also where the canary was lost, as in a store that was restored; and it writes none of its own."""
    foreign = make_keyring()
    assert await told(world.client, 200) == {}
    for lost in ("select 1", "delete from keys.canaries"):
        await in_keys(light_site, lost)
        async with running(light_site.cluster, light_site.main, light_site.keys, keyring=foreign) as client:
            assert await told(client) == {"keyring": "wrong"}
            answer = await client.get("/v1/me", headers={"Authorization": f"Bearer {world.token('teun')}"})
            assert answer.status_code == 503, "by its hashes nobody is known, which is no fact"
    assert await in_keys(light_site, "select * from keys.canaries") == []
    pool = await open_pool(light_site.cluster.url(light_site.keys, KEEPER), size=1)
    ring = KeyRing(pool, StaticKeys(*settings_for(light_site.cluster, "", "", keyring=foreign).ring()))
    person = world.person("fien")
    with pytest.raises(Exception, match="keyring"):
        await ring.create(person.municipality_id, person.resident_id)  # type: ignore[arg-type]
    await pool.close()
    assert await told(world.client, 200) == {}


class Store:
    """A key store in memory."""

    def __init__(self) -> None:
        self.canaries: dict[str, bytes] = {}
        self.keys: list[dict[str, Any]] = []

    async def ask(self, sql: str, *values: Any) -> list[dict[str, Any]]:
        if values:
            self.canaries.setdefault(*values)
            return []
        return [{"wrapping": name, "wrapped": each, "id": None} for name, each in self.canaries.items()] + self.keys


A, B, ROOT = bytes(32), bytes(range(32)), bytes(reversed(range(32)))


@pytest.mark.parametrize(
    ("ring", "ours"),
    [
        (StaticKeys("k1", {"k1": A}, ROOT), True),
        (StaticKeys("k2", {"k1": A, "k2": B}, ROOT), True),
        (StaticKeys("k1", {"k1": B}, ROOT), False),
        (StaticKeys("k1", {"k1": A}, A), False),
        (StaticKeys("k2", {"k2": B}, ROOT), False),
        (StaticKeys("k2", {"k1": B, "k2": A}, ROOT), False),
    ],
)
async def test_a_ring_fits_if_its_root_and_all_wrapping_keys_do(ring: StaticKeys, ours: bool) -> None:
    store = Store()
    assert await fits(StaticKeys("k1", {"k1": A}, ROOT), store.ask)
    assert await fits(ring, store.ask) is ours
    assert await fits(StaticKeys("k1", {"k1": A, "k2": B}, ROOT), store.ask)
    assert set(store.canaries) == {"k1", ring._current} if ours else {"k1"}


async def test_of_two_new_wrapping_keys_by_one_name_the_first_counts() -> None:
    """Two services that start together, each with another new key."""
    store = Store()
    assert await fits(StaticKeys("k2", {"k1": A, "k2": A}, ROOT), store.ask)
    assert not await fits(StaticKeys("k2", {"k1": A, "k2": B}, ROOT), store.ask)


async def test_one_data_key_that_does_not_open_is_no_reason_to_stop(light_site: Site) -> None:
    """But all of those that are tried are; control and claim in one."""
    spoil = "update keys.data_keys set wrapped = ''::bytea where id = (select id from keys.data_keys limit 1)"
    await in_keys(light_site, spoil)
    pool = await open_pool(light_site.cluster.url(light_site.keys, KEEPER), size=1)
    assert await KeyRing(pool, static_keys()).fits()
    await in_keys(light_site, "update keys.data_keys set wrapped = ''::bytea")
    assert not await KeyRing(pool, static_keys()).fits()
    await pool.close()


def test_the_versions_are_those_of_the_newest_migrations() -> None:
    from alembic.script import ScriptDirectory

    heads = [
        ScriptDirectory.from_config(migrate.config("postgresql://", branch)).get_heads()
        for branch in (migrate.MAIN, migrate.KEYS)
    ]
    assert heads == [[MAIN_REVISION], [KEYS_REVISION]]
    assert standing(["0001"], MAIN_REVISION) != "ok"


async def test_a_thousand_questions_are_one(light_site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    asked = 0

    async def ask(_: Any) -> Parts:
        nonlocal asked
        asked += 1
        return Parts()

    now = 10.0
    monkeypatch.setattr(readiness.Readiness, "_ask", ask)
    made = readiness.Readiness(None, None, None, lambda: now)  # type: ignore[arg-type]
    for _ in range(1000):
        await made.parts()
    assert asked == 1
    now += readiness.FRESH_SECONDS
    await made.parts()
    assert asked == 2


async def test_a_service_that_has_not_started_is_not_ready(light_site: Site) -> None:
    shell = create_app(settings_for(light_site.cluster, light_site.main, light_site.keys))
    transport = httpx.ASGITransport(app=shell, raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://testserver", event_hooks=WATCHED) as client:
        assert "database" in await told(client)
