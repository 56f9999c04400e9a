"""/core/error-handling/all-errors and /invalid-input: every mistake at once, in parameters, headers and body."""

from collections.abc import Iterable
from typing import get_args

import httpx
import pytest

from support_api.domain.vocabulary import Term
from support_api.http import reading
from support_api.http.operations import Operation
from support_api.http.wire import Body, Query
from tests.api.problems import check_problem, faults
from tests.conftest import World
from tests.every_operation import NAMES, Good, good
from tests.repetition.stored import moved, versions

Faults = set[tuple[str, str]]
UNKNOWN_PARAMETER = ("parameters", "unknown_parameter")


def names(model: type[Query] | type[Body] | None, *, required: bool = False) -> list[str]:
    fields = model.model_fields.items() if model else ()
    return [each.alias or name for name, each in fields if each.is_required() or not required]


async def spoilt(world: World, request: Good) -> httpx.Response:
    """All parts wrong in one request."""
    known = names(request.operation.query)
    query = "&".join(["x=1", *(f"{name}=%3F&{name}=%3F" for name in known)])
    headers = request.sent(world) | {"If-Match": "nonsense", "Idempotency-Key": "short"}
    headers["Content-Type"] = request.operation.media_types[0]
    twice = [*headers.items(), *[("Content-Encoding", "identity")] * 2]
    body = b'{"nonsense": 1}'
    return await world.client.request(request.method, f"{request.path}?{query}", content=body, headers=twice)


def expected(operation: Operation) -> Faults:
    found = {UNKNOWN_PARAMETER, ("Content-Encoding", "repeated_header"), ("", "unknown")}
    found |= {("If-Match", "invalid_tag")} if operation.conditional else set()
    found |= {("Idempotency-Key", "invalid_key")} if operation.keyed else set()
    found |= {(f"/{name}", "required") for name in names(operation.body, required=True)}
    for name in names(operation.query):
        found |= {(name, "repeated_parameter"), (name, wrong_value(operation.query, name))}
    return found


def wrong_value(query: type[Query] | None, name: str) -> str:
    """What is said of a question mark as the value of this parameter."""
    fields = query.model_fields.items() if query else ()
    kind = next(each.annotation for python, each in fields if (each.alias or python) == name)
    listed = any(isinstance(each, type) and issubclass(each, Term) for each in get_args(kind))
    return "pattern" if name == "cursor" else "not_in_list" if listed else "not_allowed"


async def check_all_errors(world: World, operations: Iterable[str]) -> None:
    for name in operations:
        request = await good(world, name)
        before = await versions(world)
        found = faults(check_problem(await spoilt(world, request), 400, "invalid_input"))
        assert found == expected(request.operation), name
        assert not moved(before, await versions(world)), name


async def test_core_error_handling_all_errors(world: World) -> None:
    await check_all_errors(world, NAMES)


async def test_a_reader_that_stops_early_is_noticed(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """Positive control: only the first of a model's mistakes."""
    validated = reading._validated

    def first(model: type, values: object, raw: object, faults: list[object], lead: str) -> object:
        found: list[object] = []
        done = validated(model, values, raw, found, lead)  # type: ignore[arg-type]
        faults.extend(found[:1])
        return done

    monkeypatch.setattr(reading, "_validated", first)
    with pytest.raises(AssertionError):
        await check_all_errors(world, ["createPortraitItem"])


async def check_parameters(world: World, request: Good) -> None:
    """Unknown, differently spelled, or twice: alone, and with nothing else wrong."""
    known = names(request.operation.query)
    cases = {"x=1": {UNKNOWN_PARAMETER}, "x": {UNKNOWN_PARAMETER}, "=1": {UNKNOWN_PARAMETER}}
    cases |= {f"{name.upper()}=1": {UNKNOWN_PARAMETER} for name in known}
    cases |= {f"limit=5&limit={n}": {("limit", "repeated_parameter")} for n in (5, 6) if "limit" in known}
    cases |= {"count=true&count=true": {("count", "repeated_parameter")}} if "count" in known else {}
    for query, wrong in cases.items():
        answer = await request.but(path=f"{request.path}?{query}").send(world)
        assert faults(check_problem(answer, 400, "invalid_input")) == wrong, f"{request.operation.name}: {query}"


async def test_core_error_handling_invalid_input(world: World) -> None:
    """Each operation takes the parameters that it names, once each."""
    for name in NAMES:
        request = await good(world, name)
        await check_parameters(world, request)
        assert (await request.send(world)).status_code == request.operation.status, name


async def test_a_parameter_that_is_overlooked_is_noticed(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """Positive control."""
    request = await good(world, "getMe")
    monkeypatch.setattr(reading, "query", lambda *_: None)
    with pytest.raises(AssertionError):
        await check_parameters(world, request)
