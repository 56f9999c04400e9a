"""Kill the service at any moment: nothing acknowledged is lost, nothing is there twice, nothing without its entry."""

import asyncio

import psutil
import pytest

from tests.faults.ledger import History, books, wrong
from tests.faults.writers import more, settle, storm
from tests.processes import Running, eventually, free_port, gone
from tests.sites import Site, ready

pytestmark = pytest.mark.slow


def whole(process: Running) -> None:
    process.kill()


def only_the_first(process: Running) -> None:
    """The process that was started; its workers must not go on without it."""
    family = process.family()
    process.popen.kill()
    process.popen.wait(10)
    eventually(lambda: gone(family), "the end of its workers")


async def one_worker(process: Running) -> None:
    """The service starts another one by itself."""
    worker = psutil.Process(process.popen.pid).children()[0]
    worker.kill()


async def test_killed_again_and_again(site: Site) -> None:
    """Audit and idempotency rows commit with what they speak of (architecture: one request, step 4 and 5)."""
    history, port = History(), free_port()
    async with site.calling(port) as world, asyncio.timeout(120):
        for end in (whole, only_the_first, whole):
            with site.serving(port) as process:
                await asyncio.to_thread(ready, port)
                async with storm(world, history):
                    await more(history, 25)
                    await asyncio.to_thread(end, process)
        with site.serving(port) as process:
            await asyncio.to_thread(ready, port)
            async with storm(world, history):
                await more(history, 10)
                await one_worker(process)
                await more(history, 25)
            await settle(world, history)
            stored = await books(world)
    assert wrong(history, stored) == set()
    assert set(history.answers) <= {0, 200, 201, 409, 503}
    assert history.answers[0] > 0, "it was never killed while it was at work"
    assert history.without_retry_after == 0
