"""What waits for the resident: gathered from what there is, each kind only for a token that may read of it."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from uuid import UUID

from support_api.db import store
from support_api.domain.access import Access
from support_api.domain.baggage_notes import BAGGAGE_NOTES, BaggageNote
from support_api.domain.briefings import BriefingState, ground
from support_api.domain.consents import CONSENTS, Consent, ConsentStatus
from support_api.domain.home import REMINDED, Ask, AskKind, bundled, ending
from support_api.domain.portrait_items import PORTRAIT_ITEMS, PortraitItem
from support_api.domain.resource import SharedItem
from support_api.domain.vocabulary import Category, Confirmation, PartyType, Scope
from support_api.domain.workers import Worker
from support_api.domain.working_relationships import WORKING_RELATIONSHIPS, WorkingRelationship
from support_api.services import consents
from support_api.services.briefings import as_worker
from support_api.services.work import Work

SOMEBODY = "Iemand"


@dataclass(frozen=True, slots=True)
class Now:
    """What the resident has at this moment."""

    relationships: tuple[WorkingRelationship, ...]
    consents: tuple[Consent, ...]
    portrait: tuple[PortraitItem, ...]
    baggage: tuple[BaggageNote, ...]

    def people(self) -> Iterator[UUID]:
        """Whose names are needed."""
        yield from (each.worker_id for each in self.relationships)
        yield from (each.author_id for each in (*self.portrait, *self.baggage) if _awaits(each))
        yield from (each.author_id for each in self.consents if each.decide_by)


async def now(work: Work, access: Access) -> Now:
    relationships = await store.every(work.tx, access, WORKING_RELATIONSHIPS)
    return Now(
        tuple(each for each in relationships if each.active(work.now)),
        await store.every(work.tx, access, CONSENTS),
        await store.every(work.tx, access, PORTRAIT_ITEMS),
        await store.every(work.tx, access, BAGGAGE_NOTES),
    )


def state(work: Work, access: Access, has: Now, relationship: WorkingRelationship) -> BriefingState:
    worker = as_worker(work, access, relationship, has.consents)
    return ground(worker.decisions, relationship.id, worker).state


async def of(work: Work, access: Access, has: Now, names: Mapping[UUID, Worker]) -> tuple[Ask, ...]:
    may = work.principal.scopes
    found: list[Ask] = []
    if Scope.BRIEFINGS_READ in may:
        found += _briefings(work, access, has, names)
    if Scope.BAGGAGE_READ in may:
        found += _awaiting(AskKind.CONFIRM_NOTE, has.baggage, names)
    if Scope.PORTRAIT_READ in may:
        found += _awaiting(AskKind.KEEP_PORTRAIT_ITEM, has.portrait, names)
    if Scope.CONSENTS_READ in may:
        found += _proposals(work, has, names)
        ends = (each for each in has.consents if ending(each, work.now))
        found += [_renewal(each) for each in await consents.named(work, *ends)]
    return bundled(found)


def _proposals(work: Work, has: Now, names: Mapping[UUID, Worker]) -> Iterator[Ask]:
    for each in has.consents:
        if each.state(work.now) is ConsentStatus.PROPOSED:
            yield Ask(AskKind.DECIDE_CONSENT, _name(names, each.author_id), (each.id,), each.created_at)


def _renewal(seen: consents.Seen) -> Ask:
    consent = seen.consent
    who = "wie jou nu begeleidt" if consent.party_type is PartyType.MY_WORKERS else seen.party
    until = consent.valid_until or consent.valid_from
    return Ask(AskKind.RENEW_CONSENT, who, (consent.id,), max(consent.valid_from, until - REMINDED), until)


def _briefings(work: Work, access: Access, has: Now, names: Mapping[UUID, Worker]) -> Iterator[Ask]:
    """Of each worker who waits, if there is anything that the resident could let them read."""
    for each in has.relationships:
        worker = as_worker(work, access, each, has.consents)
        waits = ground(worker.decisions, each.id, worker).state is BriefingState.AWAITING
        if waits and any(worker.grant(category).proposes(item) for item, category in _items(has)):
            yield Ask(AskKind.APPROVE_BRIEFING, _name(names, each.worker_id), (each.id,), each.started_at)


def _items(has: Now) -> Iterator[tuple[SharedItem, Category]]:
    yield from ((each, PORTRAIT_ITEMS.category(each)) for each in has.portrait)
    yield from ((each, BAGGAGE_NOTES.category(each)) for each in has.baggage)


def _awaiting(kind: AskKind, items: Iterable[SharedItem], names: Mapping[UUID, Worker]) -> Iterator[Ask]:
    for each in items:
        if _awaits(each):
            yield Ask(kind, _name(names, each.author_id), (each.id,), each.created_at)


def _awaits(item: SharedItem) -> bool:
    return item.confirmation is Confirmation.AWAITING


def _name(names: Mapping[UUID, Worker], worker_id: UUID) -> str:
    return names[worker_id].display_name if worker_id in names else SOMEBODY
