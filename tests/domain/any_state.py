"""Any state there can be, drawn from few ids so that they meet; and the rules once more, written plainly."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from itertools import combinations
from typing import Any
from uuid import UUID

from hypothesis import strategies as st

from support_api.domain.access import decide
from support_api.domain.actions import Action
from support_api.domain.consents import Decision
from support_api.domain.errors import Hidden, NotYours
from support_api.domain.facts import Facts, Me, Principal, Relation
from support_api.domain.resource import SharedItem
from support_api.domain.vocabulary import (
    Category,
    Confirmation,
    Depth,
    Duty,
    Level,
    PartyType,
    Purpose,
    Role,
    Scope,
    Visibility,
)
from tests.deciding import (
    ANOTHER,
    CALLERS,
    DAY,
    EARLIER,
    GATE_A,
    ITEM,
    NOW,
    RUNNING,
    SANNE,
    SYSTEM,
    TEUN,
    caller,
    fits,
    item,
    never,
    subject,
)

State = tuple[Principal, Facts, Purpose | None]
Opened = tuple[set[Action], list[Level]]
SOON, HERE = 9 * DAY, timedelta(microseconds=1)


def often(*values: Any, seldom: Iterable[Any] = ()) -> st.SearchStrategy[Any]:
    """The ends of a list are drawn most: there stands what is usual."""
    return st.sampled_from((*values * 6, *seldom, *values * 6))


STARTS = often(NOW - SOON, seldom=(NOW - DAY, NOW, NOW + HERE))
ENDS = often(None, seldom=(NOW + SOON, NOW + HERE, NOW, NOW - DAY))
ITEMS = often(frozenset(), seldom=[frozenset(each) for each in ((ITEM,), (ANOTHER,), (ITEM, ANOTHER))] * 2)
PARTIES = [(PartyType.MY_WORKERS, None), (PartyType.WORKER, TEUN), (PartyType.SYSTEM, SYSTEM)]


def _decision(party: tuple[PartyType, UUID | None], **rest: Any) -> Decision:
    return Decision(id=UUID(int=50), party_type=party[0], party_id=party[1], **rest)


def _state(role: Role, me: Me | None, resident: Any, purpose: Purpose | None, **rest: Any) -> State:
    known = None if resident is None else subject(**resident)
    who = Me(CALLERS[role], None) if me is CALLER else me
    facts = Facts(who, known, rest["relations"], rest["decisions"], rest["emergency"])
    return caller(role, *rest["scopes"]), facts, purpose


DECISIONS = st.builds(
    _decision,
    party=often(*PARTIES, seldom=[(PartyType.WORKER, SANNE)]),
    permits=st.sampled_from((True, True, False)),
    purpose=often(Purpose.SUPPORT, seldom=(Purpose.INDICATION, Purpose.ENFORCEMENT) * 2),
    categories=st.sampled_from([frozenset(each) for n in (1, 2, 3) for each in combinations(GATE_A, n)]),
    only_items=ITEMS,
    except_items=ITEMS,
    depth=st.sampled_from(Depth),
    valid_from=STARTS,
    valid_until=ENDS,
    working_relationship_id=often(None, seldom=(RUNNING, EARLIER)),
)
DUTIES = often(frozenset({Duty.SUPPORTS}), seldom=(frozenset(Duty), frozenset({Duty.ENFORCES}), frozenset()) * 2)
RELATIONS = st.builds(Relation, id=st.sampled_from((RUNNING, EARLIER)), duties=DUTIES, started_at=STARTS, ended_at=ENDS)
CALLER = Me(UUID(int=0), None)
STATES = st.builds(
    _state,
    role=often(Role.WORKER, Role.WORKER, Role.EXTERNAL_SYSTEM, seldom=Role),
    me=often(CALLER, seldom=(None, Me(SANNE, None))),
    resident=often({}, seldom=({"key_active": False}, {"recorded_by": TEUN, "ever_supported": False}, None)),
    purpose=often(Purpose.SUPPORT, seldom=(*(Purpose.INDICATION, Purpose.ENFORCEMENT) * 2, *Purpose, None)),
    scopes=often(frozenset(), seldom=(frozenset(Scope), {Scope.RELATIONSHIPS_ASSIGN})),
    relations=st.lists(RELATIONS, min_size=1, max_size=3).map(tuple),
    decisions=st.lists(DECISIONS, min_size=1, max_size=5).map(tuple),
    emergency=often(None, seldom=(NOW + HERE, NOW, NOW - DAY)),
)

BY_TEUN = {"author_role": Role.WORKER, "author_id": TEUN}
SEEN = [
    item(id=each, **shape)
    for each in (ITEM, ANOTHER)
    for shape in (
        *({"visibility": visibility, "worker_id": TEUN} for visibility in Visibility),
        {"visibility": Visibility.THIS_WORKER},
        *({"confirmation": confirmation, **BY_TEUN} for confirmation in Confirmation),
    )
]


def opened(state: State, now: datetime = NOW) -> Opened:
    """All that somebody can do and see."""
    found = decide(*state, now)
    can = set()
    for action in Action:
        try:
            found.require(action)
            can.add(action)
        except (Hidden, NotYours):
            continue
    levels = [found.level(category) for category in Category]
    return can, levels + [found.sees(each, category) for each in SEEN for category in GATE_A]


def no_more(less: Opened, more: Opened) -> bool:
    return less[0] <= more[0] and all(a <= b for a, b in zip(less[1], more[1], strict=True))


def plainly(state: State, each: SharedItem, category: Category) -> Level:
    """The rules for one item of gate A, read from access.md decision by decision; slow and without sets."""
    principal, facts, purpose = state
    me, resident = facts.me, facts.resident
    if me is None or resident is None or not resident.key_active:
        return Level.NONE
    if principal.role is Role.RESIDENT:
        return Level.FULL if me.id == resident.id else Level.NONE
    held = facts.relations if principal.role is Role.WORKER else ()
    running = [r for r in held if r.started_at <= NOW and (r.ended_at is None or r.ended_at > NOW)]
    if purpose is None or never(category, purpose) or (resident.recorded_by == me.id and not resident.ever_supported):
        return Level.NONE
    worker = any(fits(r.duties, purpose) for r in running)
    system = principal.role is Role.EXTERNAL_SYSTEM and Scope.RELATIONSHIPS_ASSIGN not in principal.scopes
    about = [
        d
        for d in facts.decisions
        if d.purpose is purpose
        and d.valid_from <= NOW
        and (d.valid_until is None or d.valid_until > NOW)
        and (worker if d.party_type is PartyType.MY_WORKERS else d.party_id == me.id)
        and (each.id in d.only_items if d.only_items else each.id not in d.except_items)
    ]
    if not (worker or system) or any(category in d.categories for d in about if not d.permits):
        return Level.NONE
    if each.confirmation is Confirmation.AWAITING:
        return Level.FULL if worker and each.author_id == me.id else Level.NONE
    admitted = each.visibility is Visibility.CUSTOM
    admitted |= worker and each.visibility is Visibility.MY_WORKERS
    admitted |= worker and each.visibility is Visibility.THIS_WORKER and each.worker_id == me.id
    whole = Category.LIFE_STORY_FULL if category is Category.LIFE_STORY_SHORT else category
    yes = [
        d
        for d in about
        if d.permits
        and {category, whole} & d.categories
        and (d.working_relationship_id is None or d.working_relationship_id in [r.id for r in running])
    ]
    if not yes or not admitted or each.confirmation is Confirmation.REJECTED:
        return Level.NONE
    deep = any(d.depth is Depth.FULL and whole in d.categories for d in yes)
    return Level.FULL if deep and not any(whole in d.categories for d in about if not d.permits) else Level.SHORT
