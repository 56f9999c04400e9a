"""Too much at once, and PostgreSQL that is away or stands still: shed with 503, and well again by itself."""

import asyncio

import asyncpg
import pytest

from tests.faults.ledger import History, books, wrong
from tests.faults.writers import answers, create, settle
from tests.processes import eventually, free_port, soon, standing_still, status
from tests.sites import Site, ready, served

pytestmark = pytest.mark.slow

# A disk that is busy: each item takes a tenth of a second, so two connections can't serve two hundred callers in time.
BUSY = """
create function support.busy() returns trigger language plpgsql as $$ begin perform pg_sleep(0.1); return new; end $$;
create trigger busy before insert on support.portrait_items for each row execute function support.busy();
"""


async def statement(site: Site, text: str) -> None:
    connection = await asyncpg.connect(site.cluster.url(site.main))
    try:
        await connection.execute(text)
    finally:
        await connection.close()


async def test_two_hundred_callers_on_two_connections(site: Site) -> None:
    """Who can't be served within two seconds is told when to come back; nobody's item is lost or made twice."""
    history = History()
    async with served(site, SUPPORT_API_POOL_SIZE="2", SUPPORT_API_WORKERS="1") as (_, world):
        await statement(site, BUSY)
        await asyncio.gather(*(create(world, history, f"{number:032}") for number in range(200)))
        assert set(history.answers) == {201, 503}
        assert history.without_retry_after == 0
        assert (await world.client.get("/livez")).status_code == 200
        await statement(site, "drop trigger busy on support.portrait_items")
        shed = history.answers[503]
        await settle(world, history)
        assert history.answers == {201: 200 - shed + 200, 503: shed}
        assert wrong(history, await books(world)) == set()
        readers = await asyncio.gather(*(world.get("teun", f"{world.fien}/portrait-items") for _ in range(200)))
        assert {answer.status_code for answer in readers} <= {200, 503}
        await soon(lambda: answers(world), "recovery")


async def test_a_database_that_is_away_at_the_start(site: Site) -> None:
    """The service starts without it, says so to whoever steers traffic, and is there when the database is."""
    port = free_port()
    site.cluster.server.stop()
    async with site.calling(port) as world:
        with site.serving(port):
            try:
                eventually(lambda: status(f"http://127.0.0.1:{port}/livez") == 200, "a service that lives")
                for path in ("/readyz", "/v1/me"):
                    answer = await world.get("fien", path)
                    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "2")
                assert (await world.get("fien", "/v1/me", headers={"Authorization": ""})).status_code == 401
            finally:
                site.cluster.server.start()
            ready(port)
            assert (await world.get("fien", "/v1/me")).status_code == 200


async def test_a_database_without_our_schema_is_not_ready(site: Site) -> None:
    port = free_port()
    elsewhere = site.cluster.url("postgres", "test_server")
    with site.serving(port, SUPPORT_API_DATABASE_URL=elsewhere):
        eventually(lambda: status(f"http://127.0.0.1:{port}/livez") == 200, "a service that lives")
        assert status(f"http://127.0.0.1:{port}/readyz") == 503


async def test_a_database_that_stands_still(site: Site) -> None:
    """As when its machine or the network hangs: no answer at all, not even an error. Nobody waits for ever."""
    async with served(site, SUPPORT_API_WORKERS="1") as (_, world):
        assert (await world.get("fien", "/v1/me")).status_code == 200
        with standing_still([site.postmaster(), *site.postmaster().children()]):
            told = await asyncio.gather(*(world.get("fien", "/v1/me") for _ in range(30)))
            assert {answer.status_code for answer in told} == {503}
            assert (await world.client.get("/livez")).status_code == 200
            assert (await world.client.get("/readyz")).status_code == 503
        await soon(lambda: answers(world), "recovery")
