"""Starting, reading and ending working relationships, and a worker's own list."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from support_api.db import directory, store
from support_api.db import working_relationships as db
from support_api.domain.access import Access
from support_api.domain.actions import Action
from support_api.domain.briefings import BRIEFINGS, Briefing, OpenedBy, ground
from support_api.domain.consents import CONSENTS
from support_api.domain.errors import Hidden, NotYours, RuleBroken
from support_api.domain.grounds import Basis
from support_api.domain.vocabulary import Role
from support_api.domain.workers import Worker
from support_api.domain.working_relationships import WORKING_RELATIONSHIPS, EndReason, WorkingRelationship
from support_api.services import covers, sharing
from support_api.services.briefings import as_worker
from support_api.services.covers import Seen as SeenCover
from support_api.services.standard import born
from support_api.services.work import Work

A = Action


@dataclass(frozen=True, slots=True)
class Seen:
    """A relationship with its computed number and, for who may know it, the worker. `existed`: it was there already."""

    relationship: WorkingRelationship
    ordinal: int
    worker: Worker | None
    existed: bool = False
    covers: tuple[SeenCover, ...] = ()


async def start(work: Work, resident_id: UUID, said: Mapping[str, Any], external_id: str | None) -> tuple[Access, Seen]:
    """Idempotent on the external id of the system that assigns. Raises RuleBroken for an unknown worker and for an
    external id of something else, NotYours for oneself: a worker can't grant themself access (access.md)."""
    access = await work.enter(resident_id, A.WORKING_RELATIONSHIP_START)
    external = _hash(work, external_id) if external_id else None
    if external and (known := await _in_turn(work, external, resident_id, said["worker_id"])):
        return access, await _known(work, access, said["worker_id"], *known)
    if said["worker_id"] == access.caller.id:
        raise NotYours("assigning_oneself", resident_id)
    await sharing.known_worker(work, access, said["worker_id"])
    await work.line_up(resident_id, said["worker_id"])
    fields = {**born(work, access), **said, "external_id_hash": external}
    fields["started_at"] = fields["started_at"] or work.now
    relationship = WorkingRelationship(**fields)
    others = await store.every(work.tx, access, WORKING_RELATIONSHIPS, worker_id=relationship.worker_id)
    relationship.guard_start(others)
    await store.add(work.tx, access, WORKING_RELATIONSHIPS, relationship)
    await store.add(work.tx, access, BRIEFINGS, Briefing(**{**born(work, access), "id": relationship.id}))
    once = await _standing(work, access, relationship)
    work.record(A.WORKING_RELATIONSHIP_START, access, relationship.id, consent_id=once)
    return access, await _seen(work, access, relationship)


async def _standing(work: Work, access: Access, relationship: WorkingRelationship) -> UUID | None:
    """The resident's decision by which the briefing of this worker opens at once: the access log gives notice."""
    worker = as_worker(work, access, relationship, await store.every(work.tx, access, CONSENTS))
    found = ground(worker.decisions, relationship.id, worker)
    opens = found.opened_by is OpenedBy.STANDING and worker.basis is not Basis.NONE
    return found.consent_id if opens else None


async def _in_turn(work: Work, external: bytes, *owners: UUID) -> tuple[UUID, UUID] | None:
    """What there is under this external id. The turn comes before the look: of two who use the id at once, the second
    finds what the first one made, for whichever resident and worker."""
    await work.line_up(*owners, UUID(bytes=external[:16]))
    return await db.by_external_id(work.tx, external)


async def _known(work: Work, access: Access, worker_id: UUID, resident_id: UUID, relationship_id: UUID) -> Seen:
    """Whoever is told 2xx reads that this worker is assigned: not with what there is of another one."""
    if resident_id != access.resident_id:
        raise RuleBroken("external_id_in_use")
    relationship = await store.one(work.tx, access, WORKING_RELATIONSHIPS, relationship_id)
    if relationship.worker_id != worker_id:
        raise RuleBroken("external_id_of_other_worker")
    work.record(A.WORKING_RELATIONSHIP_START, access, relationship.id)
    return replace(await _seen(work, access, relationship), existed=True)


async def again(work: Work, resident_id: UUID, relationship_id: UUID, version: int) -> tuple[Access, Seen]:
    access = await work.enter(resident_id, A.WORKING_RELATIONSHIP_START)
    relationship = await store.at_version(work.tx, access, WORKING_RELATIONSHIPS, relationship_id, version)
    work.record(A.WORKING_RELATIONSHIP_START, access, relationship.id)
    return access, await _seen(work, access, relationship)


async def read(work: Work, resident_id: UUID, relationship_id: UUID, action: Action) -> tuple[Access, Seen]:
    access = await work.enter(resident_id, action)
    relationship = await one(work, access, relationship_id)
    work.record(action, access, relationship.id)
    return access, await _seen(work, access, relationship)


async def one(work: Work, access: Access, relationship_id: UUID) -> WorkingRelationship:
    """A worker sees their own relationships and those that they stand in for, no other colleague's."""
    relationship = await store.one(work.tx, access, WORKING_RELATIONSHIPS, relationship_id)
    if work.principal.role is Role.WORKER and not {relationship.worker_id, relationship.id} & _theirs(access):
        raise Hidden("not_own_relationship", access.resident_id)
    return relationship


def _theirs(access: Access) -> set[UUID]:
    return {access.caller.id, *(each.id for each in access.relations if each.deputy_of)}


async def end(work: Work, resident_id: UUID, relationship_id: UUID, reason: EndReason) -> tuple[Access, Seen]:
    access = await work.enter(resident_id, A.WORKING_RELATIONSHIP_END)
    old = await store.one(work.tx, access, WORKING_RELATIONSHIPS, relationship_id)
    new = old.end(work.now, reason)
    await store.save(work.tx, access, WORKING_RELATIONSHIPS, old, new)
    work.record(A.WORKING_RELATIONSHIP_END, access, new.id)
    return access, await _seen(work, access, new)


async def page(work: Work, resident_id: UUID, window: store.Window) -> tuple[Access, store.Page[Any], list[Seen]]:
    access = await work.enter(resident_id, A.WORKING_RELATIONSHIP_LIST)
    only = {"theirs": list(_theirs(access))} if work.principal.role is Role.WORKER else {}
    found = await store.page(work.tx, access, WORKING_RELATIONSHIPS, window, only)
    numbers = await db.numbers(work.tx, (resident_id,))
    workers = await _workers(work, access, *found.items)
    work.record(A.WORKING_RELATIONSHIP_LIST, access, *(item.id for item in found.items))
    deputies = await covers.of(work, access, (item.id for item in found.items))
    seen = [
        Seen(item, numbers[item.id], workers.get(item.worker_id), covers=tuple(deputies.get(item.id, ())))
        for item in found.items
    ]
    return access, found, seen


async def _seen(work: Work, access: Access, relationship: WorkingRelationship) -> Seen:
    numbers = await db.numbers(work.tx, (access.resident_id,))
    workers = await _workers(work, access, relationship)
    deputies = tuple((await covers.of(work, access, (relationship.id,))).get(relationship.id, ()))
    return Seen(relationship, numbers[relationship.id], workers.get(relationship.worker_id), covers=deputies)


async def _workers(work: Work, access: Access, *relationships: WorkingRelationship) -> dict[UUID, Worker]:
    """Names for the resident, and for the worker the own one."""
    if not access.own and work.principal.role is not Role.WORKER:
        return {}
    return await directory.workers(work.tx, (each.worker_id for each in relationships))


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the caseload: ids, dates and the call name."""

    id: UUID
    resident_id: UUID
    call_name: str
    ordinal: int
    started_at: datetime
    duties: tuple[str, ...]
    primary: bool
    stands_in_for: UUID | None


async def caseload(work: Work, window: store.Window) -> store.Page[Line]:
    """The residents whom the caller works with now."""
    return (await caseload_with(work, window, A.CASELOAD_LIST))[0]


async def caseload_with(
    work: Work, window: store.Window, action: Action
) -> tuple[store.Page[Line], dict[UUID, Access]]:
    """The same, with the access to each of them."""
    me = await work.identify()
    backwards = window.before is not None
    edge = window.before or window.after
    candidates = await db.mine(work.tx, me.id, work.now, edge, window.limit + 1, backwards=backwards)
    more = len(candidates) > window.limit
    candidates = candidates[-window.limit :] if backwards else candidates[: window.limit]
    accesses = await work.enter_many({own.resident_id for own in candidates}, action)
    open_ = {access.resident_id: access for access in accesses}
    names = await db.call_names(work.tx, accesses)
    numbers = await db.numbers(work.tx, open_) if open_ else {}
    work.record(action, None, *(own.id for own in candidates if own.resident_id in open_), residents=open_)
    lines = tuple(
        Line(
            own.id,
            own.resident_id,
            names[own.resident_id],
            numbers[own.id],
            own.started_at,
            own.duties,
            own.primary,
            own.deputy_of,
        )
        for own in candidates
        if own.resident_id in open_ and own.resident_id in names
    )
    edges = (candidates[0].id, candidates[-1].id) if candidates else None
    page = store.Page(lines, backwards or more, more if backwards else window.after is not None, edges=edges)
    return page, open_


def _hash(work: Work, external_id: str) -> bytes:
    value = f"{work.principal.client_id}\x00{external_id}".encode()
    return work.tx.keys.hash("lookup:relationship", work.principal.municipality_id, value)
