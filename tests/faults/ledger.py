"""The books: what callers were told against what is stored, and what is stored against what the trail says."""

from collections import Counter
from dataclasses import dataclass, field
from uuid import UUID

import httpx

from tests.conftest import World

_ROWS = "select id, version from support.portrait_items where resident_id = $1 and deleted_at is null"
_REVISIONS = "select item_id as id from support.revisions where resident_id = $1 and resource = 'portrait-items'"
_ENTRIES = """
select unnest(e.object_ids) as id, e.action from support.audit_entries e join support.audit_residents r
on r.entry_id = e.id and r.at = e.at
where r.resident_id = $1 and e.outcome = 'done' and e.action in ('portrait_item:create', 'portrait_item:change')
"""


@dataclass
class History:
    """What callers asked and were told. Each text begins with the key that it was sent with."""

    asked: set[str] = field(default_factory=set)
    created: dict[str, UUID] = field(default_factory=dict)
    changed: dict[UUID, int] = field(default_factory=dict)
    answers: Counter[int] = field(default_factory=Counter)
    without_retry_after: int = 0

    def note(self, answer: httpx.Response | None) -> None:
        status = answer.status_code if answer is not None else 0
        self.answers[status] += 1
        self.without_retry_after += answer is not None and status == 503 and "Retry-After" not in answer.headers


@dataclass
class Books:
    """What is stored: texts as the resident reads them, rows with their versions, and the trail."""

    keys: Counter[str]
    rows: dict[UUID, int]
    revisions: Counter[UUID]
    creations: set[UUID]
    changes: Counter[UUID]


async def books(world: World) -> Books:
    resident = UUID(world.person("fien").resident_id)
    entries = await world.sql(_ENTRIES, resident)
    return Books(
        Counter([text.split()[0] for text in await texts(world)]),
        {row["id"]: row["version"] for row in await world.sql(_ROWS, resident)},
        Counter(row["id"] for row in await world.sql(_REVISIONS, resident)),
        {entry["id"] for entry in entries if entry["action"] == "portrait_item:create"},
        Counter(entry["id"] for entry in entries if entry["action"] == "portrait_item:change"),
    )


async def texts(world: World) -> list[str]:
    found: list[str] = []
    path: str | None = f"{world.fien}/portrait-items?limit=100"
    while path:
        page = (await world.get("fien", path)).json()
        found += [item["text"] for item in page["results"]]
        path = page["next"] and page["next"].removeprefix("http://testserver")
    return found


def wrong(history: History, stored: Books) -> set[str]:
    """What a crash must never leave behind; empty if the books are right."""
    found = set()
    if any(item not in stored.rows for item in history.created.values()):
        found.add("an acknowledged item is lost")
    if any(stored.rows.get(item, 0) < version for item, version in history.changed.items()):
        found.add("an acknowledged change is lost")
    if any(stored.keys[key] > 1 for key in history.asked):
        found.add("one key made two items")
    if any(stored.keys[key] < 1 for key in history.created):
        found.add("an acknowledged item can't be read")
    if stored.rows.keys() - stored.creations:
        found.add("an item without its entry in the trail")
    if stored.creations - stored.rows.keys():
        found.add("an entry in the trail of an item that is not there")
    for item, version in stored.rows.items():
        if stored.changes[item] != version - 1:
            found.add("changes and the trail differ")
        if stored.revisions[item] != version - 1:
            found.add("changes and revisions differ")
    return found
