"""A yes or a no, said by the resident, or proposed by a worker and then decided by the resident alone."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any
from uuid import UUID

from support_api.db import directory, store
from support_api.domain.access import Access
from support_api.domain.actions import Action
from support_api.domain.baggage_notes import BAGGAGE_NOTES
from support_api.domain.consent_terms import ConsentHow, InformedWith
from support_api.domain.consents import CONSENTS, Consent, ConsentDecision, ConsentStatus, end_of_validity
from support_api.domain.errors import Fault, Invalid, RuleBroken
from support_api.domain.grounds import NEVER
from support_api.domain.portrait_items import PORTRAIT_ITEMS
from support_api.domain.vocabulary import PartyType, Role
from support_api.services import recalls, sharing
from support_api.services.consents import Seen, as_seen, named, of_worker
from support_api.services.standard import born
from support_api.services.work import Work


async def create(work: Work, resident_id: UUID, said: Mapping[str, Any]) -> Seen:
    """A yes or a no of the resident; of a worker a proposal. Raises RuleBroken for what is never shared, and for a
    party or an item that is not there, or that who proposes can't see."""
    action = _action(work)
    access = await work.enter(resident_id, action)
    await work.line_up(resident_id)
    consent = _made(work, access, said)
    if consent.decision is ConsentDecision.PERMIT and any(
        consent.purpose in NEVER.get(category, ()) for category in consent.categories
    ):
        raise RuleBroken("never_shared")
    await _require_party(work, access, consent)
    await _require_items(work, access, consent)
    if access.own:
        await sharing.give(work, access, consent)
        await recalls.ask(work, access, consent)
    else:
        await store.add(work.tx, access, CONSENTS, await sharing.called(work, consent))
    work.record(action, access, consent.id, consent_id=consent.id if access.own else None)
    return (await named(work, consent))[0]


async def again(work: Work, resident_id: UUID, consent_id: UUID, version: int) -> Seen:
    action = _action(work)
    access = await work.enter(resident_id, action)
    consent = await store.at_version(work.tx, access, CONSENTS, consent_id, version)
    consent = as_seen(consent, await of_worker(work, access))
    work.record(action, access, consent.id)
    return (await named(work, consent))[0]


def _action(work: Work) -> Action:
    return Action.CONSENT_CREATE if work.principal.role is Role.RESIDENT else Action.CONSENT_PROPOSE


def _made(work: Work, access: Access, said: Mapping[str, Any]) -> Consent:
    until, notice = said["valid_until"], said["informed_with"]
    if until and until <= work.now:
        raise Invalid(Fault("/validUntil", "out_of_range"))
    fields = {
        **said,
        "how": _how(access, said["how"]),
        "informed_with": InformedWith(**dict(notice)) if notice else None,
    }
    consent = Consent(
        **born(work, access),
        **fields,
        status=ConsentStatus.PROPOSED,
        valid_from=work.now,
        receipt_id=work.new_id(),
    )
    if access.own:
        return _decided(consent, until)
    if consent.decision is not ConsentDecision.PERMIT:
        raise RuleBroken("only_a_yes_is_proposed")
    return consent


def _how(access: Access, how: ConsentHow | None) -> ConsentHow:
    """A worker says how the resident was asked: nobody logged in for it."""
    if how in (None, ConsentHow.LOGIN) and not access.own:
        raise RuleBroken("proposal_says_how")
    return how or ConsentHow.LOGIN


def _decided(consent: Consent, until: Any) -> Consent:
    if consent.decision is not ConsentDecision.PERMIT:
        return replace(consent, status=ConsentStatus.DECLINED)
    return replace(consent, status=ConsentStatus.ACTIVE, valid_until=end_of_validity(consent.valid_from, until))


async def decide(work: Work, resident_id: UUID, consent_id: UUID, answer: ConsentDecision) -> Seen:
    """The resident's yes or no to a proposal, given by login."""
    access = await work.enter(resident_id, Action.CONSENT_DECIDE)
    old = await store.one(work.tx, access, CONSENTS, consent_id)
    new = await settle(work, access, old, answer)
    work.record(Action.CONSENT_DECIDE, access, new.id, consent_id=new.id)
    return (await named(work, new))[0]


async def settle(
    work: Work, access: Access, old: Consent, answer: ConsentDecision, how: ConsentHow = ConsentHow.LOGIN
) -> Consent:
    """Stores the resident's decision on a proposal; records nothing in the trail. Whoever calls has made sure that it
    is the resident's: by the resident's own Access, or by a proof of a decision that was given without a login."""
    await work.line_up(access.resident_id)
    new = replace(old.decide(Role.RESIDENT, answer, work.now), how=how)
    await sharing.make_room(work, access, new)
    await store.save(work.tx, access, CONSENTS, old, new)
    await recalls.ask(work, access, new)
    return new


async def decide_again(work: Work, resident_id: UUID, consent_id: UUID, version: int) -> Seen:
    access = await work.enter(resident_id, Action.CONSENT_DECIDE)
    consent = await store.at_version(work.tx, access, CONSENTS, consent_id, version)
    work.record(Action.CONSENT_DECIDE, access, consent.id)
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
