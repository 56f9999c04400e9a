"""One installation for the tests of this folder, made by typing what docs/running.md says, on a PostgreSQL of its own
with real passwords.

`docker` is without_docker.py: there is no engine here, so the commands run as processes with the environment of
docker-compose.yml. What a container itself adds (namespaces, capabilities, a read-only root) is not proved here.
"""

import asyncio
import json
import os
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from shutil import copy, copytree, ignore_patterns
from tempfile import TemporaryDirectory
from typing import Any
from urllib.parse import quote

import asyncpg
import httpx
import pytest
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey

from support_api.demo import issuer as demo_issuer
from support_api.demo.issuer import DemoIssuer
from support_api.demo.postgres import EmbeddedPostgres
from tests.contract.check import watch
from tests.deploy.composed import ROOT, read_env
from tests.deploy.in_place import KEYS, answering
from tests.deploy.running_page import commands
from tests.deploy.without_docker import Stack
from tests.keycloak.realm import Realm, User, jwks, realm, token
from tests.processes import free_port

FRONT_END = "werkplek-voorbeeld"
TEUN = "8f0f6f8e-0f43-4f6b-9d0a-3c2a4f0c9d11"


@dataclass
class Installed:
    """One installation, and whoever installs it."""

    stack: Stack
    server: EmbeddedPostgres
    shell_environment: dict[str, str]
    key: DemoIssuer
    printed: list[str]
    """Whether the proxy answers, the municipality, the client, and the worker."""
    login: list[str]
    """What was asked in the place of Keycloak."""

    def type(self, title: str, **environment: str) -> subprocess.CompletedProcess[str]:
        """The commands of a section, in one shell that stops at the first mistake."""
        script = commands(title).replace(":8443", f":{self.stack.ports['https']}")
        return subprocess.run(
            ["bash", "-euo", "pipefail", "-c", script],
            cwd=self.stack.folder,
            env={**self.shell_environment, **environment},
            capture_output=True,
            text=True,
            check=False,
        )

    def token(self, scope: str = "me:read", key: RSAPrivateKey | None = None, found: Realm | None = None) -> str:
        """Of the first worker, as Keycloak makes it by the realm file."""
        teun = User(TEUN, {"municipality": self.printed[1], "role": "worker"})
        return token(found or realm(), FRONT_END, teun, scope, key)

    def me(self, **changes: Any) -> httpx.Response:
        headers = {"Authorization": f"Bearer {self.token(**changes)}"}
        with httpx.Client(timeout=10, event_hooks={"response": [watch]}) as client:
            return client.get(f"http://127.0.0.1:{self.stack.port}/v1/me", headers=headers)

    def sql(self, login: str, database: str, statement: str, password: str | None = None) -> tuple[bool, str]:
        """As one of the log-ins, with its password: whether it was allowed, and what came back."""
        name = login.removeprefix("support_api_").upper()
        given = password or read_env(self.stack.folder / ".env")[f"{name}_PASSWORD"]
        environment = {"PATH": os.environ["PATH"], "PGHOST": str(self.server.socket_folder), "PGPASSWORD": given}
        psql = [
            f"{self.server.binaries}/psql",
            "-XAtw",
            "-v",
            "ON_ERROR_STOP=1",
            "-U",
            login,
            "-c",
            statement,
            database,
        ]
        done = subprocess.run(psql, env=environment, capture_output=True, text=True, check=False)
        return done.returncode == 0, (done.stdout + done.stderr).strip()

    @asynccontextmanager
    async def superuser(self) -> AsyncIterator[Any]:
        password = read_env(self.stack.folder / ".env")["POSTGRES_PASSWORD"]
        host = quote(str(self.server.socket_folder))
        connection = await asyncpg.connect(f"postgresql://postgres:{password}@/support_api?host={host}")
        try:
            yield connection
        finally:
            await connection.close()


@pytest.fixture(scope="session")
def installed() -> Iterator[Installed]:
    """Outside pytest's own temporary folder, like the cluster of all tests, and for the same reason."""
    with TemporaryDirectory(prefix="support-api-tests-") as name:
        folder = Path(name)
        server = EmbeddedPostgres(folder / "server")
        server.start()
        try:
            asyncio.run(_hurry(server))
            yield from _installed(folder, server)
        finally:
            server.stop()


def _installed(folder: Path, server: EmbeddedPostgres) -> Iterator[Installed]:
    checkout = folder / "checkout"
    copytree(ROOT / "deploy", checkout / "deploy", ignore=ignore_patterns("local", "__pycache__"))
    for name in ("docker-compose.yml", ".env.example"):
        copy(ROOT / name, checkout / name)
    where = {"socket_folder": str(server.socket_folder), "binaries": str(server.binaries)}
    where |= {name: free_port() for name in ("port", "https", "login", "management")}
    stack = Stack(checkout, **where)  # type: ignore[arg-type]
    key = demo_issuer.make(folder / "issuer.pem")
    with answering(stack.ports["login"], {KEYS: (200, json.dumps(jwks()).encode())}) as login:
        made = Installed(stack, server, _operator(folder, where), key, [], login)
        try:
            yield _typed(made)
        finally:
            stack.stop()


def _typed(made: Installed) -> Installed:
    done = made.type("First installation")
    logs = "".join(path.read_text() for path in made.stack.folder.glob("*.log"))
    assert done.returncode == 0, done.stderr + logs
    made.printed += done.stdout.replace("up to date\n", "").split()
    done = made.type("The first worker", municipality=made.printed[1], user=TEUN)
    assert done.returncode == 0, done.stderr
    made.printed += done.stdout.split()
    return made


async def _hurry(server: EmbeddedPostgres) -> None:
    """Without waiting for the disk: nothing here survives the tests."""
    connection = await asyncpg.connect(server.url("postgres"))
    try:
        for setting in ("fsync", "full_page_writes", "autovacuum"):
            await connection.execute(f"alter system set {setting} = off")
        await connection.execute("select pg_reload_conf()")
    finally:
        await connection.close()


def _operator(folder: Path, where: dict[str, Any]) -> dict[str, str]:
    """Somebody with `docker` on the path, whose editor changes in the files only where Keycloak is."""
    tools = folder / "bin"
    tools.mkdir()
    stand_in = f'PYTHONPATH="{ROOT}" exec "{sys.executable}" -m tests.deploy.without_docker "$@"'
    edit = f"for file; do sed -i 's#//keycloak:8080/#//127.0.0.1:{where['login']}/#' \"$file\"; done"
    for name, line in {"docker": stand_in, "edit": edit}.items():
        (tools / name).write_text(f"#!/bin/sh\n{line}\n")
        (tools / name).chmod(0o755)
    path = f"{tools}{os.pathsep}{os.environ['PATH']}"
    return {"PATH": path, "EDITOR": "edit", "STAND_IN": json.dumps(where), "HOME": str(folder)}
