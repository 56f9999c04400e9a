"""What Prometheus reads: all workers together, at an address of its own, in closed lists of labels."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import psutil
import pytest
from prometheus_client import generate_latest

from support_api import metrics
from support_api.http.limits import Meter
from support_api.management import OF_THE_PARENT
from support_api.metrics import METRICS, OTHER
from tests import conftest
from tests.conftest import World
from tests.every_operation import NAMES, good
from tests.leaks.sinks import MARKER, leaks
from tests.leaks.trouble import away
from tests.monitoring.scraping import samples, scraped, value
from tests.processes import Running, finished, free_port, listens, soon
from tests.sites import Site, served

PORT = {"metrics_port": 9}  # nobody listens there: a process counts for itself


@asynccontextmanager
async def counted(site: Site, **more: str) -> AsyncIterator[tuple[Running, World, int]]:
    port = free_port()
    async with served(site, SUPPORT_API_METRICS_PORT=str(port), **more) as (process, world):
        yield process, world, port


@pytest.mark.slow
async def test_workers_are_counted_together(site: Site) -> None:
    """Also those that died; of what is going on, only the living tell."""
    async with counted(site) as (process, world, port):
        await asyncio.gather(*(world.get("fien", "/v1/me") for _ in range(40)))
        await world.client.get("/v1/nowhere")
        text = scraped(port)
        assert value(text, "support_api_requests_total", operation="getMe", status="200") == 40
        assert value(text, "support_api_requests_total", operation="none", status="404") == 1
        assert value(text, "support_api_refusals_total", code="not_found") == 1
        assert value(text, "support_api_request_duration_seconds_count", operation="getMe") == 40
        assert value(text, "support_api_request_duration_seconds_bucket", operation="getMe", le="+Inf") == 40
        assert value(text, "support_api_requests_in_flight") == 0
        assert value(text, "support_api_pool_connections_limit", pool="main") == 20
        assert value(text, "support_api_pool_wait_seconds_count") >= 40
        assert value(text, "support_api_commit_seconds_count") >= 40
        assert value(text, "support_api_workers") == 2
        assert value(text, "support_api_ready", part="keyring") == 1
        assert value(text, "support_api_audit_trail_end_timestamp_seconds") > 1.8e9
        assert value(text, "support_api_draining") == 0
        _, worker, *_ = process.family()
        worker.kill()
        await soon(lambda: asyncio.to_thread(_whole, port, worker.pid), "a new worker that counts")
        assert value(scraped(port), "support_api_requests_total", operation="getMe") == 40
        await world.get("fien", "/v1/me")
        assert value(scraped(port), "support_api_requests_total", operation="getMe") == 41


def _whole(port: int, dead: int) -> bool:
    text = scraped(port)
    alive = value(text, "support_api_workers") == 2 and not psutil.pid_exists(dead)
    return alive and value(text, "support_api_pool_connections_limit") == 24


@pytest.mark.slow
async def test_the_numbers_are_at_an_address_of_their_own(site: Site) -> None:
    """Not where callers come, with nothing else there; and draining is told. A port that is taken is one line."""
    async with counted(site, SUPPORT_API_DRAIN_SECONDS="60") as (process, world, port):
        assert (await world.client.get("/metrics")).status_code == 404
        holders = [p for p in process.family() if any(c.laddr.port == port for c in p.net_connections())]
        assert [p.pid for p in holders] == [process.popen.pid]
        environ = {**site.settings(free_port()), "SUPPORT_API_METRICS_PORT": str(port)}
        told = finished("serve", **environ)
        assert told.returncode == 1
        assert told.stderr.splitlines()[-1].endswith(f"SUPPORT_API_METRICS_PORT: 127.0.0.1:{port} is not free")
        process.popen.terminate()
        await soon(lambda: asyncio.to_thread(lambda: value(scraped(port), "support_api_draining") == 1), "draining")
        process.popen.terminate()
        assert await asyncio.to_thread(process.popen.wait, 20) == 0
        assert not listens(port)


async def test_without_a_port_nothing_is_counted(site: Site) -> None:
    async with site.inside() as world:
        await world.get("fien", "/v1/me")
        assert not metrics.on()


@asynccontextmanager
async def inside(site: Site, **changes: object) -> AsyncIterator[World]:
    """The service in this process, counting for itself."""
    async with conftest.running(site.cluster, site.main, site.keys, **PORT, **changes) as client:
        yield World(site.cluster, site.main, site.keys, client, None)  # type: ignore[arg-type]


def told() -> str:
    assert metrics._counting is not None
    return str(generate_latest(metrics._counting.registry).decode())


async def test_refusals_and_what_is_missing_are_counted(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    async with inside(site) as world:
        await world.get("fien", "/v1/me", headers={"Authorization": ""})
        await world.client.get("/v1/nowhere")
        await world.client.request("PUT", "/v1/me")
        async with away(site, site.main):
            await world.get("teun", "/v1/me")
            await world.client.get("/readyz")
        monkeypatch.setattr(Meter, "take", lambda *_: 1.0)
        await world.get("fien", "/v1/me")
    text = told()
    for code in ("unauthorized", "not_found", "method_not_allowed", "too_many_requests"):
        assert value(text, "support_api_refusals_total", code=code) == 1, code
    assert value(text, "support_api_refusals_total", code="unavailable") == 2
    assert value(text, "support_api_unavailable_total", part="database") == 1
    assert value(text, "support_api_rate_limited_total", limit="client") == 1
    assert value(text, "support_api_requests_total", operation="getMe", status="401") == 1
    assert value(text, "support_api_requests_total", operation="readyz", status="503") == 1
    assert value(text, "support_api_ready", part="database") == 0
    assert value(text, "support_api_ready", part="key_store") == 1


async def test_keys_are_counted_as_kept_or_fetched(site: Site) -> None:
    async with inside(site) as world:
        for _ in range(2):
            await world.get("fien", f"{world.fien}/portrait-items")
    text = told()
    assert value(text, "support_api_data_keys_total", **{"from": "store"}) >= 1
    assert value(text, "support_api_data_keys_total", **{"from": "memory"}) >= 1


async def test_every_operation_is_counted_by_its_name_and_nothing_of_it_is_told(site: Site) -> None:
    async with inside(site) as world:
        for name in NAMES:
            await (await good(world, name)).send(world)
        await world.client.get(f"/v1/{MARKER}?{MARKER}")
        people = [world.person("fien"), world.person("teun")]
    text = told()
    counted = {s.labels["operation"] for s in samples(text) if s.name == "support_api_requests_total"}
    assert counted >= {*NAMES, "none"}
    assert OTHER not in counted
    assert leaks({"metrics": text}) == []
    assert not [
        each for person in people for each in (person.resident_id, person.municipality_id) if each and each in text
    ]
    assert not [client for client in {each.client_id for each in people} if client in text]


def test_a_label_takes_no_other_value_than_those_of_its_list() -> None:
    """A thousand words of a stranger are one series; the control is a word of the list."""
    metrics.start({"getMe"}, {"not_found"})
    for number in range(1000):
        metrics.count(metrics.REQUESTS, f"{MARKER}{number}", f"{number}{MARKER}")
        metrics.count(metrics.REFUSALS, f"{MARKER}{number}")
    metrics.count(metrics.REQUESTS, "getMe", "200")
    text = told()
    series = [sorted(s.labels.values()) for s in samples(text) if s.name == "support_api_requests_total"]
    assert sorted(series) == [["200", "getMe"], [OTHER, OTHER]]
    assert leaks({"metrics": text}) == []


async def test_the_declared_metrics_are_those_that_are_exposed(site: Site) -> None:
    """By name, kind and help; what has labels shows itself when it was first counted."""
    async with counted(site) as (_, _world, port):
        text = await asyncio.to_thread(scraped, port)
    exposed = {line.split()[2]: line.split(maxsplit=3)[3] for line in text.splitlines() if line.startswith("# HELP")}
    declared = {each.name: each for each in (*METRICS, *OF_THE_PARENT)}
    assert exposed.keys() <= declared.keys()
    assert {name: declared[name].help for name in exposed} == exposed
    kinds = dict(line.split()[2:] for line in text.splitlines() if line.startswith("# TYPE"))
    assert kinds == {name: declared[name].kind for name in exposed}
    assert {each.name for each in declared.values() if not each.labels} <= exposed.keys()


def test_the_names_are_as_prometheus_asks() -> None:
    for each in (*METRICS, *OF_THE_PARENT):
        assert each.name.startswith("support_api_")
        assert each.name.endswith("_total") is (each.kind == "counter")
        assert each.kind != "histogram" or each.name.endswith("_seconds")
