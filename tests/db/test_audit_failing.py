"""INV-04: if the trail can't be written, nothing is shown and nothing is done (access.md, two trails)."""

from datetime import UTC, datetime
from typing import Any

import pytest

from support_api.db import audit
from support_api.demo.cast import FIEN_PORTRAIT
from support_api.domain.errors import Unavailable
from tests.conftest import World
from tests.db.rows import HERE, connected, snapshot

TAG = f'"1.{0:016x}"'
_MONTH = f"{datetime.now(UTC):%Y_%m}"
BREAKS = (
    "revoke insert on support.audit_entries from support_api_serve",
    "revoke insert on support.audit_residents from support_api_serve",
    f"drop table support.audit_entries_{_MONTH}",
    "alter table support.audit_entries add constraint closed check (action = '') not valid",
)


async def _calls(world: World) -> list[tuple[int, bool]]:
    """Every verb, allowed and refused: each status, and whether the answer holds anything of Fien."""
    items = f"{world.fien}/portrait-items"
    rows = await world.sql("select id from support.portrait_items where municipality_id = $1 order by id", HERE)
    one, two = (f"{items}/{row['id']}" for row in rows[:2])
    answers = [
        await world.get("fien", items),
        await world.get("teun", one),
        await world.get("noor", items),
        await world.get("fien", "/v1/me"),
        await world.delete("teun", one, TAG),
        await world.post("fien", items, {"kind": "joy", "text": "Zomaar."}),
        await world.patch("fien", one, {"text": "Anders."}, TAG),
        await world.delete("fien", two, TAG),
    ]
    told = [text for _, text in FIEN_PORTRAIT] + ["Zomaar.", "Anders.", world.person("fien").resident_id]
    return [(answer.status_code, any(text in answer.text for text in told)) for answer in answers]


ALL_REFUSED = [(503, False)] * 8


@pytest.mark.parametrize("broken", BREAKS)
async def test_nothing_is_shown_or_done_without_the_trail(world: World, broken: str) -> None:
    before = await snapshot(world, HERE)
    async with connected(world) as connection:
        await connection.execute(broken)
    assert await _calls(world) == ALL_REFUSED
    after = await snapshot(world, HERE)
    assert {name for name in before if before[name] != after[name] and "audit" not in name} == set()
    assert [answer for answer in world.answers if "retry-after" not in answer.headers] == []


async def test_with_the_trail_it_is_shown_and_done(world: World) -> None:
    """Positive control: the same calls."""
    before = await snapshot(world, HERE)
    shown = [(200, True), (200, True), (404, False), (200, True), (403, False), (201, True), (200, True), (204, False)]
    assert await _calls(world) == shown
    assert await snapshot(world, HERE) != before


async def test_a_service_that_goes_on_without_its_trail_is_seen(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """Positive control: an edge that lets a failed entry pass, with a savepoint so that the rest commits."""
    write = audit.write

    async def careless(tx: Any, *args: Any) -> None:
        await tx._connection.execute("savepoint entry")
        try:
            await write(tx, *args)
        except Unavailable:
            await tx._connection.execute("rollback to savepoint entry")

    monkeypatch.setattr(audit, "write", careless)
    async with connected(world) as connection:
        await connection.execute(BREAKS[0])
    assert await _calls(world) != ALL_REFUSED
