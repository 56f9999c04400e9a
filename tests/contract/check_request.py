"""Whether a request that was answered well is one that the contract allows: its address, its headers and its body.

A contract that says less than the service takes keeps callers from what works; one that is stricter is not true.
"""

import json
import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import httpx

if TYPE_CHECKING:
    from tests.contract.check import Contract

Schema = dict[str, Any]
# On calls about one's own data it is ignored, whatever it says; on all others a wrong one is refused.
_IGNORED = "Processing-Purpose"
# On several lines they are one list (RFC 9110, 5.3).
_LISTS = ("If-None-Match", "Accept-Language")
_NUMBER = re.compile(r"-?\d+")


def complaints(contract: "Contract", operation: Schema, path: str, request: httpx.Request) -> Iterator[str]:
    yield from _parameters(contract, operation, path, request)
    if operation.get("security") and "authorization" not in request.headers:
        yield "the request had no token, and the contract asks for one"
    yield from _body(contract, operation.get("requestBody"), request)


def _parameters(contract: "Contract", operation: Schema, path: str, request: httpx.Request) -> Iterator[str]:
    named = [contract.resolved(each) for each in operation.get("parameters", [])]
    for each in named:
        values = _values(each, path, request)
        if each.get("required") and not values:
            yield f"the request had no {each['in']} parameter {each['name']}, and the contract requires it"
        if len(values) > 1:
            yield f"the request had {each['name']} more than once"
        for value in values if each["name"] != _IGNORED else []:
            for error in contract.validator(each["schema"]).iter_errors(_typed(each["schema"], value)):
                yield f"the request's {each['name']}: {error.message}"
    known = {each["name"] for each in named if each["in"] == "query"}
    yield from (f"the request's query had {name}" for name in request.url.params if name not in known)


def _values(parameter: Schema, path: str, request: httpx.Request) -> list[str]:
    name = parameter["name"]
    if parameter["in"] == "query":
        return request.url.params.get_list(name)
    if parameter["in"] == "header":
        values = request.headers.get_list(name)
        return [", ".join(values)] if values and name in _LISTS else values
    places = dict(zip(path.split("/"), request.url.path.removeprefix("/v1").split("/"), strict=True))
    return [places[f"{{{name}}}"]]


def _typed(schema: Schema, value: str) -> Any:
    """What stands in an address is text; the schema says what it is read as."""
    if schema.get("type") == "integer" and _NUMBER.fullmatch(value):
        return int(value)
    return {"true": True, "false": False}.get(value, value) if schema.get("type") == "boolean" else value


def _body(contract: "Contract", wanted: Schema | None, request: httpx.Request) -> Iterator[str]:
    try:
        content = request.content
    except httpx.RequestNotRead:
        yield "the request's body came in pieces, and can't be checked: see `unchecked`"
        return
    if wanted is None:
        if content.strip() not in (b"", b"{}"):
            yield "the request had a body, and the contract names none"
        return
    media = request.headers.get("content-type", "").split(";")[0].strip().lower()
    if media not in wanted["content"]:
        yield f"the request's media type was {media}, not {', '.join(wanted['content'])}"
        return
    for error in contract.validator(wanted["content"][media]["schema"]).iter_errors(json.loads(content)):
        yield f"the request's {error.json_path}: {error.message}"
