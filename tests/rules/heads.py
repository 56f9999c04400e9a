"""Whether HEAD answers exactly as GET does: the same read twice, each way, with an eye on what leaves the service."""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

import pytest

from support_api.http.shell import Shell
from tests.conftest import World
from tests.db.trail import Trail, trail_of
from tests.every_operation import Good, good
from tests.make import TRACE, UNKNOWN

Sent = dict[str, Any]
asked_with: ContextVar[str] = ContextVar("asked_with", default="")
_ID = re.compile("[0-9a-f]{8}-[0-9a-f-]{27}")
# Drawn anew for each answer, or for each entry of the trail.
_CURSOR, _OWN = re.compile(r"cursor=[\w-]+"), {"id", "at", "xid"}


@contextmanager
def watched(change: Callable[[Sent], Sent] = lambda message: message) -> Iterator[list[bytes]]:
    """The bodies that answer a HEAD, which clients and servers would drop unseen. `change` spoils such an answer."""
    call, bodies = Shell.__call__, list[bytes]()

    async def watching(shell: Shell, scope: Any, receive: Any, send: Any) -> None:
        asked_with.set(scope.get("method", ""))

        async def seen(message: Any) -> None:
            if scope["method"] == "HEAD":
                message = change(message)
                bodies.append(message.get("body", b""))
            await send(message)

        await call(shell, scope, receive, seen if scope["type"] == "http" else send)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Shell, "__call__", watching)
        yield bodies


def ways(request: Good, world: World) -> dict[str, tuple[str, dict[str, str]]]:
    """The paths and headers of the same read, right and wrong in several ways."""
    path, bare = request.path, request.path.split("?")[0]
    return {
        "right": (path, {}),
        "known": (path, {"If-None-Match": "*"}),
        "no token": (path, {"Authorization": ""}),
        "no scope": (path, {"Authorization": f"Bearer {world.token(request.name, scope='x')}"}),
        "no purpose": (bare, {"Authorization": f"Bearer {world.token('teun')}", "Processing-Purpose": ""}),
        "not theirs": (bare, {"Authorization": f"Bearer {world.token('sanne')}", "Processing-Purpose": "support"}),
        "not there": (_ID.sub(UNKNOWN, bare), {}),
        "unknown parameter, in English": (f"{bare}?x=1", {"Accept-Language": "en"}),
        "not acceptable": (path, {"Accept": "text/html"}),
    }


async def seen(world: World, trail: Trail, request: Good, method: str, **headers: str) -> tuple[Any, list[Any], bytes]:
    """Status and headers, what was recorded, and the body."""
    sent = {name: value for name, value in {**request.sent(world), **TRACE, **headers}.items() if value}
    answer = await world.client.request(method, request.path, headers=sent)
    told = {name: _CURSOR.sub("cursor=…", value) for name, value in answer.headers.items()}
    kept = [{key: each[key] for key in dict(each).keys() - _OWN} for each in await trail.new()]
    return (answer.status_code, told), kept, answer.content


async def check_head(world: World, name: str, bodies: list[bytes]) -> set[int]:
    """Answers the statuses that were met."""
    request, trail = await _steady(world, await good(world, name)), await trail_of(world)
    met = set()
    for way, (path, headers) in ways(request, world).items():
        asked = request.but(path=path)
        head, recorded, _ = await seen(world, trail, asked, "HEAD", **headers)
        get, expected, body = await seen(world, trail, asked, "GET", **headers)
        assert head == get, f"{name}, {way}: answer"
        assert recorded == expected, f"{name}, {way}: recorded"
        assert (b"".join(bodies), head[1].get("content-length", "0")) == (b"", str(len(body))), f"{name}, {way}: body"
        assert len(recorded) == 1 or head[0] not in (200, 304), f"{name}, {way}: a read without a record"
        met.add(head[0])
    return met


async def _steady(world: World, request: Good) -> Good:
    """Of the access log its second page: the first one has a new line with every look."""
    if request.operation.name != "listAccessLog":
        return request
    first = await request.but(path=f"{request.path}?limit=3").send(world)
    return request.but(path=first.json()["next"].removeprefix("http://testserver"))
