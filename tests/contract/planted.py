"""A small contract, and two changes of it for each kind of breaking change: one that breaks it, and its harmless twin.

The gate tries them too, so that a check that no longer sees anything can't say that all is well.
"""

import copy
from dataclasses import dataclass
from typing import Any

Schema = dict[str, Any]
Changes = dict[str, Any]
GONE = object()
_NOTE = {"$ref": "#/components/schemas/Note"}
_PROBLEM = {"schema": {"type": "object"}, "examples": {"stale": {}, "rule": {}}}
_SECRET = [{"bearer": ["notes:read"]}]
OLD: Schema = {
    "paths": {
        "/notes": {
            "get": {
                "operationId": "listNotes",
                "security": _SECRET,
                "parameters": [
                    {"name": "limit", "in": "query", "schema": {"type": "integer", "maximum": 100, "default": 25}}
                ],
                "responses": {
                    "200": {
                        "headers": {"ETag": {"required": True, "schema": {"type": "string", "maxLength": 40}}},
                        "content": {"application/json": {"schema": {"type": "array", "items": _NOTE}}},
                    },
                    "404": {"content": {"application/problem+json": _PROBLEM}},
                },
            },
            "post": {
                "operationId": "createNote",
                "security": [],
                "requestBody": {"content": {"application/json": {"schema": {"$ref": "#/components/schemas/NewNote"}}}},
                "responses": {"201": {"content": {"application/json": {"schema": _NOTE}}}},
            },
        },
        "/me": {"get": {"operationId": "getMe", "responses": {"204": {}}}},
    },
    "components": {
        "schemas": {
            "NewNote": {
                "type": "object",
                "required": ["text"],
                "properties": {
                    "text": {
                        "type": ["string", "null"],
                        "minLength": 2,
                        "maxLength": 9,
                        "pattern": "^a",
                        "format": "x",
                    },
                    "kind": {"enum": ["joy", "worry"]},
                    "rank": {"anyOf": [{"type": "integer", "minimum": 0}, {"type": "boolean"}]},
                    "tags": {"type": "array", "maxItems": 3, "items": {"type": "string", "maxLength": 5}},
                },
            },
            "Note": {
                "type": "object",
                "required": ["text"],
                "properties": {
                    "text": {"type": "string", "minLength": 2, "maxLength": 9, "pattern": "^a", "format": "x"},
                    "kind": {"enum": ["joy", "worry"]},
                    "action": {"enum": ["read"], "x-may-grow": True},
                    "rank": {"anyOf": [{"type": "integer", "minimum": 0}, {"type": "null"}]},
                    "tags": {"type": "array", "maxItems": 3, "items": {"type": "string", "maxLength": 5}},
                    "answers": {"type": "array", "items": _NOTE},
                },
            },
        }
    },
}

_LIST, _MAKE = "paths./notes.get", "paths./notes.post"
_PARAMETER = f"{_LIST}.parameters.0"
_JSON = "content.application/json"
_SENT, _READ = "components.schemas.NewNote", "components.schemas.Note"


@dataclass(frozen=True)
class Pair:
    says: str
    breaking: Changes
    harmless: Changes


def changed(changes: Changes) -> Schema:
    """OLD with other values at these places."""
    made = copy.deepcopy(OLD)
    for place, value in changes.items():
        *above, last = place.split(".")
        at: Any = made
        for key in above:
            at = at[int(key)] if isinstance(at, list) else at.setdefault(key, {})
        key = int(last) if isinstance(at, list) else last
        if value is GONE:
            del at[key]
        else:
            at[key] = value
    return made


def _of(place: str, breaking: Any, harmless: Any, says: str) -> Pair:
    return Pair(says, {place: breaking}, {place: harmless})


_LIMIT = OLD["paths"]["/notes"]["get"]["parameters"][0]
_CURSOR = {"name": "cursor", "in": "query", "schema": {"type": "string"}}
_POST = {"responses": {"204": {}}}

OPERATIONS = [
    Pair("/me: removed", {"paths./me": GONE}, {"paths./you": {"get": _POST}}),
    Pair("POST /notes: removed", {_MAKE: GONE}, {"paths./me.post": _POST}),
    Pair("operationId listNotes is now", {f"{_LIST}.operationId": "notes"}, {f"{_LIST}.summary": "All notes"}),
    _of(f"{_LIST}.security.0.bearer", ["notes:all"], [], "needs ['bearer', 'bearer:notes:all'], needed"),
    Pair("needed []", {f"{_MAKE}.security": _SECRET}, {f"{_LIST}.security": []}),
    _of(f"{_LIST}.parameters", [], [_LIMIT, _CURSOR], "parameter limit in query removed"),
    _of(f"{_LIST}.parameters", [_LIMIT, _CURSOR | {"required": True}], [_LIMIT, _CURSOR], "cursor in query is now req"),
    _of(f"{_PARAMETER}.required", True, False, "parameter limit in query is now required"),
    _of(f"{_PARAMETER}.schema.maximum", 50, 200, "limit in query: maximum narrowed"),
    _of(
        f"{_PARAMETER}.schema", {"type": "integer", "default": 10}, {"type": "number", "default": 25}, "default changed"
    ),
    _of(f"{_MAKE}.requestBody.required", True, False, "request body is now required"),
    Pair("request body removed", {f"{_MAKE}.requestBody": GONE}, {f"{_LIST}.requestBody": {"content": {}}}),
    Pair(
        "request as application/json removed",
        {f"{_MAKE}.requestBody.content": {"text/json": {"schema": _NOTE}}},
        {f"{_MAKE}.requestBody.content.text/json": {"schema": _NOTE}},
    ),
]

_ANSWERS = f"{_LIST}.responses"
RESPONSES = [
    Pair("status 404 removed", {f"{_ANSWERS}.404": GONE}, {f"{_ANSWERS}.429": {}}),
    Pair("status 202 added", {f"{_ANSWERS}.202": {}}, {f"{_ANSWERS}.503": {}}),
    Pair("header ETag removed", {f"{_ANSWERS}.200.headers": {}}, {f"{_ANSWERS}.200.headers.Link": {"schema": {}}}),
    Pair(
        "header ETag may now be absent",
        {f"{_ANSWERS}.200.headers.ETag.required": False},
        {f"{_ANSWERS}.200.headers.ETag.description": "The version"},
    ),
    _of(f"{_ANSWERS}.200.headers.ETag.schema.maxLength", 41, 39, "header ETag: maxLength widened"),
    Pair(
        "response as application/json removed",
        {f"{_ANSWERS}.200.{_JSON}": GONE},
        {f"{_ANSWERS}.200.content.text/csv": {"schema": {}}},
    ),
    Pair(
        "problem code rule removed",
        {f"{_ANSWERS}.404.content.application/problem+json.examples.rule": GONE},
        {f"{_ANSWERS}.404.content.application/problem+json.examples.other": {}},
    ),
]

_TEXT, _RANK = {"type": "string", "maxLength": 5}, {"type": "integer", "minimum": 0}
BODIES = [
    _of(f"{_SENT}.required", ["text", "kind"], [], ".kind: is now required"),
    Pair("request.kind: removed", {f"{_SENT}.properties.kind": GONE}, {f"{_SENT}.properties.title": _TEXT}),
    _of(f"{_SENT}.additionalProperties", False, True, ": other properties no longer taken"),
    _of(f"{_SENT}.properties.text.type", "string", ["string", "null", "integer"], "text: type null no longer taken"),
    _of(f"{_SENT}.properties.text.minLength", 3, 1, "text: minLength narrowed"),
    _of(f"{_SENT}.properties.text.maxLength", 8, GONE, "text: maxLength narrowed"),
    _of(f"{_SENT}.properties.text.pattern", "^b", GONE, "text: pattern changed"),
    _of(f"{_SENT}.properties.text.format", "y", GONE, "text: format changed"),
    _of(f"{_SENT}.properties.kind.enum", ["joy"], ["joy", "worry", "wish"], "kind: value worry no longer taken"),
    _of(f"{_SENT}.properties.kind", {"const": "joy"}, {}, "kind: value worry no longer taken"),
    _of(f"{_SENT}.properties.rank.anyOf.0.minimum", 1, -1, "rank: minimum narrowed"),
    _of(f"{_SENT}.properties.rank", _RANK, {"type": ["boolean", "number"]}, "rank: type boolean no longer taken"),
    _of(f"{_SENT}.properties.tags.maxItems", 2, 4, "tags: maxItems narrowed"),
    _of(f"{_SENT}.properties.tags.uniqueItems", True, False, "tags: uniqueItems changed"),
    _of(f"{_SENT}.properties.tags.items.maxLength", 4, 6, "tags[]: maxLength narrowed"),
]

VIEWS = [
    _of(f"{_READ}.required", [], ["text", "kind"], ".text: may now be absent"),
    Pair("response.kind: removed", {f"{_READ}.properties.kind": GONE}, {f"{_READ}.properties.title": _TEXT}),
    _of(f"{_READ}.properties.text.type", ["string", "null"], "string", "text: type null is new to readers"),
    _of(f"{_READ}.properties.text.minLength", 1, 3, "text: minLength widened"),
    _of(f"{_READ}.properties.text.maxLength", GONE, 8, "text: maxLength widened"),
    Pair("pattern changed", {f"{_READ}.properties.text.pattern": "^b"}, {f"{_READ}.properties.kind.pattern": "^[jw]"}),
    Pair("format changed", {f"{_READ}.properties.text.format": "y"}, {f"{_READ}.properties.kind.format": "y"}),
    _of(f"{_READ}.properties.kind.enum", ["joy", "worry", "wish"], ["joy"], "kind: value wish is new to readers"),
    _of(f"{_READ}.properties.kind", {}, {"const": "joy"}, "kind: value any is new to readers"),
    Pair(
        "kind: value wish is new",
        {f"{_READ}.properties.kind.enum": ["joy", "worry", "wish"], f"{_READ}.properties.kind.x-may-grow": True},
        {f"{_READ}.properties.action.enum": ["read", "change"]},
    ),
    _of(f"{_READ}.properties.rank.anyOf.0.minimum", -1, 1, "rank: minimum widened"),
    _of(f"{_READ}.properties.rank", {"type": ["integer", "string"]}, _RANK, "rank: type string is new to readers"),
    _of(f"{_READ}.properties.tags.items.maxLength", 6, 4, "tags[]: maxLength widened"),
    Pair("[].text: maxLength widened", {f"{_READ}.properties.text.maxLength": 99}, {f"{_READ}.description": "A note"}),
]

PAIRS = [*OPERATIONS, *RESPONSES, *BODIES, *VIEWS]
