"""The briefing on the wire: the person first, the baggage late, the rules last (INV-09)."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from pydantic import model_validator

from support_api.domain.actions import Action
from support_api.domain.baggage_notes import BaggageKind, BaggageNote, CritiqueType, LifeStoryTheme
from support_api.domain.briefings import SECTION_OF, BriefingState, OpenedBy, Section
from support_api.domain.portrait_items import PortraitItem, PortraitKind
from support_api.domain.residents import Channel
from support_api.domain.vocabulary import Assurance, Depth, Scope
from support_api.domain.working_relationships import ordinal_sentence
from support_api.http.operations import About, Answer, Call, Operation
from support_api.http.wire import Body, Change, Id, Moment, Paragraph, View, mistake, said, tag
from support_api.services import briefings
from support_api.services.briefings import Seen

_PATH = "/residents/{residentId}/working-relationships/{workingRelationshipId}/briefing"
_HINT = "Er is iets dat ik liever zelf vertel."


class BriefingContactView(View, title="contact"):
    """How to reach the resident."""

    channel: Channel = said("kanaal", "How to reach the resident.", "app")
    value: str | None = said("nummer of adres", "Number or address of that channel.", "06-00000000")
    note: str | None = said("toelichting", "When and how.", "eerst appen, na 10.00 uur")


class BriefingResidentView(View, title="inwoner in een briefing"):
    """The resident, as a briefing names them."""

    call_name: str = said("roepnaam", "What the resident wants to be called.", "Fien")
    contact_preferences: tuple[BriefingContactView, ...] = said("contactvoorkeuren", "How to reach the resident.")
    address_as: str | None = said("aanspreekvorm", "How to address the resident; null until it is open.", "je")


class WorkerHistoryView(View, title="eerdere begeleiders"):
    """How many workers the resident has met."""

    earlier_workers: int = said("eerdere medewerkers", "How many there were before this worker.", 24)
    imported_workers: int = said("waarvan overgenomen", "How many of them were counted elsewhere.", 19)
    resident_agrees: bool | None = said("klopt volgens de inwoner", "Whether the resident agrees.", True)


class BriefingLineView(View, title="regel van een briefing"):
    """One line of a briefing."""

    id: UUID = said("kenmerk", "Id of the portrait item.")
    kind: PortraitKind = said("soort", "What kind of thing it is.", "what_matters")
    text: str = said("tekst", "In the resident's own words.", "Dat mijn zoon zondag gewoon kan komen eten.")


class BriefingBaggageView(View, title="bagage in een briefing"):
    """What a briefing says of one baggage note."""

    id: UUID = said("kenmerk", "Id of the baggage note.")
    kind: BaggageKind = said("soort bagage", "Life story or system critique.", "life_story")
    depth: Depth = said("hoe diep", "The short version, unless a consent gives all.", "short")
    title: str | None = said("titel", "In the resident's own words.", "Het verhaal van de ziekte")
    themes: tuple[LifeStoryTheme, ...] = said("thema's", "Of a life story.", ["illness"])
    critique_types: tuple[CritiqueType, ...] = said("soorten kritiek", "Of a system critique.", ["rejection"])
    short_version: str = said("korte versie", "What may be told.", "Na mijn ziekte is alles gaan schuiven.")
    do_not_ask_again: bool = said("niet opnieuw vragen", "Do not ask about this again.", True)
    full_text: str | None = said("het hele verhaal", "Only where a consent gives all.", "Toen ik ziek werd, …")


class BriefingDraftView(View, title="concept van een briefing"):
    """For the resident alone."""

    excluded_ids: tuple[UUID, ...] = said("weggelaten", "What you left out.")
    replaced_ids: tuple[UUID, ...] = said("in andere woorden", "What you put in other words for this briefing.")
    shared_now_ids: tuple[UUID, ...] = said("nu gedeeld", "What the worker can read at this moment.")
    approved_at: Moment | None = said("goedgekeurd op", "When you last approved it.")


class BriefingView(View, title="briefing"):
    """What the resident lets one worker know before they meet."""

    working_relationship_id: UUID = said("werkrelatie", "The working relationship that it is for.")
    state: BriefingState = said("status", "Whether the worker can read it.", "open")
    resident: BriefingResidentView = said("inwoner", "Whom it is about.")
    ordinal: int = said("hoeveelste", "Which number the worker is for this resident.", 25)
    ordinal_sentence: str = said(
        "hoeveelste, in woorden", "The same in Dutch.", "Je bent de 25e medewerker die Fien ontmoet."
    )
    opened_by: OpenedBy | None = said("geopend door", "By which decision of the resident it is open.", "approval")
    consent_id: UUID | None = said("toestemming", "The consent to withdraw to close it.")
    worker_history: WorkerHistoryView | None = said("eerdere begeleiders", "How many there were; never who.")
    what_matters: tuple[BriefingLineView, ...] = said("wat telt", "What matters to the resident.")
    strengths_and_what_goes_well: tuple[BriefingLineView, ...] = said("krachten en wat goed gaat", "What goes well.")
    how_to_approach_me: tuple[BriefingLineView, ...] = said("zo benader je mij", "How to approach the resident.")
    wishes_and_goals: tuple[BriefingLineView, ...] = said("wensen en doelen", "What the resident wants.")
    worries: tuple[BriefingLineView, ...] = said("zorgen", "What is going on, what triggers, what is in the way.")
    baggage: tuple[BriefingBaggageView, ...] = said("bagage", "Told once; in the short version.")
    do_not_ask_again: tuple[str, ...] = said(
        "niet opnieuw vragen", "What not to ask about again.", ["Het verhaal van de ziekte"]
    )
    existence_hint: str | None = said("hint dat er iets is", "That there is something more, never what.", _HINT)
    rules: tuple[str, ...] = said("spelregels", "How to handle it; last.", ["Gebruik dit alleen om te begeleiden."])
    draft: BriefingDraftView | None = said("concept", "For the resident alone; null for a worker.")


class ReplacementBody(Body, title="andere woorden"):
    """Other words for one line of a briefing."""

    id: Id = said("kenmerk", "Id of the item.")
    text: Paragraph = said("tekst", "Your words for this briefing; the item itself stays as it is.", "Mijn zoon.")


class BriefingChange(Change, title="wijziging van een briefing"):
    """What the resident changes of a briefing."""

    excluded_ids: tuple[Id, ...] = said("weggelaten", "All items to leave out.", default=(), max_length=500)
    replacements: tuple[ReplacementBody, ...] = said(
        "in andere woorden", "All lines in other words; each item once.", default=(), max_length=100
    )

    @model_validator(mode="after")
    def _each_once(self) -> "BriefingChange":
        if len({each.id for each in self.replacements}) < len(self.replacements):
            raise mistake("replacements", "twice")
        return self


_FIELD_OF = {
    Section.WHAT_MATTERS: "what_matters",
    Section.STRENGTHS: "strengths_and_what_goes_well",
    Section.APPROACH: "how_to_approach_me",
    Section.WISHES: "wishes_and_goals",
    Section.WORRIES: "worries",
}


def render(relationship_id: UUID, seen: Seen) -> BriefingView:
    resident, told = seen.frame.resident, seen.ground.state is BriefingState.OPEN or seen.draft is not None
    return BriefingView(
        working_relationship_id=relationship_id,
        state=seen.ground.state,
        resident=BriefingResidentView(
            call_name=resident.call_name,
            contact_preferences=tuple(BriefingContactView.model_validate(p) for p in resident.contact_preferences),
            address_as=resident.address_as if told else None,
        ),
        ordinal=seen.frame.ordinal,
        ordinal_sentence=ordinal_sentence(seen.frame.ordinal, resident.call_name, deputy=seen.deputy),
        opened_by=seen.ground.opened_by,
        consent_id=seen.ground.consent_id,
        worker_history=_history(seen) if told else None,
        **_sections(seen),
        baggage=tuple(_baggage(seen, note) for note in seen.content.baggage),
        do_not_ask_again=tuple(_topics(seen.content.baggage)),
        existence_hint=_HINT if seen.content.hints else None,
        rules=_rules(resident.call_name) if told else (),
        draft=_draft(seen),
    )


def _history(seen: Seen) -> WorkerHistoryView:
    resident = seen.frame.resident
    return WorkerHistoryView(
        earlier_workers=seen.frame.ordinal - 1,
        imported_workers=resident.imported_workers,
        resident_agrees=resident.imported_agreed,
    )


def _sections(seen: Seen) -> dict[str, Any]:
    found: dict[Section, list[BriefingLineView]] = {section: [] for section in Section}
    for item in seen.content.portrait:
        found[SECTION_OF[item.kind]].append(_line(seen, item))
    return {_FIELD_OF[section]: tuple(lines) for section, lines in found.items()}


def _line(seen: Seen, item: PortraitItem) -> BriefingLineView:
    return BriefingLineView(id=item.id, kind=item.kind, text=seen.content.words.get(item.id, item.text))


def _baggage(seen: Seen, note: BaggageNote) -> BriefingBaggageView:
    words = seen.content.words.get(note.id)
    full = note.id in seen.full and words is None
    return BriefingBaggageView(
        id=note.id,
        kind=note.kind,
        depth=Depth.FULL if full else Depth.SHORT,
        title=note.title,
        themes=note.themes,
        critique_types=note.critique_types,
        short_version=words or note.short_version,
        do_not_ask_again=note.do_not_ask_again,
        full_text=note.full_text if full else None,
    )


def _topics(notes: Iterable[BaggageNote]) -> list[str]:
    """By the resident's own title, or else by its themes."""
    return [
        note.title or ", ".join(each.dutch for each in (*note.themes, *note.critique_types)) or note.kind.dutch
        for note in notes
        if note.do_not_ask_again
    ]


def _rules(call_name: str) -> tuple[str, ...]:
    return (
        f"{call_name} koos zelf wat hier staat. Vraag niet opnieuw naar wat je hier al leest.",
        "Gebruik dit alleen om te begeleiden; nooit voor een besluit, een uitkering, schuldhulp of controle.",
        f"{call_name} ziet dat je dit las en kan het delen op elk moment stoppen.",
    )


def _draft(seen: Seen) -> BriefingDraftView | None:
    if seen.draft is None:
        return None
    briefing = seen.draft.briefing
    return BriefingDraftView(
        excluded_ids=briefing.excluded,
        replaced_ids=tuple(each.id for each in briefing.replacements),
        shared_now_ids=seen.draft.shared_now,
        approved_at=briefing.approved_at,
    )


def _relationship_id(call: Call) -> UUID:
    return call.ids["workingRelationshipId"]


def _answer(call: Call, seen: Seen) -> Answer:
    relationship_id = _relationship_id(call)
    return Answer(render(relationship_id, seen), _version(seen), relationship_id)


def _version(seen: Seen) -> int:
    return seen.frame.briefing.version


async def _read(call: Call) -> Answer:
    return _answer(call, await briefings.read(call.work, call.resident_id, _relationship_id(call)))


async def _change(call: Call) -> Answer:
    changes = call.body.changes()
    return _answer(
        call,
        await briefings.change(call.work, call.resident_id, _relationship_id(call), call.version, changes),
    )


async def _approve(call: Call) -> Answer:
    relationship_id = _relationship_id(call)

    def same(seen: Seen) -> bool:
        return call.tag == tag(render(relationship_id, seen).json_bytes(), _version(seen))

    return _answer(call, await briefings.approve(call.work, call.resident_id, relationship_id, same))


async def _stop(call: Call) -> Answer:
    return _answer(call, await briefings.stop(call.work, call.resident_id, _relationship_id(call)))


async def _approve_again(call: Call, item_id: UUID, _: int) -> Answer:
    return _answer(call, await briefings.read(call.work, call.resident_id, item_id, Action.BRIEFING_APPROVE))


async def _stop_again(call: Call, item_id: UUID, _: int) -> Answer:
    """A repeat that comes late stops nothing that was approved since."""
    return _answer(call, await briefings.read(call.work, call.resident_id, item_id, Action.BRIEFING_STOP))


_COMMON: dict[str, Any] = {
    "tag": "briefings",
    "about": About.RESIDENT,
    "answer": BriefingView,
    "assurance": Assurance.SUBSTANTIAL,
}

OPERATIONS = [
    Operation(
        name="getBriefing",
        method="GET",
        path=_PATH,
        summary="What the resident lets this worker know before they meet",
        description="The worker reads what is shared now; the resident reads what approving would share, and `draft`.",
        action=Action.BRIEFING_READ,
        scope=Scope.BRIEFINGS_READ,
        use=_read,
        **_COMMON,
    ),
    Operation(
        name="changeBriefing",
        method="PATCH",
        path=_PATH,
        summary="Leave out items, or put lines in other words",
        description="Holds from the worker's next read on.",
        action=Action.BRIEFING_CHANGE,
        scope=Scope.BRIEFINGS_WRITE,
        use=_change,
        body=BriefingChange,
        conditional=True,
        **_COMMON,
    ),
    Operation(
        name="approveBriefing",
        method="POST",
        path=_PATH + "/_approve",
        summary="Let the worker read exactly what you looked at",
        description="`If-Match` is the ETag of the resident's own read: another version or another content is 412."
        " Stores one permit: this worker, these items, for support, short, until the relationship ends.",
        action=Action.BRIEFING_APPROVE,
        scope=Scope.BRIEFINGS_WRITE,
        use=_approve,
        replay=_approve_again,
        conditional=True,
        **_COMMON,
    ),
    Operation(
        name="stopBriefing",
        method="POST",
        path=_PATH + "/_stop",
        summary="Stop it in one step: nothing goes to this worker any more",
        action=Action.BRIEFING_STOP,
        scope=Scope.BRIEFINGS_WRITE,
        use=_stop,
        replay=_stop_again,
        **_COMMON,
    ),
]
