"""Real PostgreSQL, real migrations, the serving role, real tokens. Each test has databases of its own, cloned from a
template in which the demo's people live."""

import asyncio
import json
import logging
import os
import sys
import threading
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from uuid import uuid4

import asyncpg
import httpx
import pytest

from support_api.app import create_app
from support_api.db import migrate, security
from support_api.db.keys import KeyRing, StaticKeys
from support_api.db.tx import Database, open_pool
from support_api.demo import issuer as demo_issuer
from support_api.demo.cast import ROLE_SCOPES
from support_api.demo.issuer import DemoIssuer
from support_api.demo.load import Loader, Person
from support_api.demo.postgres import EmbeddedPostgres
from support_api.domain.vocabulary import Role
from support_api.settings import IssuerSettings, Settings, make_keyring
from tests.contract.check import WATCHED
from tests.leaks.watching import WatchedLog

pytest_plugins = ["tests.sites"]
KEYRING = make_keyring()
MIGRATOR, SERVER, KEEPER, BACKUP = "test_migrator", "test_server", "test_keeper", "test_backup"
_LOGINS = {MIGRATOR: security.OWNER, SERVER: security.SERVE, KEEPER: security.KEYS, BACKUP: security.BACKUP}
# Tests of other things call as fast as they can.
UNLIMITED = {"client_per_second": 0, "municipality_per_second": 0, "searches_per_minute": 0}
TOOLS = {"node": "node", "browser": "chromium", "nginx": "nginx", "promtool": "promtool"}
TEMPLATE, KEY_TEMPLATE = "template_main", "template_keys"


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    items.sort(key=lambda item: item.get_closest_marker("longest") is None)
    for item in items:
        for tool, binary in TOOLS.items():
            if item.get_closest_marker(tool) and not _installed(binary):
                if os.environ.get("CI") == "true":
                    raise pytest.UsageError(f"{item.nodeid} needs {binary}, and CI=true does not skip")
                item.add_marker(pytest.mark.skip(reason=f"needs {binary}, which is not installed here"))


def _installed(binary: str) -> bool:
    return any((Path(folder) / binary).exists() for folder in os.environ["PATH"].split(os.pathsep))


@pytest.fixture(autouse=True)
def _logging_as_it_was() -> Iterator[None]:
    """A command that runs inside the test sets up the logging of the whole process, as it should."""
    hooks = sys.excepthook, sys.unraisablehook, threading.excepthook
    factory, raising, level = logging.getLogRecordFactory(), logging.raiseExceptions, logging.root.level
    yield
    logging.root.setLevel(level)
    sys.excepthook, sys.unraisablehook, threading.excepthook = hooks
    logging.setLogRecordFactory(factory)
    logging.raiseExceptions = raising
    logging.captureWarnings(False)
    logging.root.handlers = [each for each in logging.root.handlers if type(each) is not logging.StreamHandler]


@dataclass(frozen=True)
class Cluster:
    """The PostgreSQL of this test run, with a template to clone."""

    server: EmbeddedPostgres
    issuer: DemoIssuer
    people: dict[str, Person]
    log: WatchedLog

    def url(self, database: str, user: str = "postgres") -> str:
        return self.server.url(database, user)

    async def clone(self, template: str, name: str) -> None:
        connection = await asyncpg.connect(self.url("postgres"))
        try:
            await connection.execute(f"create database {name} template {template} strategy file_copy")
            await connection.execute(f"alter database {name} set support.demo_issuer = '{self.issuer.thumbprint}'")
        finally:
            await connection.close()

    async def drop(self, name: str) -> None:
        connection = await asyncpg.connect(self.url("postgres"))
        try:
            await connection.execute(f"drop database if exists {name} with (force)")
        finally:
            await connection.close()


@pytest.fixture(scope="session")
def cluster() -> Iterator[Cluster]:
    """Outside pytest's own temporary folder, which another run makes private again while this one needs it."""
    with TemporaryDirectory(prefix="support-api-tests-") as folder, started(Path(folder)) as made:
        yield made


@contextmanager
def started(folder: Path) -> Iterator[Cluster]:
    """A PostgreSQL with the product's roles, migrated templates and the demo's people."""
    server = EmbeddedPostgres(folder)
    server.start()
    try:
        issuer = demo_issuer.make(folder / "issuer.pem")
        asyncio.run(_create(server))
        migrate.upgrade(server.url(TEMPLATE, MIGRATOR), server.url(KEY_TEMPLATE, MIGRATOR), datetime.now(UTC).date())
        people = asyncio.run(_load(server))
        log = WatchedLog(server.log)
        yield Cluster(server, issuer, {person.name: person for person in people}, log)
        log.check()
    finally:
        server.stop()


async def _create(server: EmbeddedPostgres) -> None:
    connection = await asyncpg.connect(server.url("postgres"))
    try:
        for setting in ("fsync", "full_page_writes", "autovacuum"):
            await connection.execute(f"alter system set {setting} = off")
        await connection.execute("select pg_reload_conf()")
        for statement in security.role_statements():
            await connection.execute(statement)
        for login, group in _LOGINS.items():
            bypass = "bypassrls" if group == security.BACKUP else "nobypassrls"
            await connection.execute(f"create role {login} login nosuperuser {bypass} in role {group}")
        for database in (TEMPLATE, KEY_TEMPLATE):
            await connection.execute(f"create database {database} owner {security.OWNER}")
    finally:
        await connection.close()


async def _load(server: EmbeddedPostgres) -> list[Person]:
    key_pool = await open_pool(server.url(KEY_TEMPLATE, KEEPER), size=2)
    keys = KeyRing(key_pool, static_keys())
    owner = await open_pool(server.url(TEMPLATE, MIGRATOR), size=2)
    serve = await open_pool(server.url(TEMPLATE, SERVER), size=2)
    try:
        return await Loader(Database(owner, keys), Database(serve, keys)).load()
    finally:
        for pool in (owner, serve, key_pool):
            await pool.close()


def static_keys() -> StaticKeys:
    return StaticKeys(*Settings(keyring=KEYRING).ring())


@dataclass
class World:
    """One test's own service: the app on its own databases, and the people who call it."""

    cluster: Cluster
    main: str
    keys: str
    client: httpx.AsyncClient
    ring: KeyRing
    answers: list[httpx.Response] = field(default_factory=list)

    @property
    def fien(self) -> str:
        return f"/v1/residents/{self.person('fien').resident_id}"

    def person(self, name: str) -> Person:
        return self.cluster.people[name]

    def token(self, name: str, **changes: Any) -> str:
        person = self.person(name)
        claims = {
            "sub": person.name,
            "client_id": person.client_id,
            "municipality": person.municipality_id,
            "role": person.role,
            "scope": " ".join(scope.value for scope in ROLE_SCOPES[Role(person.role)]),
            **changes,
        }
        return self.cluster.issuer.token({name: value for name, value in claims.items() if value is not None})

    async def call(
        self,
        name: str,
        method: str,
        path: str,
        json_body: Any = None,
        *,
        headers: dict[str, str] | None = None,
        claims: dict[str, Any] | None = None,
    ) -> httpx.Response:
        """As a careful client calls: with purpose, key and media type; `headers` adds or, when empty, leaves out.

        Every answer must be one that the contract names, as of every client that `running` makes.
        """
        sent = {"Authorization": f"Bearer {self.token(name, **(claims or {}))}"}
        if self.person(name).role != "resident":
            sent["Processing-Purpose"] = "support"
        content = None
        if json_body is not None:
            content = json.dumps(json_body).encode()
            sent["Content-Type"] = "application/merge-patch+json" if method == "PATCH" else "application/json"
        if method == "POST":
            sent["Idempotency-Key"] = uuid4().hex
        sent |= headers or {}
        sent = {key: value for key, value in sent.items() if value}
        answer = await self.client.request(method, path, content=content, headers=sent)
        self.answers.append(answer)
        return answer

    async def get(self, name: str, path: str, **kwargs: Any) -> httpx.Response:
        return await self.call(name, "GET", path, **kwargs)

    async def post(self, name: str, path: str, body: Any = None, **kwargs: Any) -> httpx.Response:
        return await self.call(name, "POST", path, body, **kwargs)

    async def patch(self, name: str, path: str, body: Any, tag: str | None = None, **kwargs: Any) -> httpx.Response:
        headers = {**({"If-Match": tag} if tag else {}), **kwargs.pop("headers", {})}
        return await self.call(name, "PATCH", path, body, headers=headers, **kwargs)

    async def delete(self, name: str, path: str, tag: str | None = None) -> httpx.Response:
        return await self.call(name, "DELETE", path, headers={"If-Match": tag} if tag else {})

    async def sql(self, statement: str, *values: Any, user: str = "postgres") -> list[Any]:
        """As the superuser, who passes row-level security."""
        connection = await asyncpg.connect(self.cluster.url(self.main, user))
        try:
            return await connection.fetch(statement, *values)
        finally:
            await connection.close()

    @asynccontextmanager
    async def database(self, user: str = SERVER) -> AsyncIterator[Database]:
        pool = await open_pool(self.cluster.url(self.main, user), size=4)
        try:
            yield Database(pool, self.ring)
        finally:
            await pool.close()


def settings_for(cluster: Cluster, main: str, keys: str, **changes: Any) -> Settings:
    given: dict[str, Any] = {
        "database_url": cluster.url(main, SERVER),
        "keys_database_url": cluster.url(keys, KEEPER),
        "keyring": KEYRING,
        "issuers": [IssuerSettings(**cluster.issuer.settings())],
        "public_url": "http://testserver",
        "pool_size": 6,
        **UNLIMITED,
    }
    return Settings(**{**given, **changes})


@asynccontextmanager
async def running(cluster: Cluster, main: str, keys: str, **changes: Any) -> AsyncIterator[httpx.AsyncClient]:
    shell = create_app(settings_for(cluster, main, keys, **changes))
    async with shell.lifespan():
        transport = httpx.ASGITransport(app=shell, raise_app_exceptions=False)
        async with httpx.AsyncClient(transport=transport, base_url="http://testserver", event_hooks=WATCHED) as client:
            yield client


@pytest.fixture
async def world(cluster: Cluster) -> AsyncIterator[World]:
    async with world_on(cluster) as made:
        yield made


@asynccontextmanager
async def world_on(cluster: Cluster) -> AsyncIterator[World]:
    suffix = uuid4().hex[:12]
    main, keys = f"main_{suffix}", f"keys_{suffix}"
    await cluster.clone(TEMPLATE, main)
    await cluster.clone(KEY_TEMPLATE, keys)
    key_pool = await open_pool(cluster.url(keys, KEEPER), size=2)
    try:
        async with running(cluster, main, keys) as client:
            yield World(cluster, main, keys, client, KeyRing(key_pool, static_keys()))
    finally:
        await key_pool.close()
        await cluster.drop(main)
        await cluster.drop(keys)
    cluster.log.check()
