"""The one decision: who may see and do what of this resident, now. Pure, total, closed by default (access.md).

Order: never (gate C) → own data → emergency → relation → refusals → statutory (gate B) → visibility and permits
(gate A) → hide.
"""

from collections.abc import Collection
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from support_api.domain.actions import Action
from support_api.domain.consents import Decision, deeper
from support_api.domain.errors import Hidden, NotYours
from support_api.domain.facts import Facts, Me, Principal, Relation, Subject
from support_api.domain.grants import Grant, granted
from support_api.domain.grounds import CONSENTED, DUTY_PURPOSES, NEVER, RULES, SHARED_WITH, Basis
from support_api.domain.resource import Resource, SharedItem
from support_api.domain.vocabulary import Category, Level, PartyType, Purpose, Role, Scope


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
    closed: frozenset[Category] = frozenset()
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
            self._grants[category] = granted(
                category,
                self.decisions,
                never=self.basis not in SHARED_WITH
                or self.purpose in NEVER.get(category, frozenset())
                or category in self.closed,
                short_only=deeper(category) in self.closed,
                worker_id=self.caller.id if self.basis is Basis.RELATION else None,
                recorder_id=self.caller.id,
            )
        return self._grants[category]


def decide(
    principal: Principal,
    facts: Facts,
    purpose: Purpose | None,
    now: datetime,
    closed: frozenset[Category] = frozenset(),
) -> Access:
    """Total: always answers; what no rule opens is hidden. `closed`: what the municipality's register doesn't let the
    caller's program show for this purpose."""
    basis, reason, relations = _basis(principal, facts, purpose, now)
    decisions = tuple(d for d in facts.decisions if _applies(d, facts.me, relations, purpose, now))
    access = Access(principal, purpose, facts.me, facts.resident, basis, reason, now, relations, decisions, closed)
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
    if purpose is Purpose.EMERGENCY:
        open_ = facts.emergency_until is not None and now < facts.emergency_until
        return (Basis.EMERGENCY, "emergency", ()) if open_ else (Basis.NONE, "no_emergency", ())
    active = tuple(r for r in facts.relations if r.active(now))
    if any(purpose in DUTY_PURPOSES[duty] for r in active for duty in r.duties):
        return Basis.RELATION, "cover" if all(r.deputy_of for r in active) else "relation", active
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
    if not (relations if decision.party_type is PartyType.MY_WORKERS else _about(decision, me, relations)):
        return False
    bound = decision.working_relationship_id
    return not decision.permits or bound is None or any(r.id == bound for r in relations)


def _about(decision: Decision, me: Me, relations: tuple[Relation, ...]) -> bool:
    """A deputy gets nothing that was given to the worker in whose place they come; what was refused to that worker is
    refused to them, unless they work with the resident themself too."""
    in_place_of = {r.deputy_of for r in relations} if all(r.deputy_of for r in relations) else set()
    return decision.party_id == me.id or (not decision.permits and decision.party_id in in_place_of)


def introduce(principal: Principal, me: Me, purpose: Purpose | None, new: Subject, now: datetime) -> Access:
    """The access of somebody who is recording a resident who did not exist before: decided on empty facts."""
    return decide(principal, Facts(me=me, resident=new), purpose, now)
