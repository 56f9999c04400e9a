"""Consent: given for a while, withdrawn in one call, and what a new yes takes the place of."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from support_api.domain.consents import (
    LONGEST,
    Consent,
    ConsentDecision,
    ConsentOrigin,
    ConsentStatus,
    end_of_validity,
    standing,
)
from support_api.domain.errors import RuleBroken
from support_api.domain.vocabulary import Category, Depth, PartyType, Purpose, Role
from tests.deciding import ANOTHER, DAY, FIEN, ITEM, NOW, SANNE, TEUN, no, yes

PORTRAIT, CRITIQUE = Category.PORTRAIT, Category.CRITIQUE
SHORT_STORY, WHOLE_STORY = Category.LIFE_STORY_SHORT, Category.LIFE_STORY_FULL


def consent(*categories: Category, **changes: Any) -> Consent:
    given_: dict[str, Any] = {
        "id": UUID(int=50),
        "resident_id": FIEN,
        "created_at": NOW - DAY,
        "changed_at": NOW - DAY,
        "author_role": Role.RESIDENT,
        "author_id": FIEN,
        "decision": ConsentDecision.PERMIT,
        "status": ConsentStatus.ACTIVE,
        "party_type": PartyType.MY_WORKERS,
        "purpose": Purpose.SUPPORT,
        "categories": categories or (PORTRAIT,),
        "valid_from": NOW - DAY,
        "valid_until": NOW + DAY,
        "receipt_id": UUID(int=51),
    }
    return Consent(**{**given_, **changes})


def to_one(*categories: Category, worker: UUID = TEUN, **changes: Any) -> Consent:
    return consent(*categories, party_type=PartyType.WORKER, party_id=worker, **changes)


def test_withdrawing_is_one_call_and_lasts() -> None:
    """INV-03. It keeps what it was about, and no end is left at which it would lapse by itself."""
    before = to_one(only_items=(ITEM,), depth=Depth.FULL, origin=ConsentOrigin.BRIEFING)
    after = before.withdraw(NOW)
    assert after == replace(
        before, status=ConsentStatus.WITHDRAWN, withdrawn_at=NOW, valid_until=None, version=2, changed_at=NOW
    )


def test_withdrawing_what_has_not_begun_holds_from_now() -> None:
    assert consent(valid_from=NOW + DAY).withdraw(NOW).valid_from == NOW


@pytest.mark.parametrize("status", [s for s in ConsentStatus if s is not ConsentStatus.ACTIVE], ids=str)
def test_what_does_not_hold_cannot_be_withdrawn(status: ConsentStatus) -> None:
    with pytest.raises(RuleBroken) as refused:
        consent(status=status).withdraw(NOW)
    assert refused.value.code == "consent_not_active"


def test_a_no_cannot_be_withdrawn() -> None:
    """INV-27 in its simplest form: a refusal ends by giving, never by taking it back."""
    with pytest.raises(RuleBroken):
        consent(decision=ConsentDecision.DENY).withdraw(NOW)


@pytest.mark.parametrize(
    ("since", "until", "holds"),
    [(-1, 1, True), (0, 1, True), (-1, 0, False), (-1, None, True), (1, None, False), (-2, -1, False), (0, 0, False)],
)
def test_a_decision_holds_from_its_first_moment_until_before_its_last(
    since: int, until: int | None, holds: bool
) -> None:
    assert yes(since=since, until=until).in_force(NOW) is holds


MOMENTS = st.timedeltas(timedelta(-4000), timedelta(4000)).map(lambda far: NOW + far)


@given(now=MOMENTS, asked=st.none() | MOMENTS)
def test_a_permit_never_lasts_longer_than_asked_nor_than_a_year(now: datetime, asked: datetime | None) -> None:
    end = end_of_validity(now, asked)
    assert end <= now + LONGEST
    assert end == now + timedelta(days=365) if asked is None else end <= asked


def test_told_once_decided_once() -> None:
    """A yes to my workers, of everything, is standing; of one item, to one worker, or no longer, it is not."""
    assert consent().standing
    for other in (
        consent(only_items=(ITEM,)),
        to_one(),
        consent(decision=ConsentDecision.DENY, status=ConsentStatus.DECLINED),
        consent().withdraw(NOW),
    ):
        assert not other.standing


def test_the_standing_decision_is_found_among_others() -> None:
    one = yes(SHORT_STORY)
    others = [
        no(),
        yes(to=TEUN),
        yes(until=0),
        yes(purpose=Purpose.HANDOVER),
        yes(only_items=frozenset({ITEM})),
    ]
    assert standing([*others, one], Purpose.SUPPORT, NOW) is one
    assert standing(others, Purpose.SUPPORT, NOW) is None


ONE, TWO, BUT_ONE = {"only_items": (ITEM,)}, {"only_items": (ITEM, ANOTHER)}, {"except_items": (ITEM,)}
# An earlier no, a new yes, and whether the yes takes the place of the no (INV-02).
REOPENS = [
    ("the same again", consent(), consent(), True),
    ("the same item again", consent(**ONE), consent(**ONE), True),
    ("that item among others", consent(**ONE), consent(**TWO), True),
    ("more kinds than were refused", consent(PORTRAIT), consent(PORTRAIT, CRITIQUE), True),
    ("an exception that was one already", consent(**BUT_ONE), consent(**BUT_ONE), True),
    ("the exception too", consent(**BUT_ONE), consent(), True),
    ("a yes to all leaves a no to one item", consent(**ONE), consent(), False),
    ("a yes to one item leaves a no to all", consent(), consent(**ONE), False),
    ("one of two refused items", consent(**TWO), consent(**ONE), False),
    ("fewer kinds than were refused", consent(PORTRAIT, CRITIQUE), consent(PORTRAIT), False),
    ("all but one item leaves the no to that one", consent(), consent(**BUT_ONE), False),
    ("a short yes leaves the no to the whole story", consent(WHOLE_STORY), consent(SHORT_STORY), False),
    ("nor of one item", consent(WHOLE_STORY, **ONE), consent(SHORT_STORY, **ONE), False),
    ("to one worker, after a no to all", consent(), to_one(), False),
    ("to all, after a no to one worker", to_one(), consent(), False),
    ("to another worker", to_one(), to_one(worker=SANNE), False),
    ("for another purpose", consent(), consent(purpose=Purpose.HANDOVER), False),
]


@pytest.mark.parametrize(("says", "refused", "given_again", "reopens"), REOPENS, ids=[row[0] for row in REOPENS])
def test_a_new_yes_takes_the_place_of_a_no(says: str, refused: Consent, given_again: Consent, reopens: bool) -> None:
    assert given_again.reopens(refused.withdraw(NOW)) is reopens, says
