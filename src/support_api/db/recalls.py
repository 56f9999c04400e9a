"""The recalls of a system, by its own id: it may read nothing of the resident any more, and so it has no Access."""

from typing import Any
from uuid import UUID

from sqlalchemy import Integer, Uuid, bindparam, or_, select, update

from support_api.db import store
from support_api.db import tables as t
from support_api.db.sealing import context
from support_api.db.statements import Statement
from support_api.db.tx import Tx
from support_api.domain.errors import Stale
from support_api.domain.recalls import RECALLS, Recall

_c = t.recalls.c
_of_system = (
    select(t.recalls, t.persons.c.key_id)
    .join(
        t.persons,
        (t.persons.c.municipality_id == _c.municipality_id) & (t.persons.c.id == _c.owner_id),
    )
    .where(
        _c.municipality_id == bindparam("municipality_id", type_=Uuid),
        _c.system_id == bindparam("system_id", type_=Uuid),
        _c.deleted_at.is_(None),
        t.persons.c.key_state == "active",
    )
)
_edge = bindparam("edge", type_=Uuid)
_limit = bindparam("limit", type_=Integer)
_FORWARD = Statement(_of_system.where(or_(_edge.is_(None), _c.id > _edge)).order_by(_c.id).limit(_limit))
_BACKWARD = Statement(_of_system.where(_c.id < _edge).order_by(_c.id.desc()).limit(_limit))
_ONE = Statement(_of_system.where(_c.id == bindparam("id", type_=Uuid)))
_CHANGED = ("version", "changed_at", "answer", "answered_at", "sealed")
_ANSWER = Statement(
    update(t.recalls)
    .where(
        _c.municipality_id == bindparam("municipality_id", type_=Uuid),
        _c.system_id == bindparam("system_id", type_=Uuid),
        _c.id == bindparam("id", type_=Uuid),
        _c.version == bindparam("old_version", type_=Integer),
        _c.answer.is_(None),
    )
    .values({name: bindparam(name, type_=_c[name].type) for name in _CHANGED})
)


async def mine(tx: Tx, system_id: UUID, window: store.Window) -> store.Page[Recall]:
    backwards = window.before is not None
    edge = window.before or window.after
    rows = await tx.rows(_BACKWARD if backwards else _FORWARD, system_id=system_id, edge=edge, limit=window.limit + 1)
    more, rows = len(rows) > window.limit, rows[: window.limit]
    found = [await _load(tx, row) for row in (rows[::-1] if backwards else rows)]
    return store.Page(tuple(found), backwards or more, more if backwards else window.after is not None)


async def one(tx: Tx, system_id: UUID, recall_id: UUID) -> Recall | None:
    row = await tx.row(_ONE, system_id=system_id, id=recall_id)
    return await _load(tx, row) if row else None


async def answer(tx: Tx, old: Recall, new: Recall) -> None:
    """Raises Stale if another answer was first."""
    row = await tx.row(_ONE, system_id=old.system_id, id=old.id)
    if row is None:
        raise Stale
    cipher = await tx.keys.cipher(tx.municipality_id, row["key_id"])
    place = context(tx.municipality_id, row["owner_id"], "recalls", "sealed", new.id, new.version)
    touched = await tx.run(
        _ANSWER,
        system_id=old.system_id,
        id=old.id,
        old_version=old.version,
        version=new.version,
        changed_at=new.changed_at,
        answer=new.answer.value if new.answer else None,
        answered_at=new.answered_at,
        sealed=cipher.seal({name: getattr(new, name) for name in RECALLS.sealed_fields}, place),
    )
    if touched != 1:
        raise Stale


async def _load(tx: Tx, row: Any) -> Recall:
    return store.load(RECALLS, row, await tx.keys.cipher(tx.municipality_id, row["key_id"]))
