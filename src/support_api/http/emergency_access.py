"""Emergency access on the wire: open, read about it, review."""

from uuid import UUID

from support_api.domain.actions import Action
from support_api.domain.emergency_access import EmergencyOutcome
from support_api.domain.vocabulary import Assurance, Scope
from support_api.http.access_log import AccessLogWhoView
from support_api.http.operations import About, Answer, Call, Operation
from support_api.http.wire import Body, ListQuery, Moment, PageQuery, Paragraph, View, page_of, said
from support_api.services import emergency_access
from support_api.services.emergency_access import Seen

_ALL = "/residents/{residentId}/emergency-access"
_EACH = _ALL + "/{emergencyAccessId}"
_REASON = "Mevrouw neemt niet op en de buren horen niets; ik moet haar bellen."
_WORDS = "De wijkverpleegkundige moest weten wie er gebeld kon worden."


class NewEmergencyAccess(Body, title="nieuwe noodtoegang"):
    """Why somebody who does not work with the resident has to reach them now."""

    reason: Paragraph = said("reden", "Why; the resident and the privacy officer read it.", _REASON)


class EmergencyReviewBody(Body, title="beoordeling van noodtoegang"):
    """What the privacy officer finds of it."""

    outcome: EmergencyOutcome = said("oordeel", "Whether it was justified.", "justified")
    words: Paragraph = said("toelichting", "Why, in words for the resident.", _WORDS)


class EmergencyAccessView(View, title="noodtoegang"):
    """One time that somebody let themself in, and what was found of it."""

    id: UUID = said("kenmerk", "Id of the emergency access.")
    version: int = said("versie", "Counts the changes.", 1)
    resident_id: UUID = said("inwoner", "The resident.")
    who: AccessLogWhoView = said("wie", "Who let themself in, as far as the reader may know.")
    reason: str = said("reden", "Why, in their words.", _REASON)
    opened_at: Moment = said("begin", "From when on.")
    ends_at: Moment = said("einde", "Until when the name and contact preferences can be read.")
    outcome: EmergencyOutcome | None = said("oordeel", "What was found of it; null until then.", "justified")
    words: str | None = said("toelichting", "Why that was found.", _WORDS)
    reviewed_at: Moment | None = said("beoordeeld op", "When it was reviewed.")


class EmergencyReviewView(View, title="noodtoegang om te beoordelen"):
    """An emergency access that nobody has reviewed yet."""

    id: UUID = said("kenmerk", "Id of the emergency access.")
    resident_id: UUID = said("inwoner", "The resident.")
    opened_at: Moment = said("begin", "From when on.")
    ends_at: Moment = said("einde", "Until when.")


EmergencyAccessPageView = page_of(EmergencyAccessView)
EmergencyReviewPageView = page_of(EmergencyReviewView)


def render(seen: Seen) -> EmergencyAccessView:
    found = seen.emergency
    names = EmergencyAccessView.model_fields.keys() - {"who", "opened_at"}
    return EmergencyAccessView(
        **{name: getattr(found, name) for name in names},
        opened_at=found.created_at,
        who=AccessLogWhoView.model_validate(seen.who),
    )


def _answer(seen: Seen) -> Answer:
    return Answer(render(seen), seen.emergency.version, seen.emergency.id)


def _opened(call: Call, seen: Seen) -> Answer:
    location = f"{call.base}{call.path}/{seen.emergency.id}"
    return Answer(render(seen), seen.emergency.version, seen.emergency.id, location)


async def _open(call: Call) -> Answer:
    return _opened(call, await emergency_access.open_(call.work, call.resident_id, call.body.reason))


async def _open_again(call: Call, item_id: UUID, _: int) -> Answer:
    seen = await emergency_access.read(call.work, call.resident_id, item_id, Action.EMERGENCY_ACCESS_OPEN)
    return _opened(call, seen)


async def _list(call: Call) -> Answer:
    page, seen = await emergency_access.page(call.work, call.resident_id, call.window())
    return Answer(call.page(page, EmergencyAccessPageView, [render(each) for each in seen]))


async def _read(call: Call) -> Answer:
    return _answer(await emergency_access.read(call.work, call.resident_id, call.ids["emergencyAccessId"]))


async def _review(call: Call) -> Answer:
    which, said_ = call.ids["emergencyAccessId"], call.body
    return _answer(await emergency_access.review(call.work, call.resident_id, which, said_.outcome, said_.words))


async def _review_again(call: Call, item_id: UUID, _: int) -> Answer:
    return _answer(await emergency_access.read(call.work, call.resident_id, item_id, Action.EMERGENCY_ACCESS_REVIEW))


async def _awaiting(call: Call) -> Answer:
    page = await emergency_access.awaiting(call.work, call.window())
    views: list[View] = [
        EmergencyReviewView(id=each.id, resident_id=each.resident_id, opened_at=each.created_at, ends_at=each.ends_at)
        for each in page.items
    ]
    return Answer(call.page(page, EmergencyReviewPageView, views))


OPERATIONS = [
    Operation(
        name="startEmergencyAccess",
        method="POST",
        path=_ALL,
        tag="emergency-access",
        summary="In an emergency, read how to reach a resident whom you do not work with",
        description="With the purpose `emergency`, which the reads that follow state too. For one hour, of this"
        " resident, the name and the contact preferences: never what the resident told. The resident sees it at once,"
        " with the reason, and the privacy officer reviews it.",
        action=Action.EMERGENCY_ACCESS_OPEN,
        scope=Scope.EMERGENCY_ACCESS,
        about=About.RESIDENT,
        use=_open,
        replay=_open_again,
        answer=EmergencyAccessView,
        body=NewEmergencyAccess,
        creates=True,
        assurance=Assurance.SUBSTANTIAL,
    ),
    Operation(
        name="listEmergencyAccess",
        method="GET",
        path=_ALL,
        tag="emergency-access",
        summary="Each time that somebody let themself in, why, and what was found of it",
        action=Action.EMERGENCY_ACCESS_LIST,
        scope=Scope.ACCESS_LOG_READ,
        about=About.RESIDENT,
        use=_list,
        answer=EmergencyAccessPageView,
        query=PageQuery,
        assurance=Assurance.SUBSTANTIAL,
    ),
    Operation(
        name="getEmergencyAccess",
        method="GET",
        path=_EACH,
        tag="emergency-access",
        summary="One of these times",
        action=Action.EMERGENCY_ACCESS_READ,
        scope=Scope.ACCESS_LOG_READ,
        about=About.RESIDENT,
        use=_read,
        answer=EmergencyAccessView,
        assurance=Assurance.SUBSTANTIAL,
    ),
    Operation(
        name="reviewEmergencyAccess",
        method="POST",
        path=_EACH + "/_review",
        tag="emergency-access",
        summary="Say whether it was justified, for the resident to read",
        description="Once. What was not justified ends at once.",
        action=Action.EMERGENCY_ACCESS_REVIEW,
        scope=Scope.EMERGENCY_REVIEW,
        about=About.RESIDENT,
        use=_review,
        replay=_review_again,
        answer=EmergencyAccessView,
        body=EmergencyReviewBody,
        assurance=Assurance.SUBSTANTIAL,
    ),
    Operation(
        name="listEmergencyReviews",
        method="GET",
        path="/emergency-access",
        tag="emergency-access",
        summary="What waits for the privacy officer's review, oldest first",
        action=Action.EMERGENCY_ACCESS_LIST,
        scope=Scope.EMERGENCY_REVIEW,
        about=About.RESIDENT,
        use=_awaiting,
        answer=EmergencyReviewPageView,
        query=ListQuery,
        assurance=Assurance.SUBSTANTIAL,
    ),
]
