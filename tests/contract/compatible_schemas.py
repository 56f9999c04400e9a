"""Two schemas, before and after: may a caller still send what they sent, may a reader still read what they read."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import Any

Schema = dict[str, Any]
Inner = Callable[[Schema, Schema], Iterator[str]]
_LEAST = ("minimum", "exclusiveMinimum", "minLength", "minItems", "minProperties")
_MOST = ("maximum", "exclusiveMaximum", "maxLength", "maxItems", "maxProperties")
_SAME = ("pattern", "format", "uniqueItems")
_NAME = "$name"  # of the component that a schema was referred to by


@dataclass(frozen=True)
class Sides:
    old: Schema
    new: Schema

    def resolved(self, document: Schema, value: Schema) -> Schema:
        while "$ref" in value:
            kind, name = value["$ref"].removeprefix("#/components/").split("/")
            beside = {key: each for key, each in value.items() if key != "$ref"}
            value = {**document["components"][kind][name], **beside, _NAME: name}
        return value

    def parameters(self, old: Schema, new: Schema) -> tuple[dict[str, Schema], dict[str, Schema]]:
        return self._named(self.old, old), self._named(self.new, new)

    def _named(self, document: Schema, operation: Schema) -> dict[str, Schema]:
        found = [self.resolved(document, each) for each in operation.get("parameters", [])]
        return {f"{each['name']} in {each['in']}": each for each in found}

    def choices(self, document: Schema, schema: Schema) -> list[Schema]:
        """What a value may be, one by one: each of anyOf and oneOf, and each of its types."""
        schema = self.resolved(document, schema)
        for key in ("anyOf", "oneOf"):
            if key in schema:
                beside = {each: value for each, value in schema.items() if each != key}
                return [one for each in schema[key] for one in self.choices(document, {**beside, **each})]
        kinds = schema.get("type")
        several = kinds if isinstance(kinds, list) else [kinds]
        return [{"type": "null"} if kind == "null" else {**schema, "type": kind} for kind in several]


def asked(sides: Sides, old: Schema, new: Schema) -> Iterator[str]:
    """What is sent: `new` must take all that `old` took."""
    return _compared(sides, old, new, sent=True, seen=frozenset())


def given(sides: Sides, old: Schema, new: Schema) -> Iterator[str]:
    """What is read: `new` must give nothing that `old` excluded; new properties aside, which readers ignore."""
    return _compared(sides, old, new, sent=False, seen=frozenset())


def _compared(sides: Sides, old: Schema, new: Schema, *, sent: bool, seen: frozenset[str]) -> Iterator[str]:
    if sent and "default" in old and old["default"] != new.get("default"):
        yield ": default changed"
    before, after = sides.choices(sides.old, old), sides.choices(sides.new, new)
    for each in before if sent else after:
        pairs = [(each, other) if sent else (other, each) for other in (after if sent else before)]
        near = [(one, other) for one, other in pairs if _fits(one, other, sent=sent)]
        if not near:
            yield f": type {each['type'] or 'any'} {'no longer taken' if sent else 'is new to readers'}"
            continue
        yield from min((list(_one(sides, *pair, sent=sent, seen=seen)) for pair in near), key=len)


def _fits(old: Schema, new: Schema, *, sent: bool) -> bool:
    narrow, wide = (old["type"], new["type"]) if sent else (new["type"], old["type"])
    return wide in (narrow, None) or (narrow, wide) == ("integer", "number")


def _one(sides: Sides, old: Schema, new: Schema, *, sent: bool, seen: frozenset[str]) -> Iterator[str]:
    if (pair := f"{old.get(_NAME)}>{new.get(_NAME)}") in seen:
        return
    more = {pair} if _NAME in old else set()
    inner = partial(_compared, sides, sent=sent, seen=seen | more)
    yield from _values(old, new, sent=sent)
    yield from _limits(*((old, new) if sent else (new, old)), sent=sent)
    if "items" in old:
        yield from (f"[]{line}" for line in inner(old["items"], new.get("items", {})))
    yield from _properties(inner, old, new, sent=sent)
    yield from _others(inner, old, new, sent=sent)


def _values(old: Schema, new: Schema, *, sent: bool) -> Iterator[str]:
    """Less may be sent, or more may be read, is breaking; unless a list says that it grows."""
    narrow, wide = (_listed(new), _listed(old)) if sent else (_listed(old), _listed(new))
    if narrow is None or (not sent and old.get("x-may-grow")):
        return
    gone = {"any"} if wide is None else wide - narrow
    yield from (f": value {each} {'no longer taken' if sent else 'is new to readers'}" for each in sorted(gone))


def _listed(schema: Schema) -> set[str] | None:
    """None is: any."""
    if "const" in schema:
        return {str(schema["const"])}
    return {str(each) for each in schema["enum"]} if "enum" in schema else None


def _limits(wide: Schema, narrow: Schema, *, sent: bool) -> Iterator[str]:
    """`narrow` may not be stricter than `wide`: what is sent is held to the new one, what is read to the old one."""
    how = "narrowed" if sent else "widened"
    for key in _LEAST:
        if key in narrow and wide.get(key, float("-inf")) < narrow[key]:
            yield f": {key} {how}"
    for key in _MOST:
        if key in narrow and wide.get(key, float("inf")) > narrow[key]:
            yield f": {key} {how}"
    yield from (f": {key} changed" for key in _SAME if narrow.get(key) and wide.get(key) != narrow[key])


def _properties(inner: Inner, old: Schema, new: Schema, *, sent: bool) -> Iterator[str]:
    before, after = old.get("properties", {}), new.get("properties", {})
    needed_before, needed = set(old.get("required", ())), set(new.get("required", ()))
    stricter = needed - needed_before if sent else needed_before - needed
    for name in sorted(stricter & (set(after) if sent else set(before) & set(after))):
        yield f".{name}: {'is now required' if sent else 'may now be absent'}"
    for name, each in before.items():
        if name not in after:
            yield f".{name}: removed"
            continue
        yield from (f".{name}{line}" for line in inner(each, after[name]))


def _others(inner: Inner, old: Schema, new: Schema, *, sent: bool) -> Iterator[str]:
    """Properties that the schema does not name. What is read may hold any that is new."""
    before, after = old.get("additionalProperties", True), new.get("additionalProperties", True)
    if isinstance(before, dict) and isinstance(after, dict):
        yield from (f".*{line}" for line in inner(before, after))
    elif sent and before is not False and after is not True:
        yield ": other properties no longer taken"
