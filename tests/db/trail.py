"""What the audit trail gained by what a test did."""

from typing import Any

from tests.conftest import World
from tests.db.rows import connected

_ENTRIES = """
select e.*, e.object_ids as objects, array(select r.resident_id from support.audit_residents r
  where r.municipality_id = e.municipality_id and r.entry_id = e.id and r.at = e.at) as residents
from support.audit_entries e where not (e.id = any($1::uuid[])) order by e.at
"""


class Trail:
    """Reads the trail as the superuser, each time what is new since the last time."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._known: list[Any] = []

    async def new(self) -> list[Any]:
        async with connected(self._world) as connection:
            found = list(await connection.fetch(_ENTRIES, self._known))
        self._known += [entry["id"] for entry in found]
        return found


async def trail_of(world: World) -> Trail:
    trail = Trail(world)
    await trail.new()
    return trail
