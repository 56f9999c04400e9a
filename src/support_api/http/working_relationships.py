"""Working relationships on the wire, and a worker's own caseload."""

from typing import Any
from uuid import UUID

from support_api.domain.access import Access
from support_api.domain.actions import Action
from support_api.domain.vocabulary import Category, Duty, Level, Scope
from support_api.domain.working_relationships import EndReason
from support_api.http import covers
from support_api.http.covers import CoverView
from support_api.http.operations import About, Answer, Call, Operation
from support_api.http.wire import Body, Id, Line, ListQuery, Moment, PageQuery, View, page_of, said
from support_api.http.workers import WorkerView
from support_api.services import working_relationships
from support_api.services.working_relationships import Seen

_ALL = "/residents/{residentId}/working-relationships"
_EACH = _ALL + "/{workingRelationshipId}"


def _duties(**kwargs: Any) -> Any:
    return said("taken", "What the worker does for this resident; the resident sees it.", ["supports"], **kwargs)


class NewWorkingRelationship(Body, title="nieuwe werkrelatie"):
    """A worker to assign to the resident."""

    worker_id: Id = said("medewerker", "Who is going to work with the resident.")
    duties: tuple[Duty, ...] = _duties(min_length=1, max_length=5)
    function: Line = said("functie", "In which function.", "consulent")
    started_at: Moment | None = said("begin", "From when on; now if absent.", default=None)
    primary: bool = said("vaste medewerker", "Whether this is the resident's own worker.", True, default=False)
    external_id: Line | None = said(
        "extern kenmerk",
        "Your own id for this worker with this resident: sent twice, it starts one relationship.",
        "zaak-0042-teun",
        default=None,
    )


class WorkingRelationshipEnd(Body, title="einde van een werkrelatie"):
    """How a working relationship ends."""

    reason: EndReason = said("reden", "Why it ends.", "handover")


class WorkingRelationshipView(View, title="werkrelatie"):
    """Who works with the resident, as what, and as which number."""

    id: UUID = said("kenmerk", "Id of the working relationship.")
    version: int = said("versie", "Counts the changes.", 1)
    resident_id: UUID = said("inwoner", "The resident.")
    worker_id: UUID = said("medewerker", "The worker.")
    worker: WorkerView | None = said("gegevens van de medewerker", "For the resident, and for the worker's own.")
    ordinal: int = said("hoeveelste", "Which number the worker is for this resident, imported ones counted.", 25)
    duties: tuple[Duty, ...] = _duties()
    primary: bool = said("vaste medewerker", "Whether this is the resident's own worker.", True)
    started_at: Moment = said("begin", "From when on.")
    ended_at: Moment | None = said("einde", "Until when; null while it lasts.")
    function: str | None = said("functie", "In which function; null for who only assigns.", "consulent")
    end_reason: EndReason | None = said("reden van einde", "Why it ended; null for who only assigns.", "handover")
    covers: tuple[CoverView, ...] = said(
        "waarnemingen", "Who stands, stood or will stand in for the worker, and until when."
    )


class CaseloadLineView(View, title="eigen inwoner"):
    """One resident whom the worker works with now."""

    id: UUID = said("kenmerk", "Id of the working relationship.")
    resident_id: UUID = said("inwoner", "The resident.")
    call_name: str = said("roepnaam", "What the resident wants to be called.", "Fien")
    ordinal: int = said("hoeveelste", "Which number you are for this resident.", 25)
    started_at: Moment = said("begin", "From when on.")
    duties: tuple[Duty, ...] = _duties()
    primary: bool = said("vaste medewerker", "Whether you are the resident's own worker.", True)
    stands_in_for: UUID | None = said(
        "waarnemer van", "The worker in whose place you come for a while, whose number it is; null otherwise."
    )


WorkingRelationshipPageView = page_of(WorkingRelationshipView)
CaseloadLinePageView = page_of(CaseloadLineView)


def render(access: Access, seen: Seen) -> WorkingRelationshipView:
    relationship = seen.relationship
    in_full = access.level(Category.RELATIONSHIP) is Level.FULL
    own = {"worker", "ordinal", "function", "end_reason", "covers"}
    names = WorkingRelationshipView.model_fields.keys() - own
    return WorkingRelationshipView.model_validate(
        {
            **{name: getattr(relationship, name) for name in names},
            "worker": seen.worker,
            "ordinal": seen.ordinal,
            "covers": tuple(covers.render(each) for each in seen.covers),
            "function": relationship.function if in_full else None,
            "end_reason": relationship.end_reason if in_full else None,
        },
        from_attributes=True,
    )


def _answer(access: Access, seen: Seen) -> Answer:
    return Answer(render(access, seen), seen.relationship.version, seen.relationship.id, existed=seen.existed)


def _started(call: Call, access: Access, seen: Seen) -> Answer:
    location = f"{call.base}{call.path}/{seen.relationship.id}"
    view, found = render(access, seen), seen.relationship
    return Answer(view, found.version, found.id, location, existed=seen.existed)


async def _start(call: Call) -> Answer:
    fields = dict(call.body)
    external_id = fields.pop("external_id")
    return _started(call, *await working_relationships.start(call.work, call.resident_id, fields, external_id))


async def _start_again(call: Call, item_id: UUID, version: int) -> Answer:
    return _started(call, *await working_relationships.again(call.work, call.resident_id, item_id, version))


async def _list(call: Call) -> Answer:
    access, page, seen = await working_relationships.page(call.work, call.resident_id, call.window())
    return Answer(call.page(page, WorkingRelationshipPageView, [render(access, each) for each in seen]))


async def _read(call: Call) -> Answer:
    return _answer(
        *await working_relationships.read(
            call.work, call.resident_id, call.ids["workingRelationshipId"], Action.WORKING_RELATIONSHIP_READ
        )
    )


async def _end(call: Call) -> Answer:
    return _answer(
        *await working_relationships.end(
            call.work, call.resident_id, call.ids["workingRelationshipId"], call.body.reason
        )
    )


async def _end_again(call: Call, item_id: UUID, _: int) -> Answer:
    return _answer(
        *await working_relationships.read(call.work, call.resident_id, item_id, Action.WORKING_RELATIONSHIP_END)
    )


async def _caseload(call: Call) -> Answer:
    page = await working_relationships.caseload(call.work, call.window())
    return Answer(call.page(page, CaseloadLinePageView, [CaseloadLineView.model_validate(each) for each in page.items]))


OPERATIONS = [
    Operation(
        name="startWorkingRelationship",
        method="POST",
        path=_ALL,
        tag="working-relationships",
        summary="Assign a worker to a resident",
        description="Idempotent on `externalId`: for one that you used for this resident and worker, the answer is 200"
        " with the relationship that there is, as it is now. It may have other duties than you sent, and it may have"
        " ended: look at `endedAt`. To start anew, take another id. Used for another worker or resident it is 409.",
        action=Action.WORKING_RELATIONSHIP_START,
        scope=Scope.RELATIONSHIPS_ASSIGN,
        about=About.RESIDENT,
        use=_start,
        replay=_start_again,
        answer=WorkingRelationshipView,
        body=NewWorkingRelationship,
        creates=True,
        may_exist=True,
    ),
    Operation(
        name="listWorkingRelationships",
        method="GET",
        path=_ALL,
        tag="working-relationships",
        summary="Who works and worked with the resident; for a worker the own ones",
        action=Action.WORKING_RELATIONSHIP_LIST,
        scope=Scope.RELATIONSHIPS_READ,
        about=About.RESIDENT,
        use=_list,
        answer=WorkingRelationshipPageView,
        query=PageQuery,
    ),
    Operation(
        name="getWorkingRelationship",
        method="GET",
        path=_EACH,
        tag="working-relationships",
        summary="One working relationship",
        action=Action.WORKING_RELATIONSHIP_READ,
        scope=Scope.RELATIONSHIPS_READ,
        about=About.RESIDENT,
        use=_read,
        answer=WorkingRelationshipView,
    ),
    Operation(
        name="endWorkingRelationship",
        method="POST",
        path=_EACH + "/_end",
        tag="working-relationships",
        summary="End a working relationship; the worker's access ends with it",
        action=Action.WORKING_RELATIONSHIP_END,
        scope=Scope.RELATIONSHIPS_ASSIGN,
        about=About.RESIDENT,
        use=_end,
        replay=_end_again,
        answer=WorkingRelationshipView,
        body=WorkingRelationshipEnd,
    ),
    Operation(
        name="listMyWorkingRelationships",
        method="GET",
        path="/working-relationships",
        tag="working-relationships",
        summary="My caseload: the residents whom I work with now",
        action=Action.CASELOAD_LIST,
        scope=Scope.RELATIONSHIPS_READ,
        about=About.RESIDENT,
        use=_caseload,
        answer=CaseloadLinePageView,
        query=ListQuery,
    ),
]
