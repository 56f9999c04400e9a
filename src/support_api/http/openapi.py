"""The contract (OpenAPI 3.1), made from the same operations that the router is made of."""

from typing import Any

import yaml
from pydantic import BaseModel
from pydantic.json_schema import JsonSchemaMode

from support_api.domain.vocabulary import Purpose
from support_api.http import contract_links
from support_api.http import contract_parts as parts
from support_api.http import contract_problems as problems
from support_api.http import contract_words as words
from support_api.http.contract_examples import with_examples
from support_api.http.contract_parts import headers, ref
from support_api.http.contract_schemas import Key, Schema, as_change, enumeration, schemas, without_references
from support_api.http.operations import About, Operation
from support_api.http.shell import API_VERSION
from support_api.http.wire import Change, PageView

JSON = "application/json"


def document(operations: list[Operation], server: str = words.SERVER) -> dict[str, Any]:
    """The whole contract. Only `server` differs between the committed and the served copy."""
    return {
        "openapi": "3.1.0",
        "info": {
            "title": words.TITLE,
            "version": API_VERSION,
            "description": words.ABOUT,
            "contact": words.CONTACT,
            "license": words.LICENSE,
        },
        "servers": [{"url": server}],
        "tags": _tags(operations),
        **_Contract(operations).body(),
    }


def as_yaml(operations: list[Operation]) -> str:
    return yaml.dump(document(operations), Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=120)


class _Dumper(yaml.SafeDumper):
    """Long texts as blocks, nothing as an alias, lists indented: YAML that people review."""

    def ignore_aliases(self, data: Any) -> bool:
        return True

    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:
        super().increase_indent(flow, False)


def _text(dumper: yaml.SafeDumper, value: str) -> yaml.Node:
    return dumper.represent_scalar("tag:yaml.org,2002:str", value, style="|" if "\n" in value else None)


_Dumper.add_representer(str, _text)


def _tags(operations: list[Operation]) -> list[dict[str, str]]:
    used = dict.fromkeys([*(operation.tag for operation in operations), "contract"])
    return [{"name": tag, "description": words.TAGS.get(tag, "")} for tag in used]


class _Contract:
    def __init__(self, operations: list[Operation]) -> None:
        self.operations = operations
        self.names, self.schemas = schemas(_models(operations))
        self.parameters = dict(parts.PARAMETERS)
        self.tagged = {operation.answer for operation in operations if operation.answer and _has_version(operation)}

    def body(self) -> dict[str, Any]:
        paths: dict[str, Any] = {}
        for operation in self.operations:
            paths.setdefault(operation.path, {})[operation.method.lower()] = self.operation(operation)
        paths["/openapi.json"] = {"get": _this_document()}
        return {"paths": paths, "components": self.components()}

    def components(self) -> Schema:
        inside = {self.names[operation.query, "validation"] for operation in self.operations if operation.query}
        changes = {self.names[o.body, "validation"] for o in self.operations if o.body and _is_change(o)}
        made = {
            name: as_change(each) if name in changes else each
            for name, each in self.schemas.items()
            if name not in inside
        }
        made = {"Purpose": enumeration(Purpose), **made, **problems.problem_schemas()}
        return {
            "schemas": with_examples(dict(sorted(made.items()))),
            "parameters": dict(sorted(self.parameters.items())),
            "headers": parts.HEADERS,
            "responses": {**_SHARED, **problems.problem_responses()},
            "securitySchemes": {"bearer": words.security_scheme()},
        }

    def operation(self, operation: Operation) -> Schema:
        made: Schema = {
            "operationId": operation.name,
            "tags": [operation.tag],
            "summary": operation.summary,
            "description": _description(operation),
            "security": [{"bearer": [str(operation.scope)]}],
            "parameters": self.operation_parameters(operation),
        }
        if operation.body:
            schema = ref("schemas", self.names[operation.body, "validation"])
            content = {media: {"schema": schema} for media in operation.media_types}
            made["requestBody"] = {"required": True, "content": content}
        return {**made, "responses": self.responses(operation)}

    def operation_parameters(self, operation: Operation) -> list[Schema]:
        found = {name: parts.path_parameter(name) for name in operation.parameters}
        if operation.query:
            found |= parts.query_parameters(self.schemas[self.names[operation.query, "validation"]])
        own = [self.shared(name, each) for name, each in found.items()]
        return [*own, *(ref("parameters", name) for name in self.headers_in(operation))]

    def shared(self, name: str, parameter: Schema) -> Schema:
        """A reference where the same parameter means the same everywhere, else the parameter itself."""
        known = self.parameters.setdefault(name[0].upper() + name[1:], parameter)
        return ref("parameters", name[0].upper() + name[1:]) if known == parameter else parameter

    def responses(self, operation: Operation) -> Schema:
        made: Schema = {str(operation.status): self.success(operation)}
        if operation.may_exist:
            made = {"200": {**self.success(operation), "description": "It existed; this is what there is."}, **made}
        if operation.answer in self.tagged and operation.method == "GET":
            made["304"] = ref("responses", "NotModified")
        return made | {str(each): ref("responses", problems.name(each)) for each in problems.statuses(operation)}

    def success(self, operation: Operation) -> Schema:
        if operation.answer is None:
            return ref("responses", "NoContent")
        schema = ref("schemas", self.names[operation.answer, "serialization"])
        made: Schema = {
            "description": "Made." if operation.creates else "Done.",
            "headers": headers(*self.headers_out(operation)),
            "content": {JSON: {"schema": schema}},
        }
        links = contract_links.links(self.operations, operation)
        return {**made, "links": links} if links else made

    def headers_in(self, operation: Operation) -> list[str]:
        wanted = {
            "ProcessingPurpose": operation.about is About.RESIDENT,
            "IdempotencyKeyRequired": operation.creates,
            "IdempotencyKey": operation.keyed and not operation.creates,
            "IfMatch": operation.conditional,
            "IfNoneMatch": operation.method == "GET" and operation.answer in self.tagged,
            "AcceptLanguage": True,
        }
        return [name for name, holds in wanted.items() if holds]

    def headers_out(self, operation: Operation) -> list[str]:
        wanted = {
            "ETag": operation.answer in self.tagged,
            "Location": operation.creates,
            "Link": operation.answer is not None and issubclass(operation.answer, PageView),
            "Idempotent-Replayed": operation.replay is not None,
        }
        return [name for name, holds in wanted.items() if holds]


_SHARED = {
    "NoContent": {"description": "Done; there is nothing to show.", "headers": headers()},
    "NotModified": {"description": "What you have is still right.", "headers": headers("ETag")},
}


def _models(operations: list[Operation]) -> list[Key]:
    found: list[Key] = []
    for operation in operations:
        given: list[tuple[type[BaseModel] | None, JsonSchemaMode]] = [
            (operation.query, "validation"),
            (operation.body, "validation"),
            (operation.answer, "serialization"),
        ]
        found += [(model, mode) for model, mode in given if model]
    return found


def _description(operation: Operation) -> str:
    level = operation.assurance.name.lower()
    needs = f"Needs scope `{operation.scope}`; a person has logged in at level {level} or higher."
    return "\n\n".join(filter(None, (without_references(operation.description), needs)))


def _has_version(operation: Operation) -> bool:
    """Whether the answer comes with a version, and so with an ETag: it shows it, or one can change or repeat by it."""
    shows = operation.answer is not None and "version" in operation.answer.model_fields
    return shows or operation.conditional or operation.replay is not None


def _is_change(operation: Operation) -> bool:
    return operation.body is not None and issubclass(operation.body, Change) and not operation.creates


def _this_document() -> Schema:
    return {
        "operationId": "getContract",
        "tags": ["contract"],
        "summary": "This document",
        "security": [],
        "responses": {
            "200": {
                "description": "The contract, as OpenAPI 3.1. Public, and readable from any web page.",
                "headers": headers("Access-Control-Allow-Origin"),
                "content": {JSON: {"schema": {"type": "object"}}},
            },
            **{str(status): ref("responses", problems.name(status)) for status in problems.SHELL_STATUSES},
        },
    }
