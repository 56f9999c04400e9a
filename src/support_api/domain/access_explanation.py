"""Access explanation (toegangsuitleg): who can see what now, and why. What is told is read off `Access`, not decided
anew: what somebody reads here is what the reads then do."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from support_api.domain.access import Access, decide
from support_api.domain.consents import Decision, deeper
from support_api.domain.facts import Facts, Me, Principal, Relation, Subject
from support_api.domain.grounds import CONSENTED, NEVER, Basis
from support_api.domain.register import Registered
from support_api.domain.resource import SharedItem
from support_api.domain.vocabulary import (
    Assurance,
    Category,
    Depth,
    Level,
    PartyType,
    Purpose,
    Role,
    Scope,
    Term,
)

Told = Sequence[tuple[SharedItem, Category]]
_NOBODY = UUID(int=0)


class Extent(Term, dutch="hoeveel iemand ziet"):
    """How much of a kind of data somebody sees."""

    NONE = "none", "niets", "nothing"
    EXISTENCE = "existence", "alleen dat het er is", "only that it is there"
    SHORT = "short", "de korte versie", "the short version"
    FULL = "full", "alles", "all of it"


@dataclass(frozen=True, slots=True)
class Known:
    """What of the resident is between them and others: all relations, by worker, and all decisions that count."""

    resident: Subject
    recorder_role: Role
    relations: Mapping[UUID, tuple[Relation, ...]]
    decisions: tuple[Decision, ...]
    emergencies: Mapping[UUID, datetime]


@dataclass(frozen=True, slots=True)
class Party:
    """Somebody who could look: a worker or a system by id, or whoever has a role."""

    role: Role
    id: UUID | None = None


@dataclass(frozen=True, slots=True)
class Line:
    """Of one category. `permits` and `refusals`: the decisions that open it and that close it."""

    category: Category
    level: Level
    why: str
    shown: tuple[UUID, ...] = ()
    excluded: tuple[UUID, ...] = ()
    permits: tuple[UUID, ...] = ()
    refusals: tuple[UUID, ...] = ()


@dataclass(frozen=True, slots=True)
class Explained:
    """What one party sees for one purpose; no purpose if there is none for which they see anything."""

    party: Party
    purpose: Purpose | None
    basis: Basis
    reason: str
    lines: tuple[Line, ...]


def parties(known: Known) -> tuple[Party, ...]:
    """Whom there is something between with the resident, and the roles that see something of everybody."""
    workers = dict.fromkeys(known.relations)
    workers |= dict.fromkeys((*_named(known, PartyType.WORKER), *known.emergencies))
    systems = dict.fromkeys(_named(known, PartyType.SYSTEM))
    if not known.resident.ever_supported:
        by = {Role.WORKER: workers, Role.EXTERNAL_SYSTEM: systems}.get(known.recorder_role, {})
        by[known.resident.recorded_by] = None
    found = [Party(Role.WORKER, each) for each in workers] + [Party(Role.EXTERNAL_SYSTEM, each) for each in systems]
    return (*found, *(Party(role) for role in Role if role not in (Role.RESIDENT, Role.WORKER, Role.EXTERNAL_SYSTEM)))


def _named(known: Known, kind: PartyType) -> Iterable[UUID]:
    return (each.party_id for each in known.decisions if each.party_type is kind and each.party_id)


def explain(
    like: Access, known: Known, told: Told, registered: Collection[Registered], party: Party
) -> tuple[Explained, ...]:
    """For each purpose for which the party sees anything; one entry that says so if there is none. `like`: the access
    of the resident who asks."""
    found = []
    for purpose, closed in _purposes(registered, party).items():
        access = as_party(like, known, party, purpose, closed)
        if access.basis is not Basis.NONE:
            found.append(Explained(party, purpose, access.basis, access.reason, lines(access, told)))
    if found or party.id is None:
        return tuple(found)
    shut = as_party(like, known, party, Purpose.SUPPORT, frozenset())
    reason = shut.reason if shut.basis is Basis.NONE else "not_registered"
    return (Explained(party, None, Basis.NONE, reason, tuple(_nothing(each) for each in Category)),)


def _purposes(registered: Collection[Registered], party: Party) -> dict[Purpose, frozenset[Category]]:
    """What the register lets a party be shown, and what not: a system by its own entries, people by any program's."""
    closed: dict[Purpose, frozenset[Category]] = {}
    for each in registered:
        if party.role is Role.EXTERNAL_SYSTEM and each.client_id != party.id:
            continue
        closed[each.purpose] = closed.get(each.purpose, each.activity.closed) & each.activity.closed
    return {purpose: closed[purpose] for purpose in Purpose if purpose in closed}


def as_party(like: Access, known: Known, party: Party, purpose: Purpose, closed: frozenset[Category]) -> Access:
    """The same decision as when the party calls."""
    assigns = frozenset({Scope.RELATIONSHIPS_ASSIGN}) if party.role is Role.TEAM_LEAD else frozenset()
    principal = Principal(like.principal.municipality_id, party.role, b"", "", assigns, Assurance.NONE)
    mine = known.relations.get(party.id, ()) if party.id else ()
    given = known.decisions if party.id else ()
    facts = Facts(
        Me(party.id or _NOBODY, None),
        known.resident,
        mine,
        given,
        known.emergencies.get(party.id) if party.id else None,
    )
    return decide(principal, facts, purpose, like.now, closed)


def lines(access: Access, told: Told) -> tuple[Line, ...]:
    """What this access shows of each category, and of these items which."""
    levels = [(item.id, category, access.sees(item, category)) for item, category in told]
    return tuple(
        _of_items(access, category, levels)
        if category in CONSENTED
        else Line(category, access.level(category), "ground" if access.level(category) else "not_theirs")
        for category in Category
    )


def _of_items(access: Access, category: Category, levels: Sequence[tuple[UUID, Category, Level]]) -> Line:
    own = [(item, level) for item, kind, level in levels if category in (kind, deeper(kind))]
    whole = category is Category.LIFE_STORY_FULL
    needed = Level.FULL if whole else Level.SHORT
    most = Level.SHORT if category is Category.LIFE_STORY_SHORT else Level.FULL
    shown = tuple(item for item, level in own if level >= needed)
    excluded = tuple(item for item, level in own if level < needed)
    level = min(most, max((level for _, level in own), default=Level.NONE))
    if whole and not shown:
        level = Level.NONE
    permits = _covering(access, category, shown, permit=True, whole=whole)
    refusals = _covering(access, category, excluded, permit=False)
    why = _why(access, category, own=bool(own), level=level, permits=permits, refusals=refusals)
    return Line(category, level, why, shown, excluded, permits, refusals)


def _covering(
    access: Access, category: Category, items: tuple[UUID, ...], *, permit: bool, whole: bool = False
) -> tuple[UUID, ...]:
    return tuple(
        each.id
        for each in access.decisions
        if each.permits is permit
        and (not whole or each.depth is Depth.FULL)
        and any(each.covers(item, category) for item in items)
    )


def _why(
    access: Access,
    category: Category,
    *,
    own: bool,
    level: Level,
    permits: tuple[UUID, ...],
    refusals: tuple[UUID, ...],
) -> str:
    if level:
        return "permitted" if permits or level is Level.EXISTENCE else "own_words"
    if access.purpose in NEVER.get(category, frozenset()):
        return "never"
    if category in access.closed:
        return "not_registered"
    if refusals:
        return "refused"
    return "not_shared" if own else "nothing_there"


def _nothing(category: Category) -> Line:
    return Line(category, Level.NONE, "no_access")
