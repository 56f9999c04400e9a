"""What operations share in the contract: headers in and out, and parameters."""

import re
from typing import Any

from support_api.domain.vocabulary import Purpose
from support_api.http.contract_schemas import UUID_SCHEMA, Schema, tidy
from support_api.http.shell import API_VERSION

_TAG = r'"[1-9][0-9]{0,8}\.[0-9a-f]{16}"'
_TAG_EXAMPLE = '"3.5d41402abc4b2a76"'
_ADDRESS = "https://support-api.example.nl/v1/residents/0199f3c2-7a10-7c3e-9b1d-2f6a5d0c4e81"


def ref(kind: str, name: str) -> Schema:
    return {"$ref": f"#/components/{kind}/{name}"}


def _header(description: str, example: str, *, required: bool = True, **schema: Any) -> Schema:
    return {
        "description": description,
        "required": required,
        "schema": {"type": "string", **schema, "examples": [example]},
    }


HEADERS: dict[str, Schema] = {
    "API-Version": _header("The full version of this API.", API_VERSION, pattern=r"^\d+\.\d+\.\d+$"),
    "X-Request-Id": _header(
        "Which request this was; quote it to the administrator.", "0af76519-16cd-43dd-8448-eb211c80319c", format="uuid"
    ),
    "ETag": _header(
        "This version, as you may see it. Send it as If-Match to change it.", _TAG_EXAMPLE, pattern=f"^{_TAG}$"
    ),
    "Location": _header("Address of what was made.", _ADDRESS, format="uri"),
    "Link": _header(
        'The pages after (`rel="next"`) and before (`rel="prev"`) this one.',
        f'<{_ADDRESS}/portrait-items?cursor=YQ>; rel="next"',
        required=False,
    ),
    "Idempotent-Replayed": _header(
        "`true` if an earlier request with this key did it already.", "true", required=False, enum=["true"]
    ),
    "Content-Language": _header("The language of the texts.", "nl", enum=["nl", "en"]),
    "WWW-Authenticate": _header("How to authenticate.", "Bearer"),
    "Access-Control-Allow-Origin": _header("Any web page may read this.", "*", enum=["*"]),
    "Retry-After": _header("How many seconds to wait.", "2", pattern=r"^\d+$"),
}


def _parameter(name: str, description: str, schema: Schema, *, required: bool = False) -> Schema:
    return {"name": name, "in": "header", "description": description, "required": required, "schema": schema}


_KEY = {"type": "string", "pattern": "^[!-~]{16,255}$", "examples": ["8f14e45fceea167a5a36dedd4bea2543"]}
_KEY_SAYS = "The same key with the same request is done once; with another request it is 422. Kept for seven days."
PARAMETERS: dict[str, Schema] = {
    "ProcessingPurpose": _parameter(
        "Processing-Purpose",
        "What the data are needed for (doel). Required of everybody but the resident.",
        {**ref("schemas", "Purpose"), "title": "doel", "examples": [str(Purpose.SUPPORT)]},
    ),
    "IdempotencyKey": _parameter("Idempotency-Key", _KEY_SAYS, _KEY),
    "IdempotencyKeyRequired": _parameter("Idempotency-Key", _KEY_SAYS, _KEY, required=True),
    "IfMatch": _parameter(
        "If-Match",
        "The ETag of what you read and want to change; if somebody changed it since, this is 412.",
        {"type": "string", "pattern": f"^{_TAG}$", "examples": [_TAG_EXAMPLE]},
        required=True,
    ),
    "IfNoneMatch": _parameter(
        "If-None-Match",
        "The ETags that you have; if one is still right, the answer is 304 without a body.",
        {"type": "string", "examples": [_TAG_EXAMPLE]},
    ),
    "AcceptLanguage": _parameter(
        "Accept-Language",
        "The language of an error: Dutch, or English if you give it more weight (RFC 9110, 12.5.4).",
        {"type": "string", "default": "nl", "examples": ["nl", "en"]},
    ),
}


def path_parameter(name: str) -> Schema:
    noun = re.sub("([A-Z])", lambda found: " " + found[1].lower(), name.removesuffix("Id"))
    return {
        "name": name,
        "in": "path",
        "required": True,
        "description": f"Id of the {noun}.",
        "schema": tidy({"title": "kenmerk", **UUID_SCHEMA}),
    }


def query_parameters(schema: Schema) -> dict[str, Schema]:
    """A query's fields. In an address nothing is null: what may be null may be left out."""
    required = schema.get("required", ())
    return {name: _in_query(name, each, name in required) for name, each in schema["properties"].items()}


def _in_query(name: str, schema: Schema, required: bool) -> Schema:
    description = schema.get("description", "")
    made = {key: value for key, value in schema.items() if key != "description"}
    if made.get("default", "") is None:
        del made["default"]
    if isinstance(made.get("type"), list):
        made["type"] = made["type"][0]
    for each in made.pop("anyOf", []):
        made |= each if each != {"type": "null"} else {}
    return {"name": name, "in": "query", "description": description, "required": required, "schema": tidy(made)}


def headers(*names: str) -> Schema:
    return {name: ref("headers", name) for name in ("API-Version", "X-Request-Id", *names)}
