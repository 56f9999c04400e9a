"""The first run: PostgreSQL, migrations, fictional people and the service, with one command and one Ctrl-C."""

import asyncio
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from dataclasses import asdict
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

import asyncpg

from support_api.db import migrate, security
from support_api.db.keys import KeyRing, StaticKeys
from support_api.db.tx import Database, open_pool
from support_api.demo import anew, issuer
from support_api.demo.anew import DATABASE, KEPT, KEY_DATABASE
from support_api.demo.clock import Clock
from support_api.demo.folder import (
    ADDRESS,
    CODES,
    ISSUER_KEY,
    KEYRING,
    PEOPLE,
    VARIABLE,
    DemoError,
    address_of,
    broken,
    read_issuer,
    read_people,
)
from support_api.demo.load import Loader, Person
from support_api.demo.postgres import EmbeddedPostgres, PostgresError
from support_api.demo.ready import ready_made
from support_api.processes import end_with_parent
from support_api.settings import SettingsError, make_keyring, read_settings

MIGRATOR, SERVER, KEEPER = "support_api_demo_migrator", "support_api_demo_server", "support_api_demo_keeper"


class Demo:
    def __init__(self, folder: Path, port: int, say: Callable[[str], None]) -> None:
        self.folder = folder.resolve()
        self.port = port
        self.say = say
        self.address = address_of(port)
        self.postgres = EmbeddedPostgres(self.folder)
        self._wish = anew.Wish(self.folder)
        self._server: subprocess.Popen[bytes] | None = None
        self._stopping = False

    def run(self, *, anew: bool = False) -> int:
        """Serves until Ctrl-C or SIGTERM; answers the exit code. `anew` throws away what an earlier demo left."""
        _require_free(self.port)
        for sign in (signal.SIGINT, signal.SIGTERM):
            signal.signal(sign, self._stop_soon)
        try:
            self.postgres.hold()
            if anew:
                reset(self.folder)
            self._check()
            self.postgres.start()
            self._prepare()
            self._serve()
            self._announce()
            return self._watch()
        except PostgresError as error:
            raise DemoError(str(error)) from None
        except OSError as error:
            raise DemoError(f"{self.folder}: {error.strerror or error}") from None
        finally:
            self._stop()

    def _stop_soon(self, *_: object) -> None:
        self._stopping = True
        if self._server is None:
            raise KeyboardInterrupt

    def _check(self) -> None:
        """Raises DemoError if a file of a finished demo is not what the demo wrote."""
        if not (self.folder / PEOPLE).exists():
            return
        read_people(self.folder), read_issuer(self.folder)
        try:
            read_settings(keyring=None, keyring_file=self.folder / KEYRING).ring()
        except SettingsError:
            raise broken(self.folder, KEYRING) from None

    def _prepare(self) -> None:
        made = (self.folder / PEOPLE).exists()
        if made and self._wish:
            self._put_back()
        if not made:
            self.say("making the demo: database, migrations, fictional people ...")
            asyncio.run(self._create_databases())
        self._migrate(DATABASE, KEY_DATABASE)
        people = [] if made else asyncio.run(self._load())
        asyncio.run(anew.keep(self.postgres.url("postgres")))
        if made:
            self._migrate(KEPT[DATABASE], KEPT[KEY_DATABASE])
        else:
            text = json.dumps([asdict(person) for person in people], indent=1)
            (self.folder / PEOPLE).write_text(text, encoding="utf-8")

    async def _create_databases(self) -> None:
        """From nothing, also after an earlier try that was broken off: a demo is whole or not there."""
        keys = issuer.make(self.folder / ISSUER_KEY)
        _write_secret(self.folder / KEYRING, make_keyring())
        await anew.forget(self.postgres.url("postgres"))
        self._wish.fulfilled()
        connection = await asyncpg.connect(self.postgres.url("postgres"))
        try:
            for statement in (*security.role_statements(), *_demo_logins()):
                await connection.execute(statement)
            for database in (DATABASE, KEY_DATABASE):
                await connection.execute(f"create database {database} owner {security.OWNER}")
            await anew.trust(connection, DATABASE, keys.thumbprint)
        finally:
            await connection.close()

    def _migrate(self, main: str, keys: str) -> None:
        migrate.upgrade(self.postgres.url(main, MIGRATOR), self.postgres.url(keys, MIGRATOR), datetime.now(UTC).date())

    def _put_back(self) -> None:
        asyncio.run(anew.put_back(self.postgres.url("postgres"), read_issuer(self.folder).thumbprint))
        Clock(self.folder).reset()
        self._wish.fulfilled()

    async def _load(self) -> list[Person]:
        settings = read_settings(keyring=None, keyring_file=self.folder / KEYRING)
        key_pool = await open_pool(self.postgres.url(KEY_DATABASE, KEEPER), size=2)
        keys = KeyRing(key_pool, StaticKeys(*settings.ring()))
        owner = await open_pool(self.postgres.url(DATABASE, MIGRATOR), size=2)
        server = await open_pool(self.postgres.url(DATABASE, SERVER), size=2)
        try:
            return await Loader(Database(owner, keys), Database(server, keys)).load()
        finally:
            for pool in (owner, server, key_pool):
                await pool.close()

    def _serve(self) -> None:
        (self.folder / ADDRESS).write_text(self.address, encoding="utf-8")
        environment = {
            **_GENEROUS,
            **{name: value for name, value in os.environ.items() if name != "SUPPORT_API_KEYRING"},
            "SUPPORT_API_DATABASE_URL": self.postgres.url(DATABASE, SERVER),
            "SUPPORT_API_KEYS_DATABASE_URL": self.postgres.url(KEY_DATABASE, KEEPER),
            "SUPPORT_API_KEYRING_FILE": str(self.folder / KEYRING),
            "SUPPORT_API_ISSUERS": json.dumps([read_issuer(self.folder).settings()]),
            "SUPPORT_API_PUBLIC_URL": self.address,
            "SUPPORT_API_ALLOWED_ORIGINS": "http://localhost:* http://127.0.0.1:* http://[::1]:*",
            "SUPPORT_API_HOST": "127.0.0.1",
            "SUPPORT_API_PORT": str(self.port),
            VARIABLE: str(self.folder),
            "SUPPORT_API_DRAIN_SECONDS": "0",
        }
        command = [sys.executable, "-m", "support_api.cli", "serve-demo"]
        self._server = subprocess.Popen(  # noqa: S603
            command,
            env=environment,
            start_new_session=True,
            preexec_fn=partial(end_with_parent, signal.SIGTERM, os.getpid()),
        )
        deadline = time.monotonic() + 30
        while not _ready(f"{self.address}/readyz"):
            if self._stopping:
                return
            if self._server.poll() is not None or time.monotonic() > deadline:
                raise DemoError("the service does not start; the lines above say why")
            time.sleep(0.05)

    def _watch(self) -> int:
        while not self._stopping:
            if self._server is not None and self._server.poll() is not None:
                raise DemoError("the service stopped by itself; the lines above say why")
            if self.postgres.died:
                self.say("PostgreSQL stopped; starting it again")
                self.postgres.restart()
            if self._wish:
                self._fulfil()
            time.sleep(0.1)
        return 0

    def _fulfil(self) -> None:
        """PostgreSQL may be away, or somebody looks into the copies: then the wish stays, and is tried again."""
        try:
            self._put_back()
            self.say("the demo is as it was when it was loaded")
        except (OSError, asyncpg.PostgresError, asyncpg.InterfaceError) as error:
            self.say(f"the demo could not be put back yet ({type(error).__name__}); trying again")
            time.sleep(1)

    def _stop(self) -> None:
        if self._server is not None:
            self._server.terminate()
            try:
                self._server.wait(15)
            except subprocess.TimeoutExpired:
                os.killpg(self._server.pid, signal.SIGKILL)
        self.postgres.stop()

    def _announce(self) -> None:
        if self._stopping:
            return
        people = read_people(self.folder)
        self.say("")
        self.say(f"In a browser: {self.address} has screens of these people, requests to try, and the API reference.")
        self.say("")
        self.say("You can be:")
        for person in people:
            self.say(f"  {person.name:12} {person.role.replace('_', ' ')}, {person.municipality}")
        self.say("")
        self.say("Try, in another terminal, from this folder:")
        for request in list(ready_made(people))[:3]:
            self.say(f"  {request.curl(self.address, self.folder)}")
        self.say("")
        self.say(f"Stop with Ctrl-C. The data stay in {self.folder}.")
        self.say(f"ready {self.address}")


# One person who tries everything out calls more often than one client of a municipality should.
_GENEROUS = {
    "SUPPORT_API_CLIENT_PER_SECOND": "1000",
    "SUPPORT_API_MUNICIPALITY_PER_SECOND": "1000",
    "SUPPORT_API_SEARCHES_PER_MINUTE": "600",
}


def _demo_logins() -> list[str]:
    members = {MIGRATOR: security.OWNER, SERVER: security.SERVE, KEEPER: security.KEYS}
    return [
        f"do $$ begin if to_regrole('{login}') is null then"
        f" create role {login} login nosuperuser nobypassrls in role {group}; end if; end $$"
        for login, group in members.items()
    ]


def reset(folder: Path) -> None:
    """Removes what a demo made in this folder, and nothing else. Only for who holds the folder."""
    for name in ("postgres", "postgres.new", CODES):
        shutil.rmtree(folder / name, ignore_errors=True)
    Clock(folder).reset()
    anew.Wish(folder).fulfilled()
    for name in (PEOPLE, ISSUER_KEY, KEYRING, ADDRESS, "postgres.log"):
        if (folder / name).is_dir():
            shutil.rmtree(folder / name)
        else:
            (folder / name).unlink(missing_ok=True)


def _require_free(port: int) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            raise DemoError(f"port {port} is in use; take another: make demo PORT={port + 1}") from None
        except OverflowError:
            raise DemoError(f"{port} is not a port") from None


def _ready(url: str) -> bool:
    try:
        with urllib.request.urlopen(url, timeout=2) as answer:  # noqa: S310 - our own loopback address
            return bool(answer.status == 200)
    except (urllib.error.URLError, OSError):
        return False


def _write_secret(path: Path, text: str) -> None:
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
        file.write(text)
