"""The steps of the workflow, one call or two each."""

from uuid import UUID

from calling import Answer, Refused, answered, pages
from support_api_client import AuthenticatedClient
from support_api_client.api.access_log import list_access_log
from support_api_client.api.baggage_notes import (
    change_baggage_note,
    confirm_baggage_note,
    create_baggage_note,
    get_baggage_note,
)
from support_api_client.api.briefings import approve_briefing as approve_
from support_api_client.api.briefings import get_briefing
from support_api_client.api.residents import search_residents
from support_api_client.api.working_relationships import list_my_working_relationships
from support_api_client.models.baggage_kind import BaggageKind
from support_api_client.models.baggage_note_change import BaggageNoteChange
from support_api_client.models.baggage_note_confirmation import BaggageNoteConfirmation
from support_api_client.models.baggage_note_view import BaggageNoteView
from support_api_client.models.briefing_view import BriefingView
from support_api_client.models.confirmation import Confirmation
from support_api_client.models.identifier_system import IdentifierSystem
from support_api_client.models.new_baggage_note import NewBaggageNote
from support_api_client.models.resident_field import ResidentField
from support_api_client.models.resident_search import ResidentSearch
from support_api_client.models.visibility import Visibility

Note = Answer[BaggageNoteView]
Briefing = Answer[BriefingView]


# region find
def find_resident(api: AuthenticatedClient, bsn: str) -> UUID:
    wanted = ResidentSearch(IdentifierSystem.BSN, bsn, [ResidentField.ID, ResidentField.CALLNAME])
    found = answered(search_residents.sync_detailed(client=api, body=wanted)).body.results
    if not found or not isinstance(found[0].id, UUID):
        raise LookupError("nobody, or nobody whom you may see")
    return found[0].id


# endregion


def my_relationship_with(api: AuthenticatedClient, resident: UUID) -> UUID:
    for page in pages(api, list_my_working_relationships.sync_detailed(client=api, limit=100)):
        for line in page.results:
            if line.resident_id == resident:
                return line.id
    raise LookupError("you don't work with this resident")


# region record
def record_note(api: AuthenticatedClient, resident: UUID, said: str, key: str) -> Note:
    """Keep the key until there is an answer: with the same key the note is recorded once."""
    note = NewBaggageNote(kind=BaggageKind.LIFE_STORY, title="Het nieuwe begin", short_version=said)
    return answered(create_baggage_note.sync_detailed(resident, client=api, body=note, idempotency_key=key))


# endregion


def read_note(api: AuthenticatedClient, resident: UUID, note: UUID) -> Note:
    return answered(get_baggage_note.sync_detailed(resident, note, client=api))


def confirm_note(api: AuthenticatedClient, resident: UUID, read: Note) -> Note:
    says = BaggageNoteConfirmation(Confirmation.CONFIRMED, visibility=Visibility.MY_WORKERS)
    return answered(
        confirm_baggage_note.sync_detailed(resident, read.body.id, client=api, body=says, if_match=read.tag)
    )


# region change
def change(api: AuthenticatedClient, resident: UUID, read: Note) -> Note:
    new = BaggageNoteChange(do_not_ask_again=True)
    return answered(change_baggage_note.sync_detailed(resident, read.body.id, client=api, body=new, if_match=read.tag))


def ask_no_more(api: AuthenticatedClient, resident: UUID, read: Note) -> Note:
    """After 412 somebody was first: read what it is now, and decide again."""
    try:
        return change(api, resident, read)
    except Refused as refused:
        if refused.status != 412:
            raise
        now = read_note(api, resident, read.body.id)
        return now if now.body.do_not_ask_again else change(api, resident, now)


# endregion


def approve_briefing(api: AuthenticatedClient, resident: UUID, relationship: UUID) -> None:
    """What she read is what she approves: if it has changed since, the answer is 412."""
    read = read_briefing(api, resident, relationship)
    answered(approve_.sync_detailed(resident, relationship, client=api, if_match=read.tag))


def read_briefing(api: AuthenticatedClient, resident: UUID, relationship: UUID) -> Briefing:
    return answered(get_briefing.sync_detailed(resident, relationship, client=api))


# region list
def who_looked(api: AuthenticatedClient, resident: UUID) -> list[str]:
    first = list_access_log.sync_detailed(resident, client=api, limit=10)
    return [line.sentence for page in pages(api, first) for line in page.results]


# endregion
