"""Who gets in, on which ground (access.md, B.4 to B.8): each row a sentence, then the case, then what is decided."""

from dataclasses import dataclass
from uuid import UUID

import pytest

from support_api.domain.access import decide, introduce
from support_api.domain.actions import Action
from support_api.domain.consents import Decision
from support_api.domain.errors import Hidden, NotYours
from support_api.domain.facts import Facts, Me, Relation, Subject
from support_api.domain.grounds import Basis
from support_api.domain.vocabulary import Duty, Purpose, Role, Scope
from tests.deciding import (
    ABEL,
    ANOTHER,
    CALLERS,
    ENDED,
    ITEM,
    NOW,
    OTHER_SYSTEM,
    SUPPORTS,
    SYSTEM,
    TEUN,
    bond,
    caller,
    decided,
    fits,
    no,
    subject,
    yes,
)

OWN, RELATION, RECORDER, NONE = Basis.OWN, Basis.RELATION, Basis.RECORDER, Basis.NONE
ASSIGNMENT, OVERSIGHT, CONSENT = Basis.ASSIGNMENT, Basis.OVERSIGHT, Basis.CONSENT
RESIDENT, WORKER, LEAD = Role.RESIDENT, Role.WORKER, Role.TEAM_LEAD
OFFICER, MACHINE = Role.PRIVACY_OFFICER, Role.EXTERNAL_SYSTEM
ASSIGN = (Scope.RELATIONSHIPS_ASSIGN,)
TO_SYSTEM = yes(to=SYSTEM)
ONE, BOTH = {"only_items": frozenset({ITEM})}, {"only_items": frozenset({ITEM, ANOTHER})}
CHECKING = Purpose.ENFORCEMENT


@dataclass(frozen=True)
class Case:
    says: str
    role: Role
    basis: Basis
    reason: str
    relations: tuple[Relation, ...] = ()
    decisions: tuple[Decision, ...] = ()
    purpose: Purpose | None = Purpose.SUPPORT
    scopes: tuple[Scope, ...] = ()
    me: UUID | None = None
    resident: Subject | None = None


def consented(says: str, basis: Basis, *decisions: Decision, purpose: Purpose = Purpose.SUPPORT) -> Case:
    reason = "consent" if basis is CONSENT else "no_basis"
    return Case(says, MACHINE, basis, reason, decisions=decisions, purpose=purpose)


def recorded(says: str, role: Role, basis: Basis, reason: str, by: UUID, supported: bool = False) -> Case:
    return Case(says, role, basis, reason, resident=subject(recorded_by=by, ever_supported=supported))


CASES = [
    Case("a resident has their own data", RESIDENT, OWN, "own", purpose=None),
    Case("a purpose about one's own data is ignored", RESIDENT, OWN, "own", purpose=CHECKING),
    Case("another resident is nobody here", RESIDENT, NONE, "not_own", me=ABEL),
    Case("a worker needs a relationship", WORKER, NONE, "no_relation"),
    Case("one that runs", WORKER, RELATION, "relation", (SUPPORTS,)),
    Case("one that starts this very moment", WORKER, RELATION, "relation", (bond(Duty.SUPPORTS, since=0),)),
    Case("one that ends tomorrow still runs", WORKER, RELATION, "relation", (bond(Duty.SUPPORTS, until=1),)),
    Case("one that ends this very moment is over", WORKER, NONE, "relation_ended", (bond(Duty.SUPPORTS, until=0),)),
    Case("one that ended", WORKER, NONE, "relation_ended", (ENDED,)),
    Case("an ended one beside a running one", WORKER, RELATION, "relation", (ENDED, SUPPORTS)),
    Case("one without a duty", WORKER, NONE, "purpose_outside_duties", (bond(),)),
    Case("a duty that ended", WORKER, NONE, "purpose_outside_duties", (ENDED, bond(Duty.ENFORCES))),
    recorded("who recorded a resident, until anybody supports them", WORKER, RECORDER, "recorder", TEUN),
    recorded("a team lead who recorded them", LEAD, RECORDER, "recorder", CALLERS[LEAD]),
    recorded("a system that recorded them", MACHINE, RECORDER, "recorder", SYSTEM),
    recorded("once they are supported the recorder is nobody", WORKER, NONE, "no_relation", TEUN, supported=True),
    recorded("somebody else recorded them", WORKER, NONE, "no_relation", ABEL),
    Case("a team lead who assigns", LEAD, ASSIGNMENT, "assignment", scopes=ASSIGN),
    Case("the role of team lead alone opens nothing", LEAD, NONE, "no_basis"),
    Case("a system that assigns", MACHINE, ASSIGNMENT, "assignment", scopes=ASSIGN),
    Case("a worker with the scope to assign is no assigner", WORKER, NONE, "no_relation", scopes=ASSIGN),
    Case("a privacy officer oversees", OFFICER, OVERSIGHT, "oversight"),
    consented("a system without consent", NONE),
    consented("a system with consent", CONSENT, TO_SYSTEM),
    consented("the consent of another system", NONE, yes(to=OTHER_SYSTEM)),
    consented("a consent for my workers is for no system", NONE, yes()),
    consented("a system's consent that expired", NONE, yes(to=SYSTEM, until=0)),
    consented("a system's consent that begins tomorrow", NONE, yes(to=SYSTEM, since=1)),
    consented("a system's consent that was withdrawn", NONE, no(to=SYSTEM)),
    consented("a system's consent for another purpose", NONE, TO_SYSTEM, purpose=Purpose.HANDOVER),
    consented("what is left open is refused as well", NONE, no(to=SYSTEM), yes(to=SYSTEM, **ONE)),
    consented("every item left open is refused", NONE, no(to=SYSTEM, **ONE), yes(to=SYSTEM, **ONE)),
    consented("one item refused, another left", CONSENT, no(to=SYSTEM, **ONE), yes(to=SYSTEM, **BOTH)),
    consented("a consent for what is never shared", NONE, yes(to=SYSTEM, purpose=CHECKING), purpose=CHECKING),
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.says)
def test_the_ground_on_which_a_caller_is_let_in(case: Case) -> None:
    found = decided(
        case.role,
        *case.decisions,
        me=case.me,
        resident=case.resident,
        relations=case.relations,
        purpose=case.purpose,
        scopes=case.scopes,
    )
    assert (found.basis, found.reason) == (case.basis, case.reason)


@pytest.mark.parametrize("purpose", Purpose, ids=str)
@pytest.mark.parametrize("duty", Duty, ids=str)
def test_a_worker_states_the_purposes_that_fit_the_duties(duty: Duty, purpose: Purpose) -> None:
    found = decided(WORKER, relations=(bond(duty),), purpose=purpose)
    assert (found.basis is RELATION) == fits([duty], purpose)


def test_a_relationship_that_starts_tomorrow_opens_nothing_today() -> None:
    assert decided(WORKER, relations=(bond(Duty.SUPPORTS, since=1),)).basis is NONE


@pytest.mark.parametrize("role", Role, ids=str)
def test_nobody_is_let_in_once_the_key_is_destroyed(role: Role) -> None:
    """Neither the resident, nor a system whose consent still stands."""
    gone = subject(key_active=False, recorded_by=CALLERS[role], ever_supported=False)
    found = decided(role, TO_SYSTEM, yes(), resident=gone, scopes=ASSIGN)
    assert (found.basis, found.reason) == (NONE, "erased")


@pytest.mark.parametrize("role", Role, ids=str)
def test_who_the_municipality_does_not_know_is_nobody(role: Role) -> None:
    found = decide(caller(role, *ASSIGN), Facts(None, subject(), (SUPPORTS,), (TO_SYSTEM, yes())), Purpose.SUPPORT, NOW)
    assert (found.basis, found.reason) == (NONE, "caller_unknown")


@pytest.mark.parametrize("role", Role, ids=str)
def test_an_unknown_resident_looks_like_any_other_refusal(role: Role) -> None:
    found = decide(caller(role, *ASSIGN), Facts(Me(CALLERS[role], None)), Purpose.SUPPORT, NOW)
    assert (found.basis, found.reason) == (NONE, "no_such_resident")
    with pytest.raises(Hidden):
        found.require(Action.RESIDENT_READ)


@pytest.mark.parametrize("role", [LEAD, WORKER, OFFICER, MACHINE], ids=str)
def test_without_a_purpose_nobody_else_is_let_in(role: Role) -> None:
    found = decided(
        role,
        TO_SYSTEM,
        yes(),
        purpose=None,
        scopes=ASSIGN,
        resident=subject(recorded_by=CALLERS[role], ever_supported=False),
    )
    assert (found.basis, found.reason) == (NONE, "no_purpose")


def test_a_new_resident_is_decided_on_empty_facts() -> None:
    found = introduce(
        caller(LEAD),
        Me(CALLERS[LEAD], None),
        Purpose.SUPPORT,
        subject(recorded_by=CALLERS[LEAD], ever_supported=False),
        NOW,
    )
    assert found.basis is RECORDER
    found.require(Action.RESIDENT_CREATE)


def test_hidden_before_not_yours() -> None:
    """Who may not know the resident learns nothing; who may, learns that this is not theirs to do."""
    with pytest.raises(Hidden, match="no_relation"):
        decided(WORKER, relations=()).require(Action.PORTRAIT_ITEM_DELETE)
    with pytest.raises(NotYours, match="action_not_allowed"):
        decided(WORKER).require(Action.PORTRAIT_ITEM_DELETE)
    decided(WORKER).require(Action.PORTRAIT_ITEM_LIST)
