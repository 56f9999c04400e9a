"""Each schema, parameter, header and error of the contract has an example, and it is a right one."""

import json
from collections.abc import Iterator
from copy import deepcopy
from typing import Any

import pytest

from support_api.app import OPERATIONS
from support_api.http import openapi
from support_api.http.contract_examples import with_examples
from support_api.http.problems import KINDS
from tests.contract.check import Contract
from tests.every_operation import BY_NAME, WITH_BODY

DOCUMENT = openapi.document(OPERATIONS)
PROBLEM = "application/problem+json"


def with_their_examples(document: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any], list[Any]]]:
    parts = document["components"]
    yield from ((name, each, each.get("examples", [])) for name, each in parts["schemas"].items())
    for kind in ("parameters", "headers"):
        for name, each in parts[kind].items():
            yield f"{kind}/{name}", each["schema"], each["schema"].get("examples", [])
    for name, each in parts["responses"].items():
        for media in each.get("content", {}).values():
            yield f"responses/{name}", media["schema"], [one["value"] for one in media.get("examples", {}).values()]


def wrong(document: dict[str, Any]) -> list[str]:
    contract, found = Contract(document), []
    for name, schema, examples in with_their_examples(document):
        if not examples:
            found.append(f"{name} has none")
        for each in examples:
            found += [f"{name}: {error.json_path}" for error in contract.validator(schema).iter_errors(each)]
    return found


def test_each_example_is_there_and_right() -> None:
    assert wrong(DOCUMENT) == []


def test_an_example_that_is_wrong_or_missing_is_noticed() -> None:
    document = deepcopy(DOCUMENT)
    document["components"]["schemas"]["NewConsent"]["examples"][0]["exceptItems"] = ["7"]
    del document["components"]["parameters"]["IfMatch"]["schema"]["examples"]
    document["components"]["responses"]["Problem404"]["content"][PROBLEM]["examples"]["not_found"]["value"].pop("code")
    found = {"NewConsent: $.exceptItems[0]", "parameters/IfMatch has none", "responses/Problem404: $"}
    assert set(wrong(document)) == found


def test_each_error_has_an_example_with_its_status() -> None:
    shown = {
        (code, each["value"]["status"])
        for response in DOCUMENT["components"]["responses"].values()
        for code, each in response.get("content", {}).get(PROBLEM, {}).get("examples", {}).items()
    }
    assert shown == {(code, kind.status) for code, kind in KINDS.items() if kind.status != 405}


@pytest.mark.parametrize("name", WITH_BODY)
def test_the_service_reads_the_example_of_each_body(name: str) -> None:
    """Its own rules too, which a schema can't say."""
    body = BY_NAME[name].body
    assert body is not None
    [example] = DOCUMENT["components"]["schemas"][body.__name__]["examples"]
    assert body.model_validate_json(json.dumps(example))


def test_a_part_without_an_example_can_not_be_put_together() -> None:
    with pytest.raises(ValueError, match="no example: naam"):
        with_examples({"Party": {"properties": {"name": {"title": "naam", "type": "string"}}}})
