"""Bodies with a marker in each place, made from the schema of the body itself: a new field is planted by itself."""

from collections.abc import Iterator
from typing import Any

from tests.schemas import Schema, Schemas

# What a required field next to a text says, where its own example asks for another text than ours.
_CHOSEN = {"system": "external_id"}


class Planter:
    def __init__(self, schema: Schema, words: str) -> None:
        self._words = words
        self._schemas = Schemas(schema)

    def planted(self, good: Any, schema: Schema | None = None) -> dict[str, Any]:
        """A good body with the words in every field that takes text, those that it left out too."""
        made = dict(good)
        for name, kind in self._schemas.fields(schema or self._schemas.root):
            if self._schemas.takes_text(kind):
                made[name] = self._filled(name, kind, made.get(name))
            elif name in made and name in _CHOSEN:
                made[name] = _CHOSEN[name]
        return made

    def broken(self, good: dict[str, Any], schema: Schema | None = None) -> Iterator[dict[str, Any]]:
        """One body for each field, nested ones too, with a marker where it can't be; and one with an unknown field."""
        for name, kind in self._schemas.fields(schema or self._schemas.root):
            yield {**good, name: self._wrong(kind)}
            for inner in self._inside(kind, good.get(name)):
                yield {**good, name: inner}
        yield {**good, self._words: self._words}

    def _inside(self, kind: Schema, value: Any) -> Iterator[Any]:
        if kind.get("type") == "object":
            yield from self.broken(value or {}, kind)
        elif kind.get("type") == "array":
            for inner in self._inside(self._schemas.kind(kind["items"]), (value or [{}])[0]):
                yield [inner]

    def _filled(self, name: str, kind: Schema, value: Any) -> Any:
        if kind["type"] == "object":
            return self.planted(value or self._schemas.least(kind), kind)
        if kind["type"] == "array":
            return [self._filled(name, self._schemas.kind(kind["items"]), (value or [None])[0])]
        return self._words

    def _wrong(self, kind: Schema) -> Any:
        if kind.get("type") == "array":
            return [self._wrong(self._schemas.kind(kind["items"]))]
        text = kind.get("type") == "string" and self._schemas.takes_text(kind)
        return self._words + "\u0000" if text else self._words
