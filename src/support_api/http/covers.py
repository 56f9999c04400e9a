"""Cover on the wire: who stands in for a worker, and until when."""

from typing import Any
from uuid import UUID

from pydantic import ConfigDict, model_validator

from support_api.domain.actions import Action
from support_api.domain.vocabulary import Scope
from support_api.http.operations import About, Answer, Call, Operation
from support_api.http.wire import Body, Id, Moment, View, mistake, said
from support_api.http.workers import WorkerView
from support_api.services import covers
from support_api.services.covers import Seen

_ALL = "/residents/{residentId}/working-relationships/{workingRelationshipId}/covers"
_EACH = _ALL + "/{coverId}"
_EXAMPLE: dict[str, Any] = {
    "workerId": "0199f3c2-7a10-7c3e-9b1d-2f6a5d0c4e81",
    "until": "2026-12-20T17:00:00+01:00",
}


class NewCover(Body, title="nieuwe waarneming"):
    """Who stands in for the worker of this relationship."""

    model_config = ConfigDict(json_schema_extra={"examples": [_EXAMPLE]})

    worker_id: Id = said("medewerker", "Who stands in.")
    from_: Moment | None = said("begin", "From when on; now if absent.", default=None, alias="from")
    until: Moment = said("einde", "Until when: at most eight weeks after the start.", "2026-12-20T17:00:00Z")

    @model_validator(mode="after")
    def _in_order(self) -> "NewCover":
        if self.from_ is not None and self.until <= self.from_:
            raise mistake("until", "not_allowed")
        return self


class CoverView(View, title="waarneming"):
    """Who stands in for a worker, and for how long."""

    id: UUID = said("kenmerk", "Id of the cover.")
    version: int = said("versie", "Counts the changes.", 1)
    working_relationship_id: UUID = said("werkrelatie", "The relationship whose worker is away.")
    worker_id: UUID = said("medewerker", "Who stands in.")
    worker: WorkerView | None = said(
        "gegevens van de medewerker", "For the resident, and for who works with the resident."
    )
    from_: Moment = said("begin", "From when on.", alias="from")
    until: Moment = said("einde", "Until when.")


def render(seen: Seen) -> CoverView:
    cover = seen.cover
    names = CoverView.model_fields.keys() - {"worker", "from_", "until"}
    fields = {name: getattr(cover, name) for name in names}
    period = {"from_": cover.starts_at, "until": cover.ends_at}
    return CoverView.model_validate({**fields, **period, "worker": seen.worker}, from_attributes=True)


def _answer(seen: Seen) -> Answer:
    return Answer(render(seen), seen.cover.version, seen.cover.id)


def _started(call: Call, seen: Seen) -> Answer:
    return Answer(render(seen), seen.cover.version, seen.cover.id, f"{call.base}{call.path}/{seen.cover.id}")


def _where(call: Call) -> tuple[UUID, UUID]:
    return call.resident_id, call.ids["workingRelationshipId"]


async def _start(call: Call) -> Answer:
    body = call.body
    return _started(call, await covers.start(call.work, *_where(call), body.worker_id, body.from_, body.until))


async def _start_again(call: Call, item_id: UUID, _: int) -> Answer:
    return _started(call, await covers.read(call.work, *_where(call), item_id, Action.COVER_START))


async def _read(call: Call) -> Answer:
    return _answer(await covers.read(call.work, *_where(call), call.ids["coverId"]))


async def _end(call: Call) -> Answer:
    return _answer(await covers.end(call.work, *_where(call), call.ids["coverId"]))


async def _end_again(call: Call, item_id: UUID, _: int) -> Answer:
    return _answer(await covers.read(call.work, *_where(call), item_id, Action.COVER_END))


OPERATIONS = [
    Operation(
        name="startCover",
        method="POST",
        path=_ALL,
        tag="covers",
        summary="Arrange who stands in for this worker, for at most eight weeks",
        description="For that time the deputy has the duties of the relationship and reads what the resident shares"
        " with whoever works with them. What the resident shares with this worker alone the deputy doesn't read; what"
        " the resident refused this worker is refused to the deputy too. The resident sees it with the relationship.",
        action=Action.COVER_START,
        scope=Scope.RELATIONSHIPS_ASSIGN,
        about=About.RESIDENT,
        use=_start,
        replay=_start_again,
        answer=CoverView,
        body=NewCover,
        creates=True,
    ),
    Operation(
        name="getCover",
        method="GET",
        path=_EACH,
        tag="covers",
        summary="One cover",
        action=Action.COVER_READ,
        scope=Scope.RELATIONSHIPS_READ,
        about=About.RESIDENT,
        use=_read,
        answer=CoverView,
    ),
    Operation(
        name="endCover",
        method="POST",
        path=_EACH + "/_end",
        tag="covers",
        summary="End a cover before its time; the deputy's access ends with it",
        action=Action.COVER_END,
        scope=Scope.RELATIONSHIPS_ASSIGN,
        about=About.RESIDENT,
        use=_end,
        replay=_end_again,
        answer=CoverView,
    ),
]
