"""Calls each operation as everybody, and says what each was answered and what the trail says of it."""

import secrets
from dataclasses import dataclass
from uuid import UUID

import httpx

from support_api.app import OPERATIONS
from support_api.domain.vocabulary import Role
from tests.access.matrix.callers import COLUMNS, Callers, Column, arrive
from tests.access.matrix.requests import request
from tests.conftest import World

# A cell of the table, and the outcome in the trail that goes with it; none for what is refused before any row is read.
OUTCOMES = {
    "yes": "done",
    "nothing": "done",
    "404": "not_found",
    "action": "not_allowed",
    "rule": "refused",
    "scope": None,
    "purpose": None,
    "assurance": None,
}
CELLS = {
    (404, "not_found"): "404",
    (403, "action_not_allowed"): "action",
    (403, "scope_missing"): "scope",
    (403, "purpose_not_allowed"): "purpose",
    (403, "assurance_too_low"): "assurance",
}


@dataclass(frozen=True)
class Seen:
    cell: str
    outcome: str | None


async def called(world: World, name: str, column: Column, callers: Callers) -> Seen:
    good = await request(world, name)
    trace = secrets.token_hex(16)
    headers = {"traceparent": f"00-{trace}-b7ad6b7169203331-01"}
    if column.role is not Role.RESIDENT:
        headers["Processing-Purpose"] = column.purpose
    headers |= good.headers
    answer = await world.call(
        column.name, good.method, good.path, good.body, headers=headers, claims=callers.of(column)
    )
    entries = await world.sql("select outcome from support.audit_entries where trace_id = $1", UUID(trace))
    return Seen(cell(answer), entries[0]["outcome"] if entries else None)


def cell(answer: httpx.Response) -> str:
    if answer.status_code < 400:
        return "nothing" if answer.content and answer.json().get("results") == [] else "yes"
    code = answer.json()["code"]
    return (
        "rule" if answer.status_code == 409 else CELLS.get((answer.status_code, code), f"{answer.status_code} {code}")
    )


async def row(world: World, name: str) -> dict[str, Seen]:
    """Fien last: what she does may change what there is for the others."""
    callers = await arrive(world)
    found = {each.heading: await called(world, name, each, callers) for each in reversed(COLUMNS)}
    return {each.heading: found[each.heading] for each in COLUMNS}


NAMES = sorted(operation.name for operation in OPERATIONS)
