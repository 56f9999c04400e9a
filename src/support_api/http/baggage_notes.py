"""Baggage notes on the wire: the short version by default, the whole story only where a consent gives it."""

from typing import Any
from uuid import UUID

from pydantic import ConfigDict, model_validator

from support_api.domain.access import Access
from support_api.domain.actions import Action
from support_api.domain.baggage_notes import (
    BAGGAGE_NOTES,
    SETTLES,
    BaggageKind,
    BaggageNote,
    CritiqueType,
    ExistenceHint,
    LifeStoryTheme,
)
from support_api.domain.vocabulary import Assurance, Confirmation, Depth, Level, Scope
from support_api.http import standard
from support_api.http.operations import About, Answer, Call, Operation
from support_api.http.sharing import WHOM, SharedFields, SharedView
from support_api.http.wire import Line, Paragraph, Short, Story, mistake, only_if, said
from support_api.services import baggage_notes

_STORY = "Toen ik ziek werd, raakte ik mijn werk kwijt. Daarna kwamen de brieven."


def _short(**kwargs: Any) -> Any:
    return said(
        "korte versie",
        "What may be told in a briefing, at most 280 characters.",
        "Na mijn ziekte is alles gaan schuiven.",
        **kwargs,
    )


def _kind(**kwargs: Any) -> Any:
    return said("soort bagage", "Life story or system critique; never changes (INV-14).", "life_story", **kwargs)


class _Fields(SharedFields):
    title: Line | None = said("titel", "In the resident's own words.", "Het verhaal van de ziekte", default=None)
    full_text: Story | None = said("het hele verhaal", "Optional; the short version is enough.", _STORY, default=None)
    themes: tuple[LifeStoryTheme, ...] = said(
        "thema's", "Of a life story; never required.", ["illness"], default=(), max_length=20
    )
    critique_types: tuple[CritiqueType, ...] = said(
        "soorten kritiek", "Of a system critique; never required.", ["rejection"], default=(), max_length=20
    )
    effect_on_contact: Paragraph | None = said(
        "zo merk je het in het contact", "How it shows.", "Ik word stil als iemand snel praat.", default=None
    )
    what_helps: tuple[Line, ...] = said("wat helpt", "What helps.", ["Eerst luisteren"], default=(), max_length=20)
    what_does_not_help: tuple[Line, ...] = said(
        "wat helpt niet", "What does not help.", ["Advies"], default=(), max_length=20
    )
    do_not_ask_again: bool = said("niet opnieuw vragen", "Do not ask about this again.", True, default=False)
    tell_myself: bool = said(
        "ik vertel het liever zelf", "No consent opens it to others, whatever its visibility.", False, default=False
    )
    existence_hint: ExistenceHint = said(
        "hint dat er iets is", "Whether others may know that there is something.", "none", default=ExistenceHint.NONE
    )


class NewBaggageNote(_Fields, title="nieuwe bagagenotitie"):
    """A baggage note to record."""

    kind: BaggageKind = _kind()
    short_version: Short = _short()


class BaggageNoteChange(_Fields, title="wijziging van een bagagenotitie"):
    """What changes of a baggage note."""

    short_version: Short = _short(default="-")


_ALONE = {"propertyNames": {"enum": ["confirmation", "visibility", "workerId"]}}
_DECIDES = only_if("confirmation", "confirmed_with_changes", {}, _ALONE)


class BaggageNoteConfirmation(BaggageNoteChange, title="bevestiging van een bagagenotitie"):
    """What the resident says of a note that somebody else wrote."""

    model_config = ConfigDict(json_schema_extra={"allOf": [WHOM, _DECIDES]})

    confirmation: Confirmation = said(
        "bevestiging",
        "Whether it is meant so; changes go with `confirmed_with_changes` only.",
        "confirmed_with_changes",
        json_schema_extra={"enum": [str(each) for each in SETTLES]},
    )

    @model_validator(mode="after")
    def _decides(self) -> "BaggageNoteConfirmation":
        if self.confirmation not in SETTLES:
            raise mistake("confirmation", "not_in_list")
        changes = self.model_fields_set - {"confirmation", "visibility", "worker_id"}
        if changes and self.confirmation is not Confirmation.CONFIRMED_WITH_CHANGES:
            raise mistake("confirmation", "not_allowed")
        return self


class BaggageNoteView(SharedView, title="bagagenotitie"):
    """What somebody carries along: a damaged life story, or criticism of the system."""

    kind: BaggageKind = _kind()
    depth: Depth = said("hoe diep", "How much of it you get: the short version or all.", "short")
    title: str | None = said("titel", "In the resident's own words.", "Het verhaal van de ziekte")
    short_version: str = _short()
    themes: tuple[LifeStoryTheme, ...] = said("thema's", "Of a life story.", ["illness"])
    critique_types: tuple[CritiqueType, ...] = said("soorten kritiek", "Of a system critique.", ["rejection"])
    do_not_ask_again: bool = said("niet opnieuw vragen", "Do not ask about this again.", True)
    full_text: str | None = said("het hele verhaal", "Null in the short version.", _STORY)
    effect_on_contact: str | None = said(
        "zo merk je het in het contact", "Null in the short version.", "Ik word stil als iemand snel praat."
    )
    what_helps: tuple[str, ...] = said("wat helpt", "Empty in the short version.", ["Eerst luisteren"])
    what_does_not_help: tuple[str, ...] = said("wat helpt niet", "Empty in the short version.", ["Advies"])
    tell_myself: bool = said("ik vertel het liever zelf", "Whether the resident would rather tell it.", False)
    existence_hint: ExistenceHint = said("hint dat er iets is", "Whether others may know of it.", "none")
    confirmation: Confirmation = said("bevestiging", "What the resident says of it.", "confirmed")


_FULL_ONLY: dict[str, Any] = {
    "full_text": None,
    "effect_on_contact": None,
    "what_helps": (),
    "what_does_not_help": (),
}


def render(access: Access, note: BaggageNote) -> BaggageNoteView:
    full = access.sees(note, BAGGAGE_NOTES.category(note)) is Level.FULL
    names = BaggageNoteView.model_fields.keys() - {"depth"}
    fields = {name: getattr(note, name) for name in names}
    depth = Depth.FULL if full else Depth.SHORT
    return BaggageNoteView(**{**fields, **({} if full else _FULL_ONLY), "depth": depth})


async def _confirm(call: Call) -> Answer:
    changes = call.body.changes()
    answer = changes.pop("confirmation")
    access, note = await baggage_notes.confirm(
        call.work, call.resident_id, call.ids["baggageNoteId"], call.version, answer, changes
    )
    return Answer(render(access, note), note.version, note.id)


async def _again(call: Call, note_id: UUID, version: int) -> Answer:
    access, note = await baggage_notes.again(call.work, call.resident_id, note_id, version)
    return Answer(render(access, note), note.version, note.id)


OPERATIONS = [
    *standard.routes(
        BAGGAGE_NOTES,
        view=BaggageNoteView,
        render=render,
        read=Scope.BAGGAGE_READ,
        write=Scope.BAGGAGE_WRITE,
        new=NewBaggageNote,
        build=baggage_notes.build,
        change=BaggageNoteChange,
        apply=baggage_notes.apply,
        assurance=Assurance.SUBSTANTIAL,
    ),
    Operation(
        name="confirmBaggageNote",
        method="POST",
        path="/residents/{residentId}/baggage-notes/{baggageNoteId}/_confirm",
        tag="baggage-notes",
        summary="The resident says whether a note that somebody else wrote is meant so",
        action=Action.BAGGAGE_NOTE_CONFIRM,
        scope=Scope.BAGGAGE_WRITE,
        about=About.RESIDENT,
        use=_confirm,
        replay=_again,
        answer=BaggageNoteView,
        body=BaggageNoteConfirmation,
        conditional=True,
        assurance=Assurance.SUBSTANTIAL,
        categories=BAGGAGE_NOTES.categories,
    ),
]
