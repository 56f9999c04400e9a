"""Schemas of the contract: Pydantic's own, with what the wire knows and Pydantic does not.

Dutch beside every code, ids in their one canonical form, and no English title made up from a name.
"""

import json
import re
from collections.abc import Iterable
from typing import Any

from pydantic import BaseModel, TypeAdapter
from pydantic.json_schema import GenerateJsonSchema, JsonSchemaMode, models_json_schema
from pydantic_core import core_schema

from support_api.domain.actions import Action
from support_api.domain.vocabulary import Term
from support_api.http.wire import MOMENT, readable

Schema = dict[str, Any]
Key = tuple[type[BaseModel], JsonSchemaMode]

UUID_SCHEMA: Schema = {
    "type": "string",
    "format": "uuid",
    "pattern": "^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$",
}
# `readable` as far as a pattern can say it, in escapes, so that people see what is refused.
READABLE = (
    r"^(?=\s*\S)[^\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069"
    r"\ufdd0-\ufdef\ufffe\uffff]*$"
)
_EXAMPLES = {
    "uuid": "0199f3c2-7a10-7c3e-9b1d-2f6a5d0c4e81",
    "date-time": "2026-11-22T09:00:00Z",
    "date": "2026-11-22",
}
_GROWING = (Action,)  # each new operation brings one: readers bear what they don't know
_KEYWORDS = {"ge": "minimum", "le": "maximum", "gt": "exclusiveMinimum", "lt": "exclusiveMaximum"}
_ORDER = (
    "x-term",
    "title",
    "description",
    "$ref",
    "type",
    "format",
    "enum",
    "const",
    "anyOf",
    "oneOf",
    "items",
    "properties",
)
_LAST = (
    "if",
    "then",
    "else",
    "required",
    "additionalProperties",
    "default",
    "examples",
    "x-dutch",
    "x-english",
    "x-source",
)
_PLACE = "#/components/schemas/"
_IN_OR_OUT = re.compile(r'"((?:#/components/schemas/)?\w+)-(Input|Output)"')
_REFERENCE = re.compile(r"\s*\((?:INV-\d|S\d-\d\d|B\.\d|[a-z]+\.md)[^)]*\)")


class _Generator(GenerateJsonSchema):
    def enum_schema(self, schema: core_schema.EnumSchema) -> Schema:
        cls = schema["cls"]
        made = super().enum_schema(schema)
        if issubclass(cls, Term):
            made |= {"x-term": cls.list_name, "x-dutch": {str(each): each.dutch for each in cls}}
            made |= {"x-english": {str(each): each.english for each in cls}, "x-source": cls.source}
        return {**made, "x-may-grow": True} if cls in _GROWING else made

    def uuid_schema(self, schema: core_schema.UuidSchema) -> Schema:
        return dict(UUID_SCHEMA)

    def datetime_schema(self, schema: core_schema.DatetimeSchema) -> Schema:
        made = super().datetime_schema(schema)
        return {**made, "pattern": "Z$" if self.mode == "serialization" else MOMENT}

    def function_after_schema(self, schema: core_schema.AfterValidatorFunctionSchema) -> Schema:
        made = super().function_after_schema(schema)
        return {**made, "pattern": READABLE} if schema["function"]["function"] is readable else made

    def nullable_schema(self, schema: core_schema.NullableSchema) -> Schema:
        """`type: [string, "null"]` rather than anyOf: a nullable date keeps its `format` where linters look."""
        made = super().nullable_schema(schema)
        first = made.get("anyOf", [made])[0]
        if len(made.get("anyOf", [])) != 2 or not isinstance(first.get("type"), str) or {"enum", "const"} & set(first):
            return made
        return {**first, "type": [first["type"], "null"]}

    def default_schema(self, schema: core_schema.WithDefaultSchema) -> Schema:
        """In a view a default means that the property may be left out, never that a reader fills it in."""
        return self.generate_inner(schema["schema"]) if self.mode == "serialization" else super().default_schema(schema)

    def field_title_should_be_set(self, schema: Any) -> bool:
        return False

    def sort(self, value: Schema, parent_key: str | None = None) -> Schema:
        return value


def schemas(models: Iterable[Key]) -> tuple[dict[Key, str], dict[str, Schema]]:
    """Each model's name in the contract, and all schemas by name."""
    keys = list(dict.fromkeys(models))
    found, made = models_json_schema(keys, ref_template=_PLACE + "{model}", schema_generator=_Generator)
    names: dict[Key, str] = {key: _plain(found[key])["$ref"].removeprefix(_PLACE) for key in keys}
    plain = _plain(made).get("$defs", {})
    _say_again(plain)
    components = {name: _component(each) for name, each in sorted(plain.items())}
    return names, {name: tidy(each) for name, each in components.items()}


def enumeration(term: type[Term]) -> Schema:
    return tidy(_component(TypeAdapter(term).json_schema(schema_generator=_Generator)))


def as_change(schema: Schema) -> Schema:
    """A JSON Merge Patch: what is absent stays as it is, so a technical default would be a lie."""
    bare = {
        name: {key: value for key, value in each.items() if key != "default"}
        for name, each in schema["properties"].items()
    }
    return {**schema, "properties": bare}


def _plain(made: Any) -> Any:
    """A model that comes in and goes out is called `…Input` and `…Output`, without Pydantic's hyphen."""
    return json.loads(_IN_OR_OUT.sub(r'"\1\2"', json.dumps(made)))


def _say_again(schemas: Schema) -> None:
    """Pydantic leaves out what a property's reference has too; here each property has its own title and description."""
    for schema in schemas.values():
        for each in schema.get("properties", {}).values():
            if "$ref" in each:
                said = schemas[each["$ref"].removeprefix(_PLACE)]
                each.update({key: said.get(key, "") for key in ("title", "description") if key not in each})


def _component(schema: Schema) -> Schema:
    """A `title` of a schema would become a class in many a client: the Dutch term of a schema stands in `x-term`."""
    made = {key: value for key, value in schema.items() if key not in ("title", "description")}
    made = {"x-term": schema["title"], **made} if "title" in schema and "x-term" not in schema else made
    if made.get("x-may-grow"):
        made |= {"pattern": "^[a-z_]+(:[a-z_]+)?$", "examples": made.pop("enum")[:1]}
    said = [schema.get("description", "")]
    said.append("\n".join(f"- `{code}`: {word}" for code, word in schema.get("x-dutch", {}).items()))
    description = "\n\n".join(filter(None, said))
    return {**made, "description": description} if description else made


def tidy(schema: Schema) -> Schema:
    """Keywords in the order in which people read them, and an example for what has one form only."""
    made = {_KEYWORDS.get(key, key): _tidied(key, schema[key]) for key in sorted(schema, key=_rank)}
    if "title" in made and "examples" not in made:
        of = made.get("items", {}).get("format")
        found = [_EXAMPLES[of]] if of in _EXAMPLES else _EXAMPLES.get(made.get("format", ""))
        made |= {"examples": [found]} if found else {}
    if "description" in made:
        made["description"] = without_references(made["description"])
    return made


def without_references(text: str) -> str:
    """As a reader of the contract can use it: our own documents and numbers mean nothing there."""
    return _REFERENCE.sub("", text)


def _tidied(key: str, value: Any) -> Any:
    if key == "properties":
        return {name: tidy(each) for name, each in value.items()}
    if key in ("anyOf", "oneOf", "allOf"):
        return [tidy(each) for each in value]
    return tidy(value) if key == "items" and isinstance(value, dict) else value


def _rank(key: str) -> tuple[int, str]:
    if key in _ORDER:
        return _ORDER.index(key), ""
    return (len(_ORDER) + 1 + _LAST.index(key), "") if key in _LAST else (len(_ORDER), key)
