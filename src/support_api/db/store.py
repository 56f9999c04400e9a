"""The only SQL on resident data. Every function takes an Access: an unscoped read can't be written.

A list filters in SQL by the same Grant that decides on one item; a differential test holds the two together.
"""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from enum import Enum
from functools import cache
from types import MappingProxyType
from typing import Any, Generic, TypeVar
from uuid import UUID

import msgspec
from sqlalchemy import (
    Boolean,
    Integer,
    Table,
    Uuid,
    and_,
    bindparam,
    delete,
    func,
    insert,
    literal,
    or_,
    select,
    true,
    update,
)
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.sql.elements import ColumnElement

from support_api.db import narrowing
from support_api.db.sealing import Cipher, Unreadable, context
from support_api.db.statements import Statement
from support_api.db.tables import metadata, revisions
from support_api.db.tx import Tx
from support_api.domain.access import Access
from support_api.domain.consents import LAPSES
from support_api.domain.errors import Hidden, Stale
from support_api.domain.grants import Grant
from support_api.domain.resource import Item, Resource, SharedItem, T
from support_api.domain.vocabulary import Confirmation, Level, Visibility

COUNT_CAP = 1000


@dataclass(frozen=True, slots=True)
class Window:
    """Which part of a list: after or before an id, at most `limit`; `count` also counts, up to COUNT_CAP."""

    limit: int = 25
    after: UUID | None = None
    before: UUID | None = None
    count: bool = False


P = TypeVar("P")


@dataclass(frozen=True, slots=True)
class Page(Generic[P]):
    """`edges`: where it begins and ends, if that is not with its items, because some of them don't open."""

    items: tuple[P, ...]
    has_next: bool
    has_previous: bool
    count: int | None = None
    edges: tuple[UUID, UUID] | None = None


async def one(tx: Tx, access: Access, res: Resource[T], item_id: UUID) -> T:
    """Raises Hidden, whether it never was, was deleted, is another's or may not be seen."""
    row = await tx.row(_one(res.name), resident_id=access.resident_id, id=item_id)
    if row is None:
        raise Hidden("no_such_item", access.resident_id)
    return _visible(access, res, load(res, row, await _cipher(tx, access)))


async def page(
    tx: Tx,
    access: Access,
    res: Resource[T],
    window: Window,
    only: Mapping[str, Any] = MappingProxyType({}),
    *,
    hints: bool = False,
) -> Page[T]:
    """`only` narrows as db/narrowing.py says; with `hints` also what may only be known to exist."""
    filters = {} if _unfiltered(access, res) else _filters(access, res)
    narrowed = tuple(only)
    statement = _page(res, bool(filters), window.before is not None, narrowed, hints)
    edge = window.before or window.after
    values = {"resident_id": access.resident_id, "edge": edge, **filters, **_plainly(only), **_moment(access, only)}
    rows = await tx.rows(statement, limit=window.limit + 1, **values)
    more, rows = len(rows) > window.limit, rows[: window.limit]
    if window.before:
        rows.reverse()
    cipher = await _cipher(tx, access)
    items = tuple(load(res, row, cipher) for row in rows)
    count = (await tx.row(_count(res, bool(filters), narrowed), **values))[0] if window.count else None
    backwards = window.before is not None
    return Page(items, backwards or more, more if backwards else window.after is not None, count)


async def every(tx: Tx, access: Access, res: Resource[T], *, hints: bool = False, **only: Any) -> tuple[T, ...]:
    """All that this caller may see, for a composed view; at most 500, oldest first."""
    return (await page(tx, access, res, Window(limit=500), only, hints=hints)).items


async def add(tx: Tx, access: Access, res: Resource[T], item: T) -> T:
    """Raises RuntimeError if the transaction did not wait for its turn: then a walk could miss the item."""
    if access.resident_id not in tx.in_line:
        raise RuntimeError(f"{res.name}: added out of turn; call Work.line_up first")
    cipher = await _cipher(tx, access)
    await tx.run(_insert(res), owner_id=access.subject.owner_id, **_columns(tx, access, res, item, cipher))
    return item


async def save(tx: Tx, access: Access, res: Resource[T], old: T, new: T) -> T:
    """Stores `new` (version old + 1) and keeps `old` as a revision. Raises Stale if somebody else was first."""
    cipher = await _cipher(tx, access)
    owner = access.subject.owner_id
    place = context(tx.municipality_id, owner, "revisions", "sealed", old.id, old.version)
    touched = await tx.run(
        _update(res),
        owner_id=owner,
        old_version=old.version,
        resource=res.name,
        revision=cipher.seal(old, place),
        **_columns(tx, access, res, new, cipher),
    )
    if touched != 1:
        raise Stale
    return new


async def remove(tx: Tx, access: Access, res: Resource[T], item: T) -> None:
    """Content and revisions go; a tombstone stays. Raises Stale if somebody else was first."""
    which = {"resident_id": access.resident_id, "id": item.id, "old_version": item.version}
    touched = await tx.row(_remove(res.name), resource=res.name, now=access.now, **which)
    if touched is None:
        raise Stale


async def earlier(tx: Tx, access: Access, res: Resource[T], item: T) -> tuple[T, ...]:
    """All that the item has been, the oldest first, without what it is now; for who may see it as it was."""
    rows = await tx.rows(_revisions(), resource=res.name, item_id=item.id, resident_id=access.resident_id)
    cipher = await _cipher(tx, access)
    return tuple(_visible(access, res, _revived(tx, access, res, item.id, row, cipher)) for row in rows)


def _revived(tx: Tx, access: Access, res: Resource[T], item_id: UUID, row: Any, cipher: Cipher) -> T:
    place = context(tx.municipality_id, row["owner_id"], "revisions", "sealed", item_id, row["version"])
    try:
        return msgspec.convert(cipher.open(row["sealed"], place), res.cls)
    except Unreadable:
        raise Hidden("unreadable", access.resident_id) from None


async def at_version(tx: Tx, access: Access, res: Resource[T], item_id: UUID, version: int) -> T:
    """The item as it was at that version, if the caller may see both what it is and what it was. Of whom may see less
    of it now than of what it was, what it is."""
    current = await one(tx, access, res, item_id)
    if current.version == version:
        return current
    row = await tx.row(_revision(), resource=res.name, item_id=item_id, version=version)
    if row is None:
        raise Hidden("no_such_version", access.resident_id)
    was = _visible(access, res, _revived(tx, access, res, item_id, row, await _cipher(tx, access)))
    return current if _narrowed(access, res, was, current) else was


def _narrowed(access: Access, res: Resource[T], earlier: T, current: T) -> bool:
    if not isinstance(earlier, SharedItem) or not isinstance(current, SharedItem):
        return False
    return access.sees(current, res.category(current)) < access.sees(earlier, res.category(earlier))


def _visible(access: Access, res: Resource[T], item: T) -> T:
    if isinstance(item, SharedItem) and access.sees(item, res.category(item)) < Level.SHORT:
        raise Hidden("not_shared", access.resident_id)
    return item


async def _cipher(tx: Tx, access: Access) -> Cipher:
    return await tx.keys.cipher(tx.municipality_id, access.subject.key_id)


def load(res: Resource[T], row: Any, cipher: Cipher) -> T:
    """A row as its domain object. Raises Hidden if its content does not open."""
    place = context(row["municipality_id"], row["owner_id"], _table(res.name).name, "sealed", row["id"], row["version"])
    try:
        values = cipher.open(row["sealed"], place)
    except Unreadable:
        raise Hidden("unreadable", row["resident_id"]) from None
    for name in res.open_fields:
        values[name] = row[name]
    return msgspec.convert(values, res.cls)


def _columns(tx: Tx, access: Access, res: Resource[T], item: Item, cipher: Cipher) -> dict[str, Any]:
    place = context(tx.municipality_id, access.subject.owner_id, _table(res.name).name, "sealed", item.id, item.version)
    values: dict[str, Any] = {name: _plain(getattr(item, name)) for name in res.open_fields}
    values["resident_id"] = access.resident_id
    values["sealed"] = cipher.seal({name: getattr(item, name) for name in res.sealed_fields}, place)
    return values


def _plainly(only: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value.value if isinstance(value, Enum) else value for name, value in only.items()}


def _moment(access: Access, only: Mapping[str, Any]) -> dict[str, Any]:
    """The present state of what changes by itself follows from the moment of deciding."""
    return {"now": access.now, "lapsed": access.now - LAPSES} if "status" in only else {}


def _plain(value: Any) -> Any:
    return list(value) if isinstance(value, tuple) else value


def _unfiltered(access: Access, res: Resource[T]) -> bool:
    return access.own or not issubclass(res.cls, SharedItem)


def _filters(access: Access, res: Resource[T]) -> dict[str, Any]:
    values: dict[str, Any] = {}
    for number, category in enumerate(res.categories):
        values.update(_grant_values(number, access.grant(category)))
    return values


def _grant_values(number: int, grant: Grant) -> dict[str, Any]:
    open_ = bool(grant.open_except)
    excepted = frozenset.intersection(*(items for _, items in grant.open_except)) if open_ else frozenset()
    return {
        f"closed_{number}": grant.never,
        f"refusing_{number}": grant.refused.everything,
        f"spared_{number}": list(grant.refused.spared),
        f"refused_{number}": list(grant.refused.items),
        f"recorder_{number}": grant.recorder_id,
        f"worker_{number}": grant.worker_id,
        f"open_{number}": open_,
        f"excepted_{number}": list(excepted),
        f"permitted_{number}": list(grant.short_items | grant.full_items),
    }


def _condition(res: Resource[T], number: int, kinds: tuple[str, ...] | None, hints: bool) -> ColumnElement[bool]:
    """The SQL twin of Grant.level(item) >= SHORT; with `hints`, of the same without what is withheld."""
    c = _table(res.name).c

    def among(name: str) -> ColumnElement[bool]:
        return c.id == func.any(bindparam(f"{name}_{number}", type_=ARRAY(Uuid)))

    def outside(name: str) -> ColumnElement[bool]:
        return c.id != func.all(bindparam(f"{name}_{number}", type_=ARRAY(Uuid)))

    worker = bindparam(f"worker_{number}", type_=Uuid)
    recorder = bindparam(f"recorder_{number}", type_=Uuid)
    admitted = or_(
        c.visibility == literal(Visibility.CUSTOM.value),
        and_(c.visibility == literal(Visibility.MY_WORKERS.value), worker.is_not(None)),
        and_(c.visibility == literal(Visibility.THIS_WORKER.value), c.worker_id == worker),
    )
    settled = c.confirmation.in_(
        [literal(Confirmation.CONFIRMED.value), literal(Confirmation.CONFIRMED_WITH_CHANGES.value)]
    )
    permitted = or_(among("permitted"), and_(bindparam(f"open_{number}", type_=Boolean), outside("excepted")))
    told = ~c[res.withheld_by] if res.withheld_by and not hints else true()
    own_words = and_(c.confirmation == literal(Confirmation.AWAITING.value), c.author_id == recorder)
    shown = and_(
        ~bindparam(f"closed_{number}", type_=Boolean),
        outside("refused"),
        or_(~bindparam(f"refusing_{number}", type_=Boolean), among("spared")),
        or_(own_words, and_(settled, admitted, permitted, told)),
    )
    return shown if kinds is None else and_(c.kind.in_([literal(kind) for kind in kinds]), shown)


def _scope(res: Resource[T], filtered: bool, narrowed: tuple[str, ...], hints: bool) -> ColumnElement[bool]:
    table = _table(res.name)
    mine = and_(
        table.c.municipality_id == bindparam("municipality_id", type_=Uuid),
        table.c.resident_id == bindparam("resident_id", type_=Uuid),
        table.c.deleted_at.is_(None),
        *(narrowing.condition(table, name) for name in narrowed),
    )
    if not filtered:
        return mine
    conditions = [_condition(res, n, res.kinds(category), hints) for n, category in enumerate(res.categories)]
    return and_(mine, or_(*conditions))


def _table(name: str) -> Table:
    return metadata.tables[f"support.{name.replace('-', '_')}"]


@cache
def _one(name: str) -> Statement:
    table = _table(name)
    return Statement(
        select(table).where(
            table.c.municipality_id == bindparam("municipality_id", type_=Uuid),
            table.c.resident_id == bindparam("resident_id", type_=Uuid),
            table.c.id == bindparam("id", type_=Uuid),
            table.c.deleted_at.is_(None),
        )
    )


@cache
def _page(res: Resource[T], filtered: bool, backwards: bool, narrowed: tuple[str, ...], hints: bool) -> Statement:
    table = _table(res.name)
    edge = bindparam("edge", type_=Uuid)
    beyond = table.c.id < edge if backwards else table.c.id > edge
    return Statement(
        select(table)
        .where(_scope(res, filtered, narrowed, hints), or_(edge.is_(None), beyond))
        .order_by(table.c.id.desc() if backwards else table.c.id)
        .limit(bindparam("limit", type_=Integer))
    )


@cache
def _count(res: Resource[T], filtered: bool, narrowed: tuple[str, ...]) -> Statement:
    rows = select(literal(1)).select_from(_table(res.name)).where(_scope(res, filtered, narrowed, hints=False))
    return Statement(select(func.count()).select_from(rows.limit(COUNT_CAP + 1).subquery()))


@cache
def _insert(res: Resource[T]) -> Statement:
    names = ("municipality_id", "owner_id", *res.open_fields, "sealed")
    return Statement(insert(_table(res.name)).values({name: bindparam(name) for name in names}))


@cache
def _update(res: Resource[T]) -> Statement:
    table = _table(res.name)
    fixed = {"id", "resident_id", "created_at", "author_role", "author_id"}
    names = [name for name in (*res.open_fields, "sealed") if name not in fixed]
    saved = (
        update(table)
        .where(
            table.c.municipality_id == bindparam("municipality_id", type_=Uuid),
            table.c.resident_id == bindparam("resident_id", type_=Uuid),
            table.c.id == bindparam("id", type_=Uuid),
            table.c.version == bindparam("old_version", type_=Integer),
            table.c.deleted_at.is_(None),
        )
        .values({name: bindparam(f"{name}", type_=table.c[name].type) for name in names})
        .returning(table.c.id)
        .cte("saved")
    )
    revision = select(
        bindparam("municipality_id", type_=Uuid),
        bindparam("resource", type_=revisions.c.resource.type),
        saved.c.id,
        bindparam("old_version", type_=Integer),
        bindparam("resident_id", type_=Uuid),
        bindparam("owner_id", type_=Uuid),
        bindparam("changed_at", type_=table.c.changed_at.type),
        bindparam("revision", type_=revisions.c.sealed.type),
    )
    columns = [
        "municipality_id",
        "resource",
        "item_id",
        "version",
        "resident_id",
        "owner_id",
        "replaced_at",
        "sealed",
    ]
    return Statement(insert(revisions).from_select(columns, revision))


@cache
def _remove(name: str) -> Statement:
    table = _table(name)
    now = bindparam("now", type_=table.c.changed_at.type)
    gone = (
        update(table)
        .where(
            table.c.municipality_id == bindparam("municipality_id", type_=Uuid),
            table.c.resident_id == bindparam("resident_id", type_=Uuid),
            table.c.id == bindparam("id", type_=Uuid),
            table.c.version == bindparam("old_version", type_=Integer),
            table.c.deleted_at.is_(None),
        )
        .values(sealed=None, deleted_at=now, changed_at=now, version=table.c.version + 1)
        .returning(table.c.id)
        .cte("gone")
    )
    swept = (
        delete(revisions)
        .where(
            revisions.c.municipality_id == bindparam("municipality_id", type_=Uuid),
            revisions.c.resource == bindparam("resource", type_=revisions.c.resource.type),
            revisions.c.item_id.in_(select(gone.c.id)),
        )
        .returning(revisions.c.item_id)
        .cte("swept")
    )
    return Statement(select(gone.c.id, select(func.count()).select_from(swept).scalar_subquery()))


@cache
def _revision() -> Statement:
    c = revisions.c
    return Statement(
        select(c.owner_id, c.version, c.sealed).where(
            c.municipality_id == bindparam("municipality_id", type_=Uuid),
            c.resource == bindparam("resource", type_=c.resource.type),
            c.item_id == bindparam("item_id", type_=Uuid),
            c.version == bindparam("version", type_=Integer),
        )
    )


@cache
def _revisions() -> Statement:
    c = revisions.c
    return Statement(
        select(c.owner_id, c.version, c.sealed)
        .where(
            c.municipality_id == bindparam("municipality_id", type_=Uuid),
            c.resource == bindparam("resource", type_=c.resource.type),
            c.item_id == bindparam("item_id", type_=Uuid),
            c.resident_id == bindparam("resident_id", type_=Uuid),
        )
        .order_by(c.version)
    )


def unmatched_columns(res: Resource[T]) -> set[str]:
    """Open fields without a column and columns without a field: what a test holds empty."""
    house = {"municipality_id", "owner_id", "deleted_at", "sealed"}
    own = {f.name for f in fields(res.cls) if not f.metadata.get("sealed")}
    return own ^ ({c.name for c in _table(res.name).c} - house)
