"""Consents on the wire: give, refuse and withdraw, each with a receipt in plain Dutch."""

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from pydantic import ConfigDict, Field, model_validator

from support_api.domain import dutch
from support_api.domain.actions import Action
from support_api.domain.consents import Consent, ConsentDecision, ConsentOrigin, ConsentStatus
from support_api.domain.grounds import CONSENTED
from support_api.domain.vocabulary import Assurance, Category, Depth, PartyType, Purpose, Scope, Term
from support_api.http.operations import About, Answer, Call, Operation
from support_api.http.sharing import ItemView
from support_api.http.wire import Body, Id, Moment, PageQuery, View, mistake, only_if, page_of, said
from support_api.services import consents
from support_api.services.consents import Seen, Withdrawn

_ALL = "/residents/{residentId}/consents"
_EACH = _ALL + "/{consentId}"
RECEIPT_SCHEMA = "consent-receipt/1.0"


class ReceiptEvent(Term, dutch="gebeurtenis op een ontvangstbewijs", source="ISO/IEC TS 27560; Support API"):
    """What a receipt is proof of."""

    GIVEN = "given", "gegeven"
    DECLINED = "declined", "geweigerd"
    WITHDRAWN = "withdrawn", "ingetrokken"
    SUPERSEDED = "superseded", "vervangen"


_EVENTS = {
    ConsentStatus.ACTIVE: ReceiptEvent.GIVEN,
    ConsentStatus.DECLINED: ReceiptEvent.DECLINED,
    ConsentStatus.WITHDRAWN: ReceiptEvent.WITHDRAWN,
    ConsentStatus.SUPERSEDED: ReceiptEvent.SUPERSEDED,
}
_SENTENCES = {
    ReceiptEvent.GIVEN: "{who} mag dit lezen: {what}. Waarvoor: {why}.{until} Je mag dit altijd stoppen.",
    ReceiptEvent.DECLINED: "{who} mag dit niet lezen: {what}. Waarvoor: {why}.",
    ReceiptEvent.WITHDRAWN: "{who} mag dit niet meer lezen: {what}. Waarvoor: {why}. Dat geldt vanaf nu.",
    ReceiptEvent.SUPERSEDED: "Je hebt later iets anders beslist over {what} en {who}.",
}


_DECIDABLE: Any = [str(each) for each in Category if each in CONSENTED]
Decided = Annotated[Category, Field(json_schema_extra={"enum": _DECIDABLE})]
_NOBODY = {"properties": {"id": {"type": "null"}}}
_SOMEBODY = {"properties": {"id": {"type": "string"}}, "required": ["id"]}
_EITHER: dict[str, Any] = {"properties": {each: {"minItems": 1} for each in ("onlyItems", "exceptItems")}}
_BOTH: dict[str, Any] = {**_EITHER, "required": ["onlyItems", "exceptItems"]}


_EXAMPLE: dict[str, Any] = {
    "decision": "permit",
    "party": {"type": "my_workers"},
    "purpose": "support",
    "categories": ["portrait", "life_story_short"],
    "depth": "short",
}


class PartyBody(Body, title="partij"):
    """Whom a decision is about."""

    model_config = ConfigDict(
        json_schema_extra={**only_if("type", "my_workers", _NOBODY, _SOMEBODY), "examples": [{"type": "my_workers"}]}
    )

    type: PartyType = said("soort partij", "Whom the decision is about.", "my_workers")
    id: Id | None = said(
        "kenmerk",
        "Which worker, of those whom the resident has met, or which system; absent for my_workers.",
        default=None,
    )

    @model_validator(mode="after")
    def _named(self) -> "PartyBody":
        if self.id is None and self.type is not PartyType.MY_WORKERS:
            raise mistake("id", "required")
        if self.id is not None and self.type is PartyType.MY_WORKERS:
            raise mistake("id", "not_allowed")
        return self


class NewConsent(Body, title="nieuwe toestemming"):
    """A decision of the resident to record: a yes or a no."""

    model_config = ConfigDict(json_schema_extra={"not": _BOTH, "examples": [_EXAMPLE]})

    decision: ConsentDecision = said("besluit", "Yes or no; a no is stored as well.", "permit")
    party: PartyBody = said("voor wie", "Whom the decision is about.", {"type": "my_workers"})
    purpose: Purpose = said("waarvoor", "For which purpose.", "support", default=Purpose.SUPPORT)
    categories: tuple[Decided, ...] = said(
        "welke gegevens",
        "Which kinds of data, of those that the resident decides about.",
        ["portrait", "life_story_short"],
        min_length=1,
        max_length=10,
    )
    only_items: tuple[Id, ...] = said("alleen deze", "Only these items; none named: all.", default=(), max_length=200)
    except_items: tuple[Id, ...] = said(
        "behalve deze", "All but these; never with `onlyItems`.", default=(), max_length=200
    )
    depth: Depth = said("hoe diep", "The short version, or all.", "short", default=Depth.SHORT)
    valid_until: Moment | None = said("geldig tot", "At most twelve months from now.", default=None)

    @model_validator(mode="after")
    def _decidable(self) -> "NewConsent":
        if not set(self.categories) <= CONSENTED:
            raise mistake("categories", "not_in_list")
        if self.only_items and self.except_items:
            raise mistake("exceptItems", "not_allowed")
        return self


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


class ConsentView(ItemView, title="toestemming"):
    """The resident's decision who may see what, for what, until when. A refusal is one too."""

    decision: ConsentDecision = said("besluit", "Yes or no.", "permit")
    status: ConsentStatus = said("status", "Whether it holds.", "active")
    origin: ConsentOrigin = said("ontstaan", "By which act of the resident it came to be.", "given")
    party: PartyView = said("voor wie", "Whom the decision is about.")
    purpose: Purpose = said("waarvoor", "For which purpose.", "support")
    categories: tuple[Category, ...] = said("welke gegevens", "Which kinds of data.", ["portrait"])
    only_items: tuple[UUID, ...] = said("alleen deze", "Only these items; none named: all.", [])
    except_items: tuple[UUID, ...] = said("behalve deze", "All but these items.", [])
    depth: Depth = said("hoe diep", "The short version, or all.", "short")
    valid_from: Moment = said("geldig vanaf", "From when on.")
    valid_until: Moment | None = said("geldig tot", "Until when; null for a no, which stays.")
    working_relationship_id: UUID | None = said("werkrelatie", "Ends with this working relationship.")
    withdrawn_at: Moment | None = said("ingetrokken op", "When it was withdrawn.")
    receipt: ReceiptView = said("ontvangstbewijs", "Proof of the latest decision.")


class StoppedView(View, title="wat stopt"):
    """What a withdrawal stops."""

    party: PartyView = said("voor wie", "Who gets it no longer.")
    categories: tuple[Category, ...] = said("welke gegevens", "Which kinds of data.", ["portrait"])
    items: int = said("onderdelen", "How many named items; 0 means all of these kinds.", 3)


class StaysView(View, title="wat blijft"):
    """What a withdrawal does not touch."""

    what: str = said("wat blijft", "What is not undone.", "Wie het eerder heeft gelezen")
    why: str = said("waarom", "Why it stays.", "zodat jij het kunt nakijken")


class EffectView(View, title="gevolg van intrekken"):
    """What a withdrawal does."""

    stopped_now: tuple[StoppedView, ...] = said("meteen gestopt", "What nobody of this party reads from now on.")
    re_rendered: tuple[UUID, ...] = said(
        "opnieuw gemaakt", "The working relationships whose briefing is made without it from now on."
    )
    stays_because: tuple[StaysView, ...] = said("wat blijft", "What stays, and why.")
    consequences_for_you: str = said("gevolgen voor jou", "What it changes in your support.", "geen")


class WithdrawalView(View, title="intrekking"):
    """A consent that was withdrawn, and what that does."""

    consent: ConsentView = said("toestemming", "The consent as it is now.")
    effect: EffectView = said("gevolg", "What the withdrawal does.")


ConsentPageView = page_of(ConsentView)
_STAYS = (
    StaysView(what="De onderdelen zelf: die blijven van jou", why="intrekken is niet hetzelfde als verwijderen"),
    StaysView(what="Wie het eerder heeft gelezen", why="zodat jij het kunt nakijken"),
)


def render(call: Call, seen: Seen) -> ConsentView:
    consent = seen.consent
    names = ConsentView.model_fields.keys() - {"party", "receipt"}
    return ConsentView(
        **{name: getattr(consent, name) for name in names}, party=_party(seen), receipt=_receipt(call, seen)
    )


def _party(seen: Seen) -> PartyView:
    return PartyView(type=seen.consent.party_type, id=seen.consent.party_id, name=seen.party)


def _receipt(call: Call, seen: Seen) -> ReceiptView:
    consent, event = seen.consent, _EVENTS[seen.consent.status]
    address = f"{call.base}/v1/residents/{consent.resident_id}/consents/{consent.id}/_withdraw"
    return ReceiptView(
        id=consent.receipt_id,
        schema_version=RECEIPT_SCHEMA,
        event=event,
        at=consent.withdrawn_at or consent.valid_from,
        in_plain_dutch=_SENTENCES[event].format(
            who=seen.party, what=_kinds(consent), why=consent.purpose.dutch, until=_until(consent.valid_until)
        ),
        how_to_stop=address if event is ReceiptEvent.GIVEN else None,
    )


def _kinds(consent: Consent) -> str:
    kinds = ", ".join(category.dutch for category in consent.categories)
    return f"{kinds} (alleen wat jij koos)" if consent.only_items else kinds


def _until(moment: datetime | None) -> str:
    if moment is None:
        return ""
    return f" Tot {dutch.day(moment)}."


def _answer(call: Call, seen: Seen) -> Answer:
    return Answer(render(call, seen), seen.consent.version, seen.consent.id)


def _created(call: Call, seen: Seen) -> Answer:
    location = f"{call.base}{call.path}/{seen.consent.id}"
    return Answer(render(call, seen), seen.consent.version, seen.consent.id, location)


async def _list(call: Call) -> Answer:
    _, page, seen = await consents.page(call.work, call.resident_id, call.window())
    return Answer(call.page(page, ConsentPageView, [render(call, each) for each in seen]))


async def _read(call: Call) -> Answer:
    return _answer(call, await consents.read(call.work, call.resident_id, call.ids["consentId"]))


async def _create(call: Call) -> Answer:
    fields = dict(call.body)
    party = fields.pop("party")
    return _created(
        call,
        await consents.create(call.work, call.resident_id, {**fields, "party_type": party.type, "party_id": party.id}),
    )


async def _create_again(call: Call, item_id: UUID, version: int) -> Answer:
    return _created(call, await consents.again(call.work, call.resident_id, item_id, version))


def _withdrawal(call: Call, withdrawn: Withdrawn) -> Answer:
    consent = withdrawn.seen.consent
    stopped = StoppedView(party=_party(withdrawn.seen), categories=consent.categories, items=len(consent.only_items))
    effect = EffectView(
        stopped_now=(stopped,),
        re_rendered=withdrawn.working_relationship_ids,
        stays_because=_STAYS,
        consequences_for_you="geen",
    )
    return Answer(WithdrawalView(consent=render(call, withdrawn.seen), effect=effect), consent.version, consent.id)


async def _withdraw(call: Call) -> Answer:
    return _withdrawal(call, await consents.withdraw(call.work, call.resident_id, call.ids["consentId"]))


async def _withdraw_again(call: Call, item_id: UUID, version: int) -> Answer:
    return _withdrawal(call, await consents.withdraw_again(call.work, call.resident_id, item_id, version))


OPERATIONS = [
    Operation(
        name="listConsents",
        method="GET",
        path=_ALL,
        tag="consents",
        summary="All decisions of the resident: given, refused and withdrawn",
        action=Action.CONSENT_LIST,
        scope=Scope.CONSENTS_READ,
        about=About.RESIDENT,
        use=_list,
        answer=ConsentPageView,
        query=PageQuery,
        assurance=Assurance.SUBSTANTIAL,
    ),
    Operation(
        name="getConsent",
        method="GET",
        path=_EACH,
        tag="consents",
        summary="One decision of the resident",
        action=Action.CONSENT_READ,
        scope=Scope.CONSENTS_READ,
        about=About.RESIDENT,
        use=_read,
        answer=ConsentView,
        assurance=Assurance.SUBSTANTIAL,
    ),
    Operation(
        name="createConsent",
        method="POST",
        path=_ALL,
        tag="consents",
        summary="Say yes or no",
        description="A permit for `my_workers` without `onlyItems` is told once and decided once: every next worker of"
        " the resident reads the short version.",
        action=Action.CONSENT_CREATE,
        scope=Scope.CONSENTS_WRITE,
        about=About.RESIDENT,
        use=_create,
        replay=_create_again,
        answer=ConsentView,
        body=NewConsent,
        creates=True,
        assurance=Assurance.SUBSTANTIAL,
    ),
    Operation(
        name="withdrawConsent",
        method="POST",
        path=_EACH + "/_withdraw",
        tag="consents",
        summary="Withdraw a permit: one call, no reason asked, from the next read on",
        action=Action.CONSENT_WITHDRAW,
        scope=Scope.CONSENTS_WRITE,
        about=About.RESIDENT,
        use=_withdraw,
        replay=_withdraw_again,
        answer=WithdrawalView,
        assurance=Assurance.SUBSTANTIAL,
    ),
]
