"""Where it is measured: a PostgreSQL with fsync on, our service and the yardstick, in a folder that is thrown away."""

import asyncio
import contextlib
import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import asyncpg
import psutil

from bench import yardstick
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

UNLIMITED = ("client_per_second", "municipality_per_second", "searches_per_minute")
MAIN, KEYS, PLAIN = "bench", "bench_keys", "bench_yardstick"
MIGRATOR, SERVER, KEEPER = "bench_migrator", "bench_server", "bench_keeper"
_LOGINS = {MIGRATOR: security.OWNER, SERVER: security.SERVE, KEEPER: security.KEYS}
_START_SECONDS = 30


@dataclass
class Service:
    """A server with its workers, on a port."""

    port: int
    process: subprocess.Popen[bytes]
    ready_after: float

    def workers(self) -> list[psutil.Process]:
        return psutil.Process(self.process.pid).children(recursive=True)


class Place:
    def __init__(self, folder: Path, workers: int) -> None:
        self.folder = folder
        self.workers = workers
        self.postgres = EmbeddedPostgres(folder)
        self.keyring = make_keyring()
        self.issuer: DemoIssuer
        self.people: dict[str, Person]
        self.ours: Service
        self.usual: Service
        self.bare: Service

    @contextlib.contextmanager
    def open(self) -> Iterator["Place"]:
        self.postgres.start()
        try:
            self.issuer = demo_issuer.make(self.folder / "issuer.pem")
            asyncio.run(self._databases())
            main, keys = self.postgres.url(MAIN, MIGRATOR), self.postgres.url(KEYS, MIGRATOR)
            migrate.upgrade(main, keys, datetime.now(UTC).date())
            self.people = {person.name: person for person in asyncio.run(self._load())}
            with (
                self.serving("support_api.cli", "serve", port=free_port(), ready="/readyz") as self.ours,
                self._yardstick("yes") as self.usual,
                self._yardstick("no") as self.bare,
            ):
                yield self
        finally:
            self.postgres.stop()

    def database_processes(self) -> list[psutil.Process]:
        """The postmaster, which has the CPU of the backends that ended, and its children."""
        postmaster = psutil.Process(int((self.postgres.cluster / "postmaster.pid").read_text().split()[0]))
        return [postmaster, *postmaster.children()]

    async def _databases(self) -> None:
        async with self.connection("postgres") as connection:
            for statement in security.role_statements():
                await connection.execute(statement)
            for login, group in _LOGINS.items():
                await connection.execute(f"create role {login} login nosuperuser nobypassrls in role {group}")
            for database in (MAIN, KEYS):
                await connection.execute(f"create database {database} owner {security.OWNER}")
            await connection.execute(f"create database {PLAIN}")
            await connection.execute(f"alter database {MAIN} set support.demo_issuer = '{self.issuer.thumbprint}'")
        async with self.connection(PLAIN) as connection:
            await connection.execute(f"{yardstick.TABLE}; {yardstick.INDEX}")

    async def _load(self) -> list[Person]:
        async with self.database(MIGRATOR) as owner, self.database(SERVER) as server:
            return await Loader(owner, server).load()

    @contextlib.asynccontextmanager
    async def connection(self, database: str) -> AsyncIterator[Any]:
        """As the superuser."""
        connection = await asyncpg.connect(self.postgres.url(database))
        try:
            yield connection
        finally:
            await connection.close()

    @contextlib.asynccontextmanager
    async def database(self, user: str) -> AsyncIterator[Database]:
        key_pool = await open_pool(self.postgres.url(KEYS, KEEPER), size=2)
        pool = await open_pool(self.postgres.url(MAIN, user), size=2)
        try:
            yield Database(pool, KeyRing(key_pool, StaticKeys(*self.settings().ring())))
        finally:
            await asyncio.gather(pool.close(), key_pool.close())

    def settings(self) -> Settings:
        """Those of the service, for an application inside this process."""
        return Settings(
            database_url=self.postgres.url(MAIN, SERVER),
            keys_database_url=self.postgres.url(KEYS, KEEPER),
            keyring=self.keyring,
            issuers=[IssuerSettings(**self.issuer.settings())],
            **{name: 0 for name in UNLIMITED},
        )

    def token(self, name: str) -> str:
        person = self.people[name]
        claims = {
            "sub": person.name,
            "client_id": person.client_id,
            "municipality": person.municipality_id,
            "role": person.role,
            "scope": " ".join(scope.value for scope in ROLE_SCOPES[Role(person.role)]),
        }
        return self.issuer.token(claims)

    def _yardstick(self, resets: str) -> contextlib.AbstractContextManager[Service]:
        port = free_port()
        return self.serving("bench.yardstick", str(port), str(self.workers), resets, port=port, ready="/ready")

    @contextlib.contextmanager
    def serving(self, module: str, *arguments: str, port: int, ready: str) -> Iterator[Service]:
        environment = {
            **os.environ,
            yardstick.URL: self.postgres.url(PLAIN),
            "SUPPORT_API_DATABASE_URL": self.postgres.url(MAIN, SERVER),
            "SUPPORT_API_KEYS_DATABASE_URL": self.postgres.url(KEYS, KEEPER),
            "SUPPORT_API_KEYRING": self.keyring,
            "SUPPORT_API_ISSUERS": json.dumps([self.issuer.settings()]),
            "SUPPORT_API_WORKERS": str(self.workers),
            "SUPPORT_API_PORT": str(port),
            "SUPPORT_API_DRAIN_SECONDS": "0",
            **{f"SUPPORT_API_{name.upper()}": "0" for name in UNLIMITED},
        }
        started = time.monotonic()
        process = subprocess.Popen([sys.executable, "-m", module, *arguments], env=environment, start_new_session=True)
        try:
            _wait(process, f"http://127.0.0.1:{port}{ready}")
            yield Service(port, process, time.monotonic() - started)
        finally:
            process.terminate()
            try:
                process.wait(15)
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, signal.SIGKILL)


def _wait(process: subprocess.Popen[bytes], url: str) -> None:
    deadline = time.monotonic() + _START_SECONDS
    while True:
        with contextlib.suppress(urllib.error.URLError, OSError), urllib.request.urlopen(url, timeout=2) as answer:
            if answer.status == 200:
                return
        if process.poll() is not None or time.monotonic() > deadline:
            raise SystemExit("a service does not start; the lines above say why")
        time.sleep(0.02)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
