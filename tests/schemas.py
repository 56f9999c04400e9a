"""What a JSON schema says of each field of a body, its references followed: tests that go by it know new fields."""

from collections.abc import Iterator
from typing import Any

from support_api.http.operations import Operation

Schema = dict[str, Any]


def of_body(operation: Operation) -> Schema:
    return operation.body.model_json_schema(by_alias=True) if operation.body else {"properties": {}}


class Schemas:
    def __init__(self, schema: Schema) -> None:
        self.root = schema
        self._kinds = schema.get("$defs", {})

    def fields(self, schema: Schema) -> Iterator[tuple[str, Schema]]:
        for name, kind in schema["properties"].items():
            yield name, self.kind(kind)

    def kind(self, kind: Schema) -> Schema:
        """Without a way out to null, and without the reference."""
        for each in kind.get("anyOf", ()):
            if each != {"type": "null"}:
                return self.kind(each)
        found: Schema = self._kinds[kind["$ref"].split("/")[-1]] if "$ref" in kind else kind
        return found

    def takes_text(self, kind: Schema) -> bool:
        """Anybody's own words, here or in a part of it."""
        if kind.get("type") == "object":
            return any(self.takes_text(inner) for _, inner in self.fields(kind))
        if kind.get("type") == "array":
            return self.takes_text(self.kind(kind["items"]))
        return kind.get("type") == "string" and not kind.keys() & {"enum", "format", "pattern"}

    def least(self, kind: Schema) -> Schema:
        """Of an object: what it can't do without, by its own examples or of a list of words the first."""
        return {name: self._example(kind["properties"][name]) for name in kind.get("required", ())}

    def _example(self, kind: Schema) -> Any:
        return kind["examples"][0] if "examples" in kind else self.kind(kind).get("enum", [{}])[0]
