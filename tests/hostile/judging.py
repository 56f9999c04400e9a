"""What a service did with hostile requests: refused each as it must, told nothing of it, and kept its records."""

from collections.abc import Callable, Iterator

import asyncpg
import httpx

from tests.conftest import World
from tests.every_operation import Good, good
from tests.hostile.requests import MARKS, Attempt, Request, careful

Attempts = Callable[[Good, Request], Iterator[Attempt]]


async def driven(world: World, name: str, attempts: Attempts) -> list[str]:
    """All complaints about one operation. In the end the good request is done: nothing else was wrong with it, and
    its key was not used up."""
    request = await good(world, name)
    start = careful(world, request)
    before, found = await records(world), []
    for attempt in attempts(request, start):
        found += [f"{name}, {attempt.what}: {each}" for each in await judged(world, attempt)]
    after = await records(world)
    found += [f"{name} changed {table}" for table in before if before[table] != after[table]]
    done = await start.send(world.client)
    if done.status_code != request.operation.status:
        found.append(f"{name}: the good request got {done.status_code}, {done.text}")
    return found


async def judged(world: World, attempt: Attempt) -> list[str]:
    try:
        answer = await attempt.request.send(world.client)
    except AssertionError as outside:  # of the hook that holds every answer to the contract
        return [str(outside)]
    return list(complaints(attempt, answer))


def complaints(attempt: Attempt, answer: httpx.Response) -> Iterator[str]:
    if answer.status_code not in attempt.statuses:
        yield f"got {answer.status_code}, not one of {sorted(attempt.statuses)}: {answer.text[:500]}"
        return
    yield from (f"{mark} came back" for mark in echoed(attempt.request, answer))
    if attempt.names:
        told = {each["name"] for each in answer.json().get("invalidParams", [])}
        if not told >= attempt.names:
            yield f"told of {sorted(told)}, not of {sorted(attempt.names)}"


def echoed(request: Request, answer: httpx.Response) -> list[str]:
    """The marks, and the ids of the address, that stand in a refusal."""
    heard = f"{answer.text} {answer.headers.raw}".lower()
    ids = [part for part in request.target.decode("latin-1").split("?")[0].split("/") if len(part) == 36]
    return [mark for mark in (*MARKS, *ids) if mark.lower() in heard]


_TABLES = """select format('%I.%I', table_schema, table_name) as name from information_schema.tables
 where table_type = 'BASE TABLE' and table_schema not in ('pg_catalog', 'information_schema')
   and table_name not like 'audit%' order by 1"""


async def records(world: World) -> dict[str, str]:
    """By table of both databases a digest of its rows. The trail is left out: refusals belong in it."""
    found: dict[str, str] = {}
    for database in (world.main, world.keys):
        connection = await asyncpg.connect(world.cluster.url(database))
        try:
            names = [row["name"] for row in await connection.fetch(_TABLES)]
            each = (
                f"select '{n}', md5(coalesce(string_agg(t::text, ' ' order by t::text), '')) from {n} t" for n in names
            )
            found |= dict(await connection.fetch(" union all ".join(each)))
        finally:
            await connection.close()
    return found


def assert_none(complaints: list[str]) -> None:
    assert not complaints, "\n".join(
        [f"{len(complaints)} complaints, the first of them:", *(each[:400] for each in complaints[:30])]
    )
