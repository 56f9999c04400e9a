"""Whether an answer is one that the contract names: its status, its headers and its body, no more and no less.

Of what was answered well the request is checked as well. Every client that the tests call the service with asks this
of every answer: `WATCHED` (or `watch`, for one that waits) are its hooks. A test that breaks things on purpose
says so with `unchecked`.
"""

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from typing import Any

import httpx
from jsonschema import Draft202012Validator

from support_api.app import OPERATIONS
from support_api.http import openapi
from tests.contract import check_request

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
_CONDITIONS = ("if", "then", "else", "not")  # about some of the properties, beside the others
# For a browser that calls in the name of a page, see `info.description`.
CROSS_ORIGIN = {"access-control-allow-origin", "access-control-expose-headers"}
_TRANSPORT = {"vary", "connection", "content-type", "content-length", "date", "server"}
_why: ContextVar[str] = ContextVar("why", default="")


@cache
def contract() -> "Contract":
    return Contract(openapi.document(OPERATIONS))


@contextmanager
def unchecked(why: str) -> Iterator[None]:
    """Here the service is broken on purpose, so its answers are not what the contract says."""
    token = _why.set(why)
    try:
        yield
    finally:
        _why.reset(token)


def watch(response: httpx.Response) -> None:
    """The hook of a client that waits."""
    response.read()
    if not _why.get():
        assert_documented(response)


async def _watch(response: httpx.Response) -> None:
    await response.aread()
    watch(response)


WATCHED: dict[str, list[Any]] = {"response": [_watch]}


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
        self._validators: dict[int, tuple[dict[str, Any], Draft202012Validator]] = {}

    def resolved(self, value: Any) -> Any:
        while "$ref" in value and value["$ref"].startswith("#/components/"):
            kind, name = value["$ref"].removeprefix("#/components/").split("/")
            value = self.document["components"][kind][name]
        return value

    def path(self, request: httpx.Request) -> str:
        """As the contract writes it; empty if it names none such."""
        path = request.url.path.removeprefix("/v1")
        return next((name for pattern, name in self.paths if pattern.fullmatch(path)), "")

    def complaints(self, response: httpx.Response) -> Iterator[str]:
        path = self.path(response.request)
        operation = self.document["paths"].get(path, {}).get(_as(response.request.method))
        named = operation["responses"] if operation else self.nowhere(response.request.method)
        if str(response.status_code) not in named:
            yield f"status {response.status_code} is not among {', '.join(named)}"
            return
        answer = self.resolved(named[str(response.status_code)])
        yield from self.in_headers(answer, response)
        yield from self.in_body(answer, response)
        if operation and response.is_success:
            yield from check_request.complaints(self, operation, path, response.request)

    def nowhere(self, method: str) -> dict[str, Any]:
        """What may answer an address or a method that no operation has; `info.description` says it in words."""
        problem = self.document["components"]["responses"]["Problem404"]
        allow = {"required": True, "schema": {"type": "string", "pattern": "^[A-Z]+(, [A-Z]+)*$"}}
        content = {PROBLEM: {"schema": problem["content"][PROBLEM]["schema"]}}
        not_allowed = {"headers": {**problem["headers"], "Allow": allow}, "content": content}
        shell: dict[str, Any] = {
            status: {"$ref": f"#/components/responses/Problem{status}"}
            for status in ("400", "404", "413", "414", "431")
        }
        if method == "OPTIONS":
            shell["204"] = {
                "headers": {**self.document["components"]["responses"]["NoContent"]["headers"], "Allow": allow}
            }
        return {**shell, "405": not_allowed}

    def in_headers(self, answer: dict[str, Any], response: httpx.Response) -> Iterator[str]:
        documented = {name.lower(): self.resolved(each) for name, each in answer["headers"].items()}
        page = CROSS_ORIGIN if "origin" in response.request.headers else set()
        for name in sorted(set(response.headers) - set(documented) - ALWAYS - _TRANSPORT - page):
            yield f"header {name} is not documented"
        required = {name for name, each in documented.items() if each.get("required")}
        for name in sorted((required | ALWAYS) - set(response.headers)):
            yield f"header {name} is missing"
        for name in sorted({name for name in response.headers if len(response.headers.get_list(name)) > 1}):
            yield f"header {name} is there more than once"
        for name in sorted(set(documented) & set(response.headers)):
            for error in self.validator(documented[name]["schema"]).iter_errors(response.headers[name]):
                yield f"header {name}: {error.message}"

    def in_body(self, answer: dict[str, Any], response: httpx.Response) -> Iterator[str]:
        media = response.headers.get("content-type", "")
        content = answer.get("content", {})
        if not content:
            if response.content or media:
                yield "there is a body, or a media type, and the contract names none"
            return
        if media not in content:
            yield f"its media type is {media}, not {', '.join(content)}"
            return
        if response.request.method == "HEAD":
            if response.content:
                yield "there is a body, and this is a HEAD"
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
        """Made once for each schema, which is kept so that no other one gets its id."""
        if id(schema) not in self._validators:
            whole = {**closed(schema), "components": {"schemas": self.schemas}}
            made = Draft202012Validator(whole, format_checker=Draft202012Validator.FORMAT_CHECKER)
            self._validators[id(schema)] = schema, made
        return self._validators[id(schema)][1]


def _as(method: str) -> str:
    """The operation that answers it: `HEAD` answers as `GET` does."""
    return "get" if method == "HEAD" else method.lower()


def closed(schema: Any) -> Any:
    """The same schema, with no property beyond those it names: a client must bear new ones, a test must not."""
    if isinstance(schema, list):
        return [closed(each) for each in schema]
    if not isinstance(schema, dict):
        return schema
    made = {key: value if key in _CONDITIONS else closed(value) for key, value in schema.items()}
    return {"additionalProperties": False, **made} if isinstance(made.get("properties"), dict) else made
