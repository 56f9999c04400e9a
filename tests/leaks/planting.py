"""Bodies with a marker in each place, made from the schema of the body itself: a new field is planted by itself."""

from collections.abc import Iterator
from typing import Any

# What a required field next to a text says, where its own example asks for another text than ours.
_CHOSEN = {"system": "external_id"}


class Planter:
    def __init__(self, schema: dict[str, Any], words: str) -> None:
        self._words = words
        self._schema = schema
        self._kinds = schema.get("$defs", {})

    def planted(self, good: Any, schema: dict[str, Any] | None = None) -> dict[str, Any]:
        """A good body with the words in every field that takes text, those that it left out too."""
        made = dict(good)
        for name, kind in self._fields(schema or self._schema):
            if self._takes_text(kind):
                made[name] = self._filled(name, kind, made.get(name))
            elif name in made and name in _CHOSEN:
                made[name] = _CHOSEN[name]
        return made

    def broken(self, good: dict[str, Any], schema: dict[str, Any] | None = None) -> Iterator[dict[str, Any]]:
        """One body for each field, nested ones too, with a marker where it can't be; and one with an unknown field."""
        for name, kind in self._fields(schema or self._schema):
            yield {**good, name: self._wrong(kind)}
            for inner in self._inside(kind, good.get(name)):
                yield {**good, name: inner}
        yield {**good, self._words: self._words}

    def _inside(self, kind: dict[str, Any], value: Any) -> Iterator[Any]:
        if kind.get("type") == "object":
            yield from self.broken(value or {}, kind)
        elif kind.get("type") == "array":
            for inner in self._inside(self._kind(kind["items"]), (value or [{}])[0]):
                yield [inner]

    def _fields(self, schema: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
        for name, kind in schema["properties"].items():
            yield name, self._kind(kind)

    def _kind(self, kind: dict[str, Any]) -> dict[str, Any]:
        """Without a way out to null, and without the reference."""
        for each in kind.get("anyOf", ()):
            if each != {"type": "null"}:
                return self._kind(each)
        found: dict[str, Any] = self._kinds[kind["$ref"].split("/")[-1]] if "$ref" in kind else kind
        return found

    def _takes_text(self, kind: dict[str, Any]) -> bool:
        if kind.get("type") == "object":
            return any(self._takes_text(inner) for _, inner in self._fields(kind))
        if kind.get("type") == "array":
            return self._takes_text(self._kind(kind["items"]))
        return kind.get("type") == "string" and not kind.keys() & {"enum", "format", "pattern"}

    def _filled(self, name: str, kind: dict[str, Any], value: Any) -> Any:
        if kind["type"] == "object":
            return self.planted(value or self._least(kind), kind)
        if kind["type"] == "array":
            return [self._filled(name, self._kind(kind["items"]), (value or [None])[0])]
        return self._words

    def _least(self, kind: dict[str, Any]) -> dict[str, Any]:
        return {name: kind["properties"][name]["examples"][0] for name in kind["required"]}

    def _wrong(self, kind: dict[str, Any]) -> Any:
        if kind.get("type") == "array":
            return [self._wrong(self._kind(kind["items"]))]
        return self._words + "\u0000" if kind.get("type") == "string" and self._takes_text(kind) else self._words
