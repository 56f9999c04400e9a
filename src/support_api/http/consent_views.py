"""Consents as they are shown: whom and what they are about, whether they hold, and what withdrawing did."""

from datetime import datetime
from uuid import UUID, uuid5

from support_api.domain import dutch
from support_api.domain.consent_terms import LEGAL_NOTE, ConsentAction, ConsentHow
from support_api.domain.consents import ENDING, Consent, ConsentDecision, ConsentOrigin, ConsentStatus
from support_api.domain.recalls import RecallAnswer
from support_api.domain.receipts import EVENTS, ReceiptEvent
from support_api.domain.vocabulary import Category, Depth, PartyType, Purpose
from support_api.http.operations import Call
from support_api.http.sharing import ItemView
from support_api.http.wire import Moment, View, page_of, said
from support_api.services.consents import Seen

RECEIPT_SCHEMA = "consent-receipt/1.0"


_SENTENCES = {
    ReceiptEvent.GIVEN: "{who} mag dit lezen: {what}. Waarvoor: {why}.{until} Je mag dit altijd stoppen.",
    ReceiptEvent.DECLINED: "{who} mag dit niet lezen: {what}. Waarvoor: {why}.",
    ReceiptEvent.WITHDRAWN: "{who} mag dit niet meer lezen: {what}. Waarvoor: {why}. Dat geldt vanaf nu.",
    ReceiptEvent.SUPERSEDED: "Je hebt later iets anders beslist over {what} en {who}.",
    ReceiptEvent.EXPIRED: "De afgesproken tijd is om: {who}, {what}. Waarvoor: {why}. Dit geldt niet meer.",
}


class PartyView(View, title="partij"):
    """Whom a decision is about, and what they are called."""

    type: PartyType = said("soort partij", "Whom the decision is about.", "worker")
    id: UUID | None = said("kenmerk", "Which worker or system.")
    name: str = said("naam", "As the resident knows the party.", "Teun Demo")


class ReceiptView(View, title="ontvangstbewijs"):
    """Proof for the resident of what was decided."""

    id: UUID = said("kenmerk", "Id of the receipt.")
    schema_version: str = said("versie", "Form of the receipt.", RECEIPT_SCHEMA)
    event: ReceiptEvent = said("gebeurtenis", "What was decided.", "given")
    at: Moment = said("moment", "When it was decided.")
    in_plain_dutch: str = said("in gewone taal", "What it means.", "Wie jou nu begeleidt mag dit lezen: portret.")
    how_to_stop: str | None = said(
        "zo stop je het",
        "Where to withdraw it; null if there is nothing to withdraw.",
        "https://support-api.example.nl/v1/residents/…/consents/…/_withdraw",
    )


class InformedWithView(View, title="uitleg vooraf"):
    """Which text the resident was shown or read before deciding."""

    notice_id: str = said("kenmerk van de uitleg", "Which text.", "nt-12")
    version: str = said("versie van de uitleg", "Which version of it.", "3")
    language: str = said("taal van de uitleg", "In which language, and how plain.", "nl-B1")


class RecallView(ItemView, title="terugroeping"):
    """What a system that had received something is asked after a withdrawal, and what it answered."""

    resident_id: UUID = said("inwoner", "Whose data it is about.")
    consent_id: UUID = said("toestemming", "The consent that no longer holds.")
    system_id: UUID = said("systeem", "Which system is asked.")
    categories: tuple[Category, ...] = said("welke gegevens", "Which kinds of data.", ["portrait"])
    object_ids: tuple[UUID, ...] = said("onderdelen", "What the system was really shown.")
    answer_by: Moment = said("antwoorden voor", "Until when an answer is expected: fourteen days.")
    answer: RecallAnswer | None = said("antwoord", "What the system did; null until it answers.", "deleted")
    answered_at: Moment | None = said("beantwoord op", "When it answered.")
    legal_basis: str | None = said("grondslag", "Which law it is kept on.", "Archiefwet 1995")
    reason: str | None = said("reden", "Why it is kept.", "Dit stond al in een besluit.")


class ConsentView(ItemView, title="toestemming"):
    """The resident's decision who may see what, for what, until when. A refusal is one too."""

    decision: ConsentDecision = said("besluit", "Yes or no.", "permit")
    status: ConsentStatus = said("status", "Whether it holds, at this moment.", "active")
    origin: ConsentOrigin = said("ontstaan", "By which act of the resident it came to be.", "given")
    party: PartyView = said("voor wie", "Whom the decision is about.")
    purpose: Purpose = said("waarvoor", "For which purpose.", "support")
    categories: tuple[Category, ...] = said("welke gegevens", "Which kinds of data.", ["portrait"])
    only_items: tuple[UUID, ...] = said("alleen deze", "Only these items; none named: all.", [])
    except_items: tuple[UUID, ...] = said("behalve deze", "All but these items.", [])
    depth: Depth = said("hoe diep", "The short version, or all.", "short")
    actions: tuple[ConsentAction, ...] = said("wat mag", "What may be done with it.", ["view"])
    how: ConsentHow = said("hoe gegeven", "How the resident said it.", "login")
    informed_with: InformedWithView | None = said("uitleg vooraf", "Which text the resident was shown or read.")
    legal_note: str = said("juridische duiding", "What this decision is, and what it is not.", LEGAL_NOTE)
    decide_by: Moment | None = said("beslissen voor", "When a proposal lapses; null for what is decided.")
    valid_from: Moment = said("geldig vanaf", "From when on.")
    valid_until: Moment | None = said("geldig tot", "Until when; null for a no, which stays.")
    working_relationship_id: UUID | None = said("werkrelatie", "Ends with this working relationship.")
    withdrawn_at: Moment | None = said("ingetrokken op", "When it was withdrawn.")
    recall: RecallView | None = said(
        "terugroeping", "What the system was asked back, and its answer; null if nothing was."
    )
    receipt: ReceiptView | None = said("ontvangstbewijs", "Proof of the latest decision; null for a proposal.")


class StoppedView(View, title="wat stopt"):
    """What a withdrawal stops."""

    party: PartyView = said("voor wie", "Who gets it no longer.")
    categories: tuple[Category, ...] = said("welke gegevens", "Which kinds of data.", ["portrait"])
    items: int = said("onderdelen", "How many named items; 0 means all of these kinds.", 3)


class StaysView(View, title="wat blijft"):
    """What a withdrawal does not touch."""

    what: str = said("wat blijft", "What is not undone.", "Wie het eerder heeft gelezen")
    why: str = said("waarom", "Why it stays.", "zodat jij het kunt nakijken")


class RecalledView(View, title="wat terug moet"):
    """A system that had received something, and is asked to delete it."""

    party: PartyView = said("voor wie", "Which system.")
    recall_id: UUID = said("terugroeping", "Which recall.")
    items: int = said("onderdelen", "How many items it was really shown.", 2)
    answer_by: Moment = said("antwoorden voor", "Until when an answer is expected.")
    answer: RecallAnswer | None = said("antwoord", "Null until it answers.", "deleted")


class EffectView(View, title="gevolg van intrekken"):
    """What a withdrawal does."""

    stopped_now: tuple[StoppedView, ...] = said("meteen gestopt", "What nobody of this party reads from now on.")
    re_rendered: tuple[UUID, ...] = said(
        "opnieuw gemaakt", "The working relationships whose briefing is made without it from now on."
    )
    recalled: tuple[RecalledView, ...] = said(
        "wat terug moet", "What was received before and is asked back; workers read here, and keep nothing."
    )
    stays_because: tuple[StaysView, ...] = said("wat blijft", "What stays, and why.")
    consequences_for_you: str = said("gevolgen voor jou", "What it changes in your support.", "geen")


class WithdrawalView(View, title="intrekking"):
    """A consent that was withdrawn, and what that does."""

    consent: ConsentView = said("toestemming", "The consent as it is now.")
    effect: EffectView = said("gevolg", "What the withdrawal does.")


ConsentPageView = page_of(ConsentView)


def render(call: Call, seen: Seen) -> ConsentView:
    consent = seen.consent
    names = ConsentView.model_fields.keys() - {"status", "party", "receipt", "legal_note", "recall"}
    return ConsentView(
        **{name: getattr(consent, name) for name in names},
        status=consent.state(call.work.now),
        party=party(seen),
        legal_note=LEGAL_NOTE,
        recall=RecallView.model_validate(seen.recall) if seen.recall else None,
        receipt=_receipt(call, seen) if consent.status in EVENTS else None,
    )


def party(seen: Seen) -> PartyView:
    return PartyView(type=seen.consent.party_type, id=seen.consent.party_id, name=seen.party)


def _receipt(call: Call, seen: Seen) -> ReceiptView:
    consent = seen.consent
    event, at, receipt_id = EVENTS[consent.status], _decided_at(consent), consent.receipt_id
    if consent.state(call.work.now) is ConsentStatus.EXPIRED and consent.valid_until:
        event, at = ReceiptEvent.EXPIRED, consent.valid_until
        receipt_id = uuid5(receipt_id, event.value)
    address = f"{call.base}/v1/residents/{consent.resident_id}/consents/{consent.id}/_withdraw"
    return ReceiptView(
        id=receipt_id,
        schema_version=RECEIPT_SCHEMA,
        event=event,
        at=at,
        in_plain_dutch=in_plain_dutch(event, consent, seen.party),
        how_to_stop=address if event is ReceiptEvent.GIVEN else None,
    )


def _decided_at(consent: Consent) -> datetime:
    """A no that made an exception later was still said then."""
    return consent.valid_from if consent.status in ENDING else consent.changed_at


def in_plain_dutch(event: ReceiptEvent, consent: Consent, party: str) -> str:
    return _SENTENCES[event].format(
        who=party, what=_kinds(consent), why=consent.purpose.dutch, until=_until(consent.valid_until)
    )


def _kinds(consent: Consent) -> str:
    found = ", ".join(category.dutch for category in consent.categories)
    return f"{found} (alleen wat jij koos)" if consent.only_items else found


def _until(moment: datetime | None) -> str:
    if moment is None:
        return ""
    return f" Tot {dutch.day(moment)}."
