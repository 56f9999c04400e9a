"""The first screen in one call. It has a part only where the token may read that part elsewhere too."""

from dataclasses import dataclass
from uuid import UUID

from support_api.db import directory, store
from support_api.db import working_relationships as db
from support_api.domain.access import Access
from support_api.domain.actions import Action
from support_api.domain.briefings import BriefingState, ground
from support_api.domain.errors import NotYours
from support_api.domain.home import Ask
from support_api.domain.residents import RESIDENTS
from support_api.domain.vocabulary import Role, Scope
from support_api.domain.workers import Worker
from support_api.domain.working_relationships import WorkingRelationship
from support_api.services import access_log, asks, working_relationships
from support_api.services.work import Work

S = Scope
_LINES, _LOOKED_THROUGH = 5, 50
_CASELOAD = store.Window(limit=100)


@dataclass(frozen=True, slots=True)
class With:
    """Somebody who works with the resident now."""

    relationship: WorkingRelationship
    ordinal: int
    worker: Worker | None
    briefing: BriefingState | None


@dataclass(frozen=True, slots=True)
class ResidentHome:
    """None is what the token may not read."""

    call_name: str | None
    asks: tuple[Ask, ...]
    workers: tuple[With, ...] | None
    looked: tuple[access_log.Seen, ...] | None


@dataclass(frozen=True, slots=True)
class WorkerHome:
    """The newest first. `more`: there are others in the list of working relationships."""

    caseload: tuple[tuple[working_relationships.Line, BriefingState | None], ...] | None
    more: bool


async def read(work: Work) -> ResidentHome | WorkerHome:
    """Raises NotYours for who has no first screen here: a team lead, a privacy officer, a system."""
    if work.principal.role is Role.RESIDENT:
        return await _of_resident(work, (await work.identify()).id)
    if work.principal.role is Role.WORKER:
        return await _of_worker(work)
    await work.identify()
    raise NotYours("no_home")


async def _of_worker(work: Work) -> WorkerHome:
    if S.RELATIONSHIPS_READ not in work.principal.scopes:
        await work.identify()
        work.record(Action.HOME_READ, None)
        return WorkerHome(None, False)
    page, accesses = await working_relationships.caseload_with(work, _CASELOAD, Action.HOME_READ)
    lines = sorted(page.items, key=lambda line: line.started_at, reverse=True)
    return WorkerHome(tuple((each, _state(work, accesses[each.resident_id], each.id)) for each in lines), page.has_next)


def _state(work: Work, access: Access, relationship_id: UUID) -> BriefingState | None:
    if S.BRIEFINGS_READ not in work.principal.scopes:
        return None
    return ground(access.decisions, relationship_id, access).state


async def _of_resident(work: Work, resident_id: UUID) -> ResidentHome:
    access, may = await work.enter(resident_id, Action.HOME_READ), work.principal.scopes
    has = await asks.now(work, access)
    names = await directory.workers(work.tx, has.people())
    resident = await store.one(work.tx, access, RESIDENTS, resident_id)
    home = ResidentHome(
        resident.call_name if S.RESIDENTS_READ in may else None,
        await asks.of(work, access, has, names),
        await _with(work, access, has, names) if S.RELATIONSHIPS_READ in may else None,
        await _looked(work, access) if S.ACCESS_LOG_READ in may else None,
    )
    work.record(Action.HOME_READ, access)
    return home


async def _with(work: Work, access: Access, has: asks.Now, names: dict[UUID, Worker]) -> tuple[With, ...]:
    numbers = await db.numbers(work.tx, (access.resident_id,))
    told = S.BRIEFINGS_READ in work.principal.scopes
    return tuple(
        With(each, numbers[each.id], names.get(each.worker_id), asks.state(work, access, has, each) if told else None)
        for each in sorted(has.relationships, key=lambda each: (not each.primary, each.started_at))
    )


async def _looked(work: Work, access: Access) -> tuple[access_log.Seen, ...]:
    """The latest that others did."""
    lines, _ = await access_log.lines(work, access, _LOOKED_THROUGH, None)
    return tuple(each for each in lines if not each.who.you)[:_LINES]
