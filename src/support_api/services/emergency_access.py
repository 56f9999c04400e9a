"""Opening in an emergency, reading about it, and what the privacy officer finds of it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from uuid import UUID

from support_api.db import directory, store
from support_api.db import emergency_access as db
from support_api.db.emergency_access import Waiting
from support_api.domain.access import Access
from support_api.domain.access_log import Who
from support_api.domain.actions import Action
from support_api.domain.emergency_access import EMERGENCY_ACCESS, LASTS, EmergencyAccess, EmergencyOutcome, opened
from support_api.domain.errors import Hidden, NotYours
from support_api.domain.grounds import Basis
from support_api.domain.vocabulary import Role
from support_api.domain.workers import Worker
from support_api.services.standard import born
from support_api.services.work import Work

A = Action


@dataclass(frozen=True, slots=True)
class Seen:
    emergency: EmergencyAccess
    who: Who


async def open_(work: Work, resident_id: UUID, reason: str) -> Seen:
    """Decided on the facts as they are once it is open: who is not let in then, opens nothing now."""
    until = work.now + LASTS
    access = await work.enter_given(resident_id, A.EMERGENCY_ACCESS_OPEN, lambda found: opened(found, until, work.now))
    await work.line_up(resident_id, work.tx.municipality_id)
    emergency = EmergencyAccess(**born(work, access), ends_at=until, reason=reason)
    await store.add(work.tx, access, EMERGENCY_ACCESS, emergency)
    work.record(A.EMERGENCY_ACCESS_OPEN, access, emergency.id)
    return await _seen(work, access, emergency)


async def read(work: Work, resident_id: UUID, emergency_id: UUID, action: Action = A.EMERGENCY_ACCESS_READ) -> Seen:
    access = await work.enter(resident_id, action)
    emergency = await store.one(work.tx, access, EMERGENCY_ACCESS, emergency_id)
    if access.basis is Basis.EMERGENCY and emergency.author_id != access.caller.id:
        raise Hidden("not_own_emergency", access.resident_id)
    work.record(action, access, emergency.id)
    return await _seen(work, access, emergency)


async def page(work: Work, resident_id: UUID, window: store.Window) -> tuple[store.Page[EmergencyAccess], list[Seen]]:
    access = await work.enter(resident_id, A.EMERGENCY_ACCESS_LIST)
    found = await store.page(work.tx, access, EMERGENCY_ACCESS, window)
    work.record(A.EMERGENCY_ACCESS_LIST, access, *(each.id for each in found.items))
    return found, await _all_seen(work, access, found.items)


async def awaiting(work: Work, window: store.Window) -> store.Page[Waiting]:
    """Raises NotYours for who does not review."""
    await work.identify()
    if work.principal.role is not Role.PRIVACY_OFFICER:
        raise NotYours("no_reviews")
    backwards = window.before is not None
    found = await db.awaiting(work.tx, window.before or window.after, window.limit + 1, backwards=backwards)
    more = len(found) > window.limit
    found = found[-window.limit :] if backwards else found[: window.limit]
    accesses = await work.enter_many({each.resident_id for each in found}, A.EMERGENCY_ACCESS_LIST)
    open_to = {access.resident_id for access in accesses}
    shown = tuple(each for each in found if each.resident_id in open_to)
    work.record(A.EMERGENCY_ACCESS_LIST, None, *(each.id for each in shown), residents=open_to)
    edges = (found[0].id, found[-1].id) if found else None
    return store.Page(shown, backwards or more, more if backwards else window.after is not None, edges=edges)


async def review(work: Work, resident_id: UUID, emergency_id: UUID, outcome: EmergencyOutcome, words: str) -> Seen:
    access = await work.enter(resident_id, A.EMERGENCY_ACCESS_REVIEW)
    old = await store.one(work.tx, access, EMERGENCY_ACCESS, emergency_id)
    new = old.review(outcome, words, access.caller.id, work.now)
    await store.save(work.tx, access, EMERGENCY_ACCESS, old, new)
    work.record(A.EMERGENCY_ACCESS_REVIEW, access, new.id)
    return await _seen(work, access, new)


async def _seen(work: Work, access: Access, emergency: EmergencyAccess) -> Seen:
    return (await _all_seen(work, access, (emergency,)))[0]


async def _all_seen(work: Work, access: Access, emergencies: Iterable[EmergencyAccess]) -> list[Seen]:
    """The resident reads the name of whom they have met; of another what they are and where they work."""
    found = list(emergencies)
    workers = await directory.workers(work.tx, (each.author_id for each in found))
    met = await directory.met(work.tx, access.resident_id) if access.own else frozenset(workers)
    return [Seen(each, _who(each.author_id, workers, met)) for each in found]


def _who(worker_id: UUID, workers: Mapping[UUID, Worker], met: frozenset[UUID]) -> Who:
    worker = workers.get(worker_id)
    if worker is None:
        return Who()
    name = worker.display_name if worker_id in met else None
    return Who(name=name, function=worker.function, unit=worker.unit)
