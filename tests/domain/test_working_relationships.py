"""Working relationships: which number a worker is for the resident, and when access stops."""

from dataclasses import replace
from datetime import timedelta
from random import Random
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from support_api.domain.errors import RuleBroken
from support_api.domain.vocabulary import Duty, Role
from support_api.domain.working_relationships import (
    EndReason,
    Meeting,
    WorkingRelationship,
    ordinal_sentence,
    ordinals,
)
from tests.deciding import DAY, FIEN, GREET, NOW, RUNNING, SANNE, TEUN

WORKERS = [UUID(int=100 + number) for number in range(6)]
IMPORTED = st.integers(0, 40)


@st.composite
def histories(draw: st.DrawFn) -> list[Meeting]:
    rows = draw(st.lists(st.tuples(st.sampled_from(WORKERS), st.integers(0, 9)), max_size=10))
    return [Meeting(UUID(int=200 + n), worker, NOW + day * DAY) for n, (worker, day) in enumerate(rows)]


def numbers(imported: int, met: list[Meeting]) -> dict[UUID, int]:
    """The number of each worker, by the worker."""
    found = ordinals(imported, met)
    return {meeting.worker_id: found[meeting.id] for meeting in met}


@given(imported=IMPORTED, met=histories(), order=st.randoms(use_true_random=False))
def test_the_numbers_do_not_depend_on_the_order_of_the_rows(imported: int, met: list[Meeting], order: Random) -> None:
    shuffled = list(met)
    order.shuffle(shuffled)
    assert ordinals(imported, shuffled) == ordinals(imported, met)


@given(imported=IMPORTED, met=histories())
def test_the_numbers_count_on_from_those_of_before(imported: int, met: list[Meeting]) -> None:
    """Each worker one number, without gaps, after the imported ones."""
    assert sorted(numbers(imported, met).values()) == [
        imported + n for n in range(1, len({m.worker_id for m in met}) + 1)
    ]


@given(imported=IMPORTED, met=histories())
def test_who_met_the_resident_earlier_has_the_lower_number(imported: int, met: list[Meeting]) -> None:
    found = numbers(imported, met)
    first = {worker: min(m.started_at for m in met if m.worker_id == worker) for worker in found}
    for one in found:
        for other in found:
            assert first[one] >= first[other] or found[one] < found[other]


@given(imported=IMPORTED, met=histories(), later=st.integers(10, 20))
def test_a_worker_who_returns_keeps_the_number(imported: int, met: list[Meeting], later: int) -> None:
    """And nobody else's number changes."""
    for worker in {m.worker_id for m in met}:
        again = Meeting(UUID(int=999), worker, NOW + later * DAY)
        assert numbers(imported, [*met, again]) == numbers(imported, met)
        assert ordinals(imported, [*met, again])[again.id] == numbers(imported, met)[worker]


def test_counting_relationships_instead_of_workers_is_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    """Positive control."""
    met = [Meeting(UUID(int=200), TEUN, NOW), Meeting(UUID(int=201), SANNE, NOW + DAY)]
    returns = test_a_worker_who_returns_keeps_the_number.hypothesis.inner_test
    returns(imported=19, met=met, later=10)
    wrong = lambda imported, met: {m.id: imported + n for n, m in enumerate(met, start=1)}  # noqa: E731
    monkeypatch.setitem(globals(), "ordinals", wrong)
    with pytest.raises(AssertionError):
        returns(imported=19, met=met, later=10)


def test_the_twentieth_worker() -> None:
    met = [Meeting(UUID(int=200), TEUN, NOW), Meeting(UUID(int=201), SANNE, NOW + DAY)]
    again = Meeting(UUID(int=202), TEUN, NOW + 2 * DAY)
    assert ordinals(19, [*met, again]) == {met[0].id: 20, met[1].id: 21, again.id: 20}


def test_no_history_no_numbers() -> None:
    assert ordinals(19, []) == {}


@pytest.mark.parametrize(("ordinal", "nth"), [(1, "1e"), (2, "2e"), (8, "8e"), (20, "20e"), (25, "25e"), (101, "101e")])
def test_the_sentence(ordinal: int, nth: str) -> None:
    assert ordinal_sentence(ordinal, "Fien") == f"Je bent de {nth} medewerker die Fien ontmoet."


BEGUN = WorkingRelationship(
    id=RUNNING,
    resident_id=FIEN,
    created_at=NOW - 30 * DAY,
    changed_at=NOW - 30 * DAY,
    author_role=Role.TEAM_LEAD,
    author_id=GREET,
    worker_id=TEUN,
    duties=(Duty.SUPPORTS,),
    started_at=NOW - 30 * DAY,
    function="consulent",
)


def test_it_ends_once_and_at_once() -> None:
    over = BEGUN.end(NOW, EndReason.HANDOVER)
    assert over == replace(BEGUN, ended_at=NOW, end_reason=EndReason.HANDOVER, version=2, changed_at=NOW)
    assert BEGUN.active(NOW)
    assert not over.active(NOW)
    assert over.active(NOW - timedelta(microseconds=1))
    with pytest.raises(RuleBroken) as refused:
        over.end(NOW + DAY, EndReason.OTHER)
    assert refused.value.code == "relationship_ended"


def test_one_that_never_began_ends_when_it_would_have_begun() -> None:
    """It was never active: not before, not at, not after."""
    coming = replace(BEGUN, started_at=NOW + DAY)
    over = coming.end(NOW, EndReason.WORKER_LEFT)
    assert over.ended_at == NOW + DAY
    assert not any(over.active(NOW + n * DAY) for n in range(-1, 4))
