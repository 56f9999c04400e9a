"""INV-03: no read that starts after a withdrawal was answered shows what was withdrawn, not once in a thousand."""

import asyncio
from collections import Counter
from typing import Any
from uuid import UUID

import asyncpg
import pytest

from support_api.db import facts
from tests.conftest import World

TIMES = 1000
AGAIN = """
update support.consents set status = 'active', withdrawn_at = null, valid_until = now() + interval '1 day' where id = $1
"""


async def raced(world: World, times: int) -> tuple[Counter[int], Counter[int]]:
    """Statuses of the reads that began beside the withdrawal, and of those that began after its answer."""
    said = {"kind": "joy", "text": "Soep.", "visibility": "my_workers"}
    item = (await world.post("fien", f"{world.fien}/portrait-items", said)).json()["id"]
    consents = (await world.get("fien", f"{world.fien}/consents?limit=100")).json()["results"]
    [consent] = [each["id"] for each in consents if each["onlyItems"] == [item]]
    path, withdraw = f"{world.fien}/portrait-items/{item}", f"{world.fien}/consents/{consent}/_withdraw"
    assert (await world.get("teun", path)).status_code == 200
    connection = await asyncpg.connect(world.cluster.url(world.main))
    beside: Counter[int] = Counter()
    after: Counter[int] = Counter()
    try:
        for _ in range(times):
            reading = asyncio.create_task(world.get("teun", path))
            withdrawn = await world.post("fien", withdraw)
            assert withdrawn.status_code == 200, withdrawn.text
            after[(await world.get("teun", path)).status_code] += 1
            beside[(await reading).status_code] += 1
            await connection.execute(AGAIN, UUID(consent))
    finally:
        await connection.close()
    return beside, after


@pytest.mark.slow
async def test_after_the_answer_to_a_withdrawal_no_read_shows_it(world: World) -> None:
    beside, after = await raced(world, TIMES)
    assert after == {404: TIMES}
    assert beside[200], "no read crossed a withdrawal: nothing was raced"


@pytest.mark.slow
async def test_a_decision_that_is_remembered_is_noticed(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """Positive control."""
    kept: dict[Any, Any] = {}
    load = facts.load

    async def remembered(tx: Any, principal: Any, *which: Any) -> Any:
        found = await load(tx, principal, *which)
        return kept.setdefault((principal.subject, which[0]), found)

    monkeypatch.setattr(facts, "load", remembered)
    _, after = await raced(world, 3)
    assert after == {200: 3}
