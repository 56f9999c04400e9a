"""Writing the audit trail: one statement per request, in the transaction of what it describes; and reading it back
for the resident."""

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import asyncpg
from sqlalchemy import DateTime, Integer, Text, Uuid, bindparam, text
from sqlalchemy.dialects.postgresql import ARRAY

from support_api.db.statements import Statement
from support_api.db.tx import Tx
from support_api.domain.access import Access
from support_api.domain.access_log import Line
from support_api.domain.actions import Action, Outcome
from support_api.domain.errors import Unavailable
from support_api.domain.trail import Record
from support_api.domain.vocabulary import Purpose, Role

_WRITE = Statement(
    text(
        """
with entry as (
  insert into support.audit_entries (municipality_id, id, action, outcome, role, actor_id, client_id, purpose,
    legal_basis, basis, reason, consent_id, trace_id, object_ids)
  values (:municipality_id, :id, :action, :outcome, :role, :actor_id, :client_id, :purpose, :legal_basis, :basis,
    :reason, :consent_id, :trace_id, :object_ids)
  returning at)
insert into support.audit_residents (municipality_id, resident_id, entry_id, at)
select :municipality_id, shown.id, :id, entry.at from entry, unnest(:resident_ids) as shown(id)
"""
    ).bindparams(
        *(bindparam(name, type_=Uuid) for name in ("municipality_id", "id", "actor_id", "consent_id", "trace_id")),
        *(
            bindparam(name, type_=Text)
            for name in (
                "action",
                "outcome",
                "role",
                "client_id",
                "purpose",
                "legal_basis",
                "basis",
                "reason",
            )
        ),
        bindparam("object_ids", type_=ARRAY(Uuid)),
        bindparam("resident_ids", type_=ARRAY(Uuid)),
    )
)

_NEWEST = (datetime(9999, 12, 31, tzinfo=UTC), UUID(int=2**128 - 1))
_MOST = 101
# A page of lines from their index, then entry by entry (lateral): a merge of the two would read everybody's entries.
# The edge is always given, and bare: behind `is null or`, row security keeps it from the index. The inner limit (_MOST)
# says that lines are few whatever :limit is; without it PostgreSQL plans all months anew in each call.
_READ = Statement(
    text(
        """
select e.* from (
  select * from (
    select s.at, s.entry_id from support.audit_residents s
    where s.municipality_id = :municipality_id and s.resident_id = :resident_id
      and (s.at, s.entry_id) < (:edge_at, :edge)
    order by s.at desc, s.entry_id desc limit 101) longest
  limit :limit) shown
cross join lateral (
  select e.id, e.at, e.action, e.outcome, e.role, e.actor_id, e.client_id, e.purpose, e.legal_basis,
    e.consent_id, e.object_ids
  from support.audit_entries e
  where e.municipality_id = :municipality_id and e.at = shown.at and e.id = shown.entry_id limit 1) e
order by e.at desc, e.id desc
"""
    ).bindparams(
        bindparam("municipality_id", type_=Uuid),
        bindparam("resident_id", type_=Uuid),
        bindparam("edge", type_=Uuid),
        bindparam("edge_at", type_=DateTime(timezone=True)),
        bindparam("limit", type_=Integer),
    )
)


# What was shown to one system: its reads that were done, of all lines about the resident.
_SHOWN_TO = Statement(
    text(
        """
select e.consent_id, e.object_ids from support.audit_residents s
cross join lateral (
  select e.consent_id, e.object_ids from support.audit_entries e
  where e.municipality_id = :municipality_id and e.at = s.at and e.id = s.entry_id and e.actor_id = :actor_id
    and e.role = :role and e.outcome = :outcome and e.action = any(:actions) limit 1) e
where s.municipality_id = :municipality_id and s.resident_id = :resident_id
"""
    ).bindparams(
        *(bindparam(name, type_=Uuid) for name in ("municipality_id", "resident_id", "actor_id")),
        *(bindparam(name, type_=Text) for name in ("role", "outcome")),
        bindparam("actions", type_=ARRAY(Text)),
    )
)


async def write(tx: Tx, entry_id: UUID, record: Record) -> None:
    """Raises Unavailable if the trail can't be written, for whatever reason: then nothing is shown or done."""
    try:
        await _insert(tx, entry_id, record)
    except asyncpg.PostgresError as error:
        raise Unavailable(f"audit trail {error.sqlstate}") from None


async def months_end(pool: asyncpg.Pool) -> datetime | None:
    """Until when there are months for entries; after that nothing can be recorded, and so nothing read."""
    name = await pool.fetchval(
        "select max(relname) from pg_class where relnamespace = to_regnamespace('support') and relname ~ $1",
        "^audit_entries_[0-9]{4}_[0-9]{2}$",
    )
    if name is None:
        return None
    year, month = map(int, name.split("_")[2:])
    return datetime(year + month // 12, month % 12 + 1, 1, tzinfo=UTC)


async def _insert(tx: Tx, entry_id: UUID, record: Record) -> None:
    await tx.run(
        _WRITE,
        id=entry_id,
        action=record.action.value,
        outcome=record.outcome.value,
        role=record.role.value,
        actor_id=record.actor_id,
        client_id=record.client_id,
        purpose=record.purpose.value if record.purpose else None,
        legal_basis=record.legal_basis,
        basis=record.basis.value,
        reason=record.reason,
        consent_id=record.consent_id,
        trace_id=record.trace_id,
        object_ids=list(record.object_ids),
        resident_ids=list(dict.fromkeys(record.resident_ids)),
    )


async def lines(tx: Tx, access: Access, limit: int, edge: tuple[datetime, UUID] | None) -> list[Line]:
    """Newest first, from before `edge`; at most a hundred and the one that says that there are more."""
    if limit > _MOST:
        raise ValueError(f"a page of more than {_MOST} lines")
    edge_at, before = edge or _NEWEST
    rows = await tx.rows(
        _READ,
        resident_id=access.resident_id,
        edge_at=edge_at,
        edge=before,
        limit=limit,
    )
    return [_line(row) for row in rows]


async def shown_to(
    tx: Tx, access: Access, system_id: UUID, actions: Iterable[Action]
) -> list[tuple[UUID | None, tuple[UUID, ...]]]:
    """Each time that this system was shown something of the resident: under which consent, and what."""
    rows = await tx.rows(
        _SHOWN_TO,
        resident_id=access.resident_id,
        actor_id=system_id,
        role=Role.EXTERNAL_SYSTEM.value,
        outcome=Outcome.DONE.value,
        actions=[action.value for action in actions],
    )
    return [(row["consent_id"], tuple(row["object_ids"])) for row in rows]


def _line(row: Any) -> Line:
    return Line(
        id=row["id"],
        at=row["at"],
        action=Action(row["action"]),
        outcome=Outcome(row["outcome"]),
        role=Role(row["role"]),
        actor_id=row["actor_id"],
        client_id=row["client_id"],
        purpose=Purpose(row["purpose"]) if row["purpose"] else None,
        legal_basis=row["legal_basis"],
        consent_id=row["consent_id"],
        object_ids=tuple(row["object_ids"]),
    )
