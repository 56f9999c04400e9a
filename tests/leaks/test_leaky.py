"""The positive control of the canaries: a real service with a leak, asked as the honest one is, is caught."""

import sys

import pytest

from tests.contract.check import unchecked
from tests.deploy.running_page import ROOT
from tests.leaks.asking import Heard, ask
from tests.leaks.leaky import LEAKS
from tests.leaks.sinks import leaks
from tests.leaks.trouble import connected, crashing, run
from tests.processes import SOURCE
from tests.sites import Site, served

SERVICE, POSTGRES = "the service's log", "PostgreSQL's log"
CAUGHT = {
    "none": set(),
    "body": {SERVICE},
    "header": {SERVICE},
    "query": {SERVICE},
    "exception": {SERVICE},
    "a log line of others": set(),
    "answer": {"createPortraitItem, done"},
    "problem": {"createPortraitItem, body 0"},
    "parameters": {POSTGRES},
}
TALKATIVE = ("log_statement = 'all'", "log_parameter_max_length = -1", "log_error_verbosity = 'default'")


@pytest.mark.slow
@pytest.mark.parametrize("leak", LEAKS)
async def test_each_leak_is_found_where_it_is(site: Site, leak: str) -> None:
    """PostgreSQL is talkative throughout: the honest service tells it nothing in the clear."""
    async with connected(site, "postgres") as server:
        await run(server, *(f"alter database {site.main} set {each}" for each in TALKATIVE))
    start, heard = site.postgres_log(), Heard()
    command = (sys.executable, "-m", "tests.leaks.leaky", leak)
    path = f"{SOURCE}:{ROOT}"
    async with served(site, command, SUPPORT_API_LOG_LEVEL="debug", PYTHONPATH=path) as (process, world):
        why = "a leak on purpose"
        with unchecked(why), process.log.telling(why), site.cluster.log.telling(why):
            await ask(world, "createPortraitItem", heard)
            heard.sinks[POSTGRES] = site.postgres_log(start)
            await crashing(site, world, heard)
        heard.sinks[SERVICE] = process.output
    caught = set(leaks(heard.sinks))
    assert caught >= CAUGHT[leak], leak
    assert CAUGHT[leak] or not caught
    assert caught & {SERVICE, POSTGRES} <= CAUGHT[leak]


def test_each_leak_has_its_sink() -> None:
    assert set(CAUGHT) == set(LEAKS)
