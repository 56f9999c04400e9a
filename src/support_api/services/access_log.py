"""The resident reads who looked, why and on what ground; refused attempts included."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from support_api.db import audit, directory
from support_api.domain.access import Access
from support_api.domain.access_log import Line, Who
from support_api.domain.actions import Action
from support_api.domain.vocabulary import Role
from support_api.domain.workers import Worker
from support_api.services.work import Work


@dataclass(frozen=True, slots=True)
class Seen:
    line: Line
    who: Who


async def page(
    work: Work, resident_id: UUID, limit: int, edge: tuple[datetime, UUID] | None
) -> tuple[Access, list[Seen], bool]:
    """Newest first; the last answer says whether there are older lines."""
    access = await work.enter(resident_id, Action.ACCESS_LOG_READ)
    seen, more = await lines(work, access, limit, edge)
    work.record(Action.ACCESS_LOG_READ, access)
    return access, seen, more


async def lines(work: Work, access: Access, limit: int, edge: tuple[datetime, UUID] | None) -> tuple[list[Seen], bool]:
    """The same for who has entered already, as a part of something else."""
    resident_id = access.resident_id
    found = await audit.lines(work.tx, access, limit + 1, edge)
    more, found = len(found) > limit, found[:limit]
    workers = await directory.workers(
        work.tx, (line.actor_id for line in found if line.actor_id and line.role is not Role.RESIDENT)
    )
    met = await directory.met(work.tx, resident_id)
    systems = await directory.names_by_client_id(work.tx)
    return [Seen(line, _who(line, resident_id, workers, met, systems)) for line in found], more


def _who(
    line: Line,
    resident_id: UUID,
    workers: Mapping[UUID, Worker],
    met: frozenset[UUID],
    systems: Mapping[str, str],
) -> Who:
    system = systems.get(line.client_id)
    if line.actor_id == resident_id:
        return Who(you=True, system=system)
    worker = workers.get(line.actor_id) if line.actor_id else None
    if worker is None:
        return Who(system=system if line.role is Role.EXTERNAL_SYSTEM else None, function=_role(line))
    known = worker.id in met
    return Who(name=worker.display_name if known else None, function=worker.function, unit=worker.unit, system=system)


def _role(line: Line) -> str | None:
    return None if line.role is Role.EXTERNAL_SYSTEM else line.role.dutch
