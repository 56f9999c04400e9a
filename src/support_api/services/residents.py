"""Recording and finding residents."""

from contextlib import suppress
from typing import Any
from uuid import UUID

from support_api.db import lookups, store
from support_api.domain.access import Access, introduce
from support_api.domain.actions import Action
from support_api.domain.errors import Hidden, NotYours, Stale
from support_api.domain.facts import Subject
from support_api.domain.residents import RESIDENTS, IdentifierSystem, Resident
from support_api.domain.resource import moved
from support_api.services import setup
from support_api.services.standard import born
from support_api.services.work import Work


async def create(work: Work, said: dict[str, Any]) -> tuple[Access, Resident]:
    """Raises RuleBroken if one of the identifiers is somebody's already."""
    me = await work.identify()
    new_id, person, key = work.new_id(), work.new_id(), work.new_id()
    subject = Subject(new_id, person, key, key_active=True, recorded_by=me.id, ever_supported=False)
    access = introduce(work.principal, me, work.purpose, subject, work.now)
    work.admit(access, Action.RESIDENT_CREATE)
    await work.line_up(new_id)
    await lookups.guard_free(work.tx, said.get("identifiers", ()))
    await setup.add_person(work.tx, person, key, work.now)
    resident = Resident(**{**born(work, access), "id": new_id}, **said)
    await store.add(work.tx, access, RESIDENTS, resident)
    await lookups.put(work.tx, access, resident.identifiers)
    work.record(Action.RESIDENT_CREATE, access, resident.id)
    return access, resident


async def read(work: Work, resident_id: UUID, action: Action = Action.RESIDENT_READ) -> tuple[Access, Resident]:
    access = await work.enter(resident_id, action)
    resident = await store.one(work.tx, access, RESIDENTS, resident_id)
    work.record(action, access, resident_id)
    return access, resident


async def again(work: Work, resident_id: UUID, version: int) -> tuple[Access, Resident]:
    access = await work.enter(resident_id, Action.RESIDENT_READ)
    resident = await store.at_version(work.tx, access, RESIDENTS, resident_id, version)
    work.record(Action.RESIDENT_CREATE, access, resident_id)
    return access, resident


async def change(work: Work, resident_id: UUID, version: int, changes: dict[str, Any]) -> tuple[Access, Resident]:
    access = await work.enter(resident_id, Action.RESIDENT_CHANGE)
    old = await store.one(work.tx, access, RESIDENTS, resident_id)
    if old.version != version:
        raise Stale
    old.guard_change(work.principal.role, set(changes))
    new = moved(old.change(changes), work.now)
    await store.save(work.tx, access, RESIDENTS, old, new)
    if "identifiers" in changes:
        await lookups.replace(work.tx, access, new.identifiers)
    work.record(Action.RESIDENT_CHANGE, access, resident_id)
    return access, new


async def search(work: Work, system: IdentifierSystem, value: str) -> tuple[Access, Resident] | None:
    """None if there is nobody, or nobody whom this caller may know: the two can't be told apart.

    The trail keeps that was searched, never for what; who was searched for in vain reads it too.
    """
    found = await lookups.find(work.tx, system, value)
    if found is not None:
        with suppress(Hidden, NotYours):
            return await read(work, found, Action.RESIDENT_SEARCH)
    await work.identify()
    work.record(Action.RESIDENT_SEARCH, None, residents=(found,) if found else ())
    return None
