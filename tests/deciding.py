"""What deciding needs, made small: a caller, a resident, working relationships, decisions and items.

The two tables below are written down apart from the code that they test.
"""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from support_api.domain.access import Access, decide
from support_api.domain.consents import Decision
from support_api.domain.facts import Facts, Me, Principal, Relation, Subject
from support_api.domain.resource import SharedItem
from support_api.domain.vocabulary import Assurance, Category, Depth, Duty, PartyType, Purpose, Role, Scope, Visibility

NOW = datetime(2026, 11, 22, 10, 0, tzinfo=UTC)
DAY = timedelta(days=1)
TOWN, FIEN, ABEL, TEUN, SANNE, GREET, PIM, SYSTEM, OTHER_SYSTEM = (UUID(int=number) for number in range(1, 10))
RUNNING, EARLIER = UUID(int=20), UUID(int=21)
ITEM, ANOTHER = UUID(int=30), UUID(int=31)
CALLERS = {
    Role.RESIDENT: FIEN,
    Role.WORKER: TEUN,
    Role.TEAM_LEAD: GREET,
    Role.PRIVACY_OFFICER: PIM,
    Role.EXTERNAL_SYSTEM: SYSTEM,
}

# Which purposes a worker may state towards a resident, by what they do for that resident.
FITS = {
    Duty.SUPPORTS: "support handover team_consultation network_involvement care_provider client_support",
    Duty.INDICATES: "indication",
    Duty.DECIDES_BENEFIT: "benefit_execution",
    Duty.DEBT: "debt_support",
    Duty.ENFORCES: "enforcement",
}
# Gate C: for which purposes something is never shown, not even with consent.
NEVER_FOR = {
    Category.PORTRAIT: "enforcement emergency",
    Category.LIFE_STORY_SHORT: "indication benefit_execution debt_support enforcement emergency",
    Category.LIFE_STORY_FULL: "indication benefit_execution debt_support enforcement emergency",
    Category.CRITIQUE: "indication benefit_execution debt_support enforcement emergency",
}
GATE_A = tuple(NEVER_FOR)


def never(category: Category, purpose: Purpose) -> bool:
    return purpose.value in NEVER_FOR.get(category, "").split()


def fits(duties: Iterable[Duty], purpose: Purpose) -> bool:
    return any(purpose.value in FITS[duty].split() for duty in duties)


def caller(role: Role, *scopes: Scope) -> Principal:
    return Principal(TOWN, role, role.value.encode(), "werkplek", frozenset(scopes), Assurance.SUBSTANTIAL)


def subject(**changes: Any) -> Subject:
    given: dict[str, Any] = {
        "id": FIEN,
        "owner_id": UUID(int=40),
        "key_id": UUID(int=41),
        "key_active": True,
        "recorded_by": UUID(int=42),
        "ever_supported": True,
    }
    return Subject(**{**given, **changes})


def bond(*duties: Duty, id: UUID = RUNNING, since: int = -30, until: int | None = None) -> Relation:
    """A working relationship; `since` and `until` in days from now."""
    return Relation(id, frozenset(duties), NOW + since * DAY, None if until is None else NOW + until * DAY)


SUPPORTS = bond(Duty.SUPPORTS)
ENDED = bond(Duty.SUPPORTS, id=EARLIER, until=-1)


def yes(
    *categories: Category, to: UUID | None = None, since: int = -1, until: int | None = 300, **more: Any
) -> Decision:
    """A permit of all items of these categories; to nobody in particular is to `my_workers`."""
    systems = (SYSTEM, OTHER_SYSTEM)
    party = PartyType.MY_WORKERS if to is None else PartyType.SYSTEM if to in systems else PartyType.WORKER
    given: dict[str, Any] = {
        "id": UUID(int=50),
        "permits": True,
        "party_type": party,
        "party_id": to,
        "purpose": Purpose.SUPPORT,
        "categories": frozenset(categories or {Category.PORTRAIT}),
        "only_items": frozenset(),
        "except_items": frozenset(),
        "depth": Depth.SHORT,
        "valid_from": NOW + since * DAY,
        "valid_until": None if until is None else NOW + until * DAY,
        "working_relationship_id": None,
    }
    return Decision(**{**given, **more})


def no(*categories: Category, until: int | None = None, **more: Any) -> Decision:
    """A refusal: a permit that was declined or withdrawn."""
    return yes(*categories, until=until, permits=False, **more)


def item(**changes: Any) -> SharedItem:
    given: dict[str, Any] = {
        "id": ITEM,
        "resident_id": FIEN,
        "created_at": NOW - DAY,
        "changed_at": NOW - DAY,
        "author_role": Role.RESIDENT,
        "author_id": FIEN,
        "visibility": Visibility.CUSTOM,
    }
    return SharedItem(**{**given, **changes})


def decided(
    role: Role = Role.WORKER,
    *decisions: Decision,
    me: UUID | None = None,
    resident: Subject | None = None,
    relations: tuple[Relation, ...] = (SUPPORTS,),
    purpose: Purpose | None = Purpose.SUPPORT,
    scopes: tuple[Scope, ...] = (),
) -> Access:
    who = Me(me or CALLERS[role], None)
    held = relations if role is Role.WORKER else ()
    facts = Facts(who, resident or subject(), held, decisions)
    return decide(caller(role, *scopes), facts, purpose, NOW)
