"""An installation from day to day: what it refuses to start, how it stops, and that a backup brings it back."""

import asyncio
import json
import os
import signal
import socket
import subprocess
import time
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import quote

import asyncpg
import httpx
import pytest

from tests.deploy.composed import read_env
from tests.deploy.conftest import Installed
from tests.deploy.without_docker import Stack
from tests.processes import free_port

pytestmark = [pytest.mark.slow, pytest.mark.nginx]


def test_the_health_check_says_no_when_nobody_answers(installed: Installed) -> None:
    assert installed.stack.healthy()
    assert installed.stack.healthy("proxy")
    ports = {name: free_port() for name in installed.stack.ports}
    elsewhere = Stack(installed.stack.folder, installed.stack.socket_folder, installed.stack.binaries, **ports)
    for name in ("api", "proxy", "keycloak"):
        assert not elsewhere.healthy(name)


def test_a_second_service_on_the_same_port_is_refused(installed: Installed) -> None:
    """It would silently get half of the requests."""
    assert _serve(installed) == (1, f"SUPPORT_API_PORT: 127.0.0.1:{installed.stack.port} is not free")


def test_the_demos_issuer_is_refused(installed: Installed) -> None:
    issuers = json.dumps([installed.key.settings()])
    told = _serve(installed, SUPPORT_API_ISSUERS=issuers, SUPPORT_API_PORT=str(free_port()))
    assert told == (1, "the demo's token issuer is not allowed with this database")


def _serve(installed: Installed, **changes: str) -> tuple[int, str]:
    """A service that should not start; if it does, it goes with its workers."""
    environment = {**installed.stack.environment("api"), **changes}
    process = installed.stack.process(["serve"], environment, stderr=subprocess.PIPE, start_new_session=True)
    try:
        said = process.communicate(timeout=60)[1].decode()
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        process.communicate()
        raise
    return process.returncode, said.strip().rsplit("Error: ", 1)[-1].replace("SUPPORT_API_HOST and ", "")


def test_stopping_answers_what_was_asked_and_takes_nothing_new(installed: Installed) -> None:
    """A request of which half has arrived is answered: 404 for a resident who does not exist, from the database."""
    body = b'{"kind": "joy", "text": "soep"}'
    try:
        with _half_a_request(installed, body[:9], len(body)) as connection, ThreadPoolExecutor() as threads:
            stopped = threads.submit(installed.stack.stop, "api")
            assert _until_refused(installed)
            assert not stopped.done()
            connection.sendall(body[9:])
            assert connection.recv(65536).startswith(b"HTTP/1.1 404 ")
            stopped.result()
    finally:
        installed.stack.stop()
        assert installed.stack.up() == 0


def _half_a_request(installed: Installed, start: bytes, length: int) -> socket.socket:
    """The service says `100 Continue` when it has checked the headers and waits for the body."""
    lines = [
        "POST /v1/residents/0199aaaa-0000-7000-8000-00000000dead/portrait-items HTTP/1.1",
        "Host: 127.0.0.1",
        f"Authorization: Bearer {installed.token(scope='portrait:write')}",
        "Processing-Purpose: support",
        "Idempotency-Key: 0123456789abcdef",
        "Content-Type: application/json",
        f"Content-Length: {length}",
        "Expect: 100-continue",
    ]
    connection = socket.create_connection(("127.0.0.1", installed.stack.port), timeout=20)
    connection.sendall("\r\n".join([*lines, "", ""]).encode())
    assert connection.recv(65536).startswith(b"HTTP/1.1 100 ")
    connection.sendall(start)
    return connection


def _until_refused(installed: Installed) -> bool:
    deadline = time.monotonic() + 15
    while time.monotonic() < deadline:
        try:
            httpx.get(f"http://127.0.0.1:{installed.stack.port}/livez", timeout=1)
        except httpx.ConnectError:
            return True
        except httpx.TransportError:
            continue
    return False


def test_a_backup_brings_everything_back(installed: Installed) -> None:
    """All databases and all log-ins are lost; the passwords and the keyring are not."""
    assert installed.sql("keycloak", "keycloak", "create table realm as select 'support' as id")[0]
    before = _kept(installed)
    assert (before[0], before[3]) == (1, "support")
    done = installed.type("Backups")
    assert done.returncode == 0, done.stderr
    installed.stack.stop()
    asyncio.run(_lose_everything(installed))
    assert installed.stack.up() == 0
    assert _kept(installed) == (0, "0", 403, "")
    done = installed.type("Restoring")
    assert done.returncode == 0, done.stderr
    assert _kept(installed) == before
    assert installed.sql("support_api_server", "support_api_keys", "select 1")[0] is False
    assert installed.sql("support_api_server", "keycloak", "select 1")[0] is False


def _kept(installed: Installed) -> tuple[int, str, int, str]:
    municipalities = installed.sql("support_api_archiver", "support_api", "select count(*) from support.municipalities")
    keys = installed.sql("support_api_keeper", "support_api_keys", "select count(*), min(wrapped) from keys.data_keys")
    there, realm = installed.sql("keycloak", "keycloak", "select id from realm")
    return int(municipalities[1]), keys[1].rstrip("|"), installed.me().status_code, realm if there else ""


async def _lose_everything(installed: Installed) -> None:
    statements = await _to_lose(installed)
    host = quote(str(installed.server.socket_folder))
    password = read_env(installed.stack.folder / ".env")["POSTGRES_PASSWORD"]
    connection = await asyncpg.connect(f"postgresql://postgres:{password}@/postgres?host={host}")
    try:
        for statement in statements:
            await connection.execute(statement)
    finally:
        await connection.close()
    (installed.stack.folder / "initialised").unlink()


async def _to_lose(installed: Installed) -> list[str]:
    async with installed.superuser() as connection:
        roles = await connection.fetch("select rolname from pg_roles where rolname ~ '^(support_api_|keycloak$)'")
    names = ("support_api", "support_api_keys", "keycloak")
    databases = [f"drop database {name} with (force)" for name in names]
    return [*databases, *(f"drop role {role['rolname']}" for role in roles)]
