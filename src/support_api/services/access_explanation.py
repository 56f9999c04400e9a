"""The resident reads who can see what, and why; a worker reads what holds for themself."""

from collections.abc import Collection
from dataclasses import dataclass, replace
from typing import TypeVar
from uuid import UUID

from support_api.db import directory, facts, store
from support_api.domain import access_sentences
from support_api.domain.access import Access
from support_api.domain.access_explanation import Explained, Line, Party, Told, explain, lines, parties
from support_api.domain.access_log import Who
from support_api.domain.actions import Action
from support_api.domain.baggage_notes import BAGGAGE_NOTES
from support_api.domain.portrait_items import PORTRAIT_ITEMS
from support_api.domain.resource import Resource, SharedItem
from support_api.domain.vocabulary import Role
from support_api.domain.workers import Worker
from support_api.services.work import Work

_MOST = 1000
S = TypeVar("S", bound=SharedItem)


@dataclass(frozen=True, slots=True)
class Seen:
    explained: Explained
    name: str
    sentence: str
    sentences: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Explanation:
    parties: tuple[Seen, ...]
    more: bool


async def read(work: Work, resident_id: UUID) -> Explanation:
    access = await work.enter(resident_id, Action.ACCESS_EXPLANATION_READ)
    told, more = await _told(work, access)
    seen = await _to_resident(work, access, told) if access.own else await _to_worker(work, access, told)
    work.record(Action.ACCESS_EXPLANATION_READ, access)
    return Explanation(seen, more)


async def _to_resident(work: Work, access: Access, told: Told) -> tuple[Seen, ...]:
    known = await facts.known(work.tx, access)
    registered = await directory.activities(work.tx)
    found = [each for party in parties(known) for each in explain(access, known, told, registered, party)]
    met = {*known.relations, *(each.party_id for each in known.decisions if each.party_id)}
    names = await _names(work, met, *(each.party for each in found))
    return tuple(_seen(each, names[each.party]) for each in found)


async def _names(work: Work, met: Collection[UUID], *of: Party) -> dict[Party, str]:
    workers = await directory.workers(work.tx, (each.id for each in of if each.role is Role.WORKER and each.id))
    called = {each.id: _called(each, each.id in met) for each in workers.values()} | await directory.client_names(
        work.tx
    )
    return {each: called.get(each.id, "Iemand") if each.id else f"De {each.role.dutch}" for each in of}


def _called(worker: Worker, met: bool) -> str:
    """By name whom the resident knows; of another what they are, and where."""
    return Who(name=worker.display_name if met else None, function=worker.function, unit=worker.unit).words


def _seen(explained: Explained, name: str) -> Seen:
    sentence = access_sentences.of_party(explained, name)
    return Seen(explained, name, sentence, tuple(access_sentences.of_line(each) for each in explained.lines))


async def _to_worker(work: Work, access: Access, told: Told) -> tuple[Seen, ...]:
    """What the worker sees anyway: what is hidden from them is in none of `told`, and no refusal is told."""
    me = access.caller.id
    shown = tuple(_without_trace(each) for each in lines(access, told))
    own = Explained(Party(Role.WORKER, me), access.purpose, access.basis, access.reason, shown)
    name = (await directory.worker(work.tx, me)).display_name
    sentences = tuple(access_sentences.to_worker(each) for each in shown)
    return (Seen(own, name, "Dit zie jij van deze inwoner, voor het doel dat je noemde.", sentences),)


def _without_trace(line: Line) -> Line:
    return replace(line, excluded=(), refusals=())


async def _told(work: Work, access: Access) -> tuple[Told, bool]:
    portrait, more_portrait = await _of(work, access, PORTRAIT_ITEMS)
    baggage, more_baggage = await _of(work, access, BAGGAGE_NOTES)
    return (*portrait, *baggage), more_portrait or more_baggage


async def _of(work: Work, access: Access, res: Resource[S]) -> tuple[Told, bool]:
    page = await store.page(work.tx, access, res, store.Window(limit=_MOST))
    return [(item, res.category(item)) for item in page.items], page.has_next
