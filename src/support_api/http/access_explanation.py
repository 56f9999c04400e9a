"""The access explanation on the wire: who can see what now, on which ground and by which decision."""

from uuid import UUID

from support_api.domain.access_explanation import Extent
from support_api.domain.actions import Action
from support_api.domain.grounds import Basis
from support_api.domain.vocabulary import Assurance, Category, Purpose, Role, Scope
from support_api.http.operations import About, Answer, Call, Operation
from support_api.http.wire import Moment, View, said
from support_api.services import access_explanation
from support_api.services.access_explanation import Explanation, Seen


class ExplainedCategoryView(View, title="uitleg per gegevenssoort"):
    """How much of one kind of data a party sees, and why."""

    category: Category = said("gegevenssoort", "Which kind of data.", "portrait")
    level: Extent = said("hoeveel", "How much of it this party sees now.", "short")
    sentence: str = said(
        "in gewone taal", "The same, to be shown as it is.", "Van portret: de korte versie. Dat heb jij toegestaan."
    )
    consent_ids: tuple[UUID, ...] = said("toestemmingen", "The consents that open it.")
    refusal_ids: tuple[UUID, ...] = said(
        "weigeringen", "The refusals and withdrawn consents that close some or all of it; for the resident alone."
    )
    shown_ids: tuple[UUID, ...] = said("getoond", "What of it this party can read.")
    excluded_ids: tuple[UUID, ...] = said(
        "uitgesloten",
        "What of it this party can't read, if the party sees anything at all; for the resident alone.",
    )


class ExplainedPartyView(View, title="uitleg per partij"):
    """What one party sees for one purpose."""

    role: Role = said("rol", "As what the party would look.", "worker")
    id: UUID | None = said("kenmerk", "Id of the worker or system; null for whoever has the role.")
    name: str = said("naam", "Who it is.", "Teun Demo")
    purpose: Purpose | None = said("doel", "For which purpose; null if there is none that shows anything.", "support")
    basis: Basis = said("waarop toegang rust", "On what ground.", "relation")
    sentence: str = said("in gewone taal", "Who it is and why.", "Teun Demo werkt met je. Doel: begeleiding.")
    categories: tuple[ExplainedCategoryView, ...] = said("per gegevenssoort", "What the party sees of each kind.")


class AccessExplanationView(View, title="toegangsuitleg"):
    """Who can see what of the resident at this moment, and why."""

    at: Moment = said("moment", "When this held.")
    more: bool = said(
        "meer", "Whether there are over 1,000 portrait items or notes: the later ones aren't explained.", False
    )
    parties: tuple[ExplainedPartyView, ...] = said(
        "partijen", "Each party, once for each purpose for which it sees anything."
    )


def _party(seen: Seen) -> ExplainedPartyView:
    found = seen.explained
    categories = tuple(
        ExplainedCategoryView(
            category=line.category,
            level=Extent[line.level.name],
            sentence=sentence,
            consent_ids=line.permits,
            refusal_ids=line.refusals,
            shown_ids=line.shown,
            excluded_ids=line.excluded,
        )
        for line, sentence in zip(found.lines, seen.sentences, strict=True)
    )
    return ExplainedPartyView(
        role=found.party.role,
        id=found.party.id,
        name=seen.name,
        purpose=found.purpose,
        basis=found.basis,
        sentence=seen.sentence,
        categories=categories,
    )


def render(call: Call, explanation: Explanation) -> AccessExplanationView:
    return AccessExplanationView(
        at=call.work.now, more=explanation.more, parties=tuple(_party(each) for each in explanation.parties)
    )


async def _read(call: Call) -> Answer:
    return Answer(render(call, await access_explanation.read(call.work, call.resident_id)))


OPERATIONS = [
    Operation(
        name="getAccessExplanation",
        method="GET",
        path="/residents/{residentId}/access-explanation",
        tag="access-explanation",
        summary="Who can see what of this resident now, and why; for a worker what holds for themself",
        description="Every worker who works or worked with the resident, every system that a consent is about, and"
        " the roles that see something of every resident. It is decided as every request is: what stands here is what"
        " a read at this moment shows. People are shown what at least one program of the municipality may show.",
        action=Action.ACCESS_EXPLANATION_READ,
        scope=Scope.CONSENTS_READ,
        about=About.RESIDENT,
        use=_read,
        answer=AccessExplanationView,
        assurance=Assurance.SUBSTANTIAL,
    )
]
