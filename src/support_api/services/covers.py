"""Arranging who stands in for a worker, and ending that early."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from support_api.db import directory, store
from support_api.domain.access import Access
from support_api.domain.actions import Action
from support_api.domain.covers import COVERS, Cover
from support_api.domain.errors import Hidden
from support_api.domain.vocabulary import Role
from support_api.domain.workers import Worker
from support_api.domain.working_relationships import WORKING_RELATIONSHIPS
from support_api.services import sharing
from support_api.services.standard import born
from support_api.services.work import Work

A = Action


@dataclass(frozen=True, slots=True)
class Seen:
    """A cover, and who the deputy is for who may know it."""

    cover: Cover
    worker: Worker | None


async def start(
    work: Work, resident_id: UUID, relationship_id: UUID, worker_id: UUID, starts_at: datetime | None, until: datetime
) -> Seen:
    """Raises RuleBroken for an unknown worker and for a period that is over, empty or too long."""
    access = await work.enter(resident_id, A.COVER_START)
    relationship = await store.one(work.tx, access, WORKING_RELATIONSHIPS, relationship_id)
    await sharing.known_worker(work, access, worker_id)
    await work.line_up(resident_id, worker_id)
    cover = Cover(
        **born(work, access),
        working_relationship_id=relationship.id,
        worker_id=worker_id,
        starts_at=starts_at or work.now,
        ends_at=until,
    )
    cover.guard_start(relationship, access.caller.id, work.now)
    await store.add(work.tx, access, COVERS, cover)
    work.record(A.COVER_START, access, cover.id, relationship.id)
    return await _seen(work, access, cover)


async def read(
    work: Work, resident_id: UUID, relationship_id: UUID, cover_id: UUID, action: Action = A.COVER_READ
) -> Seen:
    access = await work.enter(resident_id, action)
    cover = await _one(work, access, relationship_id, cover_id)
    work.record(action, access, cover.id)
    return await _seen(work, access, cover)


async def end(work: Work, resident_id: UUID, relationship_id: UUID, cover_id: UUID) -> Seen:
    access = await work.enter(resident_id, A.COVER_END)
    old = await _one(work, access, relationship_id, cover_id)
    new = await store.save(work.tx, access, COVERS, old, old.end(work.now))
    work.record(A.COVER_END, access, new.id, relationship_id)
    return await _seen(work, access, new)


async def of(work: Work, access: Access, relationship_ids: Iterable[UUID]) -> dict[UUID, list[Seen]]:
    """By relationship, for who may see these relationships; the oldest first."""
    wanted = set(relationship_ids)
    covers = [c for c in await store.every(work.tx, access, COVERS) if c.working_relationship_id in wanted]
    names = await _names(work, access, covers)
    found: dict[UUID, list[Seen]] = {}
    for each in covers:
        found.setdefault(each.working_relationship_id, []).append(Seen(each, names.get(each.worker_id)))
    return found


async def _one(work: Work, access: Access, relationship_id: UUID, cover_id: UUID) -> Cover:
    cover = await store.one(work.tx, access, COVERS, cover_id)
    if cover.working_relationship_id != relationship_id:
        raise Hidden("cover_of_other_relationship", access.resident_id)
    return cover


async def _seen(work: Work, access: Access, cover: Cover) -> Seen:
    return Seen(cover, (await _names(work, access, (cover,))).get(cover.worker_id))


async def _names(work: Work, access: Access, covers: Iterable[Cover]) -> dict[UUID, Worker]:
    """Names for the resident, and for the workers who work with them."""
    if not access.own and work.principal.role is not Role.WORKER:
        return {}
    return await directory.workers(work.tx, (each.worker_id for each in covers))
