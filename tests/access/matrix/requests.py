"""A good request for each operation, about Fien and about things of hers that others could see."""

from typing import Any

from tests.conftest import World
from tests.every_operation import BY_NAME, PROPOSED, RECIPES, SOUP, STORY, Good, _of_item, _simple
from tests.make import end, start, worker_id

_OPEN: dict[str, Any] = {"visibility": "my_workers"}
# As in tests/every_operation.py, but for what there is about nobody in particular, or for the resident alone.
_ABOUT_FIEN = {
    "getPortraitItem": _of_item("portrait-items", {**SOUP, **_OPEN}),
    "changePortraitItem": _of_item("portrait-items", {**SOUP, **_OPEN}, {"text": "Brood."}),
    "deletePortraitItem": _of_item("portrait-items", {**SOUP, **_OPEN}),
    "getBaggageNote": _of_item("baggage-notes", {**STORY, **_OPEN}),
    "changeBaggageNote": _of_item("baggage-notes", {**STORY, **_OPEN}, {"shortVersion": "Kort."}),
    "deleteBaggageNote": _of_item("baggage-notes", {**STORY, **_OPEN}),
    "createConsent": _simple("fien", "{fien}/consents", PROPOSED),
    "getBriefing": _simple("fien", "{fien}/working-relationships/{work}/briefing"),
}


async def request(world: World, name: str) -> Good:
    if name in ("startWorkingRelationship", "endWorkingRelationship"):
        return await _relationship(world, name)
    return await _ABOUT_FIEN.get(name, RECIPES[name])(world, BY_NAME[name])


async def _relationship(world: World, name: str) -> Good:
    """With a worker of hers from earlier, who comes back."""
    worker, path = await worker_id(world, "w2"), f"{world.fien}/working-relationships"
    running = [
        each
        for each in (await world.get("fien", f"{path}?limit=100")).json()["results"]
        if each["workerId"] == worker and each["endedAt"] is None
    ]
    for each in running:
        await end(world, world.fien, each["id"])
    if name == "startWorkingRelationship":
        body = {"workerId": worker, "duties": ["supports"], "function": "consulent"}
        return Good(BY_NAME[name], "greet", path, body)
    made = await start(world, world.fien, worker)
    return Good(BY_NAME[name], "greet", f"{path}/{made.json()['id']}/_end", {"reason": "handover"})
