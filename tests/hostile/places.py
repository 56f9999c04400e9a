"""Every place of a body where a value can stand, from its schema: each field, in lists and inner objects too."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from tests.every_operation import Good
from tests.schemas import Schema, Schemas, of_body

_HERE = "\x00here"
_WRITTEN = json.dumps(_HERE).encode()


@dataclass(frozen=True)
class Place:
    """`body` is good but for the one value that is still to be written."""

    pointer: str
    kind: Schema
    nullable: bool
    body: Any

    def holding(self, written: bytes) -> bytes:
        """The body with this there, as it is: what is no JSON too."""
        return json.dumps(self.body).encode().replace(_WRITTEN, written)


def places(request: Good) -> Iterator[Place]:
    schemas = Schemas(of_body(request.operation))
    yield from _of_object(schemas, schemas.root, request.body, "")


def _of_object(schemas: Schemas, schema: Schema, value: dict[str, Any], pointer: str) -> Iterator[Place]:
    for name, kind in schemas.fields(schema):
        nullable = {"type": "null"} in schema["properties"][name].get("anyOf", ())
        here = f"{pointer}/{name}"
        for place in _of_value(schemas, kind, value.get(name), here, nullable):
            yield Place(place.pointer, place.kind, place.nullable, {**value, name: place.body})


def _of_value(schemas: Schemas, kind: Schema, value: Any, pointer: str, nullable: bool) -> Iterator[Place]:
    yield Place(pointer, kind, nullable, _HERE)
    if kind.get("type") == "object":
        yield from _of_object(schemas, kind, value or schemas.least(kind), pointer)
    elif kind.get("type") == "array":
        inner = schemas.kind(kind["items"])
        for place in _of_value(schemas, inner, (value or [None])[0], f"{pointer}/0", nullable=False):
            yield Place(place.pointer, place.kind, place.nullable, [place.body])
