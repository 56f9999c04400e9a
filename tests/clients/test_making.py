"""Both clients come from the present contract without a warning, and their code keeps to its types."""

import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.clients.making import PYTHON, ROOT, Copy, copied

pytestmark = pytest.mark.slow
Document = dict[str, Any]


def test_the_generator_for_python_has_nothing_to_say_and_the_code_keeps_to_its_types(python: Copy) -> None:
    assert python.check_python() == []


@pytest.mark.node
def test_the_generator_for_typescript_has_nothing_to_say_and_the_code_keeps_to_its_types(typescript: Copy) -> None:
    assert (typescript.typescript / "dist" / "workflow.js").exists()


# --- controls: contracts that a generator can't read, and changes that break who uses them


def _two_of_a_name(document: Document) -> None:
    """Two lists of codes that would get the same class."""
    properties = document["components"]["schemas"]["MeView"]["properties"]
    properties |= {"first": {"title": "Same", "enum": ["a"]}, "second": {"title": "Same", "enum": ["b"]}}


def _told_apart_by_nothing(document: Document) -> None:
    document["components"]["schemas"]["Either"] = {
        "oneOf": [{"$ref": "#/components/schemas/Role"}],
        "discriminator": {"propertyName": "kind", "mapping": {"role": "#/components/schemas/Role"}},
    }


def _renamed(document: Document) -> None:
    note = document["components"]["schemas"]["NewBaggageNote"]
    note["properties"]["inShort"] = note["properties"].pop("shortVersion")
    note["required"] = ["kind", "inShort"]


def test_a_contract_that_the_generator_for_python_can_not_read_is_seen(tmp_path: Path) -> None:
    assert any("WARNING" in line or "Unable" in line for line in copied(tmp_path, _two_of_a_name).generate_python())


@pytest.mark.node
def test_a_contract_that_the_generator_for_typescript_warns_about_is_seen(tmp_path: Path) -> None:
    assert any("Discriminator" in line for line in copied(tmp_path, _told_apart_by_nothing).generate_typescript())


def test_a_change_of_the_contract_that_breaks_the_workflow_in_python_is_seen(tmp_path: Path) -> None:
    copy = copied(tmp_path, _renamed)
    assert copy.generate_python() == []
    assert any("short_version" in line for line in copy.check_python())


@pytest.mark.node
def test_a_change_of_the_contract_that_breaks_the_workflow_in_typescript_is_seen(tmp_path: Path) -> None:
    copy = copied(tmp_path, _renamed)
    assert copy.generate_typescript() == []
    assert any("shortVersion" in line for line in copy.compile())


# --- what comes later


READ = """import json, sys
from support_api_client.models.access_log_line_view import AccessLogLineView
line = AccessLogLineView.from_dict(json.loads(sys.stdin.read()))
print(line.action, line.additional_properties)
"""


def read(copy: Copy, **later: object) -> "subprocess.CompletedProcess[str]":
    """A line of the access log as a later service may give it."""
    contract = yaml.safe_load((ROOT / "openapi" / "support-api.yaml").read_text())
    line = {**contract["components"]["schemas"]["AccessLogLineView"]["examples"][0], **later}
    command = [sys.executable, "-c", READ]
    return subprocess.run(command, cwd=copy.python, input=json.dumps(line), capture_output=True, text=True)


def test_a_client_bears_what_may_come_without_a_new_version(python: Copy) -> None:
    """A property that it doesn't know, and a code in a list that may grow."""
    assert read(python, action="dream:read", colour="red").stdout == "dream:read {'colour': 'red'}\n"


def test_control_a_code_in_a_list_that_does_not_grow_is_refused(python: Copy) -> None:
    assert "dreamt" in read(python, outcome="dreamt").stderr


# --- no way around the types


_SAID = re.compile(r"^import .*|//.*|/\*.*?\*/|\"[^\"\n]*\"|`[^`]*`", re.MULTILINE | re.DOTALL)
_AROUND = {".py": r"type: ignore|\bcast\(|#\s*mypy:", ".ts": r"\bany\b|\bas\b|@ts-\w+|\w!(?=[.;,)])"}


def ways_around(name: str, code: str) -> list[str]:
    """Comments of TypeScript that speak to the compiler count, other comments and texts don't."""
    told = re.findall(r"@ts-\w+", code)
    return told + re.findall(_AROUND[Path(name).suffix], code if name.endswith(".py") else _SAID.sub("", code))


def test_the_example_code_goes_around_no_type() -> None:
    files = [*(ROOT / "clients").glob("python/*.py"), *(ROOT / "clients").glob("typescript/src/*.ts")]
    assert {"steps.py", "steps.ts"} <= {path.name for path in files}
    assert [(path.name, way) for path in files for way in ways_around(path.name, path.read_text())] == []


@pytest.mark.parametrize(
    ("name", "line"),
    [
        ("x.ts", "const x: any = 1;"),
        ("x.ts", "found.id as string"),
        ("x.ts", "found!.id"),
        ("x.ts", "// @ts-expect-error"),
        ("x.py", "x = y  # type: ignore[arg]"),
        ("x.py", "cast(int, x)"),
    ],
)
def test_each_way_around_is_seen(name: str, line: str) -> None:
    assert ways_around(name, line)
    assert not ways_around(name, "import * as steps\n/** As any other says. */" if name == "x.ts" else "import x as y")


def test_make_clients_makes_them_in_the_same_way() -> None:
    asked = subprocess.run(
        ["make", "--dry-run", "clients", "BIN=bin"], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout
    assert f"bin/{' '.join(PYTHON).replace('_', '-', 2)}" in re.sub(r"\s*\\\n\s*", " ", asked)
    assert "npm run --prefix clients/typescript --silent generate" in asked
    assert "npm run --prefix clients/typescript --silent build" in asked
