"""Withdrawing takes away what others may read, and nothing else."""

from typing import Any

import pytest

from tests.conftest import World

OWN = ("", "/portrait-items?limit=100", "/baggage-notes?limit=100", "/working-relationships?limit=100")


async def has(world: World) -> list[Any]:
    """All of Fien's that isn't a decision of hers; and the place that she has in Teun's list."""
    own = [(await world.get("fien", f"{world.fien}{path}")).json() for path in OWN]
    return [*own, (await world.get("teun", "/v1/working-relationships")).json()]


async def test_it_changes_nothing_of_hers(world: World) -> None:
    """INV-22: nothing is deleted, and no state, order or moment of anything is another."""
    before = await has(world)
    consents = (await world.get("fien", f"{world.fien}/consents?limit=100")).json()["results"]
    for each in consents:
        answer = await world.post("fien", f"{world.fien}/consents/{each['id']}/_withdraw")
        assert answer.status_code in (200, 409), answer.text
    assert (await world.get("teun", f"{world.fien}/baggage-notes")).json()["results"] == []
    assert await has(world) == before


@pytest.mark.parametrize("path", ["portrait-items", "baggage-notes"])
async def test_a_change_would_be_seen(world: World, path: str) -> None:
    """Positive control."""
    before = await has(world)
    item = (await world.get("fien", f"{world.fien}/{path}")).json()["results"][0]
    found = f"{world.fien}/{path}/{item['id']}"
    tag = (await world.get("fien", found)).headers["ETag"]
    assert (await world.delete("fien", found, tag)).status_code == 204
    assert await has(world) != before
