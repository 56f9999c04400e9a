"""Wall 1 with PostgreSQL's half removed, by doubles: every row of one municipality stands in another one too, with the
same ids, and row security is off. Each statement that forgets the municipality now finds, shows or changes too much."""

from typing import Any

import pytest

from support_api.app import OPERATIONS
from support_api.domain.actions import Action
from tests.conftest import World
from tests.db.filters import loosen
from tests.db.rows import HERE, THERE, WITH_ROWS, connected, snapshot, without_walls

_DOUBLES = """
insert into support.{0} select (jsonb_populate_record(t, jsonb_build_object('municipality_id', $2::uuid))).*
from support.{0} t where municipality_id = $1 on conflict do nothing
"""
_LATER = "update support.{0} set municipality_id = municipality_id where municipality_id = $1"
# Of these the next reading shows the one before; what they are made of, other operations show too.
_GROWS = {Action.ACCESS_LOG_READ, Action.BRIEFING_READ, Action.HOME_READ, Action.ACCESS_EXPLANATION_READ}
TAG = f'"1.{0:016x}"'


async def _double(world: World) -> None:
    """No row security, and every row of one municipality once more, with the same ids, in the other; found first."""
    await without_walls(world)
    async with connected(world) as connection:
        await connection.execute("set session_replication_role = replica")
        for table in WITH_ROWS:
            await connection.execute(_DOUBLES.format(table), THERE, HERE)
            await connection.execute(_LATER.format(table), THERE)


async def _reads(world: World) -> list[Any]:
    """Every list and every single thing that the API shows of Abel, to him and to his worker."""
    resident = world.person("abel").resident_id
    shown = []
    for operation in OPERATIONS:
        if operation.method != "GET" or operation.action in _GROWS or "{" in operation.path.replace("{residentId}", ""):
            continue
        for name in ("abel", "noor"):
            answer = await world.get(name, "/v1" + operation.path.replace("{residentId}", str(resident)))
            shown.append((operation.name, name, answer.status_code, answer.content if answer.is_success else b""))
    return shown


async def _changes(world: World, first: str, second: str) -> list[int]:
    answers = [
        await world.get("abel", first),
        await world.patch("abel", first, {"text": "Bakker."}, TAG),
        await world.delete("abel", second, TAG),
    ]
    return [answer.status_code for answer in answers]


async def _faults(world: World) -> list[str]:
    """What differs when every row stands twice: nothing, if each statement keeps to its municipality."""
    items = f"/v1/residents/{world.person('abel').resident_id}/portrait-items"
    await world.post("abel", items, {"kind": "joy", "text": "Zomaar."})
    first, second = (f"{items}/{item['id']}" for item in (await world.get("abel", items)).json()["results"])
    shown = await _reads(world)
    await _double(world)
    doubles = await snapshot(world, HERE)
    faults = ["reads"] if await _reads(world) != shown else []
    faults += ["changes"] if await _changes(world, first, second) != [200, 200, 204] else []
    after = await snapshot(world, HERE)
    return faults + [table for table in doubles if doubles[table] != after[table]]


async def test_equal_ids_in_another_municipality_change_nothing_by_the_filters_alone(world: World) -> None:
    assert await _faults(world) == []


@pytest.mark.parametrize(
    ("marker", "seen"),
    [
        ("FROM support.portrait_items", "reads"),
        ("FROM support.workers", "reads"),
        ("FROM support.working_relationships", "reads"),
        ("WITH saved AS", "changes"),
        ("WITH gone AS", "portrait_items"),
    ],
)
async def test_a_statement_that_forgets_the_municipality_is_seen(
    world: World, monkeypatch: pytest.MonkeyPatch, marker: str, seen: str
) -> None:
    run = loosen(monkeypatch, marker)
    assert seen in await _faults(world)
    assert run
