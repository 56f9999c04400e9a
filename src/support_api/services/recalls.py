"""After a withdrawal: which system has really received something, what it is asked, and what it answers (B.7)."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from support_api.db import audit, store
from support_api.db import recalls as db
from support_api.domain.access import Access
from support_api.domain.actions import Action
from support_api.domain.baggage_notes import BAGGAGE_NOTES
from support_api.domain.consents import Consent, ConsentStatus
from support_api.domain.errors import Hidden, NotYours
from support_api.domain.facts import Me
from support_api.domain.grounds import READ_CONTENT
from support_api.domain.portrait_items import PORTRAIT_ITEMS
from support_api.domain.recalls import ANSWER_WITHIN, RECALLS, Recall
from support_api.domain.vocabulary import PartyType, Role
from support_api.services.standard import born
from support_api.services.work import Work


async def ask(work: Work, access: Access, consent: Consent) -> Recall | None:
    """Asks the system back what it has read of what this no closes; None if there is nothing, or no system."""
    if consent.party_type is not PartyType.SYSTEM or consent.party_id is None:
        return None
    if consent.status not in (ConsentStatus.WITHDRAWN, ConsentStatus.DECLINED):
        return None
    received = await _received(work, access, consent)
    if not received:
        return None
    await work.line_up(access.resident_id, consent.party_id)
    recall = Recall(
        **born(work, access),
        consent_id=consent.id,
        system_id=consent.party_id,
        categories=consent.categories,
        object_ids=tuple(sorted(received)),
        answer_by=work.now + ANSWER_WITHIN,
    )
    return await store.add(work.tx, access, RECALLS, recall)


async def _received(work: Work, access: Access, consent: Consent) -> set[UUID]:
    """From the trail: what was shown to the system, under this consent or of what it covers."""
    assert consent.party_id is not None  # noqa: S101 - `ask` saw to it
    shown = await audit.shown_to(work.tx, access, consent.party_id, READ_CONTENT)
    portrait = await store.every(work.tx, access, PORTRAIT_ITEMS)
    baggage = await store.every(work.tx, access, BAGGAGE_NOTES)
    kinds = {item.id: PORTRAIT_ITEMS.category(item) for item in portrait}
    kinds |= {note.id: BAGGAGE_NOTES.category(note) for note in baggage}
    meant = consent.counts
    covered = {item for item, category in kinds.items() if meant and meant.covers(item, category)}
    return {item for under, items in shown for item in items if under == consent.id or item in covered}


async def of_resident(work: Work, access: Access) -> dict[UUID, Recall]:
    """By the consent that was withdrawn."""
    return {each.consent_id: each for each in await store.every(work.tx, access, RECALLS)}


async def page(work: Work, window: store.Window) -> store.Page[Recall]:
    me = await _system(work)
    found = await db.mine(work.tx, me.id, window)
    work.record(
        Action.RECALL_LIST,
        None,
        *(each.id for each in found.items),
        residents={each.resident_id for each in found.items},
    )
    return found


async def read(work: Work, recall_id: UUID) -> Recall:
    recall = await _mine(work, recall_id)
    work.record(Action.RECALL_READ, None, recall.id, residents=(recall.resident_id,))
    return recall


async def answer(work: Work, recall_id: UUID, said: Mapping[str, Any]) -> Recall:
    """Raises RuleBroken if it was answered already."""
    old = await _mine(work, recall_id)
    new = old.answered(**said, now=work.now)
    await db.answer(work.tx, old, new)
    work.record(Action.RECALL_ANSWER, None, new.id, residents=(new.resident_id,), consent_id=new.consent_id)
    return new


async def answer_again(work: Work, recall_id: UUID) -> Recall:
    recall = await _mine(work, recall_id)
    work.record(Action.RECALL_ANSWER, None, recall.id, residents=(recall.resident_id,))
    return recall


async def _mine(work: Work, recall_id: UUID) -> Recall:
    me = await _system(work)
    found = await db.one(work.tx, me.id, recall_id)
    if found is None:
        raise Hidden("no_such_recall")
    return found


async def _system(work: Work) -> Me:
    """Raises NotYours for who is no system: a worker has nothing to answer for."""
    me = await work.identify()
    if work.principal.role is not Role.EXTERNAL_SYSTEM:
        raise NotYours("no_recalls")
    return me
