"""Receipts: one for every event of a consent, derived from its versions (ISO/IEC TS 27560)."""

from dataclasses import replace
from uuid import UUID

from support_api.domain.consents import Consent, ConsentDecision, ConsentStatus
from support_api.domain.receipts import receipts
from support_api.domain.resource import moved
from tests.deciding import DAY, NOW
from tests.domain.test_consents import consent

START = NOW - DAY
GIVEN = replace(consent(), created_at=START, changed_at=START, valid_from=START)


def events(*versions: Consent) -> list[str]:
    return [each.event.value for each in receipts(versions, NOW + 2 * DAY)]


def test_what_was_given_and_withdrawn_has_two_receipts_and_each_tells_what_was_before() -> None:
    withdrawn = replace(GIVEN.withdraw(NOW), receipt_id=UUID(int=52))
    first, second = receipts((GIVEN, withdrawn), NOW)
    assert (first.id, first.event.value, first.at) == (UUID(int=51), "given", START)
    assert (second.id, second.event.value, second.at) == (UUID(int=52), "withdrawn", NOW)
    assert [len(each.events) for each in (first, second)] == [1, 2]
    assert second.consent is withdrawn


def test_what_ended_by_itself_has_a_receipt_too() -> None:
    assert events(GIVEN) == ["given", "expired"]
    assert [each.event.value for each in receipts((GIVEN,), NOW)] == ["given"]
    late = GIVEN.withdraw(NOW + DAY + DAY)
    assert events(GIVEN, late) == ["given", "expired", "withdrawn"]


def test_receipts_stay_the_same_while_more_happens() -> None:
    withdrawn = GIVEN.withdraw(NOW)
    before, after = receipts((GIVEN,), NOW), receipts((GIVEN, withdrawn), NOW)
    assert after[: len(before)] == before
    assert len({each.id for each in after}) == len(after)


def test_a_proposal_is_no_event() -> None:
    proposed = replace(GIVEN, status=ConsentStatus.PROPOSED)
    assert events(proposed) == []
    no = moved(replace(proposed, decision=ConsentDecision.DENY, status=ConsentStatus.DECLINED, valid_until=None), NOW)
    assert events(proposed, no) == ["declined"]


def test_an_exception_to_a_no_is_not_a_new_no() -> None:
    no = replace(GIVEN, decision=ConsentDecision.DENY, status=ConsentStatus.DECLINED, valid_until=None)
    spared = moved(replace(no, except_items=(UUID(int=9),)), NOW)
    assert events(no, spared) == ["declined"]
