"""The access log on the wire: who looked, why and on what ground, in plain Dutch."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

from support_api.domain.access_log import sentence
from support_api.domain.actions import Action, Outcome
from support_api.domain.vocabulary import Assurance, Purpose, Scope
from support_api.http import cursors
from support_api.http.operations import About, Answer, Call, Operation
from support_api.http.wire import ListQuery, Moment, View, page_of, said
from support_api.services import access_log
from support_api.services.access_log import Seen

_EPOCH = datetime(2000, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


class AccessLogWhoView(View, title="wie"):
    """Whoever acted, as far as the resident may know."""

    you: bool = said("jijzelf", "Whether it was the resident.", False)
    name: str | None = said("naam", "Of somebody whom the resident has met.", "Teun Demo")
    function: str | None = said("functie", "What somebody is.", "consulent")
    unit: str | None = said("team of afdeling", "Where somebody works.", "Wijkteam De Denkbeeldige Linde")
    system: str | None = said("toepassing", "Through which application.", "Werkplek Voorbeeld")


class AccessLogLineView(View, title="inzageregel"):
    """One line of the access log."""

    id: UUID = said("kenmerk", "Id of the line.")
    at: Moment = said("moment", "When it happened.")
    sentence: str = said("in gewone taal", "What happened.", "Teun Demo las je briefing. Doel: begeleiding.")
    who: AccessLogWhoView = said("wie", "Who did it, as far as the resident may know.")
    action: Action = said("handeling", "What was done.", "briefing:read")
    outcome: Outcome = said("uitkomst", "Whether it was done.", "done")
    purpose: Purpose | None = said("doel", "What it was for; null for the resident's own.", "support")
    legal_basis: str | None = said("grondslag", "The law or ground that it rests on.", "Wmo 2015, art. 2.3.1")
    consent_id: UUID | None = said("toestemming", "The consent that opened it.")
    object_ids: tuple[UUID, ...] = said("onderdelen", "What was shown or changed.")


AccessLogLinePageView = page_of(AccessLogLineView)


def render(seen: Seen) -> AccessLogLineView:
    line = seen.line
    names = AccessLogLineView.model_fields.keys() - {"who", "sentence"}
    who = AccessLogWhoView.model_validate(seen.who)
    return AccessLogLineView(
        **{name: getattr(line, name) for name in names}, who=who, sentence=sentence(line, seen.who)
    )


def _edge(seen: Seen) -> bytes:
    return ((seen.line.at - _EPOCH) // _MICROSECOND).to_bytes(8, "big") + seen.line.id.bytes


def _place(edge: bytes | None) -> tuple[datetime, UUID] | None:
    if edge is None:
        return None
    at, line = cursors.split_edge(edge, 8)
    return _EPOCH + int.from_bytes(at, "big") * _MICROSECOND, line


async def _list(call: Call) -> Answer:
    _, lines, more = await access_log.page(call.work, call.resident_id, call.query.limit, _place(call.edge()))
    following = call.link(_edge(lines[-1]), backwards=False) if more else None
    results = tuple(render(each) for each in lines)
    return Answer(AccessLogLinePageView(results=results, next=following, previous=None, count=None))


OPERATIONS = [
    Operation(
        name="listAccessLog",
        method="GET",
        path="/residents/{residentId}/access-log",
        tag="access-log",
        summary="Who looked at this resident's data, newest first",
        description="Refused attempts inside the municipality included. Reading it is a line as well.",
        action=Action.ACCESS_LOG_READ,
        scope=Scope.ACCESS_LOG_READ,
        about=About.RESIDENT,
        use=_list,
        answer=AccessLogLinePageView,
        query=ListQuery,
        assurance=Assurance.SUBSTANTIAL,
    )
]
