"""Whether a contract keeps what an earlier one promised: everything that a client written for `old` may rely on.

Judged is the contract, not what the service happens to bear. Every difference that isn't known to be harmless is
breaking: so a change of a pattern is, because which of two patterns is wider can't be told.
"""

from collections.abc import Iterator
from typing import Any

from tests.contract.compatible_schemas import Sides, asked, given

Schema = dict[str, Any]
_METHODS = ("get", "put", "post", "patch", "delete")


def breaking(old: Schema, new: Schema) -> list[str]:
    """One line for each promise that `new` breaks; empty when it keeps them all."""
    sides = Sides(old, new)
    return [line for path, item in old["paths"].items() for line in _path(sides, path, item)]


def _path(sides: Sides, path: str, item: Schema) -> Iterator[str]:
    if path not in sides.new["paths"]:
        yield f"{path}: removed"
        return
    for method in [each for each in _METHODS if each in item]:
        place = f"{method.upper()} {path}"
        now = sides.new["paths"][path].get(method)
        yield from (f"{place}: {each}" for each in (_operation(sides, item[method], now) if now else ["removed"]))


def _operation(sides: Sides, old: Schema, new: Schema) -> Iterator[str]:
    if old.get("operationId") != new.get("operationId"):
        yield f"operationId {old.get('operationId')} is now {new.get('operationId')}"
    if not _keys(new) <= _keys(old):
        yield f"needs {sorted(_keys(new))}, needed {sorted(_keys(old))}"
    yield from _parameters(sides, old, new)
    yield from _request(sides, old.get("requestBody"), new.get("requestBody"))
    for status, answer in old["responses"].items():
        yield from _response(sides, status, answer, new["responses"].get(status))
    for status in sorted(set(new["responses"]) - set(old["responses"])):
        if status[0] in "23":
            yield f"status {status} added: clients know no such success"


def _keys(operation: Schema) -> set[str]:
    """What it takes to be let in: each scheme, and each of its scopes; none is open to all."""
    asked_for = [pair for each in operation.get("security", []) for pair in each.items()]
    return {name for name, _ in asked_for} | {f"{name}:{scope}" for name, scopes in asked_for for scope in scopes}


def _parameters(sides: Sides, old: Schema, new: Schema) -> Iterator[str]:
    before, after = sides.parameters(old, new)
    for name in sorted(set(before) - set(after)):
        yield f"parameter {name} removed"
    for name, each in after.items():
        known = before.get(name)
        if each.get("required") and not (known or {}).get("required"):
            yield f"parameter {name} is now required"
        if known:
            yield from (f"parameter {name}{line}" for line in asked(sides, known["schema"], each["schema"]))


def _request(sides: Sides, old: Schema | None, new: Schema | None) -> Iterator[str]:
    if new is None:
        yield from ["request body removed"] if old else []
        return
    if new.get("required") and not (old or {}).get("required"):
        yield "request body is now required"
    yield from _content(sides, "request", (old or {}).get("content", {}), new["content"])


def _response(sides: Sides, status: str, old: Schema, new: Schema | None) -> Iterator[str]:
    if new is None:
        yield f"status {status} removed"
        return
    old, new = sides.resolved(sides.old, old), sides.resolved(sides.new, new)
    yield from (f"{status} {line}" for line in _headers(sides, old.get("headers", {}), new.get("headers", {})))
    yield from (
        f"{status} {line}" for line in _content(sides, "response", old.get("content", {}), new.get("content", {}))
    )


def _headers(sides: Sides, old: Schema, new: Schema) -> Iterator[str]:
    for name in old:
        if name not in new:
            yield f"header {name} removed"
            continue
        before, after = sides.resolved(sides.old, old[name]), sides.resolved(sides.new, new[name])
        if before.get("required") and not after.get("required"):
            yield f"header {name} may now be absent"
        yield from (f"header {name}{line}" for line in given(sides, before["schema"], after["schema"]))


def _content(sides: Sides, way: str, old: Schema, new: Schema) -> Iterator[str]:
    compare = asked if way == "request" else given
    for media, each in old.items():
        if media not in new:
            yield f"{way} as {media} removed"
            continue
        yield from (f"{way}{line}" for line in compare(sides, each["schema"], new[media]["schema"]))
        for code in sorted(set(each.get("examples", {})) - set(new[media].get("examples", {}))):
            yield f"problem code {code} removed"
