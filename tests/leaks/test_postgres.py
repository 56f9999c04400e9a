"""PostgreSQL's own log: at our settings it repeats nothing, and they are the same wherever we set them."""

import re
from collections.abc import Iterable

import asyncpg
import pytest
import yaml

from support_api.demo import postgres
from tests.deploy.running_page import ROOT
from tests.leaks.sinks import MARKER, leaks
from tests.leaks.trouble import connected, run
from tests.sites import Site

TWICE = f"insert into t values ('{MARKER}'), ('{MARKER}')"


@pytest.mark.parametrize(
    ("setting", "noticed"),
    [
        ("log_error_verbosity = terse", []),
        ("log_error_verbosity = 'default'", ["log"]),
        ("log_statement = 'all'", ["log"]),
    ],
)
async def test_postgres_keeps_detail_to_itself(site: Site, setting: str, noticed: list[str]) -> None:
    """With the settings of the demo; any other is noticed in a real log, which is the control of this check."""
    start = site.postgres_log()
    async with connected(site, site.main) as connection:
        with pytest.raises(asyncpg.UniqueViolationError):
            await run(connection, f"set {setting}", "create temp table t (word text unique)", TWICE)
    assert leaks({"log": site.postgres_log(start)}) == noticed


def of_compose() -> dict[str, str]:
    file = yaml.safe_load((ROOT / "docker-compose.yml").read_text())
    given = file["services"]["postgres"]["command"][2::2]
    return dict(each.split("=", 1) for each in given)


async def of_this_server(site: Site, names: Iterable[str]) -> dict[str, str]:
    async with connected(site, site.main) as connection:
        return {name: await connection.fetchval(f"show {name}") for name in names}


async def test_the_settings_of_compose_are_those_of_the_demo_and_of_the_tests(site: Site) -> None:
    """Both the names and the values; the control is a server on which one was changed."""
    chosen = of_compose()
    assert set(chosen) == set(re.findall(r"^(log_(?!timezone)\w+) =", postgres._SETTINGS, re.M))
    assert await of_this_server(site, chosen) == chosen
    async with connected(site, "postgres") as server:
        await run(server, f"alter database {site.main} set log_statement = 'ddl'")
    assert await of_this_server(site, chosen) == {**chosen, "log_statement": "ddl"}
