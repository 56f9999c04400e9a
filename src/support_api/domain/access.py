"""The one decision: who may see and do what of this resident, now. Pure, total, closed by default (access.md).

Order: never (gate C) → own data → relation → refusals → statutory (gate B) → visibility and permits (gate A)
→ hide.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from support_api.domain.actions import Action
from support_api.domain.consents import Decision, deeper
from support_api.domain.errors import Hidden, NotYours
from support_api.domain.resource import Resource, SharedItem
from support_api.domain.vocabulary import (
    Assurance,
    Category,
    Confirmation,
    Depth,
    Duty,
    Level,
    PartyType,
    Purpose,
    Role,
    Scope,
    Term,
    Visibility,
)

A = Action
C = Category


class Basis(Term, dutch="waarop toegang rust"):
    """On what ground the caller is let in."""

    OWN = "own", "eigen gegevens", "own data"
    RELATION = "relation", "werkrelatie", "working relationship"
    RECORDER = "recorder", "heeft het zelf vastgelegd", "recorded it"
    ASSIGNMENT = "assignment", "toewijzen van medewerkers", "assigning workers"
    OVERSIGHT = "oversight", "toezicht"
    CONSENT = "consent", "toestemming"
    NONE = "none", "geen"


@dataclass(frozen=True, slots=True)
class Principal:
    """Who calls, from the verified token alone. `subject` is a keyed hash: a subject may be a BSN."""

    municipality_id: UUID
    role: Role
    subject: bytes
    client_id: str
    scopes: frozenset[Scope]
    assurance: Assurance
    bsn_hash: bytes | None = None


@dataclass(frozen=True, slots=True)
class Me:
    """The caller as the municipality knows it: the id of the role (resident, worker, client …) and its person."""

    id: UUID
    person_id: UUID | None


@dataclass(frozen=True, slots=True)
class Subject:
    """The resident whom it is about; `owner_id` is the person whose key closes the content."""

    id: UUID
    owner_id: UUID
    key_id: UUID
    key_active: bool
    recorded_by: UUID
    ever_supported: bool


@dataclass(frozen=True, slots=True)
class Relation:
    """A working relationship of the caller with this resident."""

    id: UUID
    duties: frozenset[Duty]
    started_at: datetime
    ended_at: datetime | None

    def active(self, now: datetime) -> bool:
        return self.started_at <= now and (self.ended_at is None or now < self.ended_at)


@dataclass(frozen=True, slots=True)
class Facts:
    """All that deciding needs, read in one query in the transaction of the data itself."""

    me: Me | None = None
    resident: Subject | None = None
    relations: tuple[Relation, ...] = ()
    decisions: tuple[Decision, ...] = ()


# Gate C: never, not even with consent (B.5). What is told is no input for a decision against someone.
_AGAINST = frozenset({Purpose.INDICATION, Purpose.BENEFIT_EXECUTION, Purpose.DEBT_SUPPORT, Purpose.ENFORCEMENT})
NEVER: Mapping[Category, frozenset[Purpose]] = {
    C.LIFE_STORY_SHORT: _AGAINST,
    C.LIFE_STORY_FULL: _AGAINST,
    C.CRITIQUE: _AGAINST,
    C.PORTRAIT: frozenset({Purpose.ENFORCEMENT}),
}

# Gate A: only with the resident's decision.
CONSENTED = frozenset({C.PORTRAIT, C.LIFE_STORY_SHORT, C.LIFE_STORY_FULL, C.CRITIQUE})

DUTY_PURPOSES: Mapping[Duty, frozenset[Purpose]] = {
    Duty.SUPPORTS: frozenset(
        {
            Purpose.SUPPORT,
            Purpose.HANDOVER,
            Purpose.TEAM_CONSULTATION,
            Purpose.NETWORK_INVOLVEMENT,
            Purpose.CARE_PROVIDER,
            Purpose.CLIENT_SUPPORT,
        }
    ),
    Duty.INDICATES: frozenset({Purpose.INDICATION}),
    Duty.DECIDES_BENEFIT: frozenset({Purpose.BENEFIT_EXECUTION}),
    Duty.DEBT: frozenset({Purpose.DEBT_SUPPORT}),
    Duty.ENFORCES: frozenset({Purpose.ENFORCEMENT}),
}


@dataclass(frozen=True, slots=True)
class Rule:
    """What a ground opens without the resident's consent (gate B), and what may be done on it."""

    levels: Mapping[Category, Level]
    actions: frozenset[Action]


_READ_CONTENT = frozenset({A.PORTRAIT_ITEM_LIST, A.PORTRAIT_ITEM_READ, A.BAGGAGE_NOTE_LIST, A.BAGGAGE_NOTE_READ})
_RELATIONSHIPS = frozenset({A.WORKING_RELATIONSHIP_LIST, A.WORKING_RELATIONSHIP_READ})

RULES: Mapping[Basis, Rule] = {
    Basis.OWN: Rule(
        levels=dict.fromkeys(Category, Level.FULL),
        actions=frozenset(Action)
        - {
            A.RESIDENT_CREATE,
            A.RESIDENT_SEARCH,
            A.CASELOAD_LIST,
            A.WORKING_RELATIONSHIP_START,
            A.WORKING_RELATIONSHIP_END,
        },
    ),
    Basis.RELATION: Rule(
        levels={
            C.IDENTITY_CONTACT: Level.FULL,
            C.RELATIONSHIP: Level.FULL,
            C.WORKER_HISTORY: Level.EXISTENCE,
        },
        actions=_READ_CONTENT
        | _RELATIONSHIPS
        | {
            A.RESIDENT_READ,
            A.RESIDENT_CHANGE,
            A.RESIDENT_SEARCH,
            A.PORTRAIT_ITEM_CREATE,
            A.PORTRAIT_ITEM_CHANGE,
            A.BAGGAGE_NOTE_CREATE,
            A.BRIEFING_READ,
            A.CASELOAD_LIST,
            A.HOME_READ,
        },
    ),
    Basis.RECORDER: Rule(
        levels={C.IDENTITY_CONTACT: Level.FULL, C.RELATIONSHIP: Level.EXISTENCE},
        actions=_RELATIONSHIPS | {A.RESIDENT_CREATE, A.RESIDENT_READ, A.RESIDENT_SEARCH, A.WORKING_RELATIONSHIP_START},
    ),
    Basis.ASSIGNMENT: Rule(
        levels={
            C.IDENTITY_CONTACT: Level.EXISTENCE,
            C.RELATIONSHIP: Level.EXISTENCE,
            C.WORKER_HISTORY: Level.EXISTENCE,
        },
        actions=_RELATIONSHIPS
        | {A.RESIDENT_READ, A.RESIDENT_SEARCH, A.WORKING_RELATIONSHIP_START, A.WORKING_RELATIONSHIP_END},
    ),
    Basis.OVERSIGHT: Rule(
        levels={
            C.IDENTITY_CONTACT: Level.EXISTENCE,
            C.RELATIONSHIP: Level.EXISTENCE,
            C.CONSENT: Level.FULL,
            C.ACCESS_LOG: Level.FULL,
        },
        actions=_RELATIONSHIPS
        | {A.RESIDENT_READ, A.RESIDENT_SEARCH, A.CONSENT_LIST, A.CONSENT_READ, A.ACCESS_LOG_READ},
    ),
    Basis.CONSENT: Rule(levels={}, actions=_READ_CONTENT),
    Basis.NONE: Rule(levels={}, actions=frozenset()),
}

# On these grounds somebody can be shown what the resident shares; on no other.
_SHARED_WITH = frozenset({Basis.RELATION, Basis.CONSENT})


@dataclass(frozen=True, slots=True)
class Refused:
    """What the resident's refusals of one category close: these items, or everything but those spared."""

    everything: bool = False
    spared: frozenset[UUID] = frozenset()
    items: frozenset[UUID] = frozenset()

    def covers(self, item_id: UUID) -> bool:
        return item_id in self.items or (self.everything and item_id not in self.spared)

    def and_also(self, refusal: Decision) -> "Refused":
        if refusal.only_items:
            return replace(self, items=self.items | refusal.only_items)
        spared = self.spared & refusal.except_items if self.everything else refusal.except_items
        return replace(self, everything=True, spared=spared)


@dataclass(frozen=True, slots=True)
class Grant:
    """What consents open and close of one category for this caller. The pure twin of the SQL that lists use."""

    never: bool
    worker_id: UUID | None
    recorder_id: UUID
    refused: Refused = Refused()
    full_refused: Refused = Refused()
    open_except: tuple[tuple[Depth, frozenset[UUID]], ...] = ()
    short_items: frozenset[UUID] = frozenset()
    full_items: frozenset[UUID] = frozenset()

    @property
    def opens(self) -> bool:
        """Whether anything of this category is left open at all."""
        if self.never:
            return False
        named = {item for item in self.short_items | self.full_items if not self.refused.covers(item)}
        left = not self.refused.everything or any(self.refused.spared - excepted for _, excepted in self.open_except)
        return bool(named) or (bool(self.open_except) and left)

    def admits(self, item: SharedItem) -> bool:
        """Visibility is the limit: whether the resident lets a party like this one in at all."""
        if item.visibility is Visibility.THIS_WORKER:
            return self.worker_id is not None and item.worker_id == self.worker_id
        if item.visibility is Visibility.MY_WORKERS:
            return self.worker_id is not None
        return item.visibility is Visibility.CUSTOM

    def closed(self, item_id: UUID) -> bool:
        """Gate C and the resident's refusals: vetoes, whatever else is permitted (INV-02)."""
        return self.never or self.refused.covers(item_id)

    def could_open(self, item: SharedItem) -> bool:
        """Whether nothing but a permit is missing."""
        return item.settled and self.admits(item) and not self.closed(item.id)

    def proposes(self, item: SharedItem) -> bool:
        """What a briefing puts before the resident: visible to a party like this one; never what needs a separate yes
        that was not given."""
        return self.could_open(item) and (item.visibility is not Visibility.CUSTOM or bool(self._permitted(item.id)))

    def level(self, item: SharedItem) -> Level:
        if item.confirmation is Confirmation.AWAITING and not self.closed(item.id):
            return Level.FULL if item.author_id == self.recorder_id else Level.NONE
        if not self.could_open(item):
            return Level.NONE
        permitted = self._permitted(item.id)
        if item.withheld and permitted:
            return Level.EXISTENCE if item.hinted else Level.NONE
        return permitted

    def _permitted(self, item_id: UUID) -> Level:
        depths = {depth for depth, excepted in self.open_except if item_id not in excepted}
        full = Depth.FULL in depths or item_id in self.full_items
        if full and not self.full_refused.covers(item_id):
            return Level.FULL
        return Level.SHORT if depths or full or item_id in self.short_items else Level.NONE


@dataclass(frozen=True, slots=True)
class Access:
    """What `decide` found, bound to one resident and one purpose. Only `decide` builds one."""

    principal: Principal
    purpose: Purpose | None
    me: Me | None
    resident: Subject | None
    basis: Basis
    reason: str
    now: datetime
    relations: tuple[Relation, ...] = ()
    decisions: tuple[Decision, ...] = ()
    _grants: dict[Category, Grant] = field(default_factory=dict, compare=False)

    @property
    def subject(self) -> Subject:
        """Raises Hidden where nothing is open: whoever holds a closed Access can address no row with it."""
        if self.resident is None or self.basis is Basis.NONE:
            raise Hidden(self.reason, self.resident.id if self.resident else None)
        return self.resident

    @property
    def resident_id(self) -> UUID:
        return self.subject.id

    @property
    def caller(self) -> Me:
        if self.me is None:
            raise Hidden(self.reason)
        return self.me

    @property
    def own(self) -> bool:
        return self.basis is Basis.OWN

    def require(self, action: Action) -> None:
        """Raises Hidden if the caller may not know this resident, NotYours if only the action is not theirs."""
        if self.basis is Basis.NONE:
            raise Hidden(self.reason, self.resident.id if self.resident else None)
        if action not in RULES[self.basis].actions:
            raise NotYours("action_not_allowed", self.resident_id)

    def level(self, category: Category) -> Level:
        return RULES[self.basis].levels.get(category, Level.NONE)

    def sees(self, item: SharedItem, category: Category) -> Level:
        if self.basis is Basis.NONE or item.resident_id != self.resident_id:
            return Level.NONE
        return Level.FULL if self.own else self.grant(category).level(item)

    def consent_over(self, items: Collection[SharedItem], res: Resource[Any]) -> UUID | None:
        """The one permit under which all of these are shown, for the trail; None if it takes several, or none."""
        for decision in () if self.own or not items else self.decisions:
            if decision.permits and all(decision.covers(item.id, res.category(item)) for item in items):
                return decision.id
        return None

    def grant(self, category: Category) -> Grant:
        if category not in self._grants:
            self._grants[category] = _grant(self, category)
        return self._grants[category]


def _grant(access: Access, category: Category) -> Grant:
    full_category = deeper(category)
    never = access.basis not in _SHARED_WITH or access.purpose in NEVER.get(category, frozenset())
    worker_id = access.caller.id if access.basis is Basis.RELATION else None
    refused, full_refused = Refused(), Refused()
    opened: list[tuple[Depth, frozenset[UUID]]] = []
    short_items: set[UUID] = set()
    full_items: set[UUID] = set()
    for decision in access.decisions:
        covers_full = full_category in decision.categories
        if not (category in decision.categories or covers_full):
            continue
        if decision.permits:
            depth = decision.depth if covers_full else Depth.SHORT
            if decision.only_items:
                (full_items if depth is Depth.FULL else short_items).update(decision.only_items)
            else:
                opened.append((depth, decision.except_items))
        elif category in decision.categories:
            refused = refused.and_also(decision)
        else:
            full_refused = full_refused.and_also(decision)
    return Grant(
        never,
        worker_id,
        access.caller.id,
        refused,
        full_refused,
        tuple(opened),
        frozenset(short_items),
        frozenset(full_items),
    )


def decide(principal: Principal, facts: Facts, purpose: Purpose | None, now: datetime) -> Access:
    """Total: always answers; what no rule opens is hidden."""
    basis, reason, relations = _basis(principal, facts, purpose, now)
    decisions = tuple(d for d in facts.decisions if _applies(d, facts.me, relations, purpose, now))
    access = Access(principal, purpose, facts.me, facts.resident, basis, reason, now, relations, decisions)
    if reason == "no_basis" and principal.role is Role.EXTERNAL_SYSTEM:
        consented = replace(access, basis=Basis.CONSENT, reason="consent", _grants={})
        if any(consented.grant(category).opens for category in CONSENTED):
            return consented
    return access


def _basis(
    principal: Principal, facts: Facts, purpose: Purpose | None, now: datetime
) -> tuple[Basis, str, tuple[Relation, ...]]:
    me, resident = facts.me, facts.resident
    if resident is None:
        return Basis.NONE, "no_such_resident", ()
    if not resident.key_active:
        return Basis.NONE, "erased", ()
    if me is None:
        return Basis.NONE, "caller_unknown", ()
    if principal.role is Role.RESIDENT:
        return (Basis.OWN, "own", ()) if me.id == resident.id else (Basis.NONE, "not_own", ())
    if purpose is None:
        return Basis.NONE, "no_purpose", ()
    if resident.recorded_by == me.id and not resident.ever_supported:
        return Basis.RECORDER, "recorder", ()
    if principal.role is Role.WORKER:
        return _worker_basis(facts, purpose, now)
    if principal.role is Role.PRIVACY_OFFICER:
        return Basis.OVERSIGHT, "oversight", ()
    if Scope.RELATIONSHIPS_ASSIGN in principal.scopes and principal.role in (
        Role.TEAM_LEAD,
        Role.EXTERNAL_SYSTEM,
    ):
        return Basis.ASSIGNMENT, "assignment", ()
    return Basis.NONE, "no_basis", ()


def _worker_basis(facts: Facts, purpose: Purpose, now: datetime) -> tuple[Basis, str, tuple[Relation, ...]]:
    active = tuple(r for r in facts.relations if r.active(now))
    if any(purpose in DUTY_PURPOSES[duty] for r in active for duty in r.duties):
        return Basis.RELATION, "relation", active
    if active:
        return Basis.NONE, "purpose_outside_duties", ()
    return Basis.NONE, "relation_ended" if facts.relations else "no_relation", ()


def _applies(
    decision: Decision,
    me: Me | None,
    relations: tuple[Relation, ...],
    purpose: Purpose | None,
    now: datetime,
) -> bool:
    if me is None or decision.purpose is not purpose or not decision.in_force(now):
        return False
    if not (relations if decision.party_type is PartyType.MY_WORKERS else decision.party_id == me.id):
        return False
    bound = decision.working_relationship_id
    return not decision.permits or bound is None or any(r.id == bound for r in relations)


def introduce(principal: Principal, me: Me, purpose: Purpose | None, new: Subject, now: datetime) -> Access:
    """The access of somebody who is recording a resident who did not exist before: decided on empty facts."""
    return decide(principal, Facts(me=me, resident=new), purpose, now)
