"""Errors in the contract: which can occur where, with the very bodies that the service would send."""

import json
from collections.abc import Callable
from typing import Any
from uuid import UUID

from support_api.domain.rules import RULES
from support_api.domain.vocabulary import Scope
from support_api.http.auth import insufficient_scope
from support_api.http.contract_parts import HEADERS, headers, ref
from support_api.http.contract_schemas import Schema, tidy
from support_api.http.operations import Operation
from support_api.http.problems import KINDS, MEDIA_TYPE, REASONS, Problem
from support_api.http.reading import fault

_INSTANCE = UUID("0af76519-16cd-43dd-8448-eb211c80319c")
SHELL_STATUSES = (400, 413, 414, 431, 500)

# Where a status can't occur. Every other status of `KINDS` can occur anywhere: the shell and the edge see to that.
_ONLY_WHERE: dict[int, Callable[[Operation], bool]] = {
    405: lambda operation: False,
    409: lambda operation: operation.method != "GET",
    412: lambda operation: operation.conditional,
    422: lambda operation: operation.keyed,
    428: lambda operation: operation.conditional,
}


def statuses(operation: Operation) -> list[int]:
    known = sorted({kind.status for kind in KINDS.values()})
    return [status for status in known if status not in _ONLY_WHERE or _ONLY_WHERE[status](operation)]


def name(status: int) -> str:
    return f"Problem{status}"


def problem_responses() -> dict[str, Schema]:
    known = sorted({kind.status for kind in KINDS.values() if kind.status != 405})
    return {name(status): _problem_response(status) for status in known}


def _problem_response(status: int) -> Schema:
    kinds = {code: kind for code, kind in KINDS.items() if kind.status == status}
    own = ["Content-Language", *(["WWW-Authenticate"] if status == 401 else [])]
    made = headers(*own, *(["Retry-After"] if status in (429, 503) else []))
    if status == 403:
        made["WWW-Authenticate"] = _CHALLENGE
    if status == 409:
        made["Retry-After"] = {**HEADERS["Retry-After"], "required": False}
    return {
        "description": "\n".join(f"- `{code}`: {kind.title[1]}. {kind.detail[1]}" for code, kind in kinds.items()),
        "headers": made,
        "content": {
            MEDIA_TYPE: {
                "schema": ref("schemas", "Problem"),
                "examples": {code: {"summary": kind.title[1], "value": _example(code)} for code, kind in kinds.items()},
            }
        },
    }


_CHALLENGE = {
    "description": "With `scope_missing`: the scope that the token lacks.",
    "required": False,
    "schema": {
        "type": "string",
        "pattern": '^Bearer error="insufficient_scope", scope="[a-z-]+:[a-z]+"$',
        "examples": [insufficient_scope(Scope.PORTRAIT_READ)],
    },
}


def _example(code: str) -> Any:
    """What the service itself would send."""
    problem = Problem(code)
    if code == "invalid_input":
        problem = Problem(code, faults=(fault("/text", "too_long"), fault("/visibility", "not_in_list")))
    if code == "rule":
        problem = Problem(code, code="relationship_ended")
    return json.loads(problem.body(_INSTANCE, "nl"))


def problem_schemas() -> Schema:
    kinds = ", ".join(f"`{code}`" for code in KINDS if code != "rule")
    rules = "\n".join(f"- `{code}`: {rule.why[1]} {rule.next_step[1]}" for code, rule in RULES.items())
    reasons = "\n".join(f"- `{code}`: {reason[1]}" for code, reason in REASONS.items())
    place = _said("plaats", "JSON pointer into the body, or the name of a parameter or header.", "/text")
    made = {
        "x-term": "foutmelding",
        "description": "An error (RFC 9457). It never repeats what you sent.",
        "type": "object",
        "properties": {
            "type": {
                **_said("soort", "Address that names this sort of problem.", _example("not_found")["type"]),
                "format": "uri",
            },
            "title": _said("titel", "What is the matter, in short.", "Niet gevonden"),
            "status": {
                **_said("status", "The HTTP status.", 404),
                "type": "integer",
                "minimum": 400,
                "maximum": 599,
            },
            "detail": _said("uitleg", "What is the matter, and what helps.", KINDS["not_found"].detail[0]),
            "instance": {**_said("verzoek", "Which request this was.", f"urn:uuid:{_INSTANCE}"), "format": "uri"},
            "code": {
                **_said("code", f"Stable name to program against: {kinds}, or a rule:\n\n{rules}", "not_found"),
                "pattern": "^[a-z][a-z0-9_]*$",
            },
            "nextStep": _said(
                "volgende stap", "What can be done instead, with a rule.", RULES["relationship_ended"].next_step[0]
            ),
            "invalidParams": {
                "title": "ongeldige velden",
                "description": "Every mistake in the input.",
                "type": "array",
                "items": ref("schemas", "InvalidParam"),
            },
        },
        "required": ["type", "title", "status", "detail", "instance", "code"],
    }
    invalid = {
        "x-term": "fout in de invoer",
        "description": "One mistake in the input.",
        "type": "object",
        "properties": {
            "name": place,
            "code": _said("code", f"Which mistake, among others:\n\n{reasons}", "too_long"),
            "reason": _said("reden", "In words.", REASONS["too_long"][0]),
        },
        "required": ["name", "code", "reason"],
    }
    return {"InvalidParam": tidy(invalid), "Problem": tidy(made)}


def _said(title: str, description: str, example: Any) -> Schema:
    return {"title": title, "description": description, "type": "string", "examples": [example]}
