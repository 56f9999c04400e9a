"""Every invariant of the design is proven by a test that names it, or says what it waits for."""

from dataclasses import replace

from tests.invariants.page import PAGE, rendered
from tests.invariants.proofs import Invariant, Proof, named, proofs, read


def faults(invariants: list[Invariant], found: dict[str, list[Proof]]) -> list[str]:
    known = {each.id for each in invariants}
    wrong = [f"{each} is named by a test and is none of the invariants" for each in sorted(found.keys() - known)]
    for each in invariants:
        proven = bool(found.get(each.id))
        if not proven and not each.waits_for:
            wrong.append(f"{each.id} is proven by no test: name it in the docstring of one")
        if proven and each.waits_for:
            wrong.append(f"{each.id} is proven now: take its waits_for out of tests/invariants/invariants.toml")
    return wrong


def test_every_invariant_is_proven_or_says_what_it_waits_for() -> None:
    assert [each.id for each in read()] == [f"INV-{number:02d}" for number in range(1, 32)]
    assert faults(read(), proofs()) == []


def test_one_that_nobody_proves_is_seen() -> None:
    """Positive control; also one that is proven without being known, and one that is said to wait and doesn't."""
    invariants, found = read(), proofs()
    some = next(each for each in invariants if found.get(each.id))
    assert len(faults(invariants, {**found, some.id: []})) == 1
    assert len(faults([each for each in invariants if each != some], found)) == 1
    waiting = [replace(each, waits_for="something") if each == some else each for each in invariants]
    assert len(faults(waiting, found)) == 1


def test_what_a_test_says_is_found() -> None:
    tests = 'def test_a() -> None:\n    """INV-02, INV-03."""\ndef help() -> None:\n    """INV-04."""\n'
    found = list(named('"""All of it (INV-01)."""\n' + tests))
    assert found == [("INV-01", ""), ("INV-02", "test_a"), ("INV-03", "test_a")]


def test_the_page_is_as_the_tests_are() -> None:
    assert PAGE.read_text(encoding="utf-8") == rendered(read(), proofs()), "run: make tables"
