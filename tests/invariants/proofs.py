"""Which tests say that they prove an invariant: found in their docstrings, and in those of their modules."""

import ast
import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]
INVARIANTS = Path(__file__).with_name("invariants.toml")
_NAMED = re.compile(r"\bINV-(\d\d)")
# These test the tests, or the wording of the contract.
_OTHERS = ("tests/invariants/test_invariants.py", "tests/contract")


@dataclass(frozen=True, order=True)
class Proof:
    """A test, or with no name a module of them."""

    path: str
    test: str

    @property
    def words(self) -> str:
        return self.test.removeprefix("test_").replace("_", " ")


@dataclass(frozen=True)
class Invariant:
    id: str
    says: str
    also: str = ""
    waits_for: str = ""


def read(text: str | None = None) -> list[Invariant]:
    found = tomllib.loads(INVARIANTS.read_text(encoding="utf-8") if text is None else text)
    return [Invariant(id=name, **about) for name, about in found.items()]


def proofs() -> dict[str, list[Proof]]:
    found: dict[str, list[Proof]] = {}
    for path in sorted((ROOT / "tests").rglob("test_*.py")):
        where = path.relative_to(ROOT).as_posix()
        if where.startswith(_OTHERS) or "node_modules" in where:
            continue
        for invariant, test in named(path.read_text(encoding="utf-8")):
            found.setdefault(invariant, []).append(Proof(where, test))
    return {invariant: sorted(set(each)) for invariant, each in found.items()}


def named(source: str) -> Iterator[tuple[str, str]]:
    """The invariants of a module, each with the test that names it; of the module itself if its first words do."""
    module = ast.parse(source)
    for invariant in _NAMED.findall(ast.get_docstring(module) or ""):
        yield f"INV-{invariant}", ""
    for node in ast.walk(module):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.name.startswith("test_"):
            for invariant in _NAMED.findall(ast.get_docstring(node) or ""):
                yield f"INV-{invariant}", node.name
