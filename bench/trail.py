"""What the audit trail costs in bytes, and that nothing was answered without it."""

from dataclasses import dataclass
from typing import Any

from bench.place import MAIN, Place

_SIZES = """
select e.action, count(*)::int as entries, avg(pg_column_size(e.*))::float as bytes,
  avg(cardinality(e.object_ids))::float as objects
from support.audit_entries e where e.outcome = 'done' group by e.action
"""
_LINK = "select avg(pg_column_size(r.*))::float from support.audit_residents r"
_DISK = """
select sum(pg_total_relation_size(c.oid))::float from pg_class c join pg_inherits i on i.inhrelid = c.oid
where i.inhparent in ('support.audit_entries'::regclass, 'support.audit_residents'::regclass)
"""


@dataclass(frozen=True)
class Entry:
    """Mean bytes of the rows of one action, without indexes; `objects` is how many ids an entry names."""

    action: str
    bytes: float
    objects: float


@dataclass(frozen=True)
class Trail:
    entries: list[Entry]
    link_bytes: float
    disk_bytes_per_entry: float


async def count(place: Place) -> int:
    async with place.connection(MAIN) as connection:
        return int(await connection.fetchval("select count(*) from support.audit_entries"))


async def sizes(place: Place) -> Trail:
    async with place.connection(MAIN) as connection:
        rows: list[Any] = await connection.fetch(_SIZES)
        link, disk = await connection.fetchval(_LINK), await connection.fetchval(_DISK)
    entries = [Entry(row["action"], row["bytes"], row["objects"]) for row in rows]
    return Trail(entries, link, disk / max(1, sum(row["entries"] for row in rows)))
