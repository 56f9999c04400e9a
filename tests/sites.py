"""A service in processes of its own, in front of a PostgreSQL that may be killed or the one of all tests."""

import asyncio
import json
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import AbstractContextManager, asynccontextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from uuid import uuid4

import asyncpg
import httpx
import psutil
import pytest

from support_api.db.keys import KeyRing
from support_api.db.tx import open_pool
from support_api.demo.postgres import EmbeddedPostgres
from tests import conftest
from tests.conftest import (
    KEEPER,
    KEY_TEMPLATE,
    KEYRING,
    SERVER,
    TEMPLATE,
    UNLIMITED,
    Cluster,
    World,
    started,
    static_keys,
)
from tests.contract.check import WATCHED
from tests.processes import COMMAND, Running, eventually, free_port, running_command, status

SERVE = (*COMMAND, "serve")


@pytest.fixture(scope="session")
def durable() -> Iterator[Cluster]:
    """Like `cluster`, but it really writes to disk, and tests may kill it."""
    with TemporaryDirectory(prefix="support-api-tests-") as folder, started(Path(folder)) as made:
        asyncio.run(_write_to_disk(made.server))
        yield made


async def _write_to_disk(server: EmbeddedPostgres) -> None:
    connection = await asyncpg.connect(server.url("postgres"))
    try:
        await connection.execute("alter system reset all")
        await connection.execute("select pg_reload_conf()")
    finally:
        await connection.close()


@dataclass
class Site:
    """One test's databases, and the service on them."""

    cluster: Cluster
    main: str
    keys: str
    logs: Path
    pages: bool = True

    def settings(self, port: int) -> dict[str, str]:
        """Of a service with a registered issuer: that of the demo asks the database before it starts."""
        issuer = {**self.cluster.issuer.settings(), "demo": False}
        return {
            "SUPPORT_API_DATABASE_URL": self.cluster.url(self.main, SERVER),
            "SUPPORT_API_KEYS_DATABASE_URL": self.cluster.url(self.keys, KEEPER),
            "SUPPORT_API_KEYRING": KEYRING,
            "SUPPORT_API_ISSUERS": json.dumps([issuer]),
            "SUPPORT_API_PORT": str(port),
            "SUPPORT_API_DRAIN_SECONDS": "0",
            "SUPPORT_API_PAGES": str(self.pages).lower(),
            "SUPPORT_API_PUBLIC_URL": "http://testserver",
            **{f"SUPPORT_API_{name.upper()}": str(value) for name, value in UNLIMITED.items()},
        }

    def serving(self, port: int, command: Sequence[str] = SERVE, **more: str) -> AbstractContextManager[Running]:
        return running_command(*command, log=self.logs / f"{uuid4().hex}.log", **{**self.settings(port), **more})

    @asynccontextmanager
    async def calling(self, port: int) -> AsyncIterator[World]:
        """Callers over the network."""
        pool = await open_pool(self.cluster.url(self.keys, KEEPER), size=1)
        limits = httpx.Limits(max_connections=None, max_keepalive_connections=20)
        base = f"http://127.0.0.1:{port}"
        try:
            async with httpx.AsyncClient(
                base_url=base, trust_env=False, timeout=30, limits=limits, event_hooks=WATCHED
            ) as client:
                yield World(self.cluster, self.main, self.keys, client, KeyRing(pool, static_keys()))
        finally:
            await pool.close()

    @asynccontextmanager
    async def inside(self) -> AsyncIterator[World]:
        """The service inside the test, so that the test can break it."""
        async with conftest.running(self.cluster, self.main, self.keys) as client:
            yield World(self.cluster, self.main, self.keys, client, None)  # type: ignore[arg-type]

    def postgres_log(self, since: str = "") -> str:
        """All of it, or what came after an earlier look."""
        return self.cluster.server.log.read_bytes()[len(since.encode()) :].decode()

    def postmaster(self) -> psutil.Process:
        return psutil.Process(int((self.cluster.server.cluster / "postmaster.pid").read_text().split()[0]))


@pytest.fixture
async def site(durable: Cluster, tmp_path: Path) -> AsyncIterator[Site]:
    async with site_on(durable, tmp_path) as made:
        yield made
        if durable.server.died:
            durable.server.restart()


@pytest.fixture
async def light_site(cluster: Cluster, tmp_path: Path) -> AsyncIterator[Site]:
    """On the PostgreSQL of all tests, for those that kill nothing. The API alone."""
    async with site_on(cluster, tmp_path) as made:
        yield replace(made, pages=False)


@asynccontextmanager
async def site_on(cluster: Cluster, logs: Path) -> AsyncIterator[Site]:
    suffix = uuid4().hex[:12]
    made = Site(cluster, f"main_{suffix}", f"keys_{suffix}", logs)
    await cluster.clone(TEMPLATE, made.main)
    await cluster.clone(KEY_TEMPLATE, made.keys)
    yield made
    await cluster.drop(made.main)
    await cluster.drop(made.keys)
    cluster.log.check()


@asynccontextmanager
async def served(site: Site, command: Sequence[str] = SERVE, **more: str) -> AsyncIterator[tuple[Running, World]]:
    """A service that is ready, and its callers."""
    port = free_port()
    with site.serving(port, command, **more) as process:
        ready(port)
        async with site.calling(port) as world:
            yield process, world


def ready(port: int) -> None:
    eventually(lambda: status(f"http://127.0.0.1:{port}/readyz") == 200, "a service that is ready")
