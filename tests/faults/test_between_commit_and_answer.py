"""Killed in the one moment that counts: after PostgreSQL committed and before the service knew, or just before it
asked. Whoever sends the same again has it once."""

import asyncio

import httpx
import pytest

from tests.conftest import SERVER, World
from tests.every_operation import BY_NAME, good
from tests.faults.wire import AFTER, BEFORE, wire
from tests.processes import free_port
from tests.repetition.stored import moved, versions
from tests.sites import Site, ready

pytestmark = pytest.mark.slow
# All others lose their answer in tests/repetition/test_lost_answers.py, without a process each.
NAMES = ("createPortraitItem", "startWorkingRelationship")


async def sent(world: World, name: str) -> tuple[str, str, bytes | None, dict[str, str]]:
    request = await good(world, name)
    return request.method, request.path, request.content, request.sent(world)


async def call(world: World, request: tuple[str, str, bytes | None, dict[str, str]]) -> httpx.Response:
    method, path, content, headers = request
    return await world.client.request(method, path, content=content, headers=headers)


@pytest.mark.parametrize(("moment", "replayed"), [(AFTER, "true"), (BEFORE, None)])
async def test_killed_at_the_commit(site: Site, moment: bytes, replayed: str | None) -> None:
    """INV-30: acknowledged or not, it is there once, or not at all until it is sent again."""
    socket = f"{site.cluster.server.socket_folder}/.s.PGSQL.5432"
    async with wire(socket) as cable:
        through = f"postgresql://{SERVER}@127.0.0.1:{cable.port}/{site.main}"
        for name in NAMES:
            port = free_port()
            with site.serving(port, SUPPORT_API_DATABASE_URL=through, SUPPORT_API_WORKERS="1") as process:
                await asyncio.to_thread(ready, port)
                async with site.calling(port) as world:
                    request = await sent(world, name)
                    before = await versions(world)
                    cable.cut, cable.about, cable.armed = process.kill, BY_NAME[name].action.value.encode(), moment
                    with pytest.raises(httpx.TransportError):
                        await call(world, request)
                    await cable.happened.wait()
                    cable.happened.clear()
            with site.serving(port) as process:
                await asyncio.to_thread(ready, port)
                async with site.calling(port) as world:
                    kept = moved(before, await versions(world))
                    assert bool(kept) is (moment == AFTER), f"{name}: {kept}"
                    again = await call(world, request)
                    assert again.status_code == 201, f"{name}: {again.text}"
                    assert again.headers.get("Idempotent-Replayed") == replayed, name
                    if kept:
                        assert moved(before, await versions(world)) == kept, f"{name} was done twice"
