"""A service that is told to stop answers whom it was serving first; a killed one can't."""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from signal import SIGINT, SIGTERM

import asyncpg
import httpx
import pytest

from tests.conftest import World
from tests.processes import Running, eventually, free_port, gone, listens, soon
from tests.sites import Site, served

pytestmark = pytest.mark.slow
WAITING = "select count(*) > 0 from pg_stat_activity where wait_event_type = 'Lock' and datname = current_database()"


@asynccontextmanager
async def in_flight(
    site: Site, world: World
) -> "AsyncIterator[tuple[asyncpg.Connection, asyncio.Task[httpx.Response]]]":
    """A change that waits for a row which somebody else holds, until the block says rollback."""
    said = {"kind": "joy", "text": "Op dinsdag zing ik in het koor."}
    made = await world.post("fien", f"{world.fien}/portrait-items", said)
    connection = await asyncpg.connect(site.cluster.url(site.main))
    try:
        await connection.execute("begin; select * from support.portrait_items for update")
        path = f"{world.fien}/portrait-items/{made.json()['id']}"
        task = asyncio.create_task(world.patch("fien", path, {"text": "Op donderdag."}, made.headers["ETag"]))
        await soon(lambda: connection.fetchval(WAITING), "a change that waits")
        yield connection, task
    finally:
        await connection.close()


async def _told(process: Running, world: World, sign: int) -> None:
    """Sends the signal, and waits until nobody new is let in."""
    port = world.client.base_url.port
    process.popen.send_signal(sign)
    await asyncio.to_thread(eventually, lambda: not listens(port), "a closed door")


@pytest.mark.parametrize("release", [True, False])
async def test_who_is_being_served_gets_an_answer(site: Site, release: bool) -> None:
    """Also when what it waits for does not come: then the lock's budget ends it, before the stop does."""
    async with served(site) as (process, world), in_flight(site, world) as (connection, change):
        family = process.family()
        await _told(process, world, SIGTERM)
        if release:
            await connection.execute("rollback")
        answer = await change
        assert answer.status_code == (200 if release else 409)
        assert await asyncio.to_thread(process.popen.wait, 20) == 0
        assert gone(family)


async def test_a_killed_service_answers_nobody(site: Site) -> None:
    """The control: the same change, the same moment, without a chance to finish."""
    async with served(site) as (process, world), in_flight(site, world) as (_, change):
        process.kill()
        with pytest.raises(httpx.TransportError):
            await change


async def test_idle_callers_do_not_keep_it_from_stopping(site: Site) -> None:
    """Connections that are kept alive and silent are no reason to stay."""
    async with served(site) as (process, world):
        await asyncio.gather(*(world.get("fien", "/v1/me") for _ in range(10)))
        family = process.family()
        process.popen.send_signal(SIGTERM)
        assert await asyncio.to_thread(process.popen.wait, 10) == 0
        assert gone(family)


@pytest.mark.parametrize("impatient", [None, SIGTERM, SIGINT])
async def test_it_says_that_it_leaves_before_it_closes_the_door(site: Site, impatient: int | None) -> None:
    """Callers, sent on by a load balancer that looks at /readyz, never notice. A second signal does not wait."""
    seconds = 3 if impatient is None else 60
    async with served(site, SUPPORT_API_DRAIN_SECONDS=str(seconds)) as (process, world):
        answers: list[int] = []
        crowd = [asyncio.create_task(steered(world, answers)) for _ in range(8)]
        await soon(lambda: asyncio.sleep(0, len(answers) > 50), "callers who are served")
        started = time.monotonic()
        process.popen.send_signal(SIGTERM)
        await asyncio.gather(*crowd)
        assert set(answers) == {200}
        left = await world.client.get("/readyz")
        assert (left.status_code, left.json()["parts"]["draining"]) == (503, True)
        late = await world.get("fien", "/v1/me")
        assert (late.status_code, late.headers["Connection"]) == (200, "close")
        if impatient is not None:
            process.popen.send_signal(impatient)
        assert await asyncio.to_thread(process.popen.wait, 20) == 0
        assert (time.monotonic() - started >= seconds) is (impatient is None)


async def steered(world: World, answers: list[int]) -> None:
    """One caller after another, for as long as the service says that it is ready."""
    while (await world.client.get("/readyz")).status_code == 200:
        answers.append((await world.get("fien", "/v1/me")).status_code)


async def test_ctrl_c_does_not_wait(site: Site) -> None:
    async with served(site, SUPPORT_API_DRAIN_SECONDS="60") as (process, _):
        assert await asyncio.to_thread(process.interrupt, SIGINT) == 0


def test_told_to_stop_while_it_starts(site: Site) -> None:
    """A worker that is not ready yet goes at once. In a small part of its start the server loses the signal, and kills
    it later: so one of three tries must do."""
    for _ in range(3):
        with site.serving(free_port()) as process:
            eventually(lambda: len(process.family()) > 1, "a worker that starts")
            process.popen.send_signal(SIGTERM)
            assert process.popen.wait(40) == 0
            if "refused to gracefully stop" not in process.output:
                return
    pytest.fail("each time its workers had to be killed")
