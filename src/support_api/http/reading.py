"""Reading a request: parameters, headers and body, every mistake at once. Strict JSON, no coercion."""

import json
import re
from collections.abc import Mapping
from typing import Any, TypeVar
from urllib.parse import parse_qsl
from uuid import UUID

from litestar.datastructures import Headers
from pydantic import BaseModel, ValidationError

from support_api.domain.errors import Fault, Invalid
from support_api.http.operations import Operation
from support_api.http.problems import REASONS, Problem

_ID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
_KEY = re.compile(r"[\x21-\x7e]{16,255}")
_TAG = re.compile(r'"([1-9][0-9]{0,8})\.[0-9a-f]{16}"')
_QUOTED = re.compile(r'"[^"]*"')
_LISTED = r'[ \t]*(?:(?:W/)?"[!#-~\x80-\xff]*"[ \t]*)?'
_TAGS = re.compile(f"{_LISTED}(?:,{_LISTED})*")
_ONCE = ("Processing-Purpose", "Content-Type", "Content-Encoding", "If-Match", "Idempotency-Key")
_CHARSETS = ("", "charset=utf-8", 'charset="utf-8"')
_ACCEPTED = ("*/*", "application/*", "application/json", "application/problem+json")
_MOST_FAULTS = 200  # a small body can hold a hundred thousand, and naming them would take seconds
MOST_VALUES = 5000  # 256 KiB can hold ninety thousand lists, and reading them would hold up everybody else
M = TypeVar("M", bound=BaseModel)

_CODES = {
    "missing": "required",
    "extra_forbidden": "unknown",
    "string_too_short": "too_short",
    "too_short": "too_short",
    "string_too_long": "too_long",
    "too_long": "too_long",
    "greater_than_equal": "out_of_range",
    "less_than_equal": "out_of_range",
    "greater_than": "out_of_range",
    "less_than": "out_of_range",
    "enum": "not_in_list",
    "literal_error": "not_in_list",
    "string_pattern_mismatch": "pattern",
    "value_error": "not_allowed",
    "invalid_text": "invalid_text",
    "json_invalid": "invalid_json",
    "uuid_parsing": "pattern",
}


def fault(name: str, code: str) -> Fault:
    if code not in REASONS:
        raise KeyError(code)
    return Fault(name, code)


def path_ids(operation: Operation, values: Mapping[str, Any]) -> dict[str, UUID]:
    """Only the canonical form is an id; anything else is an address where nothing is."""
    found = {}
    for name, value in values.items():
        if not _ID.fullmatch(str(value)):
            raise Problem("not_found")
        found[name] = UUID(str(value))
    return found


def query(operation: Operation, raw: bytes, faults: list[Fault]) -> Any:
    pairs = parse_qsl(raw.decode("ascii", "replace"), keep_blank_values=True)
    names = [name for name, _ in pairs]
    known = {field.alias or name for name, field in operation.query.model_fields.items()} if operation.query else set()
    if set(names) - known:
        faults.append(fault("parameters", "unknown_parameter"))
    faults.extend(fault(name, "repeated_parameter") for name in sorted(known) if names.count(name) > 1)
    if operation.query is None:
        return None
    return _validated(operation.query, {k: v for k, v in pairs if k in known}, None, faults, "")


def body(operation: Operation, raw: bytes, faults: list[Fault]) -> Any:
    if operation.body is None:
        if raw.strip() not in (b"", b"{}"):
            faults.append(fault("", "unknown"))
        return None
    if _values(raw) > MOST_VALUES:
        faults.append(fault("", "too_long"))
        return None
    try:
        json.loads(raw.decode("utf-8"), object_pairs_hook=_unique, parse_constant=_no_constant)
    except _Duplicate:
        faults.append(fault("", "duplicate_key"))
        return None
    except (ValueError, RecursionError):
        faults.append(fault("", "invalid_json"))
        return None
    return _validated(operation.body, None, raw, faults, "/")


def _values(raw: bytes) -> int:
    """At most so many values are in it, counted without reading it: by the commas and brackets outside its strings."""
    parts = raw.replace(rb"\\", b"").replace(rb"\"", b"").split(b'"')
    outside = b"".join(parts[::2])
    return 1 + sum(outside.count(mark) for mark in (b",", b"[", b"{"))


class _Duplicate(ValueError):
    pass


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise _Duplicate
    return found


def _no_constant(_: str) -> None:
    raise ValueError


def _validated(
    model: type[M], values: dict[str, Any] | None, raw: bytes | None, faults: list[Fault], lead: str
) -> M | None:
    try:
        return model.model_validate(values) if raw is None else model.model_validate_json(raw)
    except ValidationError as error:
        if error.error_count() > _MOST_FAULTS:
            faults.append(fault(lead.strip("/") or "", "too_many"))
            return None
        seen = error.errors(include_url=False, include_input=False)
        told = [_fault(model, each, lead) for each in seen if not _follows(each, seen)]
        between = [_fault(model, each, lead) for each in _between(model, raw, seen)]
        faults.extend([*told, *(each for each in between if each.name not in {one.name for one in told})])
        return None
    except RecursionError:
        faults.append(fault("", "invalid_json"))
        return None


def _between(model: type[BaseModel], raw: bytes | None, seen: list[Any]) -> list[Any]:
    """Pydantic looks at rules between fields only where each field is right. So once more, without those that are
    wrong, and with the example of one that must be there."""
    values = json.loads(raw) if raw is not None else None
    wrong = {each["loc"][0] for each in seen if each["loc"]}
    if not isinstance(values, dict) or not wrong:
        return []
    kept = {name: value for name, value in values.items() if name not in wrong}
    for field in model.model_fields.values():
        if field.is_required() and field.examples and field.alias:
            kept.setdefault(field.alias, field.examples[0])
    try:
        model.model_validate_json(json.dumps(kept))
    except ValidationError as error:
        again = error.errors(include_url=False, include_input=False)
        return [each for each in again if each["type"] == "together"]
    return []


def _follows(error: Any, all_errors: list[Any]) -> bool:
    """A list is not too short because its items are wrong: Pydantic counts those as absent."""
    inside = (each["loc"] for each in all_errors if each is not error)
    return error["type"] == "too_short" and any(loc[: len(error["loc"])] == error["loc"] for loc in inside)


def _fault(model: type[BaseModel], error: Any, lead: str) -> Fault:
    told = error["ctx"] if error["type"] == "together" else {"code": _CODES.get(error["type"], "wrong_type")}
    # An unknown field's name is the caller's own text: the pointer stops at what holds it.
    parts = error["loc"][:-1] if error["type"] == "extra_forbidden" else error["loc"]
    known = [str(part) for part in parts if not str(part).startswith("function-")]
    known += [told["field"]] if "field" in told else []
    return fault("".join(lead + part for part in known), told["code"])


def repeated(headers: Headers, faults: list[Fault]) -> None:
    """Of a header that decides something there is one: readers that take another one of two would disagree."""
    faults.extend(fault(name, "repeated_header") for name in _ONCE if len(headers.getall(name, [])) > 1)


def media(operation: Operation, headers: Headers) -> None:
    """Raises 415 unless the body is what the operation reads, in UTF-8, not compressed on any level."""
    if ",".join(headers.getall("transfer-encoding", ["chunked"])).lower() != "chunked":
        raise Problem("unsupported_media_type")
    content_type = headers.get("content-type")
    if operation.body is None and content_type is None:
        return
    kind, _, rest = (content_type or "").partition(";")
    if kind.strip().lower() not in operation.media_types or rest.strip().lower() not in _CHARSETS:
        raise Problem("unsupported_media_type")
    if (headers.get("content-encoding") or "identity").lower() != "identity":
        raise Problem("unsupported_media_type")


def accept(values: list[str]) -> None:
    """`values`: all headers of that name, which are one list. Raises 406 if nothing that they accept can be given;
    an empty one asks for nothing, as none does."""
    if not "".join(values).strip():
        return
    for part in ",".join(values).split(","):
        kind, _, parameters = part.partition(";")
        if kind.strip().lower() in _ACCEPTED and not re.search(r"(^|;)\s*q=0(\.0*)?\s*$", parameters):
            return
    raise Problem("not_acceptable")


def if_match(operation: Operation, value: str | None, faults: list[Fault]) -> tuple[int, str | None]:
    if not operation.conditional or value is None:
        return 0, None
    found = _TAG.fullmatch(value)
    if not found:
        faults.append(fault("If-Match", "invalid_tag"))
        return 0, None
    return int(found[1]), value


def none_match(values: list[str], tag: str) -> bool:
    """`values`: all headers of that name, which are one list. Whether it holds `tag`, weak or not, or is a lone `*`;
    what is no list of tags holds none (RFC 9110, 8.8.3 and 13.1.2)."""
    stated = ",".join(values).strip(" \t")
    return stated == "*" or (_TAGS.fullmatch(stated) is not None and tag in _QUOTED.findall(stated))


def idempotency_key(operation: Operation, value: str | None, faults: list[Fault]) -> str | None:
    """None where there is none; whether there must be one is asked when nothing else is wrong."""
    if not operation.keyed or value is None:
        return None
    if not _KEY.fullmatch(value):
        faults.append(fault("Idempotency-Key", "invalid_key"))
    return value


def require(faults: list[Fault]) -> None:
    if faults:
        raise Invalid(*faults)
