"""PostgreSQL's own log: at our settings it repeats nothing, and they are the same wherever we set them."""

import re
from collections.abc import Iterable

import asyncpg
import pytest
import yaml

from support_api.demo import postgres
from tests.deploy.running_page import PAGE, ROOT, table
from tests.every_operation import NAMES
from tests.leaks.asking import Heard, ask
from tests.leaks.sinks import MARKER, leaks
from tests.leaks.trouble import connected, in_trouble, run
from tests.sites import Site, served

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
    with site.cluster.log.telling("a setting that tells"):
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


def promised(page: str) -> dict[str, str]:
    return {name: value.strip("`") for name, value in table("PostgreSQL's own log", page).items()}


def test_the_page_for_operators_names_the_same_settings() -> None:
    page = PAGE.read_text(encoding="utf-8")
    assert promised(page) == of_compose()
    assert promised(page.replace("| `terse` |", "| `verbose` |")) != of_compose()


# As PostgreSQL comes, and with all that it can tell.
PLAIN = ("log_error_verbosity = 'default'", "log_min_error_statement = 'error'", "log_parameter_max_length = -1")
ALL = (*PLAIN, "log_statement = 'all'", "log_parameter_max_length_on_error = -1")


@pytest.mark.slow
@pytest.mark.parametrize(("settings", "told"), [(PLAIN, "ERROR: "), (ALL, "Parameters: ")])
async def test_postgres_has_nothing_to_tell_whatever_its_settings(
    site: Site, settings: tuple[str, ...], told: str
) -> None:
    """What the service sends is sealed or hashed. That these settings do tell is seen of a service that leaks."""
    async with connected(site, "postgres") as server:
        await run(server, *(f"alter database {site.main} set {each}" for each in settings))
    start, heard = site.postgres_log(), Heard()
    async with served(site) as (_, world):
        for name in NAMES:
            await ask(world, name, heard)
        await in_trouble(site, world, heard)
    log = site.postgres_log(start)
    assert told in log
    assert leaks({"log": log}) == []


async def test_the_settings_of_compose_are_those_of_the_demo_and_of_the_tests(site: Site) -> None:
    """Both the names and the values; the control is a server on which one was changed."""
    chosen = of_compose()
    assert set(chosen) == set(re.findall(r"^(log_(?!timezone)\w+) =", postgres._SETTINGS, re.M))
    assert await of_this_server(site, chosen) == chosen
    async with connected(site, "postgres") as server:
        await run(server, f"alter database {site.main} set log_statement = 'ddl'")
    assert await of_this_server(site, chosen) == {**chosen, "log_statement": "ddl"}
