"""Whether an answer is one that the contract names: its status, its headers and its body, no more and no less.

`World.call` asks this of every answer in the suite.
"""

import json
import re
from collections.abc import Iterator
from functools import cache
from typing import Any

import httpx
from jsonschema import Draft202012Validator

from support_api.app import OPERATIONS
from support_api.http import openapi

PROBLEM = "application/problem+json"
# What `info.description` promises of every answer, and what only says how the bytes travel.
ALWAYS = {
    "cache-control",
    "content-security-policy",
    "referrer-policy",
    "strict-transport-security",
    "x-content-type-options",
    "x-frame-options",
}
_TRANSPORT = {"connection", "content-type", "content-length", "date", "server"}


@cache
def contract() -> "Contract":
    return Contract(openapi.document(OPERATIONS))


def assert_documented(response: httpx.Response, document: dict[str, Any] | None = None) -> None:
    """Raises AssertionError with everything that the contract says otherwise. Without `document`: the real one.

    What stands outside /v1 (`/livez`) is for whoever runs the service, and not in the contract.
    """
    if not response.request.url.path.startswith("/v1"):
        return
    found = list((Contract(document) if document else contract()).complaints(response))
    if found:
        request = response.request
        what = f"{request.method} {request.url.path} → {response.status_code} is not what the contract says:"
        raise AssertionError("\n  - ".join([what, *found]) + f"\n{response.text[:2000]}")


class Contract:
    def __init__(self, document: dict[str, Any]) -> None:
        self.document = document
        self.schemas = closed(document["components"]["schemas"])
        ordered = sorted(document["paths"], key=lambda path: path.count("{"))
        self.paths = [(re.compile(re.sub(r"{\w+}", "[^/]+", path)), path) for path in ordered]

    def resolved(self, value: Any) -> Any:
        while "$ref" in value and value["$ref"].startswith("#/components/"):
            kind, name = value["$ref"].removeprefix("#/components/").split("/")
            value = self.document["components"][kind][name]
        return value

    def operation(self, response: httpx.Response) -> dict[str, Any] | None:
        path = response.request.url.path.removeprefix("/v1")
        found = next((name for pattern, name in self.paths if pattern.fullmatch(path)), None)
        return self.document["paths"][found].get(response.request.method.lower()) if found else None

    def complaints(self, response: httpx.Response) -> Iterator[str]:
        operation = self.operation(response)
        named = operation["responses"] if operation else self.nowhere()
        if str(response.status_code) not in named:
            yield f"status {response.status_code} is not among {', '.join(named)}"
            return
        answer = self.resolved(named[str(response.status_code)])
        yield from self.in_headers(answer, response)
        yield from self.in_body(answer, response)

    def nowhere(self) -> dict[str, Any]:
        """What may answer an address or a method that no operation has."""
        problem = self.document["components"]["responses"]["Problem404"]
        allow = {"required": True, "schema": {"type": "string", "pattern": "^[A-Z]+(, [A-Z]+)*$"}}
        content = {PROBLEM: {"schema": problem["content"][PROBLEM]["schema"]}}
        not_allowed = {"headers": {**problem["headers"], "Allow": allow}, "content": content}
        shell = {
            status: {"$ref": f"#/components/responses/Problem{status}"}
            for status in ("400", "404", "413", "414", "431")
        }
        return {**shell, "405": not_allowed}

    def in_headers(self, answer: dict[str, Any], response: httpx.Response) -> Iterator[str]:
        documented = {name.lower(): self.resolved(each) for name, each in answer["headers"].items()}
        for name in sorted(set(response.headers) - set(documented) - ALWAYS - _TRANSPORT):
            yield f"header {name} is not documented"
        required = {name for name, each in documented.items() if each.get("required")}
        for name in sorted((required | ALWAYS) - set(response.headers)):
            yield f"header {name} is missing"
        for name in sorted(set(documented) & set(response.headers)):
            for error in self.validator(documented[name]["schema"]).iter_errors(response.headers[name]):
                yield f"header {name}: {error.message}"

    def in_body(self, answer: dict[str, Any], response: httpx.Response) -> Iterator[str]:
        media = response.headers.get("content-type", "").split(";")[0]
        content = answer.get("content", {})
        if not content:
            if response.content:
                yield "there is a body, and the contract names none"
            return
        if media not in content:
            yield f"its media type is {media}, not {', '.join(content)}"
            return
        body = json.loads(response.content)
        for error in self.validator(content[media]["schema"]).iter_errors(body):
            yield f"{error.json_path}: {error.message}"
        if media == PROBLEM:
            yield from self.in_problem(body, content[media].get("examples"), response.status_code)

    def in_problem(self, body: dict[str, Any], examples: dict[str, Any] | None, status: int) -> Iterator[str]:
        """Each code is listed with its status; only the rules of the domain (409) have names of their own."""
        if body.get("status") != status:
            yield f"the body says status {body.get('status')}"
        if examples and status != 409 and body.get("code") not in examples:
            yield f"code {body.get('code')} is not among {', '.join(examples)}"

    def validator(self, schema: dict[str, Any]) -> Draft202012Validator:
        whole = {**closed(schema), "components": {"schemas": self.schemas}}
        return Draft202012Validator(whole, format_checker=Draft202012Validator.FORMAT_CHECKER)


def closed(schema: Any) -> Any:
    """The same schema, with no property beyond those it names: a client must bear new ones, a test must not."""
    if isinstance(schema, list):
        return [closed(each) for each in schema]
    if not isinstance(schema, dict):
        return schema
    made = {key: closed(value) for key, value in schema.items()}
    return {"additionalProperties": False, **made} if isinstance(made.get("properties"), dict) else made
