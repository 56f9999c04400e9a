"""Every operation, done and refused, against a service that logs all it can: no log, problem or header repeats it."""

import pytest

from tests.every_operation import NAMES
from tests.leaks.asking import Heard, ask
from tests.leaks.sinks import MARKER, leaks
from tests.leaks.trouble import crashing, in_trouble
from tests.sites import Site, served

LOUD = {"SUPPORT_API_LOG_LEVEL": "debug", "PYTHONASYNCIODEBUG": "1"}
STATUSES = {400, 401, 403, 404, 405, 406, 409, 412, 413, 414, 415, 422, 428, 431, 500, 503}


@pytest.mark.slow
async def test_nothing_leaks_of_any_operation(site: Site) -> None:
    start, heard = site.postgres_log(), Heard()
    async with served(site, **LOUD) as (process, world):
        for name in NAMES:
            await ask(world, name, heard)
        await in_trouble(site, world, heard)
        heard.sinks["PostgreSQL's log"] = site.postgres_log(start)
        await crashing(site, world, heard)
        heard.sinks["the service's log"] = process.output
    assert heard.statuses >= STATUSES
    assert "unavailable" in heard.sinks["the service's log"]
    assert "unexpected" in heard.sinks["the service's log"]
    assert "canceling statement" in heard.sinks["PostgreSQL's log"]
    assert leaks(heard.sinks) == []


@pytest.mark.parametrize("text", [f"body {MARKER}", f"X: {MARKER.upper()}", "DETAIL: (999990019)"])
def test_a_planted_leak_is_noticed(text: str) -> None:
    assert leaks({"clean": "request 0199aaaa", "planted": text}) == ["planted"]
