"""The meter behind the rate limits: exact in the long run, with a burst, shared by processes, bounded in memory."""

import multiprocessing
import time
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from support_api.http import limits
from support_api.http.limits import Meter, Rate

TEN = Rate(10, burst_seconds=2)


class Clock:
    now = 5000.0

    def __call__(self) -> float:
        return self.now


def test_a_burst_passes_and_then_the_rate_holds() -> None:
    clock = Clock()
    meter = Meter(clock=clock)
    assert [meter.take(b"a", TEN) for _ in range(20)] == [0.0] * 20
    assert 0.09 < meter.take(b"a", TEN) < 0.11
    clock.now += 0.1
    assert meter.take(b"a", TEN) == 0
    assert meter.take(b"a", TEN) > 0
    clock.now += 60
    assert [meter.take(b"a", TEN) for _ in range(20)] == [0.0] * 20


def test_who_waits_as_long_as_told_is_let_through() -> None:
    clock = Clock()
    meter = Meter(clock=clock)
    for _ in range(100):
        if wait := meter.take(b"a", TEN):
            clock.now += wait
            assert meter.take(b"a", TEN) == 0
    assert clock.now - 5000 >= (100 - 20) / 10 - 1e-6


@settings(max_examples=30, deadline=None)
@given(st.lists(st.floats(0, 0.5), min_size=1, max_size=200))
def test_never_more_than_the_burst_and_the_rate(pauses: list[float]) -> None:
    clock = Clock()
    meter, passed = Meter(clock=clock), 0
    for pause in pauses:
        clock.now += pause
        passed += meter.take(b"a", TEN) == 0
        assert passed <= 20 + (clock.now - 5000) * 10 + 1e-6


def test_callers_do_not_hinder_each_other() -> None:
    meter = Meter(clock=Clock())
    for _ in range(30):
        meter.take(b"a", TEN)
    assert meter.take(b"b", TEN) == 0
    assert meter.take(b"a", TEN) > 0


def test_no_rate_is_no_limit() -> None:
    meter = Meter(clock=Clock())
    assert {meter.take(b"a", Rate(0, burst_seconds=2)) for _ in range(1000)} == {0.0}


def test_less_than_one_a_burst_is_still_one_at_a_time() -> None:
    meter = Meter(clock=Clock())
    slow = Rate(1 / 60, burst_seconds=2)
    assert (meter.take(b"a", slow), meter.take(b"a", slow) > 59) == (0.0, True)


def test_more_callers_than_places_take_the_places_of_who_left() -> None:
    """The memory stays as it is; who called long ago is forgotten first."""
    clock = Clock()
    meter = Meter(clock=clock)
    for number in range(limits.SLOTS * 2):
        clock.now += 0.01
        assert meter.take(str(number).encode(), TEN) == 0
    assert len(meter._memory) == limits.SLOTS * 16


def _take(shared: Path, calls: int, passed: "multiprocessing.Queue[int]") -> None:
    meter = Meter(shared)
    passed.put(sum(meter.take(b"a", Rate(1, burst_seconds=50)) == 0 for _ in range(calls)))


def test_processes_count_together(tmp_path: Path) -> None:
    shared = tmp_path / "meter"
    shared.touch()
    context = multiprocessing.get_context("spawn")
    passed: multiprocessing.Queue[int] = context.Queue()
    started = time.monotonic()
    workers = [context.Process(target=_take, args=(shared, 60, passed)) for _ in range(3)]
    for worker in workers:
        worker.start()
    total = sum(passed.get(timeout=60) for _ in workers)
    for worker in workers:
        worker.join()
    seconds = time.monotonic() - started
    assert 50 <= total <= 50 + seconds + 30, "what meets lets a few too many through, never one too few"
    assert total < 180, "three that count alone would let all pass"
