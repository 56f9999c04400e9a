"""Fields that don't go together: the contract says so as far as a schema can, and the service tells which to mend."""

import json
from typing import Any

import pytest

from tests.api.problems import check_problem
from tests.conftest import World
from tests.contract.check import contract
from tests.every_operation import good
from tests.make import UNKNOWN

MY_WORKERS = {"type": "my_workers"}
BSN = {"system": "bsn", "value": "999990019"}
WRONG: dict[str, tuple[str, dict[str, Any], str, str]] = {
    "visible to a worker, nobody named": (
        "createPortraitItem",
        {"visibility": "this_worker"},
        "/workerId",
        "required",
    ),
    "changed to a worker, nobody named": (
        "changeBaggageNote",
        {"visibility": "this_worker", "workerId": None},
        "/workerId",
        "required",
    ),
    "a worker, which?": ("createConsent", {"party": {"type": "worker"}}, "/party/id", "required"),
    "all my workers, and one": ("createConsent", {"party": {**MY_WORKERS, "id": UNKNOWN}}, "/party/id", "not_allowed"),
    "only these, and all but these": (
        "createConsent",
        {"onlyItems": [UNKNOWN], "exceptItems": [UNKNOWN]},
        "/exceptItems",
        "not_allowed",
    ),
    "not the resident's to decide": (
        "createConsent",
        {"categories": ["identity_contact"]},
        "/categories",
        "not_in_list",
    ),
    "one kind, that is none": ("createConsent", {"categories": ["x"]}, "/categories/0", "not_in_list"),
    "as it is, with changes": (
        "confirmBaggageNote",
        {"confirmation": "confirmed", "title": "Anders"},
        "/confirmation",
        "not_allowed",
    ),
    "not decided": ("confirmBaggageNote", {"confirmation": "not_asked"}, "/confirmation", "not_in_list"),
    "a number that is none": (
        "createResident",
        {"identifiers": [{**BSN, "value": "12345678"}]},
        "/identifiers/0/value",
        "pattern",
    ),
    "an address that is none": (
        "searchResidents",
        {"system": "email", "value": "fien"},
        "/value",
        "pattern",
    ),
}
UNSAID = {
    "a number against the 11-proof": (
        "searchResidents",
        {**BSN, "value": "999990018"},
        "/value",
        "pattern",
    ),
    "the same number twice": ("createResident", {"identifiers": [BSN, BSN]}, "/identifiers", "twice"),
    "one item in other words twice": (
        "changeBriefing",
        {"replacements": [{"id": UNKNOWN, "text": "Zo."}, {"id": UNKNOWN, "text": "Of zo."}]},
        "/replacements",
        "twice",
    ),
}


def taken_by_the_contract(operation: str, body: dict[str, Any]) -> bool:
    found = [
        each
        for path in contract().document["paths"].values()
        for each in path.values()
        if each["operationId"] == operation
    ]
    [schema] = {json.dumps(each["schema"]) for each in found[0]["requestBody"]["content"].values()}
    return bool(contract().validator(json.loads(schema)).is_valid(body))


@pytest.mark.parametrize("said", [*WRONG, *UNSAID])
async def test_what_does_not_go_together_is_told_where_to_mend_it(world: World, said: str) -> None:
    name, changes, place, code = {**WRONG, **UNSAID}[said]
    request = await good(world, name)
    assert taken_by_the_contract(name, request.body)
    body = {**request.body, **changes}
    answer = await request.but(body=body).send(world)
    check_problem(answer, 400, "invalid_input")
    assert [(each["name"], each["code"]) for each in answer.json()["invalidParams"]] == [(place, code)]
    assert taken_by_the_contract(name, body) is (said in UNSAID)


async def test_what_goes_together_is_taken_by_both(world: World) -> None:
    worker = (await world.get("teun", "/v1/me")).json()["workerId"]
    for name, changes in (
        ("createPortraitItem", {"visibility": "this_worker", "workerId": worker}),
        ("createConsent", {"party": {"type": "worker", "id": worker}}),
        ("createConsent", {"party": {**MY_WORKERS, "id": None}, "exceptItems": [], "onlyItems": []}),
        ("confirmBaggageNote", {"confirmation": "confirmed_with_changes", "title": "Anders"}),
        ("confirmBaggageNote", {"confirmation": "confirmed", "visibility": "my_workers"}),
        ("createResident", {"identifiers": [BSN | {"value": "999990020"}]}),
    ):
        request = await good(world, name)
        body = {**request.body, **changes}
        assert taken_by_the_contract(name, body), (name, changes)
        answer = await request.but(body=body).send(world)
        assert answer.status_code == request.operation.status, answer.text
