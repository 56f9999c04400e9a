"""What working relationships need beyond the store: the numbers of the workers, and a worker's own list."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import DateTime, Integer, LargeBinary, Uuid, bindparam, or_, select, text
from sqlalchemy.dialects.postgresql import ARRAY

from support_api.db.sealing import Unreadable, context
from support_api.db.statements import Statement
from support_api.db.tables import covers, residents, working_relationships
from support_api.db.tx import Tx
from support_api.domain.access import Access
from support_api.domain.working_relationships import Meeting, ordinals

_HISTORY = Statement(
    text(
        """
select r.id as resident_id, r.imported_workers, w.id, w.worker_id, w.started_at, w.ended_at
from support.residents r
join support.working_relationships w on w.municipality_id = r.municipality_id and w.resident_id = r.id
where r.municipality_id = :municipality_id and r.id = any(:resident_ids) and w.deleted_at is null
"""
    ).bindparams(bindparam("municipality_id", type_=Uuid), bindparam("resident_ids", type_=ARRAY(Uuid)))
)

_w = working_relationships.c
_EXTERNAL = Statement(
    select(_w.id, _w.resident_id).where(
        _w.municipality_id == bindparam("municipality_id", type_=Uuid),
        _w.external_id_hash == bindparam("external_id_hash", type_=LargeBinary),
    )
)
_edge = bindparam("edge", type_=Uuid)
_now = bindparam("now", type_=DateTime(timezone=True))
_me = bindparam("worker_id", type_=Uuid)
_covered = select(covers.c.working_relationship_id).where(
    covers.c.municipality_id == bindparam("municipality_id", type_=Uuid),
    covers.c.worker_id == _me,
    covers.c.deleted_at.is_(None),
    covers.c.starts_at <= _now,
    _now < covers.c.ends_at,
)
_mine = select(
    _w.id, _w.resident_id, _w.worker_id, _w.version, _w.started_at, _w.ended_at, _w.duties, _w.primary
).where(
    _w.municipality_id == bindparam("municipality_id", type_=Uuid),
    or_(_w.worker_id == _me, _w.id.in_(_covered)),
    _w.deleted_at.is_(None),
    _w.ended_at.is_(None),
    _w.started_at <= _now,
)
_FORWARD = Statement(
    _mine.where(or_(_edge.is_(None), _w.id > _edge)).order_by(_w.id).limit(bindparam("limit", type_=Integer))
)
_BACKWARD = Statement(_mine.where(_w.id < _edge).order_by(_w.id.desc()).limit(bindparam("limit", type_=Integer)))
_RESIDENTS = Statement(
    select(residents).where(
        residents.c.municipality_id == bindparam("municipality_id", type_=Uuid),
        residents.c.id == bindparam("ids", type_=ARRAY(Uuid)).any_(),
    )
)


@dataclass(frozen=True, slots=True)
class Own:
    """One line of a worker's caseload, before any resident's access is decided."""

    id: UUID
    resident_id: UUID
    version: int
    started_at: Any
    ended_at: Any
    duties: tuple[str, ...]
    primary: bool
    deputy_of: UUID | None


async def numbers(tx: Tx, resident_ids: Iterable[UUID]) -> dict[UUID, int]:
    """Per relationship of these residents: which number the worker is. Existence and dates only (gate B)."""
    imported: dict[UUID, int] = {}
    meetings: dict[UUID, list[Meeting]] = defaultdict(list)
    for row in await tx.rows(_HISTORY, resident_ids=list(resident_ids)):
        imported[row["resident_id"]] = row["imported_workers"]
        meeting = Meeting(row["id"], row["worker_id"], row["started_at"], row["ended_at"])
        meetings[row["resident_id"]].append(meeting)
    found: dict[UUID, int] = {}
    for resident_id, met in meetings.items():
        found.update(ordinals(imported[resident_id], met))
    return found


async def by_external_id(tx: Tx, external_id_hash: bytes) -> tuple[UUID, UUID] | None:
    row = await tx.row(_EXTERNAL, external_id_hash=external_id_hash)
    return (row["resident_id"], row["id"]) if row else None


async def mine(tx: Tx, worker_id: UUID, now: datetime, edge: UUID | None, limit: int, *, backwards: bool) -> list[Own]:
    """Candidates by the caller's own id; each resident still has to be entered."""
    statement = _BACKWARD if backwards else _FORWARD
    rows = await tx.rows(statement, worker_id=worker_id, now=now, edge=edge, limit=limit)
    found = [
        Own(
            r["id"],
            r["resident_id"],
            r["version"],
            r["started_at"],
            r["ended_at"],
            tuple(r["duties"]),
            r["primary"],
            None if r["worker_id"] == worker_id else r["worker_id"],
        )
        for r in rows
    ]
    return found[::-1] if backwards else found


async def call_names(tx: Tx, accesses: Iterable[Access]) -> dict[UUID, str]:
    """The call names of residents who were entered: one query, one look at the key store at most."""
    subjects = {access.resident_id: access.subject for access in accesses}
    if not subjects:
        return {}
    ciphers = await tx.keys.ciphers(tx.municipality_id, [subject.key_id for subject in subjects.values()])
    found = {}
    for row in await tx.rows(_RESIDENTS, ids=list(subjects)):
        subject = subjects[row["id"]]
        place = context(tx.municipality_id, subject.owner_id, "residents", "sealed", row["id"], row["version"])
        try:
            found[row["id"]] = ciphers[subject.key_id].open(row["sealed"], place)["call_name"]
        except (KeyError, Unreadable):
            continue
    return found
