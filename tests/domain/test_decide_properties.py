"""Whatever the facts are: deciding answers, agrees with a plain reading of the rules, and never opens more by less."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from random import Random
from typing import Any

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from support_api.domain import access
from support_api.domain.access import decide
from support_api.domain.consents import Decision
from support_api.domain.grants import Grant, Refused
from support_api.domain.grounds import RULES, Basis
from support_api.domain.vocabulary import Category, Level
from tests.deciding import GATE_A, NOW
from tests.domain.any_state import DECISIONS, SEEN, STATES, State, no_more, opened, plainly

Check = Callable[..., None]
QUICK = settings(max_examples=100, deadline=None)
DEEP = settings(max_examples=2000, deadline=None)
UNTIL_SEEN = settings(max_examples=500, deadline=None, derandomize=True, database=None, phases=[Phase.generate])


def always_answers(state: State) -> None:
    """Total: a level for everything, and for each action a yes or a refusal; a closed one opens nothing at all."""
    can, levels = opened(state)
    assert all(isinstance(level, Level) for level in levels)
    if decide(*state, NOW).basis is Basis.NONE:
        assert not can
        assert not any(levels)


def agrees_with_a_plain_reading(state: State) -> None:
    found = decide(*state, NOW)
    for each in SEEN:
        for category in GATE_A:
            assert found.sees(each, category) is plainly(state, each, category), (each, category)


def a_refusal_opens_nothing(state: State, more: Decision) -> None:
    principal, facts, purpose = state
    refused = replace(facts, decisions=(*facts.decisions, replace(more, permits=False)))
    assert no_more(opened((principal, refused, purpose)), opened(state))


def withdrawing_opens_nothing(state: State) -> None:
    principal, facts, purpose = state
    for number, each in enumerate(facts.decisions):
        withdrawn = list(facts.decisions)
        withdrawn[number] = replace(each, permits=False, valid_until=None)
        assert no_more(opened((principal, replace(facts, decisions=tuple(withdrawn)), purpose)), opened(state))


def without_permits_and_relations_nothing_more_is_open(state: State) -> None:
    """Deny by default: each permit and each relation can only add."""
    principal, facts, purpose = state
    whole = opened(state)
    for number, each in enumerate(facts.decisions):
        rest = facts.decisions[:number] + facts.decisions[number + 1 :]
        if each.permits:
            assert no_more(opened((principal, replace(facts, decisions=rest), purpose)), whole)
    for number in range(len(facts.relations)):
        rest_ = facts.relations[:number] + facts.relations[number + 1 :]
        assert no_more(opened((principal, replace(facts, relations=rest_), purpose)), whole)


def an_expired_or_coming_decision_is_none(state: State, more: Decision, gone: bool) -> None:
    principal, facts, purpose = state
    moment = {"valid_until": NOW} if gone else {"valid_from": NOW + timedelta(microseconds=1)}
    with_it = replace(facts, decisions=(*facts.decisions, replace(more, **moment)))
    assert opened((principal, with_it, purpose)) == opened(state)


def order_does_not_matter(state: State, order: Random) -> None:
    principal, facts, purpose = state
    mixed, bonds = list(facts.decisions), list(facts.relations)
    order.shuffle(mixed)
    order.shuffle(bonds)
    shuffled = replace(facts, decisions=tuple(mixed), relations=tuple(bonds))
    assert opened((principal, shuffled, purpose)) == opened(state)


PROPERTIES: dict[Check, dict[str, st.SearchStrategy[Any]]] = {
    always_answers: {},
    agrees_with_a_plain_reading: {},
    a_refusal_opens_nothing: {"more": DECISIONS},
    withdrawing_opens_nothing: {},
    without_permits_and_relations_nothing_more_is_open: {},
    an_expired_or_coming_decision_is_none: {"more": DECISIONS, "gone": st.booleans()},
    order_does_not_matter: {"order": st.randoms(use_true_random=False)},
}


def tried(check: Check, how: settings) -> None:
    how(given(state=STATES, **PROPERTIES[check])(check))()


@pytest.mark.parametrize("check", PROPERTIES, ids=lambda check: check.__name__)
def test_whatever_the_facts(check: Check) -> None:
    tried(check, QUICK)


@pytest.mark.slow
@pytest.mark.parametrize("check", PROPERTIES, ids=lambda check: check.__name__)
def test_whatever_the_facts_tried_long(check: Check) -> None:
    tried(check, DEEP)


real_granted = access.granted


def no_is_yes(category: Category, decisions: tuple[Decision, ...], **who: Any) -> Grant:
    return real_granted(category, tuple(replace(each, permits=True) for each in decisions), **who)


def last_wins(category: Category, decisions: tuple[Decision, ...], **who: Any) -> Grant:
    return real_granted(category, decisions[-1:], **who)


def silence_is_yes(grant: Grant, _: object) -> Level:
    return Level.NONE if grant.short_items or grant.full_items or grant.open_except else Level.SHORT


# The property that tells, and the mistake that it tells of.
MISTAKES: list[tuple[Check, object, str, object]] = [
    (always_answers, access, "RULES", dict.fromkeys(Basis, RULES[Basis.RELATION])),
    (agrees_with_a_plain_reading, access, "SHARED_WITH", frozenset(Basis)),
    (agrees_with_a_plain_reading, access, "NEVER", {}),
    (agrees_with_a_plain_reading, Grant, "admits", lambda *_: True),
    (agrees_with_a_plain_reading, Refused, "and_also", lambda refused, _: refused),
    (a_refusal_opens_nothing, access, "granted", no_is_yes),
    (withdrawing_opens_nothing, access, "granted", no_is_yes),
    (without_permits_and_relations_nothing_more_is_open, Grant, "_permitted", silence_is_yes),
    (an_expired_or_coming_decision_is_none, Decision, "in_force", lambda *_: True),
    (order_does_not_matter, access, "granted", last_wins),
]


@pytest.mark.parametrize(("check", "where", "name", "wrong"), MISTAKES)
def test_a_mistake_is_seen(
    monkeypatch: pytest.MonkeyPatch, check: Check, where: object, name: str, wrong: object
) -> None:
    """Positive control."""
    monkeypatch.setattr(where, name, wrong)
    with pytest.raises(AssertionError):
        tried(check, UNTIL_SEEN)
