"""What waits for the privacy officer: emergencies that nobody has looked at, of all residents."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import Integer, Uuid, bindparam, or_, select

from support_api.db.statements import Statement
from support_api.db.tables import emergency_access
from support_api.db.tx import Tx

_c = emergency_access.c
_edge = bindparam("edge", type_=Uuid)
_limit = bindparam("limit", type_=Integer)
_awaiting = select(_c.id, _c.resident_id, _c.created_at, _c.ends_at).where(
    _c.municipality_id == bindparam("municipality_id", type_=Uuid), _c.outcome.is_(None), _c.deleted_at.is_(None)
)
_FORWARD = Statement(_awaiting.where(or_(_edge.is_(None), _c.id > _edge)).order_by(_c.id).limit(_limit))
_BACKWARD = Statement(_awaiting.where(_c.id < _edge).order_by(_c.id.desc()).limit(_limit))


@dataclass(frozen=True, slots=True)
class Waiting:
    """One of them, before any resident's access is decided."""

    id: UUID
    resident_id: UUID
    created_at: datetime
    ends_at: datetime


async def awaiting(tx: Tx, edge: UUID | None, limit: int, *, backwards: bool) -> list[Waiting]:
    """Candidates, the oldest first; each resident still has to be entered."""
    rows = await tx.rows(_BACKWARD if backwards else _FORWARD, edge=edge, limit=limit)
    found = [Waiting(row["id"], row["resident_id"], row["created_at"], row["ends_at"]) for row in rows]
    return found[::-1] if backwards else found
