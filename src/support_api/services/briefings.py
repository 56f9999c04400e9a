"""The briefing: what one worker gets to read, what the resident would share, and the resident's yes and no (W1)."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from support_api.db import briefings as db
from support_api.db import store
from support_api.domain.access import Access, decide
from support_api.domain.actions import Action
from support_api.domain.baggage_notes import BAGGAGE_NOTES, BaggageNote
from support_api.domain.briefings import (
    BRIEFINGS,
    Briefing,
    BriefingState,
    Content,
    Ground,
    OpenedBy,
    Replacement,
    chosen,
    ground,
    in_order,
)
from support_api.domain.consents import (
    CONSENTS,
    Consent,
    ConsentDecision,
    ConsentOrigin,
    ConsentStatus,
    end_of_validity,
)
from support_api.domain.errors import Fault, Hidden, Invalid, RuleBroken, Stale
from support_api.domain.facts import Facts, Me, Principal, Relation
from support_api.domain.portrait_items import PORTRAIT_ITEMS, PortraitItem
from support_api.domain.resource import moved
from support_api.domain.vocabulary import Assurance, Category, Level, PartyType, Purpose, Role
from support_api.domain.working_relationships import WORKING_RELATIONSHIPS, WorkingRelationship
from support_api.services import sharing
from support_api.services.standard import born
from support_api.services.work import Work

A = Action
_STOPPED = (Category.PORTRAIT, Category.LIFE_STORY_SHORT, Category.LIFE_STORY_FULL, Category.CRITIQUE)


@dataclass(frozen=True, slots=True)
class Draft:
    """For the resident alone: what is left out, what is in other words, and what the worker can read at this moment."""

    briefing: Briefing
    shared_now: tuple[UUID, ...]


@dataclass(frozen=True, slots=True)
class Seen:
    frame: db.Frame
    ground: Ground
    content: Content
    full: frozenset[UUID] = frozenset()
    draft: Draft | None = None
    deputy: bool = False


@dataclass(frozen=True, slots=True)
class _Items:
    portrait: tuple[PortraitItem, ...]
    baggage: tuple[BaggageNote, ...]


async def read(work: Work, resident_id: UUID, relationship_id: UUID, action: Action = A.BRIEFING_READ) -> Seen:
    access = await work.enter(resident_id, action)
    if access.own:
        seen = await _for_resident(work, access, await _relationship(work, access, relationship_id))
    else:
        seen = await _for_worker(work, access, relationship_id)
    items = (item.id for item in seen.content.items)
    work.record(action, access, relationship_id, *items, consent_id=seen.ground.consent_id)
    return seen


async def _for_worker(work: Work, access: Access, relationship_id: UUID) -> Seen:
    if all(each.id != relationship_id for each in access.relations):
        raise Hidden("not_own_relationship", access.resident_id)
    frame = await db.frame(work.tx, access, relationship_id)
    found = ground(access.decisions, relationship_id, access)
    deputy = all(each.deputy_of for each in access.relations if each.id == relationship_id)
    if found.state is not BriefingState.OPEN:
        return Seen(frame, found, Content(), deputy=deputy)
    items = await _items(work, access)
    content = _readable(access, found, frame.briefing, items)
    return Seen(frame, found, content, _in_full(access, items), deputy=deputy)


def _readable(access: Access, found: Ground, briefing: Briefing, items: _Items) -> Content:
    """What the worker may see of what the resident lets through."""
    if found.state is not BriefingState.OPEN:
        return Content()
    by_approval = found.opened_by is OpenedBy.APPROVAL
    portrait = [i for i in items.portrait if i.settled and access.sees(i, Category.PORTRAIT) >= Level.SHORT]
    baggage = [i for i in items.baggage if i.settled]
    levels = {note.id: access.sees(note, BAGGAGE_NOTES.category(note)) for note in baggage}
    kept = chosen(briefing, (note for note in baggage if levels[note.id]), approved_only=by_approval)
    return Content(
        in_order(chosen(briefing, portrait, approved_only=by_approval)),
        tuple(note for note in kept if levels[note.id] >= Level.SHORT),
        any(levels[note.id] is Level.EXISTENCE for note in kept),
        briefing.words(),
    )


def _in_full(access: Access, items: _Items) -> frozenset[UUID]:
    return frozenset(note.id for note in items.baggage if access.sees(note, BAGGAGE_NOTES.category(note)) is Level.FULL)


async def _for_resident(work: Work, access: Access, relationship: WorkingRelationship) -> Seen:
    frame = await db.frame(work.tx, access, relationship.id)
    consents = await store.every(work.tx, access, CONSENTS)
    worker = as_worker(work, access, relationship, consents)
    found = ground(worker.decisions, relationship.id, worker)
    if not relationship.active(work.now):
        found = Ground(BriefingState.STOPPED)
    items = await _items(work, access)
    now = _readable(worker, found, frame.briefing, items)
    proposed = as_worker(work, access, relationship, [c for c in consents if not _of(c, relationship.id)])
    return Seen(
        frame,
        found,
        _proposal(proposed, frame.briefing, items),
        _in_full(worker, items),
        Draft(frame.briefing, tuple(item.id for item in now.items)),
    )


def _proposal(worker: Access, briefing: Briefing, items: _Items) -> Content:
    """What approving would share: everything whose visibility lets this worker in and that nothing refuses."""
    portrait = (i for i in items.portrait if worker.grant(Category.PORTRAIT).proposes(i))
    baggage = (i for i in items.baggage if worker.grant(BAGGAGE_NOTES.category(i)).proposes(i))
    kept = chosen(briefing, baggage, approved_only=False)
    return Content(
        in_order(chosen(briefing, portrait, approved_only=False)),
        tuple(note for note in kept if not note.withheld),
        any(note.withheld and note.hinted for note in kept),
        briefing.words(),
    )


def as_worker(
    work: Work, access: Access, relationship: WorkingRelationship, consents: tuple[Consent, ...] | list[Consent]
) -> Access:
    """The same decision as when the worker calls: what the resident reads here is what the service does."""
    principal = Principal(work.principal.municipality_id, Role.WORKER, b"", "", frozenset(), Assurance.NONE)
    relation = Relation(relationship.id, frozenset(relationship.duties), relationship.started_at, relationship.ended_at)
    facts = Facts(
        me=Me(relationship.worker_id, None),
        resident=access.resident,
        relations=(relation,),
        decisions=tuple(found for each in consents if (found := each.counts)),
    )
    return decide(principal, facts, Purpose.SUPPORT, work.now)


async def change(work: Work, resident_id: UUID, relationship_id: UUID, version: int, changes: dict[str, Any]) -> Seen:
    """Leaving out and other words hold from the next read on. Raises Invalid for an item that is not the resident's."""
    access = await work.enter(resident_id, A.BRIEFING_CHANGE)
    relationship = await _relationship(work, access, relationship_id)
    old = await store.one(work.tx, access, BRIEFINGS, relationship_id)
    if old.version != version:
        raise Stale
    items = await _items(work, access)
    versions = {item.id: item.version for item in (*items.portrait, *items.baggage)}
    new = replace(moved(old, work.now), **_checked(changes, versions))
    await store.save(work.tx, access, BRIEFINGS, old, new)
    work.record(A.BRIEFING_CHANGE, access, relationship_id)
    return await _for_resident(work, access, relationship)


def _checked(changes: dict[str, Any], versions: dict[UUID, int]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    faults = []
    if "excluded_ids" in changes:
        found["excluded"] = changes["excluded_ids"]
        faults += [f"/excludedIds/{n}" for n, each in enumerate(found["excluded"]) if each not in versions]
    if "replacements" in changes:
        said = changes["replacements"]
        faults += [f"/replacements/{n}/id" for n, each in enumerate(said) if each.id not in versions]
        found["replacements"] = tuple(
            Replacement(id=each.id, version=versions.get(each.id, 0), text=each.text) for each in said
        )
    if faults:
        raise Invalid(*(Fault(name, "not_in_list") for name in faults))
    return found


async def approve(work: Work, resident_id: UUID, relationship_id: UUID, same: Callable[[Seen], bool]) -> Seen:
    """The resident's yes to exactly what they looked at: `same` says whether this is still that. Stores one permit:
    this worker, exactly these items, for support, short, until the relationship ends, at most twelve months."""
    access = await work.enter(resident_id, A.BRIEFING_APPROVE)
    await work.line_up(resident_id)
    relationship = await _relationship(work, access, relationship_id)
    if not relationship.active(work.now):
        raise RuleBroken("relationship_ended")
    seen = await _for_resident(work, access, relationship)
    if not same(seen):
        raise Stale
    items = await _items(work, access)
    hinted = [n for n in items.baggage if n.withheld and n.hinted]
    shared = (*seen.content.items, *(chosen(seen.frame.briefing, hinted, approved_only=False)))
    if not shared:
        raise RuleBroken("nothing_to_share")
    categories = {Category.PORTRAIT for _ in seen.content.portrait} | {
        BAGGAGE_NOTES.category(note) for note in shared if isinstance(note, BaggageNote)
    }
    consent = _decision(work, access, relationship, tuple(c for c in _STOPPED if c in categories))
    await sharing.give(work, access, replace(consent, only_items=tuple(item.id for item in shared)))
    new = seen.frame.briefing.approve(shared, work.now)
    await store.save(work.tx, access, BRIEFINGS, seen.frame.briefing, new)
    work.record(A.BRIEFING_APPROVE, access, relationship_id, consent_id=consent.id)
    return await _for_resident(work, access, relationship)


async def stop(work: Work, resident_id: UUID, relationship_id: UUID) -> Seen:
    """One step, at any time: nothing of portrait and baggage goes to this worker any more, by whatever permit."""
    access = await work.enter(resident_id, A.BRIEFING_STOP)
    await work.line_up(resident_id)
    relationship = await _relationship(work, access, relationship_id)
    consents = await store.every(work.tx, access, CONSENTS)
    refusals = [c for c in consents if _of(c, relationship_id) and c.decision is ConsentDecision.DENY]
    if not any(each.status is ConsentStatus.DECLINED and not each.except_items for each in refusals):
        refusal = _decision(work, access, relationship, _STOPPED)
        refusal = replace(refusal, decision=ConsentDecision.DENY, status=ConsentStatus.DECLINED, valid_until=None)
        await sharing.give(work, access, refusal)
    work.record(A.BRIEFING_STOP, access, relationship_id)
    return await _for_resident(work, access, relationship)


def _decision(
    work: Work, access: Access, relationship: WorkingRelationship, categories: tuple[Category, ...]
) -> Consent:
    return Consent(
        **born(work, access),
        decision=ConsentDecision.PERMIT,
        status=ConsentStatus.ACTIVE,
        origin=ConsentOrigin.BRIEFING,
        party_type=PartyType.WORKER,
        party_id=relationship.worker_id,
        purpose=Purpose.SUPPORT,
        categories=categories,
        valid_from=work.now,
        valid_until=end_of_validity(work.now, None),
        working_relationship_id=relationship.id,
        receipt_id=work.new_id(),
    )


def _of(consent: Consent, relationship_id: UUID) -> bool:
    return consent.of_briefing and consent.working_relationship_id == relationship_id


async def _relationship(work: Work, access: Access, relationship_id: UUID) -> WorkingRelationship:
    return await store.one(work.tx, access, WORKING_RELATIONSHIPS, relationship_id)


async def _items(work: Work, access: Access) -> _Items:
    return _Items(
        await store.every(work.tx, access, PORTRAIT_ITEMS),
        await store.every(work.tx, access, BAGGAGE_NOTES, hints=True),
    )
