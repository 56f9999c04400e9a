"""What deciding needs, in one query, in the transaction of the data itself: never from memory."""

from collections.abc import Collection, Iterable
from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec
from sqlalchemy import LargeBinary, Text, Uuid, bindparam, text
from sqlalchemy.dialects.postgresql import ARRAY

from support_api.db.statements import Statement
from support_api.db.tx import Tx
from support_api.domain.access import Access
from support_api.domain.access_explanation import Known
from support_api.domain.consents import Decision
from support_api.domain.facts import Facts, Me, Principal, Relation, Subject
from support_api.domain.vocabulary import Role

_CALLER = """
  left join support.identities i
    on i.municipality_id = :municipality_id and i.subject_hash = :subject and i.role = :role
  left join support.clients k
    on k.municipality_id = :municipality_id and k.client_id = :client_id and :role = 'external_system'
  left join support.lookups l
    on l.municipality_id = :municipality_id and l.kind = 'bsn' and l.value_hash = :bsn_hash and :role = 'resident'
"""
_ME = "coalesce(i.role_id, k.id, l.resident_id)"

# One's own relationships, and those that one stands in for: with their duties, for as long as both last.
_HELD = """
  select w.resident_id, w.worker_id, w.id, w.duties, w.started_at, w.ended_at, cast(null as uuid) as deputy_of
  from support.working_relationships w where w.municipality_id = :municipality_id and w.deleted_at is null
  union all
  select w.resident_id, v.worker_id, w.id, w.duties, greatest(v.starts_at, w.started_at), least(v.ends_at, w.ended_at),
    w.worker_id
  from support.covers v join support.working_relationships w on w.municipality_id = v.municipality_id
    and w.id = v.working_relationship_id and w.deleted_at is null
  where v.municipality_id = :municipality_id and v.deleted_at is null
"""
_DECISION = """
  c.id, c.status = 'active' and c.decision = 'permit' as permits, c.party_type, c.party_id, c.purpose, c.categories,
  c.only_items, c.except_items, c.depth, c.valid_from, c.valid_until, c.working_relationship_id
"""
_COUNTS = "c.status in ('active', 'declined', 'withdrawn')"

_SELECT = f"""
select {_ME} as me_id, i.person_id as me_person_id,
  r.id, r.owner_id, p.key_id, p.key_state = 'active' as key_active, r.author_id as recorded_by,
  case when :role = 'resident' then true else exists (select from support.working_relationships w
    where w.municipality_id = :municipality_id and w.resident_id = r.id and w.deleted_at is null)
  end as ever_supported,
  case when :role = 'worker' then (select json_agg(own) from (
      select h.id, h.duties, h.started_at, h.ended_at, h.deputy_of from ({_HELD}) h
      where h.resident_id = r.id and h.worker_id = {_ME}) own) end as relations,
  case when :role in ('worker', 'external_system') then (select json_agg(given) from (
      select {_DECISION}
      from support.consents c
      where c.municipality_id = :municipality_id and c.resident_id = r.id
        and {_COUNTS}
        and (c.party_type = 'my_workers' or c.party_id = {_ME} or (c.party_type = 'worker' and c.party_id in (
          select w.worker_id from support.covers v join support.working_relationships w
            on w.municipality_id = v.municipality_id and w.id = v.working_relationship_id
          where v.municipality_id = :municipality_id and v.resident_id = r.id and v.worker_id = {_ME})
            and (c.status <> 'active' or c.decision <> 'permit')))
        and (cast(:items as uuid[]) is null or :role <> 'worker' or c.only_items = '{{}}' or c.only_items && :items
          or c.working_relationship_id is not null or c.status <> 'active' or c.decision <> 'permit')
      ) given) end as decisions,
  case when :role = 'worker' then (select max(e.ends_at) from support.emergency_access e
    where e.municipality_id = :municipality_id and e.resident_id = r.id and e.author_id = {_ME}
      and e.deleted_at is null) end as emergency_until
"""  # noqa: S608 - constants only
_RESIDENT = """
  left join support.persons p on p.municipality_id = :municipality_id and p.id = r.owner_id
"""
_PARAMETERS = (
    bindparam("municipality_id", type_=Uuid),
    bindparam("subject", type_=LargeBinary),
    bindparam("role", type_=Text),
    bindparam("client_id", type_=Text),
    bindparam("bsn_hash", type_=LargeBinary),
)
_ITEMS = bindparam("items", type_=ARRAY(Uuid))

_FACTS = Statement(
    text(
        f"""{_SELECT} from (values (1)) one {_CALLER}
  left join support.residents r on r.municipality_id = :municipality_id and r.id = :resident_id
    and r.deleted_at is null {_RESIDENT}"""
    ).bindparams(*_PARAMETERS, _ITEMS, bindparam("resident_id", type_=Uuid))
)
_FACTS_MANY = Statement(
    text(
        f"""{_SELECT} from (values (1)) one {_CALLER}
  join support.residents r on r.municipality_id = :municipality_id and r.id = any(:resident_ids)
    and r.deleted_at is null {_RESIDENT}"""
    ).bindparams(*_PARAMETERS, _ITEMS, bindparam("resident_ids", type_=ARRAY(Uuid)))
)
_WHO = Statement(
    text(f"select {_ME} as me_id, i.person_id as me_person_id from (values (1)) one {_CALLER}").bindparams(  # noqa: S608
        *_PARAMETERS
    )
)

_KNOWN = Statement(
    text(
        f"""
select r.author_role,
  (select json_agg(held) from (select h.worker_id, json_agg(json_build_object('id', h.id, 'duties', h.duties,
      'started_at', h.started_at, 'ended_at', h.ended_at, 'deputy_of', h.deputy_of)) as relations
    from ({_HELD}) h where h.resident_id = r.id
    group by h.worker_id order by max(h.started_at) desc, h.worker_id) held) as relations,
  (select json_agg(given) from (select {_DECISION} from support.consents c
    where c.municipality_id = :municipality_id and c.resident_id = r.id and {_COUNTS}
    order by c.id) given) as decisions,
  (select json_object_agg(author_id, ends) from (select e.author_id, max(e.ends_at) as ends
    from support.emergency_access e where e.municipality_id = :municipality_id and e.resident_id = r.id
      and e.deleted_at is null group by e.author_id) e) as emergencies
from support.residents r where r.municipality_id = :municipality_id and r.id = :resident_id and r.deleted_at is null
"""  # noqa: S608 - constants only
    ).bindparams(bindparam("municipality_id", type_=Uuid), bindparam("resident_id", type_=Uuid))
)


class _Held(msgspec.Struct):
    worker_id: UUID
    relations: tuple[Relation, ...]


_relations = msgspec.json.Decoder(tuple[Relation, ...]).decode
_decisions = msgspec.json.Decoder(tuple[Decision, ...]).decode
_emergencies = msgspec.json.Decoder(dict[UUID, datetime]).decode
_held = msgspec.json.Decoder(tuple[_Held, ...]).decode


async def load(tx: Tx, principal: Principal, resident_id: UUID, items: Collection[UUID] | None = None) -> Facts:
    """`items`: what a worker is going to look at. Permits for other single items are left out, for there is one with
    each visible item, but for those by which a briefing is open; refusals never are, so that who names too few sees too
    little and never too much."""
    return _facts(await tx.row(_FACTS, resident_id=resident_id, items=_list(items), **_who(principal)))


async def load_many(
    tx: Tx, principal: Principal, resident_ids: Iterable[UUID], items: Collection[UUID] | None = None
) -> list[Facts]:
    rows = await tx.rows(_FACTS_MANY, resident_ids=list(resident_ids), items=_list(items), **_who(principal))
    return [_facts(row) for row in rows]


async def known(tx: Tx, access: Access) -> Known:
    """The facts of everybody at once, for the resident themself, who may know them all."""
    row = await tx.row(_KNOWN, resident_id=access.resident_id)
    relations = {each.worker_id: each.relations for each in _held(row["relations"] or "[]")}
    resident = replace(access.subject, ever_supported=bool(relations))
    decisions, emergencies = _decisions(row["decisions"] or "[]"), _emergencies(row["emergencies"] or "{}")
    return Known(resident, Role(row["author_role"]), relations, decisions, emergencies)


def _list(items: Collection[UUID] | None) -> list[UUID] | None:
    return None if items is None else list(items)


async def who(tx: Tx, principal: Principal) -> Me | None:
    return _me(await tx.row(_WHO, **_who(principal)))


def _who(principal: Principal) -> dict[str, Any]:
    return {
        "subject": principal.subject,
        "role": principal.role.value,
        "client_id": principal.client_id,
        "bsn_hash": principal.bsn_hash,
    }


def _me(row: Any) -> Me | None:
    return Me(row["me_id"], row["me_person_id"]) if row["me_id"] else None


def _facts(row: Any) -> Facts:
    resident = None
    if row["id"] is not None:
        resident = Subject(
            row["id"],
            row["owner_id"],
            row["key_id"],
            row["key_active"],
            row["recorded_by"],
            row["ever_supported"],
        )
    relations = _relations(row["relations"]) if row["relations"] else ()
    decisions = _decisions(row["decisions"]) if row["decisions"] else ()
    return Facts(_me(row), resident, relations, decisions, row["emergency_until"])
