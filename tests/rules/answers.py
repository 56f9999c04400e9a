"""Real answers of the service with every status that it has: each operation done and refused, and each layer's own.

Gathered once for all the rules that speak of every answer.
"""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from typing import Any

import asyncpg
import httpx
import pytest

from support_api.db import store
from support_api.http import bodies, edge
from support_api.http.limits import Meter
from tests.conftest import World
from tests.every_operation import NAMES, good
from tests.make import UNKNOWN
from tests.rules.addresses import ask

Answers = dict[str, httpx.Response]


async def gathered(world: World) -> Answers:
    found: Answers = {}
    for name in NAMES:
        found |= {f"{name}, {what}": answer async for what, answer in of_operation(world, name)}
    found |= {what: answer async for what, answer in of_layers(world)}
    return found | {what: answer async for what, answer in of_broken(world)}


Told = AsyncIterator[tuple[str, httpx.Response]]


async def of_operation(world: World, name: str) -> Told:
    """Refused in every way that needs no other state, done, and done again."""
    request = await good(world, name)
    yield "no token", await request.send(world, Authorization="")
    yield "no scope", await request.send(world, Authorization=f"Bearer {world.token(request.name, scope='x')}")
    yield "Accept", await request.send(world, Accept="text/html")
    yield "Content-Type", await request.send(world, **{"Content-Type": "text/plain"})
    yield "query", await request.but(path=f"{request.path}?x=1").send(world)
    if request.operation.conditional:
        yield "no tag", await request.send(world, **{"If-Match": ""})
        yield "stale", await request.send(world, **{"If-Match": '"9.0123456789abcdef"'})
    key = {"Idempotency-Key": f"{name:-<16}"} if request.operation.creates else {}
    done = await request.send(world, **key)
    assert done.status_code == request.operation.status, (name, done.text)
    yield "done", done
    yield "again", await request.send(world, **key, **{"If-None-Match": done.headers.get("ETag", "")})
    if request.operation.creates:
        other = request.but(body=dict(reversed(request.body.items())))
        yield "another with its key", await other.send(world, **key)


async def of_layers(world: World) -> Told:
    for path in ("/livez", "/readyz", "/v1/openapi.json", "/v1/nowhere", "/v1//me"):
        yield path, await ask(world, "GET", path)
        yield f"OPTIONS {path}", await ask(world, "OPTIONS", path)
        yield f"PUT {path}", await ask(world, "PUT", path)
    yield "OPTIONS", await ask(world, "OPTIONS", "/v1/me")
    yield "PUT", await ask(world, "PUT", "/v1/me")
    yield "nothing by that id", await world.get("fien", f"{world.fien}/portrait-items/{UNKNOWN}")
    yield "address", await ask(world, "GET", "/v1/" + "a" * 2100)
    yield "header", await ask(world, "GET", "/v1/me", **{"X-Long": "a" * 17_000})
    ending = await good(world, "endWorkingRelationship")
    await ending.send(world)
    yield "ended twice", await ending.send(world)
    making = await good(world, "createPortraitItem")
    yield "body", await making.but(body={"text": "a" * bodies.LONGEST_BODY}).send(world)


async def of_broken(world: World) -> Told:
    """What only a fault, a flood or a slow line brings about."""
    request = await good(world, "listPortraitItems")
    with patched(store, "page", _crash):
        yield "crash", await request.send(world)
    with patched(edge, "REQUEST_SECONDS", 0):
        yield "out of time", await request.send(world)
    with patched(Meter, "take", lambda *_: 1.0):
        yield "too often", await request.send(world)
    with patched(asyncpg.Pool, "fetch", _gone):
        yield "not ready", await ask(world, "GET", "/readyz")
    making = await good(world, "createPortraitItem")
    with patched(bodies, "BODY_SECONDS", 0.05):
        yield "slow", await world.client.post(making.path, content=_half(), headers=making.sent(world))


@contextmanager
def patched(where: Any, name: str, value: Any) -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(where, name, value)
        yield


async def _crash(*_: object, **__: object) -> None:
    raise ArithmeticError


async def _gone(*_: object, **__: object) -> None:
    raise ConnectionResetError


async def _half() -> AsyncIterator[bytes]:
    yield b"{"
    await asyncio.Event().wait()
