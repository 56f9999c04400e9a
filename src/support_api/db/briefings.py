"""What a briefing stands on, in one query: the resident, the choices for this relationship, and whom they met."""

from dataclasses import dataclass
from uuid import UUID

import msgspec
from sqlalchemy import Uuid, and_, bindparam, func, select

from support_api.db import store
from support_api.db import tables as t
from support_api.db.statements import Statement
from support_api.db.tx import Tx
from support_api.domain.access import Access
from support_api.domain.briefings import BRIEFINGS, Briefing
from support_api.domain.errors import Hidden
from support_api.domain.residents import RESIDENTS, Resident
from support_api.domain.working_relationships import Meeting, ordinals

_w = t.working_relationships.c
_meetings = (
    select(
        func.jsonb_agg(
            func.jsonb_build_object(
                "id", _w.id, "worker_id", _w.worker_id, "started_at", _w.started_at, "ended_at", _w.ended_at
            )
        )
    )
    .where(
        _w.municipality_id == t.residents.c.municipality_id,
        _w.resident_id == t.residents.c.id,
        _w.deleted_at.is_(None),
    )
    .scalar_subquery()
)
_FRAME = Statement(
    select(t.residents, *(c.label(f"b_{c.name}") for c in t.briefings.c), _meetings.label("meetings"))
    .select_from(
        t.residents.join(
            t.briefings,
            and_(
                t.briefings.c.municipality_id == t.residents.c.municipality_id,
                t.briefings.c.resident_id == t.residents.c.id,
            ),
        )
    )
    .where(
        t.residents.c.municipality_id == bindparam("municipality_id", type_=Uuid),
        t.residents.c.id == bindparam("resident_id", type_=Uuid),
        t.briefings.c.id == bindparam("id", type_=Uuid),
    )
)
_decode = msgspec.json.Decoder(tuple[Meeting, ...]).decode


@dataclass(frozen=True, slots=True)
class Frame:
    """`recorded` counts the workers whom this service knows, the one of this briefing included."""

    resident: Resident
    briefing: Briefing
    ordinal: int
    recorded: int


async def frame(tx: Tx, access: Access, relationship_id: UUID) -> Frame:
    """Raises Hidden if the resident has no such relationship."""
    row = await tx.row(_FRAME, resident_id=access.resident_id, id=relationship_id)
    if row is None:
        raise Hidden("no_such_relationship", access.resident_id)
    cipher = await tx.keys.cipher(tx.municipality_id, access.subject.key_id)
    resident = store.load(RESIDENTS, row, cipher)
    briefing = store.load(BRIEFINGS, {c.name: row[f"b_{c.name}"] for c in t.briefings.c}, cipher)
    meetings = _decode(row["meetings"])
    ordinal = ordinals(resident.imported_workers, meetings)[relationship_id]
    return Frame(resident, briefing, ordinal, len({each.worker_id for each in meetings}))
