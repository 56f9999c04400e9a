"""Every operation, done and refused, against a service that logs all it can: no log, problem or header repeats it."""

from typing import Any

import asyncpg
import httpx
import pytest

from tests.conftest import World
from tests.every_operation import NAMES, good
from tests.leaks.sinks import MARKER, leaks
from tests.sites import Site, served

HEADERS = ("Authorization", "Processing-Purpose", "Idempotency-Key", "If-Match", "traceparent", "Accept-Language")
HEADERS += ("Host", "User-Agent", "Referer", "Cookie", "X-Forwarded-For", "Accept", "Content-Type")
WORDS = ("text", "shortVersion")
TWICE = f"insert into t values ('{MARKER}'), ('{MARKER}')"
CRASH = (
    f"create function public.crash() returns trigger language plpgsql as "
    f"$$ begin raise exception '{MARKER}' using detail = '{MARKER}'; end $$",
    "create trigger crash before insert on support.portrait_items for each statement execute function public.crash()",
)


def marked(body: Any) -> Any:
    """With the marker in each free text that it has."""
    if not isinstance(body, dict):
        return body
    return {name: MARKER if name in WORDS else value for name, value in body.items()}


async def heard(world: World, name: str) -> dict[str, str]:
    """What comes back of one operation: headers always, and the body of a refusal."""
    found: dict[str, str] = {}

    def note(what: str, answer: httpx.Response) -> None:
        body = answer.text if answer.status_code >= 400 else ""
        found[f"{name}, {what}"] = str(answer.headers.raw) + body

    request = await good(world, name)
    done = await request.but(body=marked(request.body)).send(world)
    assert done.status_code == request.operation.status, (name, done.text)
    note("done", done)
    for header in HEADERS:
        note(header, await request.send(world, **{header: MARKER}))
    note("path", await request.but(path=f"{request.path}/{MARKER}").send(world))
    note("query", await request.but(path=f"{request.path}?{MARKER}={MARKER}").send(world))
    note("body", await request.but(body={MARKER: MARKER}).send(world))
    return found


@pytest.mark.slow
async def test_nothing_leaks_of_any_operation(site: Site) -> None:
    start = site.cluster.server.log.stat().st_size
    async with served(site, SUPPORT_API_LOG_LEVEL="debug", PYTHONASYNCIODEBUG="1") as (process, world):
        sinks: dict[str, str] = {}
        for name in NAMES:
            sinks.update(await heard(world, name))
        sinks["the service's log"] = process.output
    sinks["PostgreSQL's log"] = since(site, start)
    assert not leaks(sinks)


@pytest.mark.slow
async def test_a_crash_in_the_database_is_not_repeated(site: Site) -> None:
    """Its message and DETAIL may hold values of the row. PostgreSQL logs the message itself, so it is not asked."""
    await run(site, *CRASH)
    async with served(site, SUPPORT_API_LOG_LEVEL="debug", PYTHONASYNCIODEBUG="1") as (process, world):
        answer = await (await good(world, "createPortraitItem")).send(world)
        assert answer.status_code == 500, answer.text
        sinks = {"headers": str(answer.headers.raw), "problem": answer.text, "the service's log": process.output}
    assert "unexpected" in sinks["the service's log"]
    assert not leaks(sinks)


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
    start = site.cluster.server.log.stat().st_size
    with pytest.raises(asyncpg.UniqueViolationError):
        await run(site, f"set {setting}", "create temp table t (word text unique)", TWICE)
    assert leaks({"log": since(site, start)}) == noticed


async def run(site: Site, *statements: str) -> None:
    connection = await asyncpg.connect(site.cluster.url(site.main))
    try:
        for statement in statements:
            await connection.execute(statement)
    finally:
        await connection.close()


def since(site: Site, start: int) -> str:
    return site.cluster.server.log.read_bytes()[start:].decode()


@pytest.mark.parametrize("text", [f"body {MARKER}", f"X: {MARKER.upper()}", "DETAIL: (999990019)"])
def test_a_planted_leak_is_noticed(text: str) -> None:
    assert leaks({"clean": "request 0199aaaa", "planted": text}) == ["planted"]
