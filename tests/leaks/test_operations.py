"""Every operation, done and refused, against a service that tells all it can: no log, metric, span, problem or header
repeats it."""

import pytest

from tests.every_operation import NAMES
from tests.leaks.asking import Heard, ask
from tests.leaks.sinks import MARKER, leaks
from tests.leaks.trouble import crashing, in_trouble
from tests.monitoring.collecting import collecting
from tests.monitoring.scraping import scraped
from tests.processes import free_port
from tests.sites import Site, served

LOUD = {"SUPPORT_API_LOG_LEVEL": "debug", "PYTHONASYNCIODEBUG": "1"}
STATUSES = {400, 401, 403, 404, 405, 406, 409, 412, 413, 414, 415, 422, 428, 431, 500, 503}


@pytest.mark.slow
async def test_nothing_leaks_of_any_operation(site: Site) -> None:
    start, heard = site.postgres_log(), Heard()
    metrics = free_port()
    with collecting() as collector:
        settings = {**LOUD, **collector.settings, "SUPPORT_API_METRICS_PORT": str(metrics)}
        await _ask_all(site, heard, start, settings, metrics)
        heard.sinks["traces"] = collector.text()
    assert heard.statuses >= STATUSES
    assert "unavailable" in heard.sinks["the service's log"]
    assert "unexpected" in heard.sinks["the service's log"]
    assert "canceling statement" in heard.sinks["PostgreSQL's log"]
    assert all(name in heard.sinks[sink] for name in NAMES for sink in ("metrics", "traces"))
    assert leaks(heard.sinks) == []


async def _ask_all(site: Site, heard: Heard, start: str, settings: dict[str, str], metrics: int) -> None:
    async with served(site, **settings) as (process, world):
        for name in NAMES:
            await ask(world, name, heard)
        await in_trouble(site, world, heard)
        heard.sinks["PostgreSQL's log"] = site.postgres_log(start)
        await crashing(site, world, heard)
        heard.sinks["the service's log"] = process.output
        heard.sinks["metrics"] = scraped(metrics)


@pytest.mark.parametrize("text", [f"body {MARKER}", f"X: {MARKER.upper()}", "DETAIL: (999990019)"])
def test_a_planted_leak_is_noticed(text: str) -> None:
    assert leaks({"clean": "request 0199aaaa", "planted": text}) == ["planted"]
