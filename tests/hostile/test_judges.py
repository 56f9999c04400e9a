"""Positive controls: each judge of the corpus is seen to catch what it is there for, in a service that is broken."""

import re
from collections.abc import Iterator
from functools import partial
from types import ModuleType
from typing import Any

import httpx
import pytest

from support_api.domain.errors import Fault
from support_api.http import bodies, edge, reading, shell, wire
from tests.conftest import World
from tests.contract.check import unchecked
from tests.every_operation import Good
from tests.hostile.corpus import addresses, documents, headers, slow, values
from tests.hostile.judging import Attempts, assert_none, driven
from tests.hostile.requests import Attempt, Request, refused

CREATE, CHANGE, READ, LIST = "createPortraitItem", "changePortraitItem", "getPortraitItem", "listPortraitItems"
CONSENT = "createConsent"


def _crash(*_: object) -> None:
    raise ArithmeticError


def _named(*args: Any) -> Fault:
    return Fault(str(args[1]["loc"]), "unknown")


def _any(*_: Any, **__: Any) -> bool:
    return True


NOTHING, ANYTHING = re.compile(r"(?!)"), re.compile(r"(?s).*")
FAULTS: list[tuple[str, str, ModuleType, str, Any, str]] = [
    ("documents", CREATE, reading, "_values", _crash, "got 500"),
    ("documents", CREATE, reading, "_fault", _named, "came back"),
    ("documents", CREATE, reading, "_unique", dict, "twice"),
    ("slow", CREATE, bodies, "LONGEST_BODY", 10**9, "in pieces"),
    ("values", CREATE, wire, "_FORBIDDEN", NOTHING, r"\xe2\x80\xae"),
    ("values", CREATE, wire, "_INVISIBLE", (), r"\xe2\x80\x8b"),
    ("values", CREATE, wire, "_UUID", ANYTHING, "/workerId"),
    ("values", CONSENT, wire, "_MOMENT", ANYTHING, "/validUntil"),
    ("values", CREATE, reading, "_fault", lambda *_: Fault("", "unknown"), "told of"),
    ("addresses", READ, reading, "_ID", re.compile(r"[0-9a-fA-F-]{36}"), "at /v1"),
    ("addresses", READ, shell, "_LONGEST_PATH", 10**6, "414"),
    ("addresses", LIST, shell, "_LONGEST_QUERY", 10**6, "414"),
    ("headers", READ, reading, "media", lambda *_: None, "Content-Type"),
    ("headers", READ, reading, "accept", lambda *_: None, "Accept"),
    ("headers", READ, shell, "_MOST_HEADERS", 10**6, "many"),
    ("headers", READ, shell, "_one_host", _any, "Host"),
    ("headers", READ, reading, "_ONCE", (), "two of"),
    ("headers", READ, edge, "language", ",".join, "came back"),
    ("headers", CHANGE, reading, "_TAG", re.compile(r'W?/?"\+?([0-9]{1,9})\.?[0-9a-fA-F]*"?'), "If-Match"),
    ("headers", CREATE, reading, "_KEY", ANYTHING, "Idempotency-Key"),
    ("slow", CREATE, bodies, "_MOST_PIECES", 10**6, "crumbs"),
]


def attempts(kind: str, world: World) -> Attempts:
    every: dict[str, Attempts] = {
        "documents": documents.attempts,
        "values": values.attempts,
        "addresses": addresses.attempts,
        "headers": partial(headers.attempts, world),
        "slow": slow.attempts,
    }
    return every[kind]


@pytest.mark.slow
@pytest.mark.parametrize(("kind", "name", "module", "what", "broken", "noticed"), FAULTS)
async def test_a_fault_is_noticed(
    world: World,
    monkeypatch: pytest.MonkeyPatch,
    kind: str,
    name: str,
    module: ModuleType,
    what: str,
    broken: Any,
    noticed: str,
) -> None:
    monkeypatch.setattr(bodies, "BODY_SECONDS", 0.5)
    monkeypatch.setattr(module, what, broken)
    with unchecked("a fault is planted"):
        found = await driven(world, name, attempts(kind, world))
    assert any(noticed in each for each in found), found


CHANGES = ("update support.portrait_items set version = version + 1", "update support.portrait_items set kind = 'hope'")


@pytest.mark.slow
@pytest.mark.parametrize(
    "statement", [*CHANGES, "delete from support.portrait_items", "insert into support.x values (1)"]
)
async def test_a_change_in_spite_of_a_refusal_is_noticed(world: World, statement: str) -> None:
    await world.sql("create table support.x (a int)")
    answer = world.client.send

    async def changes(request: httpx.Request, **kwargs: Any) -> httpx.Response:
        await world.sql(statement)
        return await answer(request, **kwargs)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(world.client, "send", changes)
        found = await driven(world, READ, lambda _, start: iter([refused("a query", start.query("x=1"))]))
    assert [each for each in found if f"{READ} changed" in each], found


async def test_a_service_that_is_right_gets_no_complaint(world: World) -> None:
    assert_none(await driven(world, READ, lambda _, start: iter([refused("a query", start.query("x=1"))])))


async def test_a_key_that_a_refusal_uses_up_is_noticed(world: World) -> None:
    def uses(_: Good, start: Request) -> Iterator[Attempt]:
        yield refused("another", start.but(content=b'{"kind": "joy", "text": "Brood."}'), 201)

    found = await driven(world, CREATE, uses)
    assert any("the good request got 422" in each for each in found), found
