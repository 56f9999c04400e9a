"""HEAD answers as GET does, without the body: it tells that something is there, so it is a read as any other."""

import socket
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from support_api.db import audit
from support_api.http.auth import TokenVerifier
from tests.conftest import Cluster, World
from tests.contract.check import unchecked
from tests.every_operation import BY_NAME, good
from tests.make import TRACE
from tests.rules.addresses import PUBLIC, ask
from tests.rules.heads import Sent, asked_with, check_head, watched
from tests.sites import served, site_on

READS = [operation.name for operation in BY_NAME.values() if operation.method == "GET"]
pytestmark = pytest.mark.slow


async def test_head_answers_as_get_does_for_every_read(world: World) -> None:
    with watched() as bodies:
        met = {name: await check_head(world, name, bodies) for name in READS}
    assert all({200, 400, 401, 403, 406} <= statuses for statuses in met.values()), met
    assert all(404 in met[name] for name in READS if BY_NAME[name].parameters), met
    assert 304 in met["getPortraitItem"]


async def test_head_answers_as_get_does_outside_the_operations(world: World) -> None:
    with watched() as bodies:
        for path in (*PUBLIC, "/v1/nowhere", "/v1//me", "/v1/" + "a" * 2100):
            head, get = await ask(world, "HEAD", path, **TRACE), await ask(world, "GET", path, **TRACE)
            assert (head.status_code, head.headers) == (get.status_code, get.headers), path
            assert int(head.headers["Content-Length"]) == len(get.content) > 0, path
    assert b"".join(bodies) == b""


async def test_over_the_network_nothing_follows_the_headers(cluster: Cluster, tmp_path: Path) -> None:
    async with site_on(cluster, tmp_path) as site, served(site, SUPPORT_API_WORKERS="1") as (_, world):
        for name in ("getPortraitItem", "listPortraitItems"):
            request = await good(world, name)
            get = await request.send(world, **TRACE)
            status, told, rest = raw_head(world, request.path, {**request.sent(world), **TRACE})
            assert (status, rest) == (200, b"")
            assert of_service(told) == of_service(dict(get.headers))
            assert told["server"] == "support-api"


def of_service(headers: dict[str, str]) -> dict[str, str]:
    """The server's own two say when it was, and how the connection goes on."""
    return {name: value for name, value in headers.items() if name not in ("date", "connection")}


def raw_head(world: World, path: str, headers: dict[str, str]) -> tuple[int, dict[str, str], bytes]:
    """All that comes until the end of the connection: a client would not look beyond the headers."""
    lines = [f"HEAD {path} HTTP/1.1", "Host: testserver", "Connection: close"]
    lines += [f"{name}: {value}" for name, value in headers.items()]
    with socket.create_connection(("127.0.0.1", world.client.base_url.port or 80), timeout=20) as connection:
        connection.sendall("\r\n".join([*lines, "", ""]).encode())
        found = b"".join(iter(lambda: connection.recv(65536), b""))
    head, rest = found.split(b"\r\n\r\n", 1)
    status, *fields = head.decode().split("\r\n")
    return int(status.split()[1]), {k.lower(): v for k, v in (each.split(": ", 1) for each in fields)}, rest


_verify, _write = TokenVerifier.verify, audit.write


async def _tokenless(verifier: TokenVerifier, sent: list[str], world: World) -> Any:
    """As frameworks do that leave HEAD out of their authentication."""
    return await _verify(verifier, sent or [f"Bearer {world.token('fien')}"] * (asked_with.get() == "HEAD"))


async def _unrecorded(*given: Any) -> None:
    if asked_with.get() != "HEAD":
        await _write(*given)


def _with_body(message: Sent) -> Sent:
    return {**message, "body": b"{}"} if message["type"] == "http.response.body" else message


def _of_no_length(message: Sent) -> Sent:
    headers = [(name, b"0" if name == b"content-length" else value) for name, value in message.get("headers", ())]
    return {**message, "headers": headers} if headers else message


SPOILT: dict[str, Callable[[Sent], Sent]] = {"right: body": _with_body, "right: answer": _of_no_length}


@pytest.mark.parametrize("noticed", ["no token: answer", "right: recorded", *SPOILT])
async def test_a_head_that_is_not_as_its_get_is_noticed(
    world: World, monkeypatch: pytest.MonkeyPatch, noticed: str
) -> None:
    """Positive controls."""
    if noticed == "no token: answer":
        monkeypatch.setattr(TokenVerifier, "verify", lambda verifier, sent: _tokenless(verifier, sent, world))
    if noticed == "right: recorded":
        monkeypatch.setattr(audit, "write", _unrecorded)
    with (
        unchecked("a HEAD is answered wrongly"),
        watched(SPOILT.get(noticed, lambda message: message)) as bodies,
        pytest.raises(AssertionError, match=f"getMe, {noticed}"),
    ):
        await check_head(world, "getMe", bodies)
