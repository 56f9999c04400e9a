"""Briefing: what a resident lets the next worker know before they meet, so that nothing is asked twice (W1).

Derived from portrait and baggage at every read; stored are the resident's choices alone: ids, versions and lines in
other words, never copies.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import TypeVar
from uuid import UUID

from support_api.domain.access import Access
from support_api.domain.baggage_notes import BaggageNote
from support_api.domain.consents import Decision, standing
from support_api.domain.grounds import CONSENTED
from support_api.domain.portrait_items import PortraitItem, PortraitKind
from support_api.domain.resource import Item, Resource, SharedItem, sealed
from support_api.domain.vocabulary import Category, Term

K = PortraitKind
I = TypeVar("I", bound=SharedItem)  # noqa: E741


class BriefingState(Term, dutch="status van een briefing"):
    """Whether a worker may read the briefing."""

    AWAITING = "awaiting_resident", "wacht op de inwoner", "awaiting the resident"
    OPEN = "open", "open"
    STOPPED = "stopped", "gestopt door de inwoner", "stopped by the resident"


class OpenedBy(Term, dutch="waardoor een briefing open is"):
    """By which decision of the resident a briefing is open."""

    STANDING = "standing_decision", "eerdere beslissing van de inwoner", "an earlier decision of the resident"
    APPROVAL = "approval", "goedkeuring van de inwoner", "the resident's approval"


class Section(Term, dutch="deel van een briefing"):
    """In the order in which they are read (INV-09): the person first, the baggage late, the rules last."""

    WHAT_MATTERS = "what_matters", "wat telt"
    STRENGTHS = "strengths_and_what_goes_well", "krachten en wat goed gaat"
    APPROACH = "how_to_approach_me", "zo benader je mij"
    WISHES = "wishes_and_goals", "wensen en doelen"
    WORRIES = "worries", "zorgen"


SECTION_OF: Mapping[PortraitKind, Section] = {
    K.WHAT_MATTERS: Section.WHAT_MATTERS,
    K.SMALL_THING: Section.WHAT_MATTERS,
    K.STRENGTH: Section.STRENGTHS,
    K.QUALITY: Section.STRENGTHS,
    K.INTEREST: Section.STRENGTHS,
    K.MOTIVATOR: Section.STRENGTHS,
    K.JOY: Section.STRENGTHS,
    K.CONVERSATION_HOOK: Section.STRENGTHS,
    K.APPROACH_TIP: Section.APPROACH,
    K.LIFE_I_WANT: Section.WISHES,
    K.HOPE: Section.WISHES,
    K.NEED: Section.WISHES,
    K.UNDERLYING_QUESTION: Section.WISHES,
    K.WHATS_GOING_ON: Section.WORRIES,
    K.TRIGGER: Section.WORRIES,
    K.BARRIER: Section.WORRIES,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """One item at the version that the resident looked at."""

    id: UUID
    version: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Replacement:
    """Other words for one line of this briefing; the item itself stays as it is, at the version that was read."""

    id: UUID
    version: int
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Briefing(Item):
    """The resident's choices for one working relationship; its id is that of the relationship."""

    excluded: tuple[UUID, ...] = ()
    approved_at: datetime | None = None
    approved: tuple[Choice, ...] = sealed(default=())
    replacements: tuple[Replacement, ...] = sealed(default=())

    def approve(self, items: Iterable[SharedItem], now: datetime) -> "Briefing":
        chosen = tuple(Choice(id=item.id, version=item.version) for item in items)
        return replace(self, approved=chosen, approved_at=now, version=self.version + 1, changed_at=now)

    def words(self) -> dict[UUID, str]:
        return {each.id: each.text for each in self.replacements}


@dataclass(frozen=True, slots=True)
class Ground:
    """Whether this briefing is open to its worker, and by which decision of the resident."""

    state: BriefingState
    opened_by: OpenedBy | None = None
    consent_id: UUID | None = None


def ground(decisions: Iterable[Decision], relationship_id: UUID, access: Access) -> Ground:
    """Refusal → standing decision → approval; `decisions` are those that count for the worker now."""
    known = tuple(decisions)
    if any(_stops(each, relationship_id) for each in known if not each.permits):
        return Ground(BriefingState.STOPPED)
    if access.purpose and (once := standing(known, access.purpose, access.now)):
        return Ground(BriefingState.OPEN, OpenedBy.STANDING, once.id)
    approval = next((each for each in known if each.permits and each.working_relationship_id == relationship_id), None)
    if approval:
        return Ground(BriefingState.OPEN, OpenedBy.APPROVAL, approval.id)
    return Ground(BriefingState.AWAITING)


def _stops(refusal: Decision, relationship_id: UUID) -> bool:
    """A refusal that spares nothing: of this briefing, or of everything that a briefing is made of."""
    if refusal.except_items:
        return False
    if refusal.working_relationship_id == relationship_id:
        return True
    everything = {Category.PORTRAIT, Category.LIFE_STORY_SHORT, Category.CRITIQUE}
    return not refusal.only_items and everything <= refusal.categories <= CONSENTED


@dataclass(frozen=True, slots=True)
class Content:
    """What one reader gets: items in reading order, and who said what in other words."""

    portrait: tuple[PortraitItem, ...] = ()
    baggage: tuple[BaggageNote, ...] = ()
    hints: bool = False
    words: Mapping[UUID, str] = field(default_factory=dict)

    @property
    def items(self) -> tuple[SharedItem, ...]:
        return (*self.portrait, *self.baggage)


def chosen(briefing: Briefing, items: Iterable[I], *, approved_only: bool) -> tuple[I, ...]:
    """Those that the resident lets through. An item that changed since it was approved or put in other words stays
    absent until the resident has looked again."""
    approved = {each.id: each.version for each in briefing.approved}
    reworded = {each.id: each.version for each in briefing.replacements}
    return tuple(
        item
        for item in items
        if item.id not in briefing.excluded
        and reworded.get(item.id, item.version) == item.version
        and (not approved_only or approved.get(item.id) == item.version)
    )


def in_order(items: Iterable[PortraitItem]) -> tuple[PortraitItem, ...]:
    sections = tuple(Section)
    return tuple(
        sorted(items, key=lambda item: (sections.index(SECTION_OF[item.kind]), item.rank or 1001, item.id.bytes))
    )


BRIEFINGS: Resource[Briefing] = Resource(
    "briefings", "briefings", Briefing, lambda _: Category.RELATIONSHIP, (Category.RELATIONSHIP,)
)
