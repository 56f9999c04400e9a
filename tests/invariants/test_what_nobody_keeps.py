"""What the contract has no place for: secrets from residents, scores of completeness, figures about workers."""

import copy
import re
from collections.abc import Iterator
from typing import Any

import pytest

from support_api.app import OPERATIONS
from support_api.domain.baggage_notes import BAGGAGE_NOTES
from support_api.domain.consents import CONSENTS
from support_api.domain.grounds import RULES, Basis
from support_api.domain.portrait_items import PORTRAIT_ITEMS
from support_api.domain.residents import RESIDENTS
from support_api.domain.resource import Resource
from support_api.domain.working_relationships import WORKING_RELATIONSHIPS
from support_api.http import openapi
from support_api.http.operations import Operation
from support_api.http.wire import View

Schema = dict[str, Any]
RESOURCES = (RESIDENTS, PORTRAIT_ITEMS, BAGGAGE_NOTES, CONSENTS, WORKING_RELATIONSHIPS)
# What a view calls otherwise, or says in a part of its own.
OTHERWISE = {"party_name": "party", "imported_source": "imported_workers", "imported_agreed": "imported_workers"}
# Numbers in answers, and why none of them measures anybody.
NUMBERS = {
    "version": "of an item",
    "count": "of a list that the caller may see",
    "limit": "asked by the caller",
    "rank": "the resident's own order",
    "ordinal": "which number a worker is for one resident",
    "number": "which number a worker is for one resident",
    "earlierWorkers": "how many workers one resident has had",
    "importedWorkers": "how many of them came from another system",
    "moreAsks": "what waits for one resident",
    "items": "how many of one resident's things a system has to delete",
}
# Words of the kind that measure nobody, and what they say.
HARMLESS = {"AccessExplanationView.complete": "whether the answer has every party"}
_MEASURE = re.compile(r"complet|progress|percent|score|ranking|productiv|performance|required_?fields|missing", re.I)


def readers(operations: list[Operation], res: Resource[Any]) -> list[type[View]]:
    """The views that the resident gets of it by its id."""
    action = f"{res.singular}:read"
    return [
        each.answer
        for each in operations
        if each.action == action and each.answer and each.action in RULES[Basis.OWN].actions
    ]


def unread(operations: list[Operation], res: Resource[Any]) -> set[str]:
    shown: set[str] = set().union(*(view.model_fields for view in readers(operations, res)))
    return {field for field in res.sealed_fields if OTHERWISE.get(field, field) not in shown}


@pytest.mark.parametrize("res", RESOURCES, ids=lambda res: res.name)
def test_what_is_stored_of_a_resident_the_resident_can_read(res: Resource[Any]) -> None:
    """INV-08."""
    assert res.sealed_fields
    assert unread(OPERATIONS, res) == set()


@pytest.mark.parametrize("res", RESOURCES, ids=lambda res: res.name)
def test_what_is_kept_from_the_resident_is_seen(res: Resource[Any]) -> None:
    """Positive control."""
    without = [each for each in OPERATIONS if each.action != f"{res.singular}:read"]
    assert unread(without, res) == set(res.sealed_fields)


def document() -> Schema:
    return copy.deepcopy(openapi.document(OPERATIONS))


def properties(contract: Schema) -> Iterator[tuple[str, str, Schema]]:
    for name, schema in contract["components"]["schemas"].items():
        for key, each in schema.get("properties", {}).items():
            yield name, key, each


def numeric(schema: Schema) -> bool:
    kinds: list[str] = []
    for each in (schema, *schema.get("anyOf", ())):
        kind = each.get("type", [])
        kinds += [kind] if isinstance(kind, str) else kind
    return not {"integer", "number"}.isdisjoint(kinds)


def measures(contract: Schema) -> set[str]:
    found = {f"{name}.{key}" for name, key, _ in properties(contract) if _MEASURE.search(key)}
    return found - HARMLESS.keys()


def figures(contract: Schema) -> set[str]:
    return {
        f"{name}.{key}"
        for name, key, schema in properties(contract)
        if name.endswith("View") and numeric(schema) and key not in NUMBERS
    }


def test_nothing_measures_how_complete_a_person_is() -> None:
    """INV-10."""
    assert measures(document()) == set()


def test_no_number_in_an_answer_is_about_what_a_worker_does() -> None:
    """INV-24: a new number has to say in NUMBERS what it counts."""
    assert figures(document()) == set()


def test_a_measure_of_somebody_is_seen() -> None:
    """Positive control."""
    planted = document()
    planted["components"]["schemas"]["WorkerView"]["properties"] |= {
        "readsPerDay": {"type": "integer"},
        "completeness": {"anyOf": [{"type": "number"}, {"type": "null"}]},
    }
    assert measures(planted) == {"WorkerView.completeness"}
    assert figures(planted) == {"WorkerView.readsPerDay", "WorkerView.completeness"}
