"""Receipts (ontvangstbewijzen): proof of every event of a consent, after ISO/IEC TS 27560.

Derived from the consent's own versions, of which none is ever changed: so there is a receipt for everything that
happened, also for what expired by itself, and none can be made up or lost.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid5

from support_api.domain.consents import ENDING, Consent, ConsentStatus
from support_api.domain.vocabulary import Term


class ReceiptEvent(Term, dutch="gebeurtenis op een ontvangstbewijs", source="ISO/IEC TS 27560; Support API"):
    """What a receipt is proof of."""

    GIVEN = "given", "gegeven"
    DECLINED = "declined", "geweigerd"
    WITHDRAWN = "withdrawn", "ingetrokken"
    SUPERSEDED = "superseded", "vervangen"
    EXPIRED = "expired", "verlopen"


EVENTS = {
    ConsentStatus.ACTIVE: ReceiptEvent.GIVEN,
    ConsentStatus.DECLINED: ReceiptEvent.DECLINED,
    ConsentStatus.WITHDRAWN: ReceiptEvent.WITHDRAWN,
    ConsentStatus.SUPERSEDED: ReceiptEvent.SUPERSEDED,
}


@dataclass(frozen=True, slots=True)
class Happened:
    """One event of a consent."""

    event: ReceiptEvent
    at: datetime


@dataclass(frozen=True, slots=True)
class Receipt:
    """The consent as it was at this event, and all that had happened to it until then."""

    id: UUID
    consent: Consent
    event: ReceiptEvent
    at: datetime
    events: tuple[Happened, ...]


def receipts(versions: Sequence[Consent], now: datetime) -> tuple[Receipt, ...]:
    """Of all versions of one consent, the oldest first. A proposal is no event: nothing was decided."""
    found: list[Receipt] = []
    for consent, event, at in _events(versions, now):
        known = {each.id for each in found}
        receipt_id = consent.receipt_id
        if receipt_id in known or event is ReceiptEvent.EXPIRED:
            receipt_id = uuid5(receipt_id, event.value)
        before = found[-1].events if found else ()
        found.append(Receipt(receipt_id, consent, event, at, (*before, Happened(event, at))))
    return tuple(found)


def _events(versions: Sequence[Consent], now: datetime) -> Iterator[tuple[Consent, ReceiptEvent, datetime]]:
    decided, last = False, ConsentStatus.PROPOSED
    for consent, until in zip(versions, (*(each.changed_at for each in versions[1:]), now), strict=True):
        event = EVENTS.get(consent.status)
        if event and consent.status is not last and (decided or consent.status in ENDING):
            decided = True
            yield consent, event, consent.changed_at
        last = consent.status
        end = consent.valid_until
        if consent.status in ENDING and end is not None and consent.changed_at < end <= until:
            yield consent, ReceiptEvent.EXPIRED, end
