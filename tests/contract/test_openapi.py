"""The contract: complete, true, valid, the same as the code, and the same as what the service hands out."""

import copy
import itertools
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator
from litestar.routes import HTTPRoute
from openapi_spec_validator import validate
from openapi_spec_validator.validation.exceptions import OpenAPIValidationError

from support_api.app import OPERATIONS, create_app
from support_api.domain.vocabulary import Purpose, Scope
from support_api.http import openapi
from support_api.http.contract_schemas import READABLE, schemas
from support_api.http.operations import Operation
from support_api.http.wire import Body, View, readable, said
from tests.conftest import Cluster, World, settings_for

COMMITTED = Path(__file__).parents[2] / "openapi" / "support-api.yaml"
DOCUMENT = openapi.document(OPERATIONS)
Schema = dict[str, Any]


def broken() -> Schema:
    """A copy for a positive control."""
    return copy.deepcopy(DOCUMENT)


def properties(document: Schema) -> Iterator[tuple[str, Schema]]:
    for name, schema in document["components"]["schemas"].items():
        for key, each in schema.get("properties", {}).items():
            yield f"{name}.{key}", each


# --- the same everywhere


def differs(committed: str, operations: list[Operation]) -> bool:
    return committed != openapi.as_yaml(operations)


def test_the_committed_contract_is_what_the_code_makes() -> None:
    assert not differs(COMMITTED.read_text(), OPERATIONS), "the code says otherwise: run `make contract` and commit it"


def test_the_yaml_says_what_the_document_says() -> None:
    text = openapi.as_yaml(OPERATIONS)
    assert yaml.safe_load(text) == DOCUMENT
    assert not re.search(r"(^|\s)[&*]id\d+", text), "no anchors and aliases: people review this"


def test_an_operation_less_is_seen() -> None:
    assert differs(COMMITTED.read_text(), OPERATIONS[1:])


def routes_of(app: Any) -> set[tuple[str, str]]:
    return {
        (method, route.path_format)
        for route in app.routes
        if isinstance(route, HTTPRoute) and route.path_format.startswith("/v1")
        for method in route.methods - {"OPTIONS"}
    }


def documented(document: Schema) -> set[tuple[str, str]]:
    return {(method.upper(), "/v1" + path) for path, item in document["paths"].items() for method in item}


def test_the_contract_and_the_router_have_the_same_operations(cluster: Cluster) -> None:
    app = create_app(settings_for(cluster, "nowhere", "nowhere"))._app
    named = {(operation.method, "/v1" + operation.path) for operation in OPERATIONS}
    assert routes_of(app) == documented(DOCUMENT) == named | {("GET", "/v1/openapi.json")}
    less = broken()
    less["paths"].popitem()
    assert routes_of(app) != documented(less)


def test_each_operation_has_its_own_name_and_its_scope() -> None:
    operations = [each for item in DOCUMENT["paths"].values() for each in item.values()]
    assert len({each["operationId"] for each in operations}) == len(operations)
    scopes = {each["operationId"]: each["security"] for each in operations}
    assert scopes.pop("getContract") == []
    assert scopes == {each.name: [{"bearer": [str(each.scope)]}] for each in OPERATIONS}


async def test_the_served_copy_differs_in_its_address_only_and_is_for_everyone(world: World) -> None:
    """R68: without a token, from any web page."""
    answer = await world.client.get("/v1/openapi.json", headers={"Origin": "https://elsewhere.example"})
    assert (answer.status_code, answer.headers["access-control-allow-origin"]) == (200, "*")
    served = answer.json()
    assert served.pop("servers") == [{"url": "http://testserver/v1"}]
    expected = broken()
    assert expected.pop("servers") == [{"url": "https://support-api.example.nl/v1"}]
    assert served == expected


# --- valid


def test_it_is_openapi_3_1() -> None:
    validate(DOCUMENT)
    wrong = broken()
    del wrong["paths"]["/me"]["get"]["responses"]["200"]["description"]
    with pytest.raises(OpenAPIValidationError):
        validate(wrong)


def bad_schemas(document: Schema) -> list[str]:
    """Keywords that JSON Schema does not have say nothing to anybody: Pydantic leaves some behind."""
    vocabulary = set(Draft202012Validator.META_SCHEMA["properties"])
    for meta in ("applicator", "validation", "meta-data", "format-annotation"):
        uri = f"https://json-schema.org/draft/2020-12/meta/{meta}"
        vocabulary |= set(Draft202012Validator({})._resolver.lookup(uri).contents["properties"])
    parts = itertools.chain(document["components"]["schemas"].items(), properties(document))
    return [
        f"{name}: {key}"
        for name, schema in parts
        for key in schema
        if key not in vocabulary | {"$ref"} and not key.startswith("x-")
    ]


def test_each_schema_uses_the_words_of_json_schema() -> None:
    assert bad_schemas(DOCUMENT) == []
    wrong = broken()
    wrong["components"]["schemas"]["MeView"]["properties"]["role"]["ge"] = 1
    assert bad_schemas(wrong) == ["MeView.role: ge"]


def false_examples(document: Schema) -> list[str]:
    whole = {"components": document["components"]}
    checker = Draft202012Validator.FORMAT_CHECKER
    found = [
        f"{name}: {example!r}"
        for name, schema in properties(document)
        for example in schema.get("examples", [])
        if not Draft202012Validator({**schema, **whole}, format_checker=checker).is_valid(example)
    ]
    for name, parameter in document["components"]["parameters"].items():
        schema = parameter["schema"]
        for example in schema.get("examples", []):
            if not Draft202012Validator({**schema, **whole}, format_checker=checker).is_valid(example):
                found.append(f"{name}: {example!r}")
    return found


def test_each_example_is_one() -> None:
    assert false_examples(DOCUMENT) == []
    wrong = broken()
    wrong["components"]["schemas"]["MeView"]["properties"]["municipalityId"]["examples"] = ["Utrecht"]
    assert false_examples(wrong) == ["MeView.municipalityId: 'Utrecht'"]


# --- for readers


def unsaid(document: Schema) -> list[str]:
    found = []
    for name, schema in properties(document):
        wanted = ["title", "description"]
        kinds = schema.get("type", "")
        told = "$ref" in str(schema) or "boolean" in kinds or kinds == "object" or "const" in schema
        wanted += [] if told else ["examples"]
        found += [f"{name} has no {each}" for each in wanted if not schema.get(each)]
    return found


def test_each_property_has_its_dutch_term_a_description_and_an_example() -> None:
    assert unsaid(DOCUMENT) == []
    wrong = broken()
    del wrong["components"]["schemas"]["MeView"]["properties"]["clientId"]["title"]
    del wrong["components"]["schemas"]["MeView"]["properties"]["clientId"]["examples"]
    assert unsaid(wrong) == ["MeView.clientId has no title", "MeView.clientId has no examples"]


def unnamed(document: Schema) -> list[str]:
    schemas = document["components"]["schemas"].items()
    return [name for name, each in schemas if each.get("x-term", name) == name or not each.get("description")]


def test_each_schema_has_its_dutch_term_and_a_description() -> None:
    assert unnamed(DOCUMENT) == []
    wrong = broken()
    wrong["components"]["schemas"]["MeView"]["x-term"] = "MeView"
    del wrong["components"]["schemas"]["Duty"]["description"]
    assert unnamed(wrong) == ["Duty", "MeView"]


def test_each_code_has_its_dutch_and_its_english_words() -> None:
    lists = {name: each for name, each in DOCUMENT["components"]["schemas"].items() if "x-dutch" in each}
    assert set(lists) >= {name for name, each in DOCUMENT["components"]["schemas"].items() if "enum" in each}
    assert lists["Purpose"]["x-dutch"] == {str(each): each.dutch for each in Purpose}
    for name, schema in lists.items():
        assert list(schema["x-dutch"]) == list(schema["x-english"]), name
        assert schema.get("x-may-grow") or list(schema["x-dutch"]) == schema["enum"], name
        assert schema["x-source"], name
        assert all(f"- `{code}`: {word}" in schema["description"] for code, word in schema["x-dutch"].items())


def test_each_tag_and_each_scope_is_explained() -> None:
    assert not [scope for scope in Scope if ":" in scope.english], "say in English what each scope is for"
    nameless = [tag["name"] for tag in DOCUMENT["tags"] if not tag["description"]]
    assert not nameless, "say in contract_words.TAGS what each tag is"


def test_no_text_refers_to_what_a_reader_does_not_have() -> None:
    inner = re.compile(r"\.md\b|\bINV-\d|\bS\d-\d\d|\bB\.\d")
    assert inner.findall(json.dumps(DOCUMENT)) == []
    assert inner.search("a consent is still needed (access.md)")


def test_names_are_pascal_case_and_say_no_module() -> None:
    for name in DOCUMENT["components"]["schemas"]:
        assert re.fullmatch("([A-Z][a-z0-9]+)+", name), name


# --- what bodies promise


def bodies(document: Schema) -> dict[str, tuple[str, Schema]]:
    found = {}
    for item in document["paths"].values():
        for method, operation in item.items():
            for media in operation.get("requestBody", {}).get("content", {}).values():
                name = media["schema"]["$ref"].rsplit("/", 1)[1]
                found[name] = (method, document["components"]["schemas"][name])
    return found


def boundless(schema: Schema, schemas: Schema) -> Iterator[str]:
    """What a caller may send without end (api.md: limits on every string and array)."""
    if "$ref" in schema:
        yield from boundless(schemas[schema["$ref"].rsplit("/", 1)[1]], schemas)
        return
    kinds = schema.get("type", "")
    fixed = re.fullmatch(r"\^[^*+]*\$", schema.get("pattern", ""))
    if "string" in kinds and not fixed and not {"maxLength", "enum", "format", "const"} & set(schema):
        yield "string"
    if "array" in kinds:
        yield from [] if "maxItems" in schema else ["array"]
        yield from boundless(schema["items"], schemas)
    for name, each in schema.get("properties", {}).items():
        yield from (f"{name}: {found}" for found in boundless(each, schemas))
    for each in schema.get("anyOf", []):
        yield from boundless(each, schemas)


def test_a_body_is_closed_and_bounded() -> None:
    schemas = DOCUMENT["components"]["schemas"]
    for name, (_, schema) in bodies(DOCUMENT).items():
        assert schema["additionalProperties"] is False, name
        assert list(boundless(schema, schemas)) == [], name
    endless = {"properties": {"a": {"type": ["string", "null"]}, "b": {"type": "array", "items": {"type": "integer"}}}}
    assert list(boundless(endless, {})) == ["a: string", "b: array"]


def test_a_change_has_nothing_required_and_no_default() -> None:
    """JSON Merge Patch: what is absent stays as it is."""
    changes = {name: schema for name, (method, schema) in bodies(DOCUMENT).items() if method == "patch"}
    assert changes
    for name, schema in changes.items():
        assert "required" not in schema, name
        assert [key for key, each in schema["properties"].items() if "default" in each] == [], name


MAY_LEAVE_OUT = {"ResidentHitView": "only the fields that were asked for"}


def incomplete(document: Schema) -> set[str]:
    schemas = document["components"]["schemas"].items()
    views = {name: each for name, each in schemas if name.endswith("View")}
    return {name for name, each in views.items() if each.get("required", []) != list(each["properties"])}


def test_a_view_is_complete() -> None:
    """Every property is there, also when it is empty."""
    assert incomplete(DOCUMENT) - set(MAY_LEAVE_OUT) == set()
    less = broken()
    less["components"]["schemas"]["MeView"]["required"].remove("role")
    assert "MeView" in incomplete(less)


def test_a_name_that_ends_in_date_says_in_which_form() -> None:
    """The linter of the NL API Design Rules asks it; a day is `date`, what may be less is `partial-date`."""
    dates = {name: each for name, each in properties(DOCUMENT) if name.endswith("Date")}
    assert [name for name, each in dates.items() if each.get("format") not in ("date", "partial-date")] == []


class Inner(Body):
    """Both ways (INV-99)."""

    note: str | None = said("notitie", "A note.", "Bel eerst.", default=None)


class Asked(Body):
    inner: Inner = said("deel", "A part.")


class Given(View):
    inner: Inner = said("deel", "Both ways.")


def test_what_goes_in_and_out_has_a_name_for_each_way() -> None:
    names, made = schemas([(Asked, "validation"), (Given, "serialization")])
    assert list(names.values()) == ["Asked", "Given"]
    assert list(made) == ["Asked", "Given", "InnerInput", "InnerOutput"]
    assert made["Asked"]["properties"]["inner"]["$ref"] == "#/components/schemas/InnerInput"
    assert "default" in made["InnerInput"]["properties"]["note"]
    assert "default" not in made["InnerOutput"]["properties"]["note"]
    assert made["InnerOutput"]["description"] == "Both ways."
    assert made["Given"]["properties"]["inner"]["description"] == "Both ways."


@settings(max_examples=50, deadline=None)
@given(st.text(max_size=20))
def test_what_is_accepted_matches_the_pattern_of_texts(text: str) -> None:
    try:
        readable(text)
    except ValueError:
        return
    assert not text or re.search(READABLE, text)


@pytest.mark.parametrize("text", ["a\x00", "\u202egnp.exe", "   ", "\n\t", "\x85", "\ufffe"])
def test_what_is_refused_does_not_match_it(text: str) -> None:
    with pytest.raises(ValueError, match=r"character|nothing"):
        readable(text)
    assert not re.search(READABLE, text)
