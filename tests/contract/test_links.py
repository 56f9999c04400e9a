"""Each link of the contract, followed: what it names is in the answer, and where it leads, something can be done."""

import copy
from typing import Any
from uuid import uuid4

import httpx
import pytest

from support_api.app import OPERATIONS
from support_api.http import openapi
from tests.conftest import World
from tests.every_operation import PROPOSED, Good, good
from tests.make import log_in

DOCUMENT = openapi.document(OPERATIONS)
Link = dict[str, Any]


def links(document: dict[str, Any]) -> dict[str, dict[str, Link]]:
    """By the operation that they start from."""
    found: dict[str, dict[str, Link]] = {}
    for path in document["paths"].values():
        for each in path.values():
            made = [answer.get("links", {}) for status, answer in each["responses"].items() if status < "300"]
            found[each["operationId"]] = {name: link for of_status in made for name, link in of_status.items()}
    return found


def value(expression: str, request: Good, answer: httpx.Response) -> str:
    """A runtime expression of OpenAPI, as far as the contract uses them."""
    source, _, name = expression.removeprefix("$").partition("#")
    if source == "response.body":
        found = answer.json()
        for step in name.strip("/").split("/"):
            found = found[int(step) if step.isdigit() else step]
        return str(found)
    if source.startswith("request.path."):
        template = f"/v1{request.operation.path}".split("/")
        return dict(zip(template, request.path.split("/"), strict=True))[f"{{{source.rsplit('.', 1)[1]}}}"]
    assert source.startswith("response.header."), expression
    return answer.headers[source.rsplit(".", 1)[1]]


async def follow(world: World, made: Good, request: Good, answer: httpx.Response, link: Link) -> httpx.Response:
    """To `made`, which is good for what the link names, elsewhere than where the link leads."""
    values = {name: value(each, request, answer) for name, each in link["parameters"].items()}
    headers = {name.removeprefix("header."): each for name, each in values.items() if name.startswith("header.")}
    path = f"/v1{made.operation.path}".format(**values)
    purpose = {name: each for name, each in made.headers.items() if name == "Processing-Purpose"}
    next_one = made.but(path=path, headers=purpose | headers)
    claims = await own_log_in(world, path) if made.name == "fien" and not path.startswith(world.fien) else {}
    sent = {"Authorization": f"Bearer {world.token(made.name, **claims)}"}
    return await next_one.send(world, **sent)


def start(request: Good, target: Good) -> Good:
    """What waits for the resident's word is what somebody else wrote."""
    if target.operation.name not in ("confirmBaggageNote", "decideConsent"):
        return request
    if not request.body:
        return request.but(path=target.path.rsplit("/", 1)[0])
    body = PROPOSED if target.operation.name == "decideConsent" else request.body
    return request.but(name="teun", body=body)


async def own_log_in(world: World, path: str) -> dict[str, str]:
    """Of the resident of this path, who is new."""
    resident = "/".join(path.split("/")[:4])
    return await log_in(world, uuid4().hex, resident)


@pytest.mark.parametrize("name", [name for name, found in links(DOCUMENT).items() if found])
async def test_each_link_can_be_followed(world: World, name: str) -> None:
    for link in links(DOCUMENT)[name].values():
        target = await good(world, link["operationId"])
        request = start(await good(world, name), target)
        answer = await request.send(world)
        assert answer.is_success, answer.text
        reached = await follow(world, target, request, answer, link)
        assert reached.status_code == target.operation.status, (link, reached.text)


def test_what_is_made_and_listed_leads_on() -> None:
    """And each operation on one thing, or below it, can be reached by a link."""
    reached = {link["operationId"] for found in links(DOCUMENT).values() for link in found.values()}
    assert {each.name for each in OPERATIONS if each.parameters} - reached == set()


async def test_a_link_that_leads_nowhere_is_noticed(world: World) -> None:
    target, request = await good(world, "getPortraitItem"), await good(world, "listPortraitItems")
    answer = await request.send(world)
    link = copy.deepcopy(links(DOCUMENT)["listPortraitItems"]["getPortraitItem"])
    link["parameters"]["portraitItemId"] = "$response.body#/results/0/version"
    assert (await follow(world, target, request, answer, link)).status_code == 404
    link["parameters"]["portraitItemId"] = "$response.body#/nothing"
    with pytest.raises(KeyError):
        await follow(world, target, request, answer, link)
