"""A whole example for each schema of the contract, put together from those of its properties.

A model whose parts don't go together has an example of its own (`json_schema_extra`).
"""

from typing import Any

from support_api.http.contract_schemas import Schema

_PLACE = "#/components/schemas/"


def with_examples(schemas: dict[str, Schema]) -> dict[str, Schema]:
    """Each of them with `examples`. Raises ValueError for a property that has none and can't do without."""
    return {
        name: each if "examples" in each else {**each, "examples": [_of(schemas, each)]}
        for name, each in schemas.items()
    }


def _of(schemas: dict[str, Schema], schema: Schema) -> Any:
    if "examples" in schema:
        return schema["examples"][0]
    if "$ref" in schema:
        return _of(schemas, schemas[schema["$ref"].removeprefix(_PLACE)])
    if "enum" in schema:
        return schema["enum"][0]
    if "anyOf" in schema:
        return _of(schemas, schema["anyOf"][0])
    if "properties" in schema:
        return {name: _of(schemas, each) for name, each in schema["properties"].items()}
    if "items" in schema:
        return [_of(schemas, schema["items"])]
    if "default" in schema:
        return schema["default"]
    raise ValueError(f"no example: {schema.get('title', schema)}")
