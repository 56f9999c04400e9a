"""What each ground opens, as one table: a change of `RULES` is a change of this page, for somebody to look at.

When a test here fails, its message is the new table: read it, and put it here if that is what was meant.
"""

from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import Any

import pytest

from support_api.app import OPERATIONS
from support_api.domain import access
from support_api.domain.actions import Action
from support_api.domain.grounds import CONSENTED, RULES, Basis
from support_api.domain.vocabulary import Category, Level
from support_api.http.operations import About

GROUNDS = [basis for basis in Basis if basis is not Basis.NONE]
ACTIONS = """
                           own        relation   recorder   assignment oversight  consent    emergency
me:read                    yes        .          .          .          .          .          .
resident:create            .          .          yes        .          .          .          .
resident:read              yes        yes        yes        yes        yes        .          yes
resident:change            yes        yes        .          .          .          .          .
resident:search            .          yes        yes        yes        yes        .          .
portrait_item:list         yes        yes        .          .          .          yes        .
portrait_item:read         yes        yes        .          .          .          yes        .
portrait_item:create       yes        yes        .          .          .          .          .
portrait_item:change       yes        yes        .          .          .          .          .
portrait_item:delete       yes        .          .          .          .          .          .
baggage_note:list          yes        yes        .          .          .          yes        .
baggage_note:read          yes        yes        .          .          .          yes        .
baggage_note:create        yes        yes        .          .          .          .          .
baggage_note:change        yes        .          .          .          .          .          .
baggage_note:confirm       yes        .          .          .          .          .          .
baggage_note:delete        yes        .          .          .          .          .          .
consent:list               yes        yes        .          .          yes        .          .
consent:read               yes        yes        .          .          yes        .          .
consent:create             yes        .          .          .          .          .          .
consent:propose            .          yes        .          .          .          .          .
consent:decide             yes        .          .          .          .          .          .
receipt:read               yes        .          .          .          yes        .          .
consent:withdraw           yes        .          .          .          .          .          .
recall:list                yes        .          .          .          .          .          .
recall:read                yes        .          .          .          .          .          .
recall:answer              yes        .          .          .          .          .          .
working_relationship:start .          .          yes        yes        .          .          .
working_relationship:list  yes        yes        yes        yes        yes        .          .
working_relationship:read  yes        yes        yes        yes        yes        .          .
working_relationship:end   .          .          .          yes        .          .          .
cover:start                .          .          .          yes        .          .          .
cover:read                 yes        .          .          yes        yes        .          .
cover:end                  .          .          .          yes        .          .          .
caseload:list              .          yes        .          .          .          .          .
briefing:read              yes        yes        .          .          .          .          .
briefing:change            yes        .          .          .          .          .          .
briefing:approve           yes        .          .          .          .          .          .
briefing:stop              yes        .          .          .          .          .          .
worker:list                yes        .          .          .          .          .          .
worker:read                yes        .          .          .          .          .          .
home:read                  yes        yes        .          .          .          .          .
reference:read             yes        .          .          .          .          .          .
access_log:read            yes        .          .          .          yes        .          .
access_explanation:read    yes        yes        .          .          .          .          .
emergency_access:open      .          .          .          .          .          .          yes
emergency_access:list      yes        .          .          .          yes        .          .
emergency_access:read      yes        .          .          .          yes        .          .
emergency_access:review    .          .          .          .          yes        .          .
"""
# Without any consent of the resident. What needs one (gate A) is full for the resident alone.
LEVELS = """
                 own        relation   recorder   assignment oversight  consent    emergency
identity_contact full       full       full       existence  existence  .          short
portrait         full       .          .          .          .          .          .
life_story_short full       .          .          .          .          .          .
life_story_full  full       .          .          .          .          .          .
critique         full       .          .          .          .          .          .
relationship     full       full       existence  existence  existence  .          .
worker_history   full       existence  .          existence  .          .          .
consent          full       existence  .          .          full       .          .
access_log       full       .          .          .          full       .          .
"""


def table(rows: Iterable[Any], cell: Callable[[Basis, Any], str]) -> str:
    lines = [["", *(basis.value for basis in GROUNDS)]]
    lines += [[row.value, *(cell(basis, row) for basis in GROUNDS)] for row in rows]
    width = max(len(line[0]) for line in lines)
    return "\n".join(" ".join([line[0].ljust(width), *(c.ljust(10) for c in line[1:])]).rstrip() for line in lines)


def actions() -> str:
    return table(Action, lambda basis, action: "yes" if action in access.RULES[basis].actions else ".")


def levels() -> str:
    def cell(basis: Basis, category: Category) -> str:
        level = access.RULES[basis].levels.get(category, Level.NONE)
        return level.name.lower() if level else "."

    return table(Category, cell)


def same(found: str, written: str) -> None:
    assert found.strip() == written.strip(), f"the rules are now:\n{found}"


def test_each_ground_opens_these_actions_and_no_other() -> None:
    same(actions(), ACTIONS)


def test_each_ground_shows_this_much_without_consent() -> None:
    same(levels(), LEVELS)


def test_an_action_opened_silently_is_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    """Positive control."""
    rule = RULES[Basis.ASSIGNMENT]
    more = replace(rule, actions=rule.actions | {Action.PORTRAIT_ITEM_LIST})
    monkeypatch.setattr(access, "RULES", {**RULES, Basis.ASSIGNMENT: more})
    with pytest.raises(AssertionError, match="the rules are now"):
        same(actions(), ACTIONS)


def test_without_a_ground_nothing_is_open() -> None:
    assert RULES.keys() == set(Basis)
    assert not RULES[Basis.NONE].actions
    assert not RULES[Basis.NONE].levels


def test_each_word_of_the_trail_can_be_done_by_somebody() -> None:
    assert set(Action) == set().union(*(RULES[basis].actions for basis in GROUNDS))


def test_each_operation_about_a_resident_is_open_on_some_ground() -> None:
    for operation in OPERATIONS:
        if operation.about is About.RESIDENT:
            assert any(operation.action in RULES[basis].actions for basis in GROUNDS), operation.name


def test_what_only_consent_opens_is_at_no_level_without_it() -> None:
    """Gate A. Only for oneself."""
    for basis in set(GROUNDS) - {Basis.OWN}:
        assert not CONSENTED & RULES[basis].levels.keys()


READS = {
    Category.IDENTITY_CONTACT: {Action.RESIDENT_READ},
    Category.RELATIONSHIP: {Action.WORKING_RELATIONSHIP_LIST, Action.WORKING_RELATIONSHIP_READ},
    Category.CONSENT: {Action.CONSENT_LIST, Action.CONSENT_READ},
    Category.ACCESS_LOG: {Action.ACCESS_LOG_READ},
}


@pytest.mark.parametrize("basis", GROUNDS, ids=str)
def test_who_may_read_something_is_shown_something(basis: Basis) -> None:
    """And who is shown something may read it: the two tables say the same."""
    for category, reading in READS.items():
        assert bool(reading & RULES[basis].actions) == bool(RULES[basis].levels.get(category)), category
