"""The five plain verbs on a resident's items, for every resource that needs nothing special."""

from collections.abc import Callable
from typing import Any, TypeVar
from uuid import UUID

from support_api.db import store
from support_api.domain.access import Access
from support_api.domain.actions import Action
from support_api.domain.errors import NotYours, Stale
from support_api.domain.resource import Item, Resource, SharedItem, T, moved
from support_api.domain.vocabulary import Confirmation, Role, Visibility
from support_api.services import sharing
from support_api.services.work import Work

S = TypeVar("S", bound=Item)


def born(work: Work, access: Access) -> dict[str, Any]:
    """The fields that every new item has."""
    return {
        "id": work.new_id(),
        "resident_id": access.resident_id,
        "created_at": work.now,
        "changed_at": work.now,
        "author_role": access.principal.role,
        "author_id": access.caller.id,
    }


def told(access: Access, visibility: Visibility | None, worker_id: UUID | None) -> dict[str, Any]:
    """The fields of a new shared item: the resident decides who sees it; what somebody else writes down stays with
    that person and the resident until confirmed (INV-07)."""
    if access.principal.role is Role.RESIDENT:
        return {"visibility": visibility or Visibility.ONLY_ME, "worker_id": worker_id}
    return {
        "visibility": Visibility.THIS_WORKER,
        "worker_id": access.caller.id,
        "confirmation": Confirmation.AWAITING,
    }


def shared(cls: type[S]) -> Callable[[Work, Access, dict[str, Any]], S]:
    """How a new item that can be shared is made of what was said."""

    def build(work: Work, access: Access, said: dict[str, Any]) -> S:
        fields = told(access, said.pop("visibility", None), said.pop("worker_id", None))
        return cls(**born(work, access), **fields, **said)

    return build


async def read_one(work: Work, res: Resource[T], resident_id: UUID, item_id: UUID, action: Action) -> tuple[Access, T]:
    access = await work.enter(resident_id, action, (item_id,))
    item = await store.one(work.tx, access, res, item_id)
    work.record(action, access, item.id, consent_id=_under(access, res, item))
    return access, item


async def read_page(
    work: Work, res: Resource[T], resident_id: UUID, window: store.Window, action: Action
) -> tuple[Access, store.Page[T]]:
    access = await work.enter(resident_id, action)
    page = await store.page(work.tx, access, res, window)
    work.record(action, access, *(item.id for item in page.items), consent_id=_under(access, res, *page.items))
    return access, page


def _under(access: Access, res: Resource[T], *items: Item) -> UUID | None:
    shared = [item for item in items if isinstance(item, SharedItem)]
    return access.consent_over(shared, res) if len(shared) == len(items) else None


async def create(
    work: Work, res: Resource[T], resident_id: UUID, action: Action, build: Callable[[Access], T]
) -> tuple[Access, T]:
    access = await work.enter(resident_id, action)
    await work.line_up(resident_id)
    item = build(access)
    if isinstance(item, SharedItem) and not access.own and access.grant(res.category(item)).never:
        raise NotYours("never_for_this_purpose", access.resident_id)
    await store.add(work.tx, access, res, item)
    if isinstance(item, SharedItem):
        await sharing.permit(work, access, res, None, item)
    work.record(action, access, item.id)
    return access, item


async def change(
    work: Work,
    res: Resource[T],
    resident_id: UUID,
    item_id: UUID,
    version: int,
    action: Action,
    apply: Callable[[Access, T], T],
) -> tuple[Access, T]:
    """Raises Stale if the item is no longer at `version`; `apply` may refuse."""
    access = await work.enter(resident_id, action)
    old = await store.one(work.tx, access, res, item_id)
    if old.version != version:
        raise Stale
    new = moved(apply(access, old), work.now)
    await store.save(work.tx, access, res, old, new)
    if isinstance(old, SharedItem) and isinstance(new, SharedItem):
        await sharing.permit(work, access, res, old, new)
    work.record(action, access, new.id)
    return access, new


async def delete(work: Work, res: Resource[T], resident_id: UUID, item_id: UUID, version: int, action: Action) -> None:
    access = await work.enter(resident_id, action)
    item = await store.one(work.tx, access, res, item_id)
    if item.version != version:
        raise Stale
    await store.remove(work.tx, access, res, item)
    if isinstance(item, SharedItem):
        await sharing.retract(work, access, item)
    work.record(action, access, item.id)


async def again(
    work: Work, res: Resource[T], resident_id: UUID, item_id: UUID, version: int, action: Action
) -> tuple[Access, T]:
    """What a repeated request is answered: that version, as far as the caller may see it now."""
    access = await work.enter(resident_id, action)
    item = await store.at_version(work.tx, access, res, item_id, version)
    work.record(action, access, item.id)
    return access, item
