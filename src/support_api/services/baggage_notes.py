"""What baggage notes do beyond the plain verbs: the resident says whether what somebody else wrote is meant so."""

from dataclasses import replace
from typing import Any
from uuid import UUID

from support_api.db import store
from support_api.domain.access import Access
from support_api.domain.actions import Action
from support_api.domain.baggage_notes import BAGGAGE_NOTES, BaggageNote
from support_api.domain.vocabulary import Confirmation
from support_api.services import standard
from support_api.services.work import Work

build = standard.shared(BaggageNote)


def apply(access: Access, note: BaggageNote, changes: dict[str, Any]) -> BaggageNote:
    note.guard_change(access.principal.role)
    note.guard_decided()
    return replace(note, **changes)


async def confirm(
    work: Work, resident_id: UUID, note_id: UUID, version: int, answer: Confirmation, changes: dict[str, Any]
) -> tuple[Access, BaggageNote]:
    """Confirming at a visibility other than only_me stores the permit that goes with it."""
    return await standard.change(
        work,
        BAGGAGE_NOTES,
        resident_id,
        note_id,
        version,
        Action.BAGGAGE_NOTE_CONFIRM,
        lambda access, note: note.confirm(access.principal.role, answer, changes),
    )


async def again(work: Work, resident_id: UUID, note_id: UUID, version: int) -> tuple[Access, BaggageNote]:
    access = await work.enter(resident_id, Action.BAGGAGE_NOTE_CONFIRM)
    note = await store.at_version(work.tx, access, BAGGAGE_NOTES, note_id, version)
    work.record(Action.BAGGAGE_NOTE_CONFIRM, access, note.id)
    return access, note
