"""The check for breaking changes: it sees each kind of openapi/released/README.md, and not its harmless twin."""

import copy
from typing import Any

import pytest

from support_api.app import OPERATIONS
from support_api.http import openapi
from tests.contract.compatible import breaking
from tests.contract.planted import OLD, PAIRS, Pair, changed

DOCUMENT: dict[str, Any] = openapi.document(OPERATIONS)


@pytest.mark.parametrize("pair", PAIRS, ids=lambda pair: pair.says)
def test_a_breaking_change_is_seen_and_its_twin_is_not(pair: Pair) -> None:
    found = breaking(OLD, changed(pair.breaking))
    assert any(pair.says in line for line in found), found
    assert breaking(OLD, changed(pair.harmless)) == []


def test_a_contract_keeps_its_own_promises() -> None:
    assert breaking(OLD, OLD) == breaking(DOCUMENT, DOCUMENT) == []


def test_a_change_deep_in_the_real_contract_is_named_where_it_is_met() -> None:
    new = copy.deepcopy(DOCUMENT)
    new["components"]["schemas"]["PortraitItemView"]["required"].remove("text")
    found = breaking(DOCUMENT, new)
    assert "GET /residents/{residentId}/portrait-items: 200 response.results[].text: may now be absent" in found
    assert "POST /residents/{residentId}/portrait-items: 201 response.text: may now be absent" in found


def test_another_operation_breaks_nothing() -> None:
    """Its action in the access log included."""
    old = openapi.document(OPERATIONS[:-1])
    old["components"]["schemas"]["Action"] = copy.deepcopy(DOCUMENT["components"]["schemas"]["Action"])
    assert breaking(old, DOCUMENT) == []
    assert breaking(DOCUMENT, old) == [f"{OPERATIONS[-1].path}: removed"]
