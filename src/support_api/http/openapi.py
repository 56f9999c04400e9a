"""The contract, from the same operations that the router is made of."""

from typing import Any

import yaml

from support_api.http.operations import Operation


def as_yaml(operations: list[Operation]) -> str:
    return yaml.safe_dump(document(operations), sort_keys=False, allow_unicode=True, width=120)


def document(operations: list[Operation]) -> dict[str, Any]:
    return {"openapi": "3.1.0", "paths": {o.path: {} for o in operations}}
