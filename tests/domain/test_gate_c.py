"""What no decision opens: gate C, another resident's items, and whatever is asked without a ground."""

from dataclasses import replace

import pytest

from support_api.domain import access
from support_api.domain.errors import Hidden
from support_api.domain.grounds import Basis
from support_api.domain.vocabulary import Category, Confirmation, Depth, Duty, Level, PartyType, Purpose, Role
from tests.deciding import ABEL, FIEN, GATE_A, SYSTEM, TEUN, bond, decided, item, never, yes

WORKER, MACHINE, RESIDENT, CONSENT, NONE = Role.WORKER, Role.EXTERNAL_SYSTEM, Role.RESIDENT, Basis.CONSENT, Basis.NONE


@pytest.mark.parametrize("purpose", Purpose, ids=str)
@pytest.mark.parametrize("category", Category, ids=str)
def test_gate_c_is_never_not_even_with_consent(category: Category, purpose: Purpose) -> None:
    """INV-05, INV-06. For a system, for a worker with every duty, and for the recorder of a note as well."""
    shut = never(category, purpose)
    everything = yes(category, purpose=purpose, depth=Depth.FULL)
    worker = decided(WORKER, everything, relations=(bond(*Duty),), purpose=purpose)
    system = decided(MACHINE, replace(everything, party_type=PartyType.SYSTEM, party_id=SYSTEM), purpose=purpose)
    assert worker.basis is NONE or worker.grant(category).never is shut
    noted = item(author_id=TEUN, confirmation=Confirmation.AWAITING)
    for found, seen in ((worker, item()), (worker, noted), (system, item())):
        opened = found.basis is not NONE and not shut
        assert (found.sees(seen, category) > Level.NONE) is opened
    if category in GATE_A:
        assert (system.basis is CONSENT) is not shut


def test_gate_c_would_be_missed_without_the_table(monkeypatch: pytest.MonkeyPatch) -> None:
    """Positive control."""
    monkeypatch.setattr(access, "NEVER", {})
    with pytest.raises(AssertionError):
        test_gate_c_is_never_not_even_with_consent(Category.CRITIQUE, Purpose.ENFORCEMENT)


def test_a_closed_access_addresses_no_row() -> None:
    """Whatever it is handed to: without a ground there is no resident to ask the database for."""
    shut = decided(WORKER, yes(), relations=())
    with pytest.raises(Hidden, match="no_relation"):
        _ = shut.resident_id
    assert shut.sees(item(), Category.PORTRAIT) is Level.NONE
    assert shut.level(Category.IDENTITY_CONTACT) is Level.NONE


def test_an_access_is_bound_to_one_resident() -> None:
    theirs = item(resident_id=ABEL)
    assert decided(RESIDENT, purpose=None).sees(theirs, Category.PORTRAIT) is Level.NONE
    assert decided(WORKER, yes()).sees(theirs, Category.PORTRAIT) is Level.NONE
    assert decided(WORKER, yes()).sees(item(resident_id=FIEN), Category.PORTRAIT) is Level.SHORT
