"""Portrait items: what the resident decides, and what a worker may change of it."""

from typing import Any

import pytest

from support_api.domain.errors import NotYours
from support_api.domain.portrait_items import DECIDES, PORTRAIT_ITEMS, PortraitItem, PortraitKind, PortraitState
from support_api.domain.vocabulary import Category, Confirmation, Role, Visibility
from tests.deciding import DAY, FIEN, GREET, ITEM, NOW, SANNE, TEUN

EVERY_FIELD = {"text", "kind", "seen_by", "domain_codes", "rank", "recognised", "state", "visibility", "worker_id"}
WORDS = {"text", "kind", "seen_by", "domain_codes"}


def portrait(**changes: Any) -> PortraitItem:
    given: dict[str, Any] = {
        "id": ITEM,
        "resident_id": FIEN,
        "created_at": NOW - DAY,
        "changed_at": NOW - DAY,
        "author_role": Role.WORKER,
        "author_id": TEUN,
        "kind": PortraitKind.JOY,
        "text": "Koken voor anderen.",
    }
    return PortraitItem(**{**given, **changes})


def test_new_items_are_for_the_resident_alone() -> None:
    assert portrait().visibility is Visibility.ONLY_ME


@pytest.mark.parametrize(
    ("confirmation", "state"),
    [
        (Confirmation.AWAITING, PortraitState.PENDING),
        (Confirmation.CONFIRMED, PortraitState.KEPT),
        (Confirmation.CONFIRMED_WITH_CHANGES, PortraitState.KEPT),
        (Confirmation.REJECTED, PortraitState.REMOVED),
    ],
)
def test_what_the_resident_said_is_the_state(confirmation: Confirmation, state: PortraitState) -> None:
    assert portrait(confirmation=confirmation).state is state


@pytest.mark.parametrize("confirmation", Confirmation, ids=str)
def test_there_is_a_state_for_each_answer(confirmation: Confirmation) -> None:
    assert portrait(confirmation=confirmation).state in PortraitState


def test_what_the_resident_decides_becomes_that_state() -> None:
    """Pending is nobody's to choose: it is what comes before an answer."""
    assert {state: portrait(confirmation=answer).state for state, answer in DECIDES.items()} == {
        PortraitState.KEPT: PortraitState.KEPT,
        PortraitState.REMOVED: PortraitState.REMOVED,
    }


def test_the_resident_may_change_anything() -> None:
    portrait().guard_change(Role.RESIDENT, FIEN, EVERY_FIELD)


def test_a_worker_changes_the_own_words_only() -> None:
    portrait().guard_change(Role.WORKER, TEUN, WORDS)
    for caller, role in ((SANNE, Role.WORKER), (GREET, Role.TEAM_LEAD)):
        with pytest.raises(NotYours, match="not_the_author"):
            portrait().guard_change(role, caller, {"text"})


@pytest.mark.parametrize("field", sorted(EVERY_FIELD - WORDS))
def test_what_is_the_residents_alone(field: str) -> None:
    """INV-15: the ranking; and who sees it, whether it is right, whether it stays."""
    with pytest.raises(NotYours):
        portrait().guard_change(Role.WORKER, TEUN, {"text", field})


def test_what_is_said_is_sealed_and_what_a_list_needs_is_not() -> None:
    assert set(PORTRAIT_ITEMS.sealed_fields) == {"text", "seen_by", "recognised", "domain_codes"}
    assert {"visibility", "worker_id", "confirmation", "kind", "rank"} <= set(PORTRAIT_ITEMS.open_fields)
    assert PORTRAIT_ITEMS.category(portrait()) is Category.PORTRAIT
