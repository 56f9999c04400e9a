"""Wall 2 of access.md: nothing of a resident is read or written without the `Access` to that resident."""

import ast
import importlib
import inspect
import pkgutil
import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from types import ModuleType
from typing import Any, get_type_hints

import pytest

import support_api
from support_api import db
from support_api.app import OPERATIONS
from support_api.db import audit, briefings, lookups, store
from support_api.db import working_relationships as relationships
from support_api.db.store import Window
from support_api.db.tx import Tx
from support_api.domain.access import Access, decide
from support_api.domain.errors import Hidden, Stale
from support_api.domain.facts import Facts
from support_api.domain.grounds import READ_CONTENT
from support_api.domain.portrait_items import PORTRAIT_ITEMS
from support_api.domain.residents import RESIDENTS
from support_api.domain.vocabulary import Purpose
from support_api.domain.working_relationships import WORKING_RELATIONSHIPS
from tests.access.people import NOW, another_resident, fien_id, inside, me, own_access, principal
from tests.conftest import World

# What is read or written without an Access, and why that is no hole.
WITHOUT = {
    "facts.load": "what deciding is fed",
    "facts.load_many": "the same, for a list across residents",
    "facts.who": "the caller's own ids",
    "lookups.find": "keyed hash to id; then `enter` decides",
    "lookups.guard_free": "whether a number is anybody's, as who records a resident is told",
    "working_relationships.mine": "candidates by the caller's own id; each still has to be entered",
    "working_relationships.by_external_id": "keyed hash to ids; the caller was let in by `enter` before",
    "working_relationships.numbers": "existence and dates of whom the caller entered (gate B)",
    "directory.met": "ids of workers, to know which names a resident knows",
    "directory.person_of_resident": "for setting up a log-in, no content",
    "directory.worker": "about a worker, no resident",
    "directory.workers": "about workers, no resident",
    "directory.worker_page": "about workers, no resident",
    "directory.client_names": "about registered systems",
    "directory.names_by_client_id": "about registered systems",
    "recalls.mine": "a system's own recalls, by its own id: ids and kinds, and its own answer",
    "recalls.one": "the same",
    "recalls.answer": "the system's own answer",
    "directory.called": "about workers and systems, no resident",
    "directory.municipality_name": "about the municipality",
    "directory.activities": "about registered systems",
    "directory.add_municipality": "setting up",
    "directory.add_client": "setting up",
    "directory.add_activity": "setting up",
    "directory.add_person": "a person and the id of a key, no content",
    "directory.add_identity": "a log-in, no content",
    "directory.add_worker": "about a worker, no resident",
    "emergency_access.awaiting": "candidates for review; each still has to be entered",
    "order.line_up": "waits for a turn, reads no row",
    "order.placed": "makes an id, reads nothing",
    "audit.write": "the trail of what was decided",
}


def modules() -> Iterator[ModuleType]:
    for found in pkgutil.iter_modules(db.__path__):
        yield importlib.import_module(f"{db.__name__}.{found.name}")


def handed_a_transaction(module: ModuleType) -> dict[str, Any]:
    """The public functions of this module that read or write."""
    members = inspect.getmembers(module, inspect.isfunction)
    own = {name: each for name, each in members if each.__module__ == module.__name__ and not name.startswith("_")}
    return {name: each for name, each in own.items() if Tx in get_type_hints(each).values()}


def without_access(module: ModuleType) -> set[str]:
    """Those that are handed no Access, nor several of them."""
    found = set()
    for name, function in handed_a_transaction(module).items():
        hints = get_type_hints(function).values()
        if not any(hint is Access or Access in getattr(hint, "__args__", ()) for hint in hints):
            found.add(f"{module.__name__.rsplit('.', 1)[-1]}.{name}")
    return found


def test_who_reads_without_an_access_is_known_by_name() -> None:
    assert set().union(*(without_access(module) for module in modules())) == set(WITHOUT)
    assert not without_access(store)


def test_a_new_read_without_an_access_is_seen() -> None:
    """Positive control."""
    module = ModuleType("support_api.db.careless")
    exec("async def peek(tx: Tx, resident_id: int) -> None: ...", {**vars(module), "Tx": Tx}, vars(module))  # noqa: S102
    vars(module)["peek"].__module__ = module.__name__
    assert without_access(module) == {"careless.peek"}


def statements(source: str) -> list[int]:
    """The lines that execute a statement on a transaction."""
    calls = (node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Call))
    named = [(call, call.func) for call in calls if isinstance(call.func, ast.Attribute)]
    return [
        call.lineno
        for call, function in named
        if function.attr in ("row", "rows", "run") and ast.unparse(function.value).endswith("tx")
    ]


def test_only_db_executes_statements() -> None:
    root = Path(support_api.__file__).parent
    paths = [path for path in root.rglob("*.py") if statements(path.read_text())]
    assert {path.relative_to(root).parts[0] for path in paths} == {"db"}
    assert statements("async def use(work):\n    return await work.tx.rows(_ALL)") == [2], "positive control"


def test_each_operation_declares_what_is_done_and_with_which_scope() -> None:
    assert len(OPERATIONS) == len({operation.name for operation in OPERATIONS})
    for operation in OPERATIONS:
        for lacking in ({"action": None}, {"scope": None}, {"action": "me:read"}, {"scope": "me:read"}):
            with pytest.raises(TypeError, match="declares its action and its scope"):
                replace(operation, **lacking)


async def closed(tx: Tx, world: World) -> Access:
    """Sanne's to Fien: their relationship ended."""
    own = await own_access(tx, world, fien_id(world))
    facts = Facts(await me(tx, world, "sanne"), own.subject)
    return decide(principal(world, "sanne"), facts, Purpose.SUPPORT, NOW)


async def test_a_closed_access_reads_and_writes_nothing(world: World) -> None:
    """Even where nobody asked `require` first: every door of the store refuses it by itself."""
    async with inside(world) as tx:
        own, shut = await own_access(tx, world, fien_id(world)), await closed(tx, world)
        item = (await store.every(tx, own, PORTRAIT_ITEMS))[0]
        resident = await store.one(tx, own, RESIDENTS, own.resident_id)
        bond = (await store.every(tx, own, WORKING_RELATIONSHIPS))[0]
        doors: list[tuple[Any, tuple[Any, ...]]] = [
            (store.one, (PORTRAIT_ITEMS, item.id)),
            (store.one, (RESIDENTS, resident.id)),
            (store.one, (WORKING_RELATIONSHIPS, bond.id)),
            (store.page, (PORTRAIT_ITEMS, Window(count=True))),
            (store.page, (WORKING_RELATIONSHIPS, Window(count=True))),
            (store.every, (PORTRAIT_ITEMS,)),
            (store.add, (PORTRAIT_ITEMS, item)),
            (store.save, (PORTRAIT_ITEMS, item, item)),
            (store.remove, (PORTRAIT_ITEMS, item)),
            (store.at_version, (PORTRAIT_ITEMS, item.id, 1)),
            (store.earlier, (PORTRAIT_ITEMS, item)),
            (briefings.frame, (bond.id,)),
            (audit.lines, (10, None)),
            (audit.shown_to, (own.resident_id, READ_CONTENT)),
            (lookups.put, (resident.identifiers,)),
            (lookups.replace, (resident.identifiers,)),
        ]
        assert {door for door, _ in doors} >= set(handed_a_transaction(store).values())
        for door, arguments in doors:
            with pytest.raises(Hidden, match="no_relation"):
                await door(tx, shut, *arguments)
        with pytest.raises(Hidden):
            await relationships.call_names(tx, [shut])


async def test_an_access_to_one_resident_touches_no_other(world: World) -> None:
    async with inside(world) as tx:
        own = await own_access(tx, world, fien_id(world))
        theirs = await own_access(tx, world, await another_resident(tx, world))
        item = (await store.every(tx, own, PORTRAIT_ITEMS))[0]
        changed = replace(item, text="", version=item.version + 1)
        refused = [
            (Hidden, store.one, (item.id,)),
            (Hidden, store.at_version, (item.id, 1)),
            (Stale, store.save, (item, changed)),
            (Stale, store.remove, (item,)),
        ]
        for error, door, arguments in refused:
            with pytest.raises(error):
                await door(tx, theirs, PORTRAIT_ITEMS, *arguments)
        assert await store.one(tx, own, PORTRAIT_ITEMS, item.id) == item


async def test_a_statement_without_the_resident_is_seen(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """Positive control."""
    statement = store._remove(PORTRAIT_ITEMS.name)
    anybody = re.sub(r"support\.portrait_items\.resident_id = (\$\d+::UUID)", r"\1 is not null", statement.sql)
    monkeypatch.setattr(statement, "sql", anybody)
    with pytest.raises(pytest.fail.Exception, match="DID NOT RAISE"):
        await test_an_access_to_one_resident_touches_no_other(world)
