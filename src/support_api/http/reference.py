"""Reference lists on the wire: codes with their labels, the glossary, and the municipality's own register."""

from collections.abc import Callable, Iterable
from functools import cache
from typing import TypeVar

from support_api.domain.actions import Action
from support_api.domain.register import Activity, Registered
from support_api.domain.vocabulary import Category, Purpose, Scope
from support_api.http import glossary, openapi
from support_api.http.operations import About, Answer, Call, Operation, UseCase
from support_api.http.wire import View, said, whole_list
from support_api.services import reference

T = TypeVar("T")
_URI = "https://register.voorbeeldstad.example/verwerkingen/support"


class CodeView(View, title="code"):
    """One code of a list, with the words to show for it."""

    code: str = said("code", "As it stands on the wire.", "debt")
    dutch: str = said("Nederlands", "The Dutch word for it.", "schulden")
    english: str = said("Engels", "The English word for it.", "debt")


class CodeListView(View, title="codelijst"):
    """A closed list of codes."""

    name: str = said("naam", "Name of the list; in the contract its schema.", "LifeStoryTheme")
    dutch: str = said("Nederlands", "What the list is called in Dutch.", "thema van een levensverhaal")
    meaning: str = said("betekenis", "What its codes say.", "What a life story is about.")
    source: str = said("bron", "Who drew it up; with several, the later ones added to it.", "In De Dichter Bij Stand")
    may_grow: bool = said("kan groeien", "Whether new codes are no breaking change: bear what you don't know.", False)
    codes: tuple[CodeView, ...] = said("codes", "In the order in which to show them.")


CodeListsView = whole_list("CodeListsView", CodeListView, "codelijsten", "Every list of codes.")


class GlossaryEntryView(View, title="woord"):
    """One word of the contract."""

    dutch: str = said("Nederlands", "The Dutch word.", "roepnaam")
    english: str = said("Engels", "The English word.", "call name")
    name: str = said("naam", "As it stands on the wire.", "callName")
    meaning: str = said(
        "betekenis", "What it means; empty for a code, whose words say it.", "What the resident wants to be called."
    )
    places: tuple[str, ...] = said("plaatsen", "The schemas or lists that have it.", ["ResidentView"])


GlossaryView = whole_list(
    "GlossaryView", GlossaryEntryView, "woordenlijst", "Every word of the contract, in the order of the Dutch ones."
)


class PurposeView(View, title="doel"):
    """A purpose, and what this municipality uses it for."""

    code: Purpose = said("code", "To be stated in `Processing-Purpose`.", "support")
    dutch: str = said("Nederlands", "The Dutch word for it.", "begeleiding")
    english: str = said("Engels", "The English word for it.", "support")
    used: bool = said("in gebruik", "Whether anybody in this municipality may state it.", True)
    legal_bases: tuple[str, ...] = said("grondslagen", "On which laws or grounds.", ["Wmo 2015, art. 2.3.1"])


PurposesView = whole_list("PurposesView", PurposeView, "doelen", "Every purpose.")


class LegalBasisView(View, title="grondslag"):
    """A law or ground on which this municipality processes."""

    legal_basis: str = said("grondslag", "As the municipality registered it.", "Wmo 2015, art. 2.3.1")
    purposes: tuple[Purpose, ...] = said("doelen", "For what.", ["support"])
    activities: tuple[str, ...] = said("verwerkingsactiviteiten", "Their addresses in the register.", [_URI])


LegalBasesView = whole_list(
    "LegalBasesView", LegalBasisView, "grondslagen", "Every law or ground on which this municipality processes."
)


class ProcessingActivityView(View, title="verwerkingsactiviteit"):
    """What the municipality has registered that it does with data (GDPR art. 30)."""

    activity: str = said("verwerkingsactiviteit", "Its address in the municipality's register.", _URI)
    purpose: Purpose = said("doel", "What for.", "support")
    legal_basis: str = said("grondslag", "On which law or ground.", "Wmo 2015, art. 2.3.1")
    clients: tuple[str, ...] = said("toepassingen", "Through which applications.", ["Werkplek Voorbeeld"])
    categories: tuple[Category, ...] = said(
        "welke gegevens", "Which kinds of what residents tell it is for; none named: all.", []
    )
    special_basis: str | None = said(
        "uitzondering voor bijzondere gegevens",
        "The exception of GDPR art. 9 and 10 that it has; null: it shows nothing that residents tell.",
        "AVG, art. 9 lid 2 onder h",
    )


ProcessingActivitiesView = whole_list(
    "ProcessingActivitiesView",
    ProcessingActivityView,
    "verwerkingsactiviteiten",
    "Every processing activity of this municipality.",
)


def _purposes(found: tuple[Registered, ...]) -> View:
    bases = {each: _once(one.activity.legal_basis for one in found if one.purpose is each) for each in Purpose}
    return PurposesView(
        results=tuple(
            PurposeView(
                code=each, dutch=each.dutch, english=each.english, used=bool(bases[each]), legal_bases=bases[each]
            )
            for each in Purpose
        )
    )


def _legal_bases(found: tuple[Registered, ...]) -> View:
    return LegalBasesView(
        results=tuple(
            LegalBasisView(
                legal_basis=basis,
                purposes=_once(one.purpose for one in found if one.activity.legal_basis == basis),
                activities=_once(one.activity.uri for one in found if one.activity.legal_basis == basis),
            )
            for basis in sorted({one.activity.legal_basis for one in found})
        )
    )


def _activities(found: tuple[Registered, ...]) -> View:
    clients: dict[tuple[Activity, Purpose], list[str]] = {}
    for one in found:
        clients.setdefault((one.activity, one.purpose), []).append(one.client)
    return ProcessingActivitiesView(
        results=tuple(
            ProcessingActivityView(
                activity=activity.uri,
                purpose=purpose,
                legal_basis=activity.legal_basis,
                clients=tuple(names),
                categories=tuple(sorted(activity.categories)),
                special_basis=activity.special_basis,
            )
            for (activity, purpose), names in clients.items()
        )
    )


def _once(values: Iterable[T]) -> tuple[T, ...]:
    return tuple(dict.fromkeys(values))


def _same_for_all(made: Callable[[], View]) -> UseCase:
    async def use(call: Call) -> Answer:
        await reference.look_up(call.work)
        return Answer(made())

    return use


def _of_municipality(render: Callable[[tuple[Registered, ...]], View]) -> UseCase:
    async def use(call: Call) -> Answer:
        return Answer(render(await reference.registered(call.work)))

    return use


def _operation(name: str, path: str, summary: str, answer: type[View], use: UseCase) -> Operation:
    return Operation(
        name=name,
        method="GET",
        path=f"/reference/{path}",
        tag="reference",
        summary=summary,
        action=Action.REFERENCE_READ,
        scope=Scope.REFERENCE_READ,
        about=About.HOUSE,
        use=use,
        answer=answer,
    )


def operations(every: list[Operation]) -> list[Operation]:
    """`every` is the whole list that these join: what they tell is made from the contract of all of it."""

    @cache
    def code_lists() -> View:
        return CodeListsView.model_validate({"results": glossary.code_lists(openapi.document(every))})

    @cache
    def words() -> View:
        return GlossaryView.model_validate({"results": glossary.entries(openapi.document(every))})

    return [
        _operation(
            "getCodeLists",
            "code-lists",
            "Every list of codes, with Dutch and English labels and its source",
            CodeListsView,
            _same_for_all(code_lists),
        ),
        _operation(
            "getGlossary",
            "glossary",
            "Every word of this contract: Dutch, English, and what it means",
            GlossaryView,
            _same_for_all(words),
        ),
        _operation(
            "getPurposes",
            "purposes",
            "What data can be needed for, and what this municipality uses",
            PurposesView,
            _of_municipality(_purposes),
        ),
        _operation(
            "getLegalBases",
            "legal-bases",
            "The laws and grounds on which this municipality processes",
            LegalBasesView,
            _of_municipality(_legal_bases),
        ),
        _operation(
            "getProcessingActivities",
            "processing-activities",
            "What this municipality has registered that it does with data",
            ProcessingActivitiesView,
            _of_municipality(_activities),
        ),
    ]
