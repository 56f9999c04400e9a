"""Kill PostgreSQL at any moment: callers are told to come back, the service recovers by itself, the books are right."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import asyncpg
import psutil
import pytest

from support_api.db import tx
from tests.faults.ledger import History, books, wrong
from tests.faults.writers import answers, create, more, settle, storm
from tests.processes import eventually, gone, soon, standing_still
from tests.sites import Site, served

pytestmark = pytest.mark.slow


def backend(site: Site) -> psutil.Process:
    """One that serves us."""
    return next(p for p in site.postmaster().children() if site.main in "".join(p.cmdline()))


def crash(site: Site) -> None:
    """All of PostgreSQL at once: what lay in its memory only is gone."""
    postmaster = site.postmaster()
    family = [postmaster, *postmaster.children()]
    for process in family:
        process.kill()
    eventually(lambda: site.cluster.server.died and gone(family), "the end of PostgreSQL")


@asynccontextmanager
async def without_the_log_writer(site: Site) -> AsyncIterator[None]:
    """It stands still at a moment at which it doesn't hold what a commit needs."""
    while True:
        found = [p for p in site.postmaster().children() if "walwriter" in "".join(p.cmdline())]
        with standing_still(found):
            if await commits(site):
                yield
                return


async def commits(site: Site) -> bool:
    connection = await asyncpg.connect(site.cluster.url(site.main))
    try:
        await connection.execute("create table commits ()", timeout=1)
        await connection.execute("drop table commits", timeout=1)
        return True
    except TimeoutError:
        return False
    finally:
        connection.terminate()


async def test_killed_while_callers_write(site: Site) -> None:
    """A backend (PostgreSQL then ends all its connections by itself), the postmaster alone, and everything at once."""
    history = History()
    async with served(site) as (_, world), asyncio.timeout(120):
        async with storm(world, history):
            await more(history, 20)
            backend(site).kill()
            await more(history, 20)
            site.postmaster().kill()
            await asyncio.to_thread(eventually, lambda: site.cluster.server.died, "the end of PostgreSQL")
            await asyncio.to_thread(eventually, lambda: history.answers[503] > 3, "callers who are told")
            site.cluster.server.restart()
            await more(history, 20)
            await asyncio.to_thread(crash, site)
            site.cluster.server.restart()
            await more(history, 20)
        await settle(world, history)
        stored = await books(world)
    assert wrong(history, stored) == set()
    assert set(history.answers) == {200, 201, 503}
    assert history.without_retry_after == 0


@pytest.mark.parametrize(("commit", "lost"), [("on", False), ("off", True)])
async def test_acknowledged_means_on_disk(site: Site, monkeypatch: pytest.MonkeyPatch, commit: str, lost: bool) -> None:
    """The process that writes the log behind everybody's back stands still, so that only a commit that waits for the
    disk is there after the crash. The control is a service that answers before its commit is on disk."""
    begin = tx._BEGIN.replace("'synchronous_commit','on'", f"'synchronous_commit','{commit}'")
    assert (begin != tx._BEGIN) is lost
    monkeypatch.setattr(tx, "_BEGIN", begin)
    history = History()
    async with site.inside() as world:
        async with without_the_log_writer(site):
            for number in range(5):
                assert (await create(world, history, f"{number}" * 32)) is not None
            assert history.answers == {201: 5}
            await asyncio.to_thread(crash, site)
        site.cluster.server.restart()
        await soon(lambda: answers(world), "recovery")
        assert ("an acknowledged item is lost" in wrong(history, await books(world))) is lost
