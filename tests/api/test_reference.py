"""What an integrator looks up: codes with their words, the glossary, and the municipality's own register."""

import re
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from support_api.app import OPERATIONS
from support_api.demo.cast import VERZONNERDAM
from support_api.domain.register import Activity
from support_api.domain.vocabulary import Purpose
from support_api.http import glossary, openapi
from support_api.services import setup
from tests.conftest import MIGRATOR, World

ROOT = Path(__file__).parents[2]
DOCUMENT = openapi.document(OPERATIONS)
LISTS = ("code-lists", "glossary", "purposes", "legal-bases", "processing-activities")
Schema = dict[str, Any]
_NO_LISTS = ("examples", "propertyNames")


async def read(world: World, name: str, path: str) -> list[dict[str, Any]]:
    answer = await world.get(name, f"/v1/reference/{path}")
    assert answer.status_code == 200, answer.text
    results: list[dict[str, Any]] = answer.json()["results"]
    return results


def enumerations(schema: Any) -> list[list[str]]:
    """Every `enum` below this, wherever it stands."""
    if isinstance(schema, list):
        return [found for each in schema for found in enumerations(each)]
    if not isinstance(schema, dict):
        return []
    own = [schema["enum"]] if isinstance(schema.get("enum"), list) else []
    return own + [found for key, each in schema.items() if key not in _NO_LISTS for found in enumerations(each)]


def untold(document: Schema, lists: list[dict[str, Any]]) -> list[list[str]]:
    """Enumerations of the schemas of which some code stands in no list."""
    told = [{each["code"] for each in one["codes"]} for one in lists]
    return [
        codes for codes in enumerations(document["components"]["schemas"]) if not any(set(codes) <= t for t in told)
    ]


async def test_every_enumeration_is_there_with_both_labels_and_a_source(world: World) -> None:
    lists = await read(world, "teun", "code-lists")
    assert untold(DOCUMENT, lists) == []
    for one in lists:
        assert all(one[key] for key in ("name", "dutch", "meaning", "source", "codes")), one["name"]
        assert all(code["dutch"] and code["english"] for code in one["codes"]), one["name"]


async def test_a_list_that_is_missing_is_noticed(world: World) -> None:
    lists = await read(world, "teun", "code-lists")
    less = [one for one in lists if one["name"] != "LifeStoryTheme"]
    assert untold(DOCUMENT, less) == [DOCUMENT["components"]["schemas"]["LifeStoryTheme"]["enum"]]


async def test_the_labels_are_those_of_the_domain(world: World) -> None:
    lists = {one["name"]: one for one in await read(world, "fien", "code-lists")}
    debt = {"code": "debt", "dutch": "schulden", "english": "debt"}
    assert debt in lists["LifeStoryTheme"]["codes"]
    assert lists["LifeStoryTheme"]["source"].startswith("In De Dichter Bij Stand")
    assert {"code": "portrait:read", "dutch": "portret lezen", "english": "read the portrait"} in lists["Scope"][
        "codes"
    ]
    assert "relationship_ended" in {each["code"] for each in lists["ProblemCode"]["codes"]}
    assert (lists["Action"]["mayGrow"], lists["Duty"]["mayGrow"]) == (True, False)


def unexplained(document: Schema, entries: list[dict[str, Any]]) -> list[str]:
    """What stands in the contract and not in the glossary: schemas, properties and codes."""
    told = {(each["name"], place) for each in entries for place in each["places"] or [None]}
    named = document["components"]["schemas"].items()
    wanted: list[tuple[str, str | None]] = [(name, None) for name, each in named if not glossary.is_page(each)]
    wanted += [(key, name) for name, each in named for key in each.get("properties", {})]
    wanted += [(code, name) for name, each in named for code in each.get("enum", ())]
    return [f"{place}.{name}" if place else name for name, place in wanted if (name, place) not in told]


async def test_the_glossary_has_every_word_of_the_contract(world: World) -> None:
    entries = await read(world, "teun", "glossary")
    assert unexplained(DOCUMENT, entries) == []
    assert all(each["dutch"] and each["english"] for each in entries)
    less = [each for each in entries if each["name"] not in ("callName", "MeView", "debt")]
    assert {"MeView", "ResidentView.callName", "LifeStoryTheme.debt"} <= set(unexplained(DOCUMENT, less))


async def test_a_word_that_means_one_thing_stands_there_once(world: World) -> None:
    entries = await read(world, "teun", "glossary")
    keys = [(each["name"], each["dutch"], each["meaning"]) for each in entries]
    assert len(keys) == len(set(keys))
    assert [each["dutch"].casefold() for each in entries] == sorted(each["dutch"].casefold() for each in entries)


def test_the_page_is_the_glossary_of_this_contract() -> None:
    page = (ROOT / "docs/glossary.md").read_text(encoding="utf-8")
    assert page == glossary.as_markdown(DOCUMENT), "run `make contract` and commit docs/glossary.md"
    rows = [line for line in page.splitlines() if re.match(r"\| [^-D]", line)]
    assert len(rows) > 300


async def test_the_register_is_that_of_the_own_municipality(world: World) -> None:
    activities = await read(world, "teun", "processing-activities")
    support = next(each for each in activities if each["purpose"] == "support")
    assert support["activity"] == "https://register.voorbeeldstad.example/verwerkingen/support"
    assert support["legalBasis"] == "Wmo 2015, art. 2.3.1"
    assert {"Werkplek Voorbeeld", "Zaaksysteem Voorbeeld"} <= set(support["clients"])
    purposes = {each["code"]: each for each in await read(world, "fien", "purposes")}
    assert list(purposes) == [each.value for each in Purpose]
    assert (purposes["support"]["used"], purposes["support"]["legalBases"]) == (True, ["Wmo 2015, art. 2.3.1"])
    assert (purposes["enforcement"]["used"], purposes["enforcement"]["legalBases"]) == (False, [])
    bases = {each["legalBasis"]: each for each in await read(world, "pim", "legal-bases")}
    assert bases["Wmo 2015, art. 2.3.1"]["purposes"] == ["handover", "support"]


async def test_another_municipality_registered_its_own(world: World) -> None:
    activity = {Purpose.SUPPORT: Activity("https://register.verzonnerdam.example/1", "Jeugdwet, art. 2.3")}
    async with world.database(MIGRATOR) as database, database.transaction(VERZONNERDAM.id) as tx:
        await setup.add_client(tx, "alleen-hier", "Alleen Hier", activity, datetime.now(UTC))
    here = await read(world, "noor", "processing-activities")
    there = await read(world, "teun", "processing-activities")
    assert "Alleen Hier" in str(here)
    assert "Alleen Hier" not in str(there)


@pytest.mark.parametrize("path", LISTS)
async def test_without_the_scope_there_is_none_of_it(world: World, path: str) -> None:
    answer = await world.get("teun", f"/v1/reference/{path}", claims={"scope": "me:read"})
    assert (answer.status_code, answer.json()["code"]) == (403, "scope_missing")
