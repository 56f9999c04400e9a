"""How much of one item somebody sees: visibility is the limit, consent the key, a refusal a veto (access.md)."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

import pytest

from support_api.domain.access import Access
from support_api.domain.consents import Decision
from support_api.domain.vocabulary import Category, Confirmation, Depth, Duty, Level, Purpose, Role, Visibility
from tests.deciding import ANOTHER, EARLIER, ITEM, RUNNING, SANNE, SUPPORTS, SYSTEM, TEUN, bond, decided, item, no, yes

PORTRAIT, CRITIQUE = Category.PORTRAIT, Category.CRITIQUE
SHORT_STORY, WHOLE_STORY = Category.LIFE_STORY_SHORT, Category.LIFE_STORY_FULL
NOTHING, SHORT, FULL = Level.NONE, Level.SHORT, Level.FULL
THIS: dict[str, Any] = {"only_items": frozenset({ITEM})}
OTHER: dict[str, Any] = {"only_items": frozenset({ANOTHER})}
BUT_THIS: dict[str, Any] = {"except_items": frozenset({ITEM})}
BUT_OTHER: dict[str, Any] = {"except_items": frozenset({ANOTHER})}
WHOLE: dict[str, Any] = {"depth": Depth.FULL}


def as_(who: str, *decisions: Decision) -> Access:
    """Fien herself, her workers Teun and Sanne, or a system."""
    if who == "fien":
        return decided(Role.RESIDENT, purpose=None)
    if who == "system":
        return decided(Role.EXTERNAL_SYSTEM, *decisions)
    bonds = (SUPPORTS, bond(Duty.SUPPORTS, id=EARLIER, until=-1))
    return decided(Role.WORKER, *decisions, me={"teun": TEUN, "sanne": SANNE}[who], relations=bonds)


# Everyone holds a consent of their own here; for Teun the item is `this_worker`.
VISIBILITY = """
              fien teun sanne system
only_me       full none none  none
this_worker   full short none none
my_workers    full short short none
custom        full short short short
"""
# Written down by Teun; each of the others holds a consent, Teun himself does not.
CONFIRMATION = """
                       fien teun sanne system
awaiting_resident      full full none  none
confirmed              full none short short
confirmed_with_changes full none short short
rejected               full none none  none
"""


def cells(table: str) -> list[tuple[str, str, Level]]:
    head, *rows = (line.split() for line in table.strip().splitlines())
    return [(row[0], who, Level[level.upper()]) for row in rows for who, level in zip(head, row[1:], strict=True)]


@pytest.mark.parametrize(("visibility", "who", "level"), cells(VISIBILITY))
def test_visibility_is_the_limit(visibility: str, who: str, level: Level) -> None:
    shown = item(visibility=Visibility(visibility), worker_id=TEUN)
    assert as_(who, yes(to=TEUN), yes(to=SANNE), yes(to=SYSTEM)).sees(shown, PORTRAIT) is level
    assert as_(who).sees(shown, PORTRAIT) is (FULL if who == "fien" else NOTHING), "visibility alone opens nothing"


@pytest.mark.parametrize(("confirmation", "who", "level"), cells(CONFIRMATION))
def test_what_another_wrote_stays_with_recorder_and_resident(confirmation: str, who: str, level: Level) -> None:
    """INV-07: until the resident decides."""
    written = item(author_role=Role.WORKER, author_id=TEUN, confirmation=Confirmation(confirmation))
    assert as_(who, yes(to=SANNE), yes(to=SYSTEM)).sees(written, PORTRAIT) is level


def test_the_recorder_comes_after_the_refusals() -> None:
    written = item(author_role=Role.WORKER, author_id=TEUN, confirmation=Confirmation.AWAITING)
    for refusal in (no(to=TEUN), no(), no(**THIS)):
        assert as_("teun", refusal).sees(written, PORTRAIT) is NOTHING


@dataclass(frozen=True)
class Case:
    says: str
    level: Level
    decisions: tuple[Decision, ...]
    category: Category = PORTRAIT
    who: str = "teun"


def case(says: str, level: Level, *decisions: Decision, who: str = "teun") -> Case:
    return Case(says, level, decisions, who=who)


def told(says: str, level: Level, *decisions: Decision) -> Case:
    """A row about a life story."""
    return Case(says, level, decisions, SHORT_STORY)


def by(worker: UUID | None) -> dict[str, Any]:
    return {"working_relationship_id": worker}


CASES = [
    case("silence opens nothing", NOTHING),
    case("a yes to my workers", SHORT, yes()),
    case("a yes to this one", SHORT, yes(to=TEUN)),
    case("a yes to somebody else", NOTHING, yes(to=SANNE)),
    case("a yes for another purpose", NOTHING, yes(purpose=Purpose.HANDOVER)),
    case("a yes to something of another kind", NOTHING, yes(CRITIQUE)),
    case("a yes to another item", NOTHING, yes(**OTHER)),
    case("a yes to this item", SHORT, yes(**THIS)),
    case("a yes that begins tomorrow", NOTHING, yes(since=1)),
    case("a yes that begins now", SHORT, yes(since=0)),
    case("a yes that ends now", NOTHING, yes(until=0)),
    case("a yes without an end", SHORT, yes(until=None)),
    case("an expired yes is no decision: another holds", SHORT, yes(until=0), yes(to=TEUN)),
    case("a yes to all but this", NOTHING, yes(**BUT_THIS)),
    case("a yes to all but another", SHORT, yes(**BUT_OTHER)),
    case("all but this, and this", SHORT, yes(**BUT_THIS), yes(to=TEUN, **THIS)),
    case("all but this, and all but another", SHORT, yes(**BUT_THIS), yes(to=TEUN, **BUT_OTHER)),
    case("for as long as a relationship that runs", SHORT, yes(to=TEUN, **by(RUNNING))),
    case("for as long as a relationship that ended", NOTHING, yes(to=TEUN, **by(EARLIER))),
    case("for as long as somebody else's relationship", NOTHING, yes(to=TEUN, **by(UUID(int=99)))),
    case("to my workers, for as long as one that ended", NOTHING, yes(**by(EARLIER))),
    case("a no beats a yes", NOTHING, yes(to=TEUN), no(to=TEUN)),
    case("whichever came last", NOTHING, no(to=TEUN), yes(to=TEUN)),
    case("a no to one beats a yes to all", NOTHING, yes(), no(to=TEUN)),
    case("a no to all beats a yes to one", NOTHING, yes(to=TEUN), no()),
    case("a no to one leaves the others", SHORT, yes(), no(to=TEUN), who="sanne"),
    case("a no to a system leaves the workers", SHORT, yes(), no(to=SYSTEM)),
    case("a no to this item beats a yes to all", NOTHING, yes(), no(**THIS)),
    case("a no to all items beats a yes to this", NOTHING, yes(to=TEUN, **THIS), no()),
    case("a no to another item leaves this", SHORT, yes(), no(**OTHER)),
    case("a no for another purpose", SHORT, yes(), no(purpose=Purpose.HANDOVER)),
    case("a no to something of another kind", SHORT, yes(), no(CRITIQUE)),
    case("a no to the whole life story says nothing of a portrait", SHORT, yes(), no(WHOLE_STORY)),
    case("a no that ended is no decision", SHORT, yes(), no(until=0)),
    case("a no that begins tomorrow", SHORT, yes(), no(since=1)),
    case("a no outlives the relationship it was about", NOTHING, yes(), no(to=TEUN, **by(EARLIER))),
    case("a portrait has one version; a deep yes shows all", FULL, yes(**WHOLE)),
    case("the deepest yes counts", FULL, yes(), yes(to=TEUN, **WHOLE)),
    case("a deep yes to another item", SHORT, yes(), yes(to=TEUN, **WHOLE, **OTHER)),
    told("the short story", SHORT, yes(SHORT_STORY)),
    told("the short story, however deep", SHORT, yes(SHORT_STORY, **WHOLE)),
    told("the whole story, short", SHORT, yes(WHOLE_STORY)),
    told("the whole story", FULL, yes(WHOLE_STORY, **WHOLE)),
    told("both", FULL, yes(SHORT_STORY, WHOLE_STORY, **WHOLE)),
    told("the whole story of this item", FULL, yes(SHORT_STORY), yes(WHOLE_STORY, **WHOLE, **THIS)),
    told("the whole story of another item", SHORT, yes(SHORT_STORY), yes(WHOLE_STORY, **WHOLE, **OTHER)),
    told("the whole story but for this item", SHORT, yes(SHORT_STORY), yes(WHOLE_STORY, **WHOLE, **BUT_THIS)),
    told("no to the whole leaves the short", SHORT, yes(SHORT_STORY, WHOLE_STORY, **WHOLE), no(WHOLE_STORY)),
    told("no to the whole of this item", SHORT, yes(SHORT_STORY, WHOLE_STORY, **WHOLE), no(WHOLE_STORY, **THIS)),
    told("no to the whole of another", FULL, yes(SHORT_STORY, WHOLE_STORY, **WHOLE), no(WHOLE_STORY, **OTHER)),
    told("no to the short closes the whole", NOTHING, yes(WHOLE_STORY, **WHOLE), no(SHORT_STORY)),
    told("no to both", NOTHING, yes(SHORT_STORY, WHOLE_STORY, **WHOLE), no(SHORT_STORY, WHOLE_STORY)),
    told("a yes to portraits", NOTHING, yes(PORTRAIT, **WHOLE)),
]


@pytest.mark.parametrize("row", CASES, ids=lambda row: row.says)
def test_what_yes_and_no_open_of_an_item(row: Case) -> None:
    """INV-02."""
    assert as_(row.who, *row.decisions).sees(item(), row.category) is row.level


@pytest.mark.parametrize("row", CASES, ids=lambda row: row.says)
def test_it_does_not_matter_which_was_said_first(row: Case) -> None:
    assert as_(row.who, *reversed(row.decisions)).sees(item(), row.category) is row.level
