"""Receipts on the wire: machine-readable after ISO/IEC TS 27560, in plain Dutch, and with a value to check them by."""

import hashlib
import json
from typing import Any
from uuid import UUID

from support_api.domain.actions import Action
from support_api.domain.consent_terms import LEGAL_NOTE, ConsentAction, ConsentHow
from support_api.domain.consents import ConsentDecision
from support_api.domain.receipts import ReceiptEvent
from support_api.domain.vocabulary import Assurance, Category, Depth, Purpose, Scope
from support_api.http.consent_views import RECEIPT_SCHEMA, InformedWithView, PartyView, in_plain_dutch
from support_api.http.operations import About, Answer, Call, Operation
from support_api.http.wire import Moment, View, said, whole_list
from support_api.services import receipts
from support_api.services.receipts import Shown

_ALL = "/residents/{residentId}/consents/{consentId}/receipts"
_HASH = "sha256:" + "0" * 64
_CHECK = (
    "`sha256:` and the SHA-256 of this receipt without this field, written as RFC 8785 says: JSON in UTF-8, the names"
    " in order, no spaces."
)


class ReceiptRightView(View, title="recht"):
    """One of the resident's rights, and where to go for it."""

    right: str = said("recht", "What the resident can do.", "Kijken wie je gegevens las")
    where: str = said("waar", "An address of this service, or who helps.", "/v1/residents/…/access-log")


class ReceiptHistoryView(View, title="gebeurtenis"):
    """One event of a consent."""

    event: ReceiptEvent = said("gebeurtenis", "What happened.", "given")
    at: Moment = said("moment", "When it happened.")


class ConsentReceiptView(View, title="volledig ontvangstbewijs"):
    """Proof of one event of a consent, complete by itself: to be kept, shown and checked elsewhere."""

    id: UUID = said("kenmerk", "Id of the receipt.")
    record_id: UUID = said("kenmerk van de toestemming", "The consent that it is about.")
    schema_version: str = said("versie", "Form of the receipt.", RECEIPT_SCHEMA)
    event: ReceiptEvent = said("gebeurtenis", "What it is proof of.", "given")
    at: Moment = said("moment", "When that happened.")
    principal: UUID = said("inwoner", "Pseudonym of the resident: the id that this service uses.")
    controller: str = said("verantwoordelijke", "The municipality.", "Voorbeeldstad")
    decision: ConsentDecision = said("besluit", "Yes or no.", "permit")
    purposes: tuple[Purpose, ...] = said("waarvoor", "For which purposes.", ["support"])
    categories: tuple[Category, ...] = said("welke gegevens", "Which kinds of data.", ["portrait"])
    only_items: tuple[UUID, ...] = said("alleen deze", "Only these items; none named: all.", [])
    except_items: tuple[UUID, ...] = said("behalve deze", "All but these items.", [])
    actions: tuple[ConsentAction, ...] = said("wat mag", "What may be done with it.", ["view"])
    depth: Depth = said("hoe diep", "The short version, or all.", "short")
    recipients: tuple[PartyView, ...] = said("voor wie", "Whom it is about.")
    valid_from: Moment = said("geldig vanaf", "From when on.")
    valid_until: Moment | None = said("geldig tot", "Until when; null if there is no end to it.")
    how: ConsentHow = said("hoe gegeven", "How the resident said it.", "login")
    notice: InformedWithView | None = said("uitleg vooraf", "Which text the resident was shown or read.")
    legal_note: str = said("juridische duiding", "What this decision is, and what it is not.", LEGAL_NOTE)
    how_to_stop: str | None = said(
        "zo stop je het", "Where to withdraw it; null if there is nothing to withdraw.", "/v1/residents/…/_withdraw"
    )
    rights: tuple[ReceiptRightView, ...] = said("jouw rechten", "What the resident can do, and where.")
    events: tuple[ReceiptHistoryView, ...] = said("verloop", "All that had happened to the consent until then.")
    in_plain_dutch: str = said("in gewone taal", "What it means.", "Wie jou nu begeleidt mag dit lezen: portret.")
    integrity: str = said("controlegetal", _CHECK, _HASH)


ConsentReceiptsView = whole_list(
    "ConsentReceiptsView",
    ConsentReceiptView,
    "ontvangstbewijzen",
    "Every receipt of one consent, the oldest first.",
)


_AS_DECIDED = (
    "decision",
    "categories",
    "only_items",
    "except_items",
    "actions",
    "depth",
    "valid_from",
    "valid_until",
    "how",
)


def integrity(receipt: dict[str, Any]) -> str:
    """Of a receipt as it is served; RFC 8785 for what stands in one: texts, lists and null."""
    bare = {name: value for name, value in receipt.items() if name != "integrity"}
    canonical = json.dumps(bare, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return "sha256:" + hashlib.sha256(canonical.encode()).hexdigest()


def render(shown: Shown) -> ConsentReceiptView:
    receipt, consent = shown.receipt, shown.receipt.consent
    place = f"/v1/residents/{consent.resident_id}"
    stop = f"{place}/consents/{consent.id}/_withdraw"
    view = ConsentReceiptView(
        **{name: getattr(consent, name) for name in _AS_DECIDED},
        id=receipt.id,
        record_id=consent.id,
        schema_version=RECEIPT_SCHEMA,
        event=receipt.event,
        at=receipt.at,
        principal=consent.resident_id,
        controller=shown.controller,
        purposes=(consent.purpose,),
        recipients=(PartyView(type=consent.party_type, id=consent.party_id, name=shown.party),),
        notice=InformedWithView.model_validate(consent.informed_with) if consent.informed_with else None,
        legal_note=LEGAL_NOTE,
        how_to_stop=stop if receipt.event is ReceiptEvent.GIVEN else None,
        rights=_rights(place, stop),
        events=tuple(ReceiptHistoryView.model_validate(each) for each in receipt.events),
        in_plain_dutch=in_plain_dutch(receipt.event, consent, shown.party),
        integrity=_HASH,
    )
    return view.model_copy(update={"integrity": integrity(json.loads(view.json_bytes()))})


def _rights(place: str, stop: str) -> tuple[ReceiptRightView, ...]:
    return (
        ReceiptRightView(right="Kijken wie je gegevens las", where=f"{place}/access-log"),
        ReceiptRightView(right="Je toestemmingen bekijken", where=f"{place}/consents"),
        ReceiptRightView(right="Stoppen", where=stop),
        ReceiptRightView(right="Laten verbeteren of wissen", where="Vraag het je gemeente."),
        ReceiptRightView(right="Een klacht indienen", where="Bij je gemeente, of bij de Autoriteit Persoonsgegevens."),
    )


async def _list(call: Call) -> Answer:
    found = await receipts.every(call.work, call.resident_id, call.ids["consentId"])
    return Answer(ConsentReceiptsView(results=tuple(render(each) for each in found)))


async def _read(call: Call) -> Answer:
    shown = await receipts.one(call.work, call.resident_id, call.ids["consentId"], call.ids["receiptId"])
    return Answer(render(shown))


OPERATIONS = [
    Operation(
        name="listReceipts",
        method="GET",
        path=_ALL,
        tag="receipts",
        summary="Proof of everything that happened to a consent",
        description="One for each event: given, declined, withdrawn, superseded, expired. None is ever changed.",
        action=Action.RECEIPT_READ,
        scope=Scope.CONSENTS_READ,
        about=About.RESIDENT,
        use=_list,
        answer=ConsentReceiptsView,
        assurance=Assurance.SUBSTANTIAL,
    ),
    Operation(
        name="getReceipt",
        method="GET",
        path=_ALL + "/{receiptId}",
        tag="receipts",
        summary="Proof of one event of a consent",
        action=Action.RECEIPT_READ,
        scope=Scope.CONSENTS_READ,
        about=About.RESIDENT,
        use=_read,
        answer=ConsentReceiptView,
        assurance=Assurance.SUBSTANTIAL,
    ),
]
