"""The municipality's workers, for colleagues and registered systems; a resident sees those whom they know."""

from uuid import UUID

from support_api.db import directory
from support_api.db.store import Page, Window
from support_api.domain.actions import Action
from support_api.domain.errors import Hidden
from support_api.domain.facts import Me
from support_api.domain.vocabulary import Role
from support_api.domain.workers import Worker
from support_api.services.work import Work


async def page(work: Work, window: Window) -> Page[Worker]:
    me = await work.identify()
    backwards = window.before is not None
    if work.principal.role is Role.RESIDENT:
        found = _part(await directory.workers(work.tx, await directory.met(work.tx, me.id)), window)
    else:
        edge = window.before or window.after
        found = await directory.worker_page(work.tx, edge, window.limit + 1, backwards=backwards)
    more = len(found) > window.limit
    found = found[-window.limit :] if backwards else found[: window.limit]
    work.record(Action.WORKER_LIST, None, *(each.id for each in found))
    return Page(tuple(found), backwards or more, more if backwards else window.after is not None)


def _part(workers: dict[UUID, Worker], window: Window) -> list[Worker]:
    in_order = sorted(workers.values(), key=lambda worker: worker.id)
    if window.before:
        return [each for each in in_order if each.id < window.before][-window.limit - 1 :]
    return [each for each in in_order if window.after is None or each.id > window.after][: window.limit + 1]


async def read(work: Work, worker_id: UUID) -> Worker:
    worker = await visible(work, await work.identify(), worker_id)
    work.record(Action.WORKER_READ, None, worker.id)
    return worker


async def visible(work: Work, me: Me, worker_id: UUID) -> Worker:
    """Raises Hidden: for a resident, a worker whom they have not met is not there, wherever the id is named."""
    if work.principal.role is Role.RESIDENT and worker_id not in await directory.met(work.tx, me.id):
        raise Hidden("not_met")
    return await directory.worker(work.tx, worker_id)
