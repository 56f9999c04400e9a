"""Visibility and consent together: making an item visible stores the permit that goes with it (access.md)."""

from dataclasses import replace
from uuid import UUID

from support_api.db import directory, store
from support_api.domain.access import Access
from support_api.domain.consents import (
    CONSENTS,
    Consent,
    ConsentDecision,
    ConsentOrigin,
    ConsentStatus,
    end_of_validity,
)
from support_api.domain.errors import Hidden, RuleBroken
from support_api.domain.resource import Resource, SharedItem, T, moved
from support_api.domain.vocabulary import Confirmation, PartyType, Purpose, Role, Visibility
from support_api.services import workers
from support_api.services.work import Work

_GIVES = (Visibility.THIS_WORKER, Visibility.MY_WORKERS)
_SETTLED = (Confirmation.CONFIRMED, Confirmation.CONFIRMED_WITH_CHANGES)


async def permit(work: Work, access: Access, res: Resource[T], old: SharedItem | None, new: SharedItem) -> None:
    """Stores the permit if the resident created, confirmed or widened the item; nobody else's act does. Raises
    RuleBroken for a worker whom the resident does not see."""
    if access.principal.role is not Role.RESIDENT:
        return
    opens, to_worker = _opens(old, new), new.visibility is Visibility.THIS_WORKER
    if _names(old, new) or (opens and to_worker):
        await known_worker(work, access, new.worker_id)
    if opens:
        await work.line_up(access.resident_id)
    if old is not None and _whom(old) != _whom(new):
        await retract(work, access, old)
    if not opens:
        return
    consent = Consent(
        id=work.new_id(),
        resident_id=access.resident_id,
        created_at=work.now,
        changed_at=work.now,
        author_role=access.principal.role,
        author_id=access.caller.id,
        decision=ConsentDecision.PERMIT,
        status=ConsentStatus.ACTIVE,
        origin=ConsentOrigin.VISIBILITY,
        party_type=PartyType.WORKER if to_worker else PartyType.MY_WORKERS,
        party_id=new.worker_id if to_worker else None,
        purpose=Purpose.SUPPORT,
        categories=(res.category(new),),  # type: ignore[arg-type]
        only_items=(new.id,),
        valid_from=work.now,
        valid_until=end_of_validity(work.now, None),
        receipt_id=work.new_id(),
    )
    if old is None:
        await store.add(work.tx, access, CONSENTS, await called(work, consent))
    else:
        await give(work, access, consent)


async def known_worker(work: Work, access: Access, worker_id: UUID | None) -> None:
    """Raises RuleBroken if the caller sees no such worker: hidden or not there is the same here as when reading."""
    if worker_id is None:
        raise RuleBroken("worker_unknown")
    try:
        await workers.visible(work, access.caller, worker_id)
    except Hidden:
        raise RuleBroken("worker_unknown") from None


def _names(old: SharedItem | None, new: SharedItem) -> bool:
    """Whether the resident names a worker with this, also one who gets to see nothing by it."""
    return new.worker_id is not None and (old is None or old.worker_id != new.worker_id)


def _opens(old: SharedItem | None, new: SharedItem) -> bool:
    if new.confirmation not in _SETTLED or new.visibility not in _GIVES:
        return False
    return old is None or old.confirmation not in _SETTLED or _whom(old) != _whom(new)


def _whom(item: SharedItem) -> tuple[Visibility, UUID | None]:
    """To whom it is visible; a worker is meant by this_worker alone."""
    return item.visibility, item.worker_id if item.visibility is Visibility.THIS_WORKER else None


async def retract(work: Work, access: Access, item: SharedItem) -> None:
    """The permit that came with a visibility goes with it: what needs a separate yes is not open by an earlier one."""
    for earlier in await store.every(work.tx, access, CONSENTS):
        if earlier.origin is ConsentOrigin.VISIBILITY and earlier.only_items == (item.id,) and earlier.permits:
            await _supersede(work, access, earlier)


async def _supersede(work: Work, access: Access, earlier: Consent) -> None:
    gone = moved(replace(earlier, status=ConsentStatus.SUPERSEDED, receipt_id=work.new_id()), work.now)
    await store.save(work.tx, access, CONSENTS, earlier, gone)


async def give(work: Work, access: Access, consent: Consent) -> Consent:
    """Stores a decision of the resident; what it takes the place of is superseded, never lost."""
    consent = await called(work, consent)
    await make_room(work, access, consent)
    return await store.add(work.tx, access, CONSENTS, consent)


async def called(work: Work, consent: Consent) -> Consent:
    """With what the party is called at this moment: a receipt keeps saying it."""
    return replace(consent, party_name=(await directory.called(work.tx, (consent,)))[0])


async def make_room(work: Work, access: Access, consent: Consent) -> None:
    """Supersedes what this decision takes the place of (ADR 0009)."""
    for earlier in await store.every(work.tx, access, CONSENTS):
        if earlier.id == consent.id:
            continue
        if _replaces(consent, earlier):
            await _supersede(work, access, earlier)
        elif consent.narrows(earlier):
            spared = tuple(dict.fromkeys((*earlier.except_items, *consent.only_items)))
            await store.save(work.tx, access, CONSENTS, earlier, moved(replace(earlier, except_items=spared), work.now))


def _replaces(new: Consent, earlier: Consent) -> bool:
    if earlier.status in (ConsentStatus.SUPERSEDED, ConsentStatus.PROPOSED):
        return False
    if new.of_briefing and new.working_relationship_id == earlier.working_relationship_id and earlier.of_briefing:
        return bool(earlier.only_items) or not new.permits
    if new.decision is ConsentDecision.PERMIT and earlier.status is not ConsentStatus.ACTIVE:
        return new.reopens(earlier)
    return _same(new, earlier) and new.origin is earlier.origin


def _same(a: Consent, b: Consent) -> bool:
    return _key(a) == _key(b)


def _key(consent: Consent) -> tuple[object, ...]:
    party: tuple[PartyType, UUID | None] = (consent.party_type, consent.party_id)
    items = (frozenset(consent.only_items), frozenset(consent.except_items))
    return (party, consent.purpose, frozenset(consent.categories), items, consent.working_relationship_id)
