"""The first screen of a resident or a worker, in one call."""

from datetime import datetime
from typing import Any
from uuid import UUID

from pydantic import ConfigDict

from support_api.domain.actions import Action
from support_api.domain.briefings import BriefingState
from support_api.domain.home import MOST_ASKS, Ask, AskKind
from support_api.domain.vocabulary import Assurance, Duty, Scope
from support_api.http import access_log, workers
from support_api.http.access_log import AccessLogLineView
from support_api.http.operations import About, Answer, Call, Operation
from support_api.http.wire import Moment, View, said
from support_api.http.workers import WorkerView
from support_api.http.working_relationships import CaseloadLineView
from support_api.services import home
from support_api.services.home import ResidentHome, With, WorkerHome

_ID, _MOMENT = "0199f3c2-7a10-7c3e-9b1d-2f6a5d0c4e81", "2026-11-22T09:00:00Z"
_SENTENCE = "Teun Demo begeleidt je nu. Wat mag deze medewerker alvast van je lezen?"
_ASK: dict[str, Any] = {
    "kind": "approve_briefing",
    "sentence": _SENTENCE,
    "aboutIds": [_ID],
    "since": _MOMENT,
    "until": None,
}


class AskView(View, title="vraag aan de inwoner"):
    """One thing that waits for the resident's decision; nothing happens until then."""

    model_config = ConfigDict(json_schema_extra={"examples": [_ASK]})

    kind: AskKind = said("soort", "What it is about.", "approve_briefing")
    sentence: str = said(
        "in gewone taal",
        "The question, to be shown as it is.",
        _SENTENCE,
    )
    about_ids: tuple[UUID, ...] = said(
        "waarover",
        "By kind: the working relationships of the briefings, the baggage notes, the portrait items, the consents.",
    )
    since: Moment = said("sinds", "Since when the first of them waits.")
    until: Moment | None = said("tot", "When the consent ends or ended; null for the other kinds.")


class MyWorkerView(View, title="wie mij nu begeleidt"):
    """Somebody who works with the resident now."""

    working_relationship_id: UUID = said("werkrelatie", "Id of the working relationship.")
    worker: WorkerView | None = said("gegevens van de medewerker", "Who it is.")
    ordinal: int = said("hoeveelste", "Which number the worker is for the resident.", 25)
    primary: bool = said("vaste medewerker", "Whether this is the resident's own worker.", True)
    duties: tuple[Duty, ...] = said("taken", "What the worker does for the resident.", ["supports"])
    started_at: Moment = said("begin", "From when on.")
    briefing: BriefingState | None = said("status van de briefing", "Null without `briefings:read`.", "open")


class MyResidentView(CaseloadLineView, title="eigen inwoner op het beginscherm"):
    """One resident whom the worker works with now."""

    briefing: BriefingState | None = said("status van de briefing", "Null without `briefings:read`.", "open")


class ResidentHomeView(View, title="beginscherm van een inwoner"):
    """The first screen of a resident."""

    call_name: str | None = said("roepnaam", "Null without `residents:read`.", "Fien")
    asks: tuple[AskView, ...] = said(
        "vragen aan jou", f"What waits for the resident, the most pressing first; at most {MOST_ASKS}."
    )
    more_asks: int = said("meer vragen", "How many others wait.", 0)
    workers: tuple[MyWorkerView, ...] | None = said(
        "wie mij nu begeleidt", "The resident's own worker first. Null without `relationships:read`."
    )
    looked: tuple[AccessLogLineView, ...] | None = said(
        "wie er keek", "The latest that others did, five at most. Null without `access-log:read`."
    )


class WorkerHomeView(View, title="beginscherm van een medewerker"):
    """The first screen of a worker."""

    caseload: tuple[MyResidentView, ...] | None = said(
        "eigen inwoners", "Whom the worker works with, the newest first. Null without `relationships:read`."
    )
    more: bool = said("meer", "Whether there are more than these hundred; see the list.", False)


class HomeView(View, title="beginscherm"):
    """The first screen: of a resident or of a worker, whichever calls."""

    resident: ResidentHomeView | None = said("van een inwoner", "Null for a worker.")
    worker: WorkerHomeView | None = said("van een medewerker", "Null for a resident.")


def render(found: ResidentHome | WorkerHome, now: datetime) -> HomeView:
    if isinstance(found, WorkerHome):
        return HomeView(resident=None, worker=_worker(found))
    return HomeView(resident=_resident(found, now), worker=None)


def _worker(found: WorkerHome) -> WorkerHomeView:
    if found.caseload is None:
        return WorkerHomeView(caseload=None, more=False)
    lines = tuple(
        MyResidentView(**CaseloadLineView.model_validate(line).model_dump(), briefing=state)
        for line, state in found.caseload
    )
    return WorkerHomeView(caseload=lines, more=found.more)


def _resident(found: ResidentHome, now: datetime) -> ResidentHomeView:
    return ResidentHomeView(
        call_name=found.call_name,
        asks=tuple(_ask(each, now) for each in found.asks[:MOST_ASKS]),
        more_asks=max(0, len(found.asks) - MOST_ASKS),
        workers=None if found.workers is None else tuple(_with(each) for each in found.workers),
        looked=None if found.looked is None else tuple(access_log.render(each) for each in found.looked),
    )


def _ask(ask: Ask, now: datetime) -> AskView:
    return AskView(kind=ask.kind, sentence=ask.sentence(now), about_ids=ask.about, since=ask.since, until=ask.until)


def _with(found: With) -> MyWorkerView:
    relationship = found.relationship
    return MyWorkerView(
        working_relationship_id=relationship.id,
        worker=workers.render(found.worker) if found.worker else None,
        ordinal=found.ordinal,
        primary=relationship.primary,
        duties=relationship.duties,
        started_at=relationship.started_at,
        briefing=found.briefing,
    )


async def _read(call: Call) -> Answer:
    return Answer(render(await home.read(call.work), call.work.now))


OPERATIONS = [
    Operation(
        name="getHome",
        method="GET",
        path="/home",
        tag="home",
        summary="The first screen of a resident or a worker, in one call",
        description="For a resident what waits for a decision, who works with them now, and who looked last. For a"
        " worker the residents whom they work with, and whether the briefing of each can be read. A part is null if the"
        " token may not read it elsewhere. For other roles there is no first screen: 403.",
        action=Action.HOME_READ,
        scope=Scope.ME,
        about=About.RESIDENT,
        use=_read,
        answer=HomeView,
        assurance=Assurance.SUBSTANTIAL,
    )
]
