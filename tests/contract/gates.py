"""The gates that a contract passes before it is released, in order; the first that fails stops the rest.

`python -m tests.contract.gates`, from the root of the repository: one line for each gate. `make test` runs the last
two by itself, and the tests of the others.
"""

import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from support_api.app import OPERATIONS
from support_api.http import openapi
from tests.contract.compatible import breaking
from tests.contract.planted import OLD, PAIRS, changed
from tests.rules.linter import complaints, installed

ROOT = Path(__file__).parents[2]
Version = tuple[int, ...]
_SHOWN = 20


class Failed(Exception):
    """A gate that does not open, and what helps."""


@dataclass(frozen=True)
class Contract:
    """The committed one, and those that were released before it."""

    committed: Path = ROOT / "openapi" / "support-api.yaml"
    released: Path = ROOT / "openapi" / "released"

    def read(self) -> dict[str, Any]:
        return load(self.committed)

    def newest(self, major: int) -> Path | None:
        """The newest release of this major version."""
        known = [each for each in self.released.glob("*.yaml") if version(each.stem)[0] == major]
        return max(known, key=lambda each: version(each.stem), default=None)


def load(path: Path) -> Any:
    return yaml.load(path.read_text(), Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))  # noqa: S506 a safe loader


def version(name: str) -> Version:
    return tuple(int(part) for part in name.split("."))


def regenerated(contract: Contract) -> str:
    if contract.committed.read_text() != openapi.as_yaml(OPERATIONS):
        raise Failed(f"{contract.committed.name} is not what the code makes: run `make contract` and commit it")
    return "the committed contract is what the code makes"


def ruleset(contract: Contract) -> str:
    if not installed():
        if os.environ.get("CI") == "true":
            raise Failed("the linter is not installed, and CI=true does not skip: it needs Node.js")
        return "not linted: that needs Node.js and `make lint-contract` once"
    if found := sorted(complaints(contract.committed)[contract.committed.name]):
        raise Failed(f"it breaks {', '.join(found)} of the NL API Design Rules: `make lint-contract` says where")
    return "it breaks no rule of the NL API Design Rules"


def compatible(contract: Contract) -> str:
    """The check itself is tried first: one that sees nothing any more would let everything through."""
    unseen = [
        pair.says for pair in PAIRS if not any(pair.says in line for line in breaking(OLD, changed(pair.breaking)))
    ]
    if unseen:
        raise Failed(f"the check does not see what breaks: {', '.join(unseen)}")
    now = contract.read()
    major = version(now["info"]["version"])[0]
    newest = contract.newest(major)
    if newest is None:
        return f"nothing of version {major} is released yet; the check sees {len(PAIRS)} planted breaking changes"
    if found := breaking(load(newest), now):
        more = [f"and {len(found) - _SHOWN} more"] if len(found) > _SHOWN else []
        raise Failed("\n  - ".join([f"it breaks what {newest.stem} promised:", *found[:_SHOWN], *more]))
    return f"it keeps what {newest.stem} promised"


def answers(_: Contract) -> str:
    """Each client of the tests holds every answer to the contract: those over all operations are enough here."""
    return _tested("every answer is in it", "tests/contract", "tests/api", "tests/rules")


def generated(_: Contract) -> str:
    return _tested("Schemathesis finds nothing that it says otherwise", "tests/schemathesis")


def passes(folders: tuple[str, ...]) -> bool:
    command = [sys.executable, "-m", "pytest", "-n", "auto", "--maxprocesses", "4", "--dist", "worksteal", *folders]
    return subprocess.run(command, cwd=ROOT, check=False).returncode == 0


def _tested(found: str, *folders: str) -> str:
    if not passes(folders):
        raise Failed("see above what its answers or requests are that the contract does not name")
    return found


GATES: tuple[Callable[[Contract], str], ...] = (regenerated, ruleset, compatible, answers, generated)


def run(contract: Contract, say: Callable[[str], None] = print) -> bool:
    for number, gate in enumerate(GATES, start=1):
        try:
            say(f"contract gate {number} of {len(GATES)}: {gate(contract)}")
        except Failed as failed:
            say(f"contract gate {number} of {len(GATES)} FAILED: {failed}")
            return False
    return True


if __name__ == "__main__":
    sys.exit(0 if run(Contract()) else 1)
