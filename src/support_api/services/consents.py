"""Giving, refusing and withdrawing: the resident's own decisions."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from support_api.db import directory, store
from support_api.domain.access import Access
from support_api.domain.actions import Action
from support_api.domain.baggage_notes import BAGGAGE_NOTES
from support_api.domain.consents import (
    CONSENTS,
    Consent,
    ConsentDecision,
    ConsentStatus,
    end_of_validity,
)
from support_api.domain.errors import Fault, Invalid, RuleBroken
from support_api.domain.grounds import NEVER
from support_api.domain.portrait_items import PORTRAIT_ITEMS
from support_api.domain.vocabulary import PartyType
from support_api.domain.working_relationships import WORKING_RELATIONSHIPS
from support_api.services import sharing
from support_api.services.standard import born
from support_api.services.work import Work


@dataclass(frozen=True, slots=True)
class Seen:
    """A consent with the name of whom it is about, as the resident knows them."""

    consent: Consent
    party: str


@dataclass(frozen=True, slots=True)
class Withdrawn:
    """What a withdrawal did: whose briefings are rendered anew without it."""

    seen: Seen
    working_relationship_ids: tuple[UUID, ...]


async def page(work: Work, resident_id: UUID, window: store.Window) -> tuple[Access, store.Page[Consent], list[Seen]]:
    access = await work.enter(resident_id, Action.CONSENT_LIST)
    found = await store.page(work.tx, access, CONSENTS, window)
    work.record(Action.CONSENT_LIST, access, *(each.id for each in found.items))
    return access, found, await named(work, *found.items)


async def read(work: Work, resident_id: UUID, consent_id: UUID, action: Action = Action.CONSENT_READ) -> Seen:
    access = await work.enter(resident_id, action)
    consent = await store.one(work.tx, access, CONSENTS, consent_id)
    work.record(action, access, consent.id)
    return (await named(work, consent))[0]


async def again(work: Work, resident_id: UUID, consent_id: UUID, version: int) -> Seen:
    access = await work.enter(resident_id, Action.CONSENT_CREATE)
    consent = await store.at_version(work.tx, access, CONSENTS, consent_id, version)
    work.record(Action.CONSENT_CREATE, access, consent.id)
    return (await named(work, consent))[0]


async def create(work: Work, resident_id: UUID, said: Mapping[str, Any]) -> Seen:
    """A yes or a no. Raises RuleBroken for what is never shared, and for a party or an item that is not there."""
    access = await work.enter(resident_id, Action.CONSENT_CREATE)
    if said["valid_until"] and said["valid_until"] <= work.now:
        raise Invalid(Fault("/validUntil", "out_of_range"))
    await work.line_up(resident_id)
    permits = said["decision"] is ConsentDecision.PERMIT
    consent = Consent(
        **born(work, access),
        **{**said, "valid_until": end_of_validity(work.now, said["valid_until"]) if permits else said["valid_until"]},
        status=ConsentStatus.ACTIVE if permits else ConsentStatus.DECLINED,
        valid_from=work.now,
        receipt_id=work.new_id(),
    )
    if permits and any(consent.purpose in NEVER.get(category, ()) for category in consent.categories):
        raise RuleBroken("never_shared")
    await _require_party(work, access, consent)
    await _require_items(work, access, consent)
    await sharing.give(work, access, consent)
    work.record(Action.CONSENT_CREATE, access, consent.id, consent_id=consent.id)
    return (await named(work, consent))[0]


async def _require_party(work: Work, access: Access, consent: Consent) -> None:
    if consent.party_type is PartyType.WORKER:
        await sharing.known_worker(work, access, consent.party_id)
    if consent.party_type is PartyType.SYSTEM and consent.party_id not in await directory.client_names(work.tx):
        raise RuleBroken("system_unknown")


async def _require_items(work: Work, access: Access, consent: Consent) -> None:
    named = {*consent.only_items, *consent.except_items}
    if not named:
        return
    portrait = await store.every(work.tx, access, PORTRAIT_ITEMS)
    baggage = await store.every(work.tx, access, BAGGAGE_NOTES)
    if not named <= {item.id for item in (*portrait, *baggage)}:
        raise RuleBroken("item_unknown")


async def withdraw(work: Work, resident_id: UUID, consent_id: UUID) -> Withdrawn:
    """Holds from the next read on. What was given stays behind as a refusal for the same party, items and purpose."""
    access = await work.enter(resident_id, Action.CONSENT_WITHDRAW)
    old = await store.one(work.tx, access, CONSENTS, consent_id)
    new = replace(old.withdraw(work.now), receipt_id=work.new_id())
    await store.save(work.tx, access, CONSENTS, old, new)
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
    return Withdrawn((await named(work, consent))[0], touched)


async def named(work: Work, *consents: Consent) -> list[Seen]:
    """With what each party is called."""
    workers = await directory.workers(
        work.tx, (each.party_id for each in consents if each.party_id and each.party_type is PartyType.WORKER)
    )
    systems = {}
    if any(each.party_type is PartyType.SYSTEM for each in consents):
        systems = await directory.client_names(work.tx)
    names = {**systems, **{worker.id: worker.display_name for worker in workers.values()}}
    return [Seen(each, names.get(each.party_id, "") if each.party_id else "Wie jou nu begeleidt") for each in consents]
