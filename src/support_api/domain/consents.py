"""Consent (toestemming): the resident's decision who may see what, for what, until when. A "no" is stored."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from uuid import UUID

from support_api.domain.consent_terms import ConsentAction, ConsentHow, InformedWith
from support_api.domain.errors import NotYours, RuleBroken
from support_api.domain.resource import Item, Resource, sealed
from support_api.domain.vocabulary import Category, Depth, PartyType, Purpose, Role, Term

LONGEST = timedelta(days=365)
LAPSES = timedelta(days=30)


class ConsentDecision(Term, dutch="besluit"):
    """The resident's yes or no. A no is kept too."""

    PERMIT = "permit", "ja", "yes"
    DENY = "deny", "nee", "no"


class ConsentStatus(Term, dutch="status van een toestemming"):
    """Whether a decision is in force. `expired` is never stored: it follows from the moment at which one reads."""

    PROPOSED = "proposed", "voorgesteld"
    ACTIVE = "active", "geldt", "in force"
    DECLINED = "declined", "geweigerd"
    EXPIRED = "expired", "verlopen"
    WITHDRAWN = "withdrawn", "ingetrokken"
    SUPERSEDED = "superseded", "vervangen"


class ConsentOrigin(Term, dutch="ontstaan van een toestemming"):
    """By which act of the resident it came to be."""

    GIVEN = "given", "apart gegeven", "given by itself"
    VISIBILITY = "visibility", "door een onderdeel zichtbaar te maken", "by making an item visible"
    BRIEFING = "briefing", "door een briefing goed te keuren", "by approving a briefing"


ENDING = (ConsentStatus.ACTIVE, ConsentStatus.DECLINED)
_REFUSES = (ConsentStatus.DECLINED, ConsentStatus.WITHDRAWN)


def deeper(category: Category) -> Category:
    """The category under which all of it may be read: a permit for the whole story covers the short version."""
    return Category.LIFE_STORY_FULL if category is Category.LIFE_STORY_SHORT else category


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """What deciding needs of a consent.

    A withdrawn permit stays in force as a refusal for the same party, items and purpose: no other permit
    reopens them until the resident gives again (access.md).
    """

    id: UUID
    permits: bool
    party_type: PartyType
    party_id: UUID | None
    purpose: Purpose
    categories: frozenset[Category]
    only_items: frozenset[UUID]
    except_items: frozenset[UUID]
    depth: Depth
    valid_from: datetime
    valid_until: datetime | None
    working_relationship_id: UUID | None

    def covers(self, item_id: UUID, category: Category) -> bool:
        if not self.categories & {category, deeper(category)}:
            return False
        return item_id in self.only_items if self.only_items else item_id not in self.except_items

    def in_force(self, now: datetime) -> bool:
        return self.valid_from <= now and (self.valid_until is None or now < self.valid_until)


@dataclass(frozen=True, slots=True, kw_only=True)
class Consent(Item):
    decision: ConsentDecision
    status: ConsentStatus
    origin: ConsentOrigin = ConsentOrigin.GIVEN
    party_type: PartyType
    party_id: UUID | None = None
    purpose: Purpose
    categories: tuple[Category, ...]
    only_items: tuple[UUID, ...] = ()
    except_items: tuple[UUID, ...] = ()
    depth: Depth = Depth.SHORT
    valid_from: datetime
    valid_until: datetime | None = None
    working_relationship_id: UUID | None = None
    withdrawn_at: datetime | None = None
    receipt_id: UUID
    actions: tuple[ConsentAction, ...] = sealed(default=(ConsentAction.VIEW,))
    how: ConsentHow = sealed(default=ConsentHow.LOGIN)
    informed_with: InformedWith | None = sealed(default=None)
    party_name: str | None = sealed(default=None)

    @property
    def standing(self) -> bool:
        """ "Told once, decided once": every next worker of mine reads the short version."""
        return self.permits and self.party_type is PartyType.MY_WORKERS and not self.only_items

    @property
    def permits(self) -> bool:
        return self.decision is ConsentDecision.PERMIT and self.status is ConsentStatus.ACTIVE

    @property
    def of_briefing(self) -> bool:
        return self.origin is ConsentOrigin.BRIEFING

    @property
    def counts(self) -> "Decision | None":
        """What it means for deciding, or None if it means nothing any more, or not yet."""
        if self.status in (ConsentStatus.SUPERSEDED, ConsentStatus.PROPOSED):
            return None
        return Decision(
            id=self.id,
            permits=self.permits,
            party_type=self.party_type,
            party_id=self.party_id,
            purpose=self.purpose,
            categories=frozenset(self.categories),
            only_items=frozenset(self.only_items),
            except_items=frozenset(self.except_items),
            depth=self.depth,
            valid_from=self.valid_from,
            valid_until=self.valid_until,
            working_relationship_id=self.working_relationship_id,
        )

    @property
    def decide_by(self) -> datetime | None:
        """Until when the resident can say yes or no to a proposal; silence never harms, and never opens anything."""
        return self.created_at + LAPSES if self.status is ConsentStatus.PROPOSED else None

    def state(self, now: datetime) -> ConsentStatus:
        """The status at this moment. Its SQL twin is in db/consents.py."""
        end = self.decide_by or (self.valid_until if self.status in ENDING else None)
        return ConsentStatus.EXPIRED if end is not None and end <= now else self.status

    def decide(self, role: Role, answer: ConsentDecision, now: datetime) -> "Consent":
        """The resident's own yes or no to what somebody else proposed. Raises RuleBroken if it waits no longer."""
        if role is not Role.RESIDENT:
            raise NotYours("not_the_resident", self.resident_id)
        if self.state(now) is not ConsentStatus.PROPOSED:
            raise RuleBroken("proposal_not_waiting")
        if self.valid_until is not None and self.valid_until <= now:
            raise RuleBroken("proposal_not_waiting")
        yes = answer is ConsentDecision.PERMIT
        return replace(
            self,
            decision=answer,
            status=ConsentStatus.ACTIVE if yes else ConsentStatus.DECLINED,
            valid_from=now,
            valid_until=end_of_validity(now, self.valid_until) if yes else None,
            version=self.version + 1,
            changed_at=now,
        )

    def withdraw(self, now: datetime) -> "Consent":
        """One call, no reason asked (GDPR art. 7(3)). Raises RuleBroken if there is nothing to withdraw."""
        if not self.permits:
            raise RuleBroken("consent_not_active")
        return replace(
            self,
            status=ConsentStatus.WITHDRAWN,
            withdrawn_at=now,
            valid_from=min(self.valid_from, now),
            valid_until=None,
            version=self.version + 1,
            changed_at=now,
        )

    def narrows(self, refusal: "Consent") -> bool:
        """A yes to some items makes an exception of them to a no to everything: item-level beats category-level
        because it is narrower (INV-02)."""
        if not self.permits or not self.only_items or refusal.permits or refusal.only_items:
            return False
        mine = (self.party_type, self.party_id, self.purpose)
        theirs = (refusal.party_type, refusal.party_id, refusal.purpose)
        return refusal.status in _REFUSES and mine == theirs

    def reopens(self, refusal: "Consent") -> bool:
        """Whether giving this one takes the place of an earlier refusal. An item-level "no" yields only to an
        item-level "yes" (INV-02)."""
        if (self.party_type, self.party_id, self.purpose) != (
            refusal.party_type,
            refusal.party_id,
            refusal.purpose,
        ):
            return False
        if not set(refusal.categories) <= set(self.categories):
            return False
        if refusal.only_items:
            return set(refusal.only_items) <= set(self.only_items)
        return not self.only_items and set(self.except_items) <= set(refusal.except_items)


def end_of_validity(now: datetime, asked: datetime | None) -> datetime:
    """A permit lasts at most twelve months; after that the resident is asked again."""
    limit = now + LONGEST
    return min(asked, limit) if asked else limit


def standing(decisions: Iterable[Decision], purpose: Purpose, now: datetime) -> Decision | None:
    return next(
        (
            d
            for d in decisions
            if d.permits
            and d.party_type is PartyType.MY_WORKERS
            and not d.only_items
            and d.purpose is purpose
            and d.in_force(now)
        ),
        None,
    )


CONSENTS: Resource[Consent] = Resource(
    "consents", "toestemmingen", Consent, lambda _: Category.CONSENT, (Category.CONSENT,)
)
