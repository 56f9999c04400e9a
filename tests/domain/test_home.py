"""What waits for the resident: bundled, the most pressing first, in words to be shown as they are."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from support_api.domain.consents import Consent, ConsentDecision, ConsentStatus
from support_api.domain.home import REMINDED, Ask, AskKind, bundled, ending
from support_api.domain.vocabulary import Category, PartyType, Purpose, Role

NOW = datetime(2026, 11, 25, 12, tzinfo=UTC)
K = AskKind


def ask(kind: AskKind, who: str = "Teun Demo", about: int = 1, days: int = 1, until: datetime | None = None) -> Ask:
    return Ask(kind, who, (UUID(int=about),), NOW - timedelta(days=days), until)


def consent(valid_until: datetime | None, **changes: Any) -> Consent:
    fields: dict[str, Any] = {
        **dict.fromkeys(("id", "resident_id", "author_id", "receipt_id"), UUID(int=1)),
        **dict.fromkeys(("created_at", "changed_at", "valid_from"), NOW - timedelta(days=300)),
        "author_role": Role.RESIDENT,
        "decision": ConsentDecision.PERMIT,
        "status": ConsentStatus.ACTIVE,
        "party_type": PartyType.MY_WORKERS,
        "purpose": Purpose.SUPPORT,
        "categories": (Category.PORTRAIT,),
        "valid_until": valid_until,
    }
    return Consent(**{**fields, **changes})


def test_what_one_person_wrote_is_one_question() -> None:
    asks = bundled([ask(K.CONFIRM_NOTE, about=1, days=2), ask(K.CONFIRM_NOTE, about=2, days=5)])
    assert [(len(each.about), each.since) for each in asks] == [(2, NOW - timedelta(days=5))]
    assert asks[0].sentence(NOW) == "Teun Demo schreef 2 dingen op over jou. Bedoel je het zo?"


def test_of_different_people_and_kinds_there_are_more() -> None:
    asks = bundled([ask(K.CONFIRM_NOTE), ask(K.CONFIRM_NOTE, "Saar Voorbeeldig"), ask(K.KEEP_PORTRAIT_ITEM)])
    assert len(asks) == 3


def test_the_most_pressing_kind_comes_first_and_of_a_kind_what_waits_longest() -> None:
    given = [
        ask(K.RENEW_CONSENT, until=NOW),
        ask(K.CONFIRM_NOTE, "Kort", days=1),
        ask(K.CONFIRM_NOTE, "Lang", days=9),
        ask(K.APPROVE_BRIEFING),
    ]
    order = [(each.kind, each.who) for each in bundled(given)]
    assert [kind for kind, _ in order] == [K.APPROVE_BRIEFING, K.CONFIRM_NOTE, K.CONFIRM_NOTE, K.RENEW_CONSENT]
    assert [who for _, who in order[1:3]] == ["Lang", "Kort"]


def test_consents_that_end_on_one_day_are_one_question() -> None:
    morning, evening, later = NOW, NOW + timedelta(hours=6), NOW + timedelta(days=3)
    asks = bundled(ask(K.RENEW_CONSENT, about=n, until=until) for n, until in enumerate((morning, evening, later)))
    assert [len(each.about) for each in asks] == [2, 1]


@pytest.mark.parametrize(
    ("kind", "words"),
    [
        (K.APPROVE_BRIEFING, "Teun Demo begeleidt je nu. Wat mag deze medewerker alvast van je lezen?"),
        (K.CONFIRM_NOTE, "Teun Demo schreef iets op over jou. Bedoel je het zo?"),
        (K.KEEP_PORTRAIT_ITEM, "Teun Demo zette iets in je portret. Mag dat blijven staan?"),
    ],
)
def test_the_words_of_each_kind(kind: AskKind, words: str) -> None:
    assert ask(kind).sentence(NOW) == words


def test_a_consent_ends_on_a_day_of_the_dutch_clock() -> None:
    late = datetime(2026, 12, 2, 23, 30, tzinfo=UTC)
    soon = ask(K.RENEW_CONSENT, until=late).sentence(NOW)
    assert soon == "Je toestemming voor Teun Demo loopt af op 3 december 2026. Wil je dat het blijft gelden?"
    over = ask(K.RENEW_CONSENT, until=late).sentence(late)
    assert over == "Je toestemming voor Teun Demo liep af op 3 december 2026. Wil je dat het weer geldt?"


@pytest.mark.parametrize(
    ("until", "reminded"),
    [
        (NOW + REMINDED, True),
        (NOW + REMINDED + timedelta(seconds=1), False),
        (NOW - REMINDED, True),
        (NOW - REMINDED - timedelta(seconds=1), False),
        (None, False),
    ],
)
def test_a_reminder_comes_thirty_days_before_and_goes_thirty_days_after(until: datetime | None, reminded: bool) -> None:
    assert ending(consent(until), NOW) is reminded


@pytest.mark.parametrize("status", [each for each in ConsentStatus if each is not ConsentStatus.ACTIVE])
def test_what_does_not_hold_needs_no_reminder(status: ConsentStatus) -> None:
    assert not ending(consent(NOW, status=status), NOW)
    assert not ending(consent(NOW, decision=ConsentDecision.DENY), NOW)
