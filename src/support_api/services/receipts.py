"""The receipts of a consent, for the resident and for who watches over privacy."""

from dataclasses import dataclass
from uuid import UUID

from support_api.db import directory, store
from support_api.domain.access import Access
from support_api.domain.actions import Action
from support_api.domain.consents import CONSENTS
from support_api.domain.errors import Hidden
from support_api.domain.receipts import Receipt, receipts
from support_api.services import consents
from support_api.services.work import Work


@dataclass(frozen=True, slots=True)
class Shown:
    """A receipt, with what the party and the municipality are called."""

    receipt: Receipt
    party: str
    controller: str


async def every(work: Work, resident_id: UUID, consent_id: UUID) -> tuple[Shown, ...]:
    access, shown = await _of(work, resident_id, consent_id)
    work.record(Action.RECEIPT_READ, access, consent_id)
    return shown


async def one(work: Work, resident_id: UUID, consent_id: UUID, receipt_id: UUID) -> Shown:
    access, shown = await _of(work, resident_id, consent_id)
    found = next((each for each in shown if each.receipt.id == receipt_id), None)
    if found is None:
        raise Hidden("no_such_receipt", access.resident_id)
    work.record(Action.RECEIPT_READ, access, consent_id)
    return found


async def _of(work: Work, resident_id: UUID, consent_id: UUID) -> tuple[Access, tuple[Shown, ...]]:
    access = await work.enter(resident_id, Action.RECEIPT_READ)
    consent = await store.one(work.tx, access, CONSENTS, consent_id)
    versions = (*await store.earlier(work.tx, access, CONSENTS, consent), consent)
    [seen] = await consents.named(work, consent)
    controller = await directory.municipality_name(work.tx)
    found = receipts(versions, work.now)
    return access, tuple(Shown(each, each.consent.party_name or seen.party, controller) for each in found)
