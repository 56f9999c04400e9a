"""What may not stand in a place of a body, by what its schema says may."""

import json
import re
from collections.abc import Iterator
from typing import Any

from tests.every_operation import Good
from tests.hostile.corpus.identifiers import spellings
from tests.hostile.corpus.moments import DAYS, MOMENTS, PATTERNED
from tests.hostile.corpus.numbers import NO_JSON, NOT_WHOLE, OUT_OF_RANGE
from tests.hostile.corpus.texts import EMPTY, FORBIDDEN, FORBIDDEN_EVERYWHERE, broken
from tests.hostile.places import Place, places
from tests.hostile.requests import MARKER, Attempt, Request, refused
from tests.make import UNKNOWN
from tests.schemas import Schema

_WORD = json.dumps(MARKER).encode()
_TYPES = {
    "string": [b"5", b"1.5", b"true", b"[]", b"{}", b"[" + _WORD + b"]", b"{" + _WORD + b": " + _WORD + b"}"],
    "integer": [_WORD, *NOT_WHOLE],
    "boolean": [b"1", b"0", b'"true"', b'"false"', b'"on"', b'""', b"[]", b"{}", b"1.0", _WORD],
    "array": [_WORD, b"{}", b'{"0": ' + _WORD + b"}", b"5", b"true", b'""'],
    "object": [_WORD, b"[]", b"[{}]", b"5", b"true", b'""'],
}


def attempts(good: Good, start: Request) -> Iterator[Attempt]:
    """Each wrong value in each place where it is wrong, alone."""
    for place in places(good) if good.body is not None else ():
        for bad in wrong(place):
            yield _one(start, place, bad, place.pointer)
        if "maxItems" in place.kind:
            many = b"[" + b",".join([b"null"] * (place.kind["maxItems"] + 1)) + b"]"
            yield refused(f"{place.pointer} is too long", start.but(content=place.holding(many)))
        for bad in (*broken(), *NO_JSON) if place.kind.get("type") in ("string", "integer") else ():
            yield _one(start, place, bad, "")


def of_every_character(good: Good, start: Request) -> Iterator[Attempt]:
    """Once for an operation: one text of it with each character that no text may hold."""
    for place in [place for place in places(good) if _is_text(place.kind)][:1]:
        yield from (_one(start, place, _written(MARKER + each), place.pointer) for each in FORBIDDEN)


def _one(start: Request, place: Place, bad: bytes, name: str) -> Attempt:
    return refused(f"{place.pointer} is {bad[:60]!r}", start.but(content=place.holding(bad)), names=[name])


def wrong(place: Place) -> Iterator[bytes]:
    yield from _TYPES[place.kind["type"]]
    if not place.nullable:
        yield b"null"
    yield from map(_written, _strings(place.kind))
    if place.kind["type"] == "integer":
        yield from OUT_OF_RANGE


def _strings(kind: Schema) -> list[str]:
    if "enum" in kind:
        one = kind["enum"][0]
        return [
            MARKER,
            "",
            one.upper() + "X",
            f"{one}\n",
            f" {one}",
            f"{one},{one}",
            f"{one}\x00",
            one.title() + "\u200b",
        ]
    if kind.get("format") == "uuid":
        return ["", MARKER, *spellings(UNKNOWN)]
    if kind.get("format") == "date-time":
        return MOMENTS
    if kind.get("format") == "partial-date":
        return DAYS
    if "pattern" in kind:
        return [each for each in PATTERNED if not re.match(kind["pattern"].replace("$", r"\Z"), each)]
    return _texts(kind) if kind["type"] == "string" else []


def _texts(kind: Schema) -> list[str]:
    long = MARKER + "\U0001f600" * kind["maxLength"]
    return ["", long, *EMPTY, *(f"{MARKER}{each}b" for each in FORBIDDEN_EVERYWHERE)]


def _is_text(kind: Schema) -> bool:
    return kind.get("type") == "string" and not kind.keys() & {"enum", "format", "pattern"}


def _written(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False).encode()
