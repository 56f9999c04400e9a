"""A copy of the example clients, made from the contract in a folder of its own, as `make clients` makes them."""

import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).parents[2]
NODE = ROOT / "clients" / "typescript" / "node_modules"
_MADE = shutil.ignore_patterns("node_modules", "generated", "dist", "support_api_client", "__pycache__")
PYTHON = (
    *("openapi_python_client", "generate", "--path", "openapi/support-api.yaml"),
    *("--config", "openapi/python-client.yaml", "--meta", "none", "--overwrite", "--fail-on-warning"),
    *("--output-path", "clients/python/support_api_client"),
)
# What the generators say when there is nothing to say.
_QUIET = re.compile(r"Generating \S+|✨ openapi-typescript [\d.]+|🚀 \S+ → \S+ \[[\d.]+m?s\]|")
Plant = Callable[[dict[str, Any]], None]


@dataclass(frozen=True)
class Copy:
    """The clients, with the contract beside them that they are made from."""

    python: Path
    typescript: Path

    def generate_python(self) -> list[str]:
        """Answers what the generator has to say against the contract."""
        return complaints(_run(self.python.parents[1], sys.executable, "-m", *PYTHON))

    def generate_typescript(self) -> list[str]:
        return complaints(_run(self.typescript, "npm", "run", "--silent", "generate"))

    def check_python(self) -> list[str]:
        """With the types of what was generated."""
        command = (sys.executable, "-m", "mypy", "--strict", "--cache-dir", "../mypy", "--config-file")
        files = sorted(path.name for path in self.python.glob("*.py"))
        run = _run(self.python, *command, str(ROOT / "pyproject.toml"), *files)
        return _errors(run, r"^\S+\.py:\d+: error: .*")

    def compile(self) -> list[str]:
        return _errors(_run(self.typescript, "npm", "run", "--silent", "build"), r"^\S+\.ts\(.*error TS.*")


def copied(folder: Path, plant: Plant | None = None) -> Copy:
    made = Copy(folder / "clients" / "python", folder / "clients" / "typescript")
    shutil.copytree(ROOT / "clients", folder / "clients", ignore=_MADE)
    (made.typescript / "node_modules").symlink_to(NODE)
    (folder / "openapi").mkdir()
    shutil.copy(ROOT / "openapi" / "python-client.yaml", folder / "openapi")
    (folder / "openapi" / "support-api.yaml").write_text(_contract(plant))
    return made


def _contract(plant: Plant | None) -> str:
    text = (ROOT / "openapi" / "support-api.yaml").read_text()
    if plant is None:
        return text
    document = yaml.safe_load(text)
    plant(document)
    return yaml.safe_dump(document, sort_keys=False)


def complaints(run: "subprocess.CompletedProcess[str]") -> list[str]:
    said = [line.strip() for line in (run.stdout + run.stderr).splitlines()]
    found = [line for line in said if not _QUIET.fullmatch(line)]
    return found or ([f"it ended with {run.returncode}"] if run.returncode else [])


def _errors(run: "subprocess.CompletedProcess[str]", pattern: str) -> list[str]:
    found = re.findall(pattern, run.stdout, re.MULTILINE)
    assert bool(found) == bool(run.returncode), run.stdout + run.stderr
    return found


def _run(folder: Path, *command: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=120)
