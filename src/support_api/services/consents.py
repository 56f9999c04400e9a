"""Giving, refusing and withdrawing: the resident's own decisions."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Any
from uuid import UUID

from support_api.db import directory, store
from support_api.domain.access import Access
from support_api.domain.actions import Action
from support_api.domain.baggage_notes import BAGGAGE_NOTES
from support_api.domain.consents import CONSENTS, Consent
from support_api.domain.errors import Hidden
from support_api.domain.portrait_items import PORTRAIT_ITEMS
from support_api.domain.recalls import Recall
from support_api.domain.vocabulary import Category, Level, PartyType
from support_api.domain.working_relationships import WORKING_RELATIONSHIPS
from support_api.services import recalls
from support_api.services.work import Work


@dataclass(frozen=True, slots=True)
class Seen:
    """A consent with the name of whom it is about, as the resident knows them."""

    consent: Consent
    party: str
    recall: Recall | None = None


@dataclass(frozen=True, slots=True)
class Withdrawn:
    """What a withdrawal did: whose briefings are rendered anew without it."""

    seen: Seen
    working_relationship_ids: tuple[UUID, ...]


@dataclass(frozen=True, slots=True)
class Theirs:
    """What of the consents concerns one worker, and which items that worker can read now."""

    consents: frozenset[UUID]
    items: frozenset[UUID]


async def page(
    work: Work, resident_id: UUID, window: store.Window, only: Mapping[str, Any]
) -> tuple[Access, store.Page[Consent], list[Seen]]:
    access = await work.enter(resident_id, Action.CONSENT_LIST)
    theirs = await of_worker(work, access)
    among = {"among": list(theirs.consents)} if theirs else {}
    found = await store.page(work.tx, access, CONSENTS, window, {**only, **among})
    work.record(Action.CONSENT_LIST, access, *(each.id for each in found.items))
    consents = [as_seen(each, theirs) for each in found.items]
    return access, found, await named(work, *consents, asked=await _recalls(work, access, theirs, *consents))


async def read(work: Work, resident_id: UUID, consent_id: UUID) -> Seen:
    access = await work.enter(resident_id, Action.CONSENT_READ)
    consent = await store.one(work.tx, access, CONSENTS, consent_id)
    theirs = await of_worker(work, access)
    seen = as_seen(consent, theirs)
    work.record(Action.CONSENT_READ, access, consent.id)
    return (await named(work, seen, asked=await _recalls(work, access, theirs, seen)))[0]


async def _recalls(work: Work, access: Access, theirs: Theirs | None, *consents: Consent) -> dict[UUID, Recall]:
    """A worker is told of no system; only of a system something can be asked back."""
    if theirs or all(each.party_type is not PartyType.SYSTEM for each in consents):
        return {}
    return await recalls.of_resident(work, access)


async def of_worker(work: Work, access: Access) -> Theirs | None:
    """Own proposals, and what opens something to the worker for this purpose. None for who may see them all.

    What names items of which the worker sees none is left out: it would tell that there is something.
    """
    if access.level(Category.CONSENT) is Level.FULL:
        return None
    portrait = await store.every(work.tx, access, PORTRAIT_ITEMS)
    baggage = await store.every(work.tx, access, BAGGAGE_NOTES)
    items = frozenset(item.id for item in (*portrait, *baggage))
    proposed = await store.every(work.tx, access, CONSENTS, author_id=access.caller.id)
    named = [(each.id, frozenset(each.only_items)) for each in proposed]
    named += [(each.id, each.only_items) for each in access.decisions if each.permits]
    return Theirs(frozenset(each for each, only in named if not only or items & only), items)


def as_seen(consent: Consent, theirs: Theirs | None) -> Consent:
    """Raises Hidden if it does not concern the caller; of named items only those that the caller sees are told."""
    if theirs is None:
        return consent
    if consent.id not in theirs.consents:
        raise Hidden("not_concerned", consent.resident_id)
    only, but = (
        tuple(item for item in named if item in theirs.items) for named in (consent.only_items, consent.except_items)
    )
    return replace(consent, only_items=only, except_items=but)


async def withdraw(work: Work, resident_id: UUID, consent_id: UUID) -> Withdrawn:
    """Holds from the next read on. What was given stays behind as a refusal for the same party, items and purpose."""
    access = await work.enter(resident_id, Action.CONSENT_WITHDRAW)
    await work.line_up(resident_id)
    old = await store.one(work.tx, access, CONSENTS, consent_id)
    new = replace(old.withdraw(work.now), receipt_id=work.new_id())
    await store.save(work.tx, access, CONSENTS, old, new)
    await recalls.ask(work, access, new)
    work.record(Action.CONSENT_WITHDRAW, access, new.id, consent_id=new.id)
    return await _withdrawn(work, access, new)


async def withdraw_again(work: Work, resident_id: UUID, consent_id: UUID, version: int) -> Withdrawn:
    access = await work.enter(resident_id, Action.CONSENT_WITHDRAW)
    consent = await store.at_version(work.tx, access, CONSENTS, consent_id, version)
    work.record(Action.CONSENT_WITHDRAW, access, consent.id)
    return await _withdrawn(work, access, consent)


async def _withdrawn(work: Work, access: Access, consent: Consent) -> Withdrawn:
    relationships = await store.every(work.tx, access, WORKING_RELATIONSHIPS)
    touched = tuple(
        each.id
        for each in relationships
        if each.active(work.now) and (consent.party_type is PartyType.MY_WORKERS or each.worker_id == consent.party_id)
    )
    [seen] = await named(work, consent, asked=await _recalls(work, access, None, consent))
    return Withdrawn(seen, touched)


async def named(work: Work, *consents: Consent, asked: Mapping[UUID, Recall] = MappingProxyType({})) -> list[Seen]:
    """With what each party is called, and what was asked back."""
    names = await directory.called(work.tx, consents)
    return [Seen(each, name, asked.get(each.id)) for each, name in zip(consents, names, strict=True)]
