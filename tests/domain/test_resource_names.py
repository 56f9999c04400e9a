"""One noun in every layer (ADR 0005); a resource stays small; docs/how-to-add-a-resource.md points at what is there."""

import importlib
import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from support_api.app import OPERATIONS
from support_api.db import security, store
from support_api.db.tables import metadata
from support_api.domain.resource import Item, Resource
from support_api.http.operations import Operation

ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs/how-to-add-a-resource.md"
MOST_LINES = 160


def resources() -> Iterator[tuple[str, str, Resource[Item]]]:
    """Module, constant and resource, of every module of the domain."""
    for path in sorted((ROOT / "src/support_api/domain").glob("*.py")):
        module = importlib.import_module(f"support_api.domain.{path.stem}")
        for constant, value in vars(module).items():
            if isinstance(value, Resource) and value.cls.__module__ == module.__name__:
                yield path.stem, constant, value


def misnamed(module: str, constant: str, res: Resource[Item], operations: list[Operation]) -> list[str]:
    name = res.name.replace("-", "_")
    faults = [] if module == name else [f"domain module {module}"]
    faults += [] if constant == name.upper() else [f"constant {constant}"]
    faults += [] if f"support.{name}" in metadata.tables else [f"no table {name}"]
    faults += [] if name in security.GRANTS else [f"no grants for {name}"]
    faults += [] if res.cls.__name__.lower() == res.singular.replace("_", "") else [f"class {res.cls.__name__}"]
    return faults + [fault for operation in operations for fault in _misrouted(res, operation)]


def _misrouted(res: Resource[Item], operation: Operation) -> Iterator[str]:
    """An operation is about the resource by its action, its tag or its module's list; then it is by all."""
    segments = operation.path.split("/")
    own = operation.action.value.split(":")[0] == res.singular
    if own and operation.tag != res.name:
        yield f"{operation.name}: tag {operation.tag}"
    there_is_one = res.singular.replace("_", "-")
    if operation.tag == res.name and res.name not in segments and there_is_one not in segments:
        yield f"{operation.name}: path {operation.path}"


@pytest.mark.parametrize(("module", "constant", "res"), list(resources()), ids=lambda value: getattr(value, "name", ""))
def test_a_resource_has_one_name_in_all_layers(module: str, constant: str, res: Resource[Item]) -> None:
    assert misnamed(module, constant, res, OPERATIONS) == []
    assert store.unmatched_columns(res) == set()


def test_there_are_resources_to_compare() -> None:
    assert len(list(resources())) >= 4


def test_another_name_in_any_layer_is_found() -> None:
    module, constant, res = next(each for each in resources() if each[0] == "portrait_items")
    listed = next(operation for operation in OPERATIONS if operation.name == "listPortraitItems")
    other = replace(res, name="portrait-things")
    assert misnamed("portraits", "PORTRAITS", res, []) == ["domain module portraits", "constant PORTRAITS"]
    assert "no table portrait_things" in misnamed("portrait_things", "PORTRAIT_THINGS", other, [])
    assert misnamed(module, constant, res, [replace(listed, tag="portrait")]) == ["listPortraitItems: tag portrait"]
    moved = replace(listed, path="/residents/{residentId}/portrait")
    assert misnamed(module, constant, res, [moved]) == [f"listPortraitItems: path {moved.path}"]


def astray(operations: list[Operation]) -> list[str]:
    """Operations whose module has another name than their tag."""
    modules = {operation.name: operation.tag.replace("-", "_") for operation in operations}
    return [name for name, module in modules.items() if name not in _declared(module)]


def _declared(module: str) -> set[str]:
    try:
        found = importlib.import_module(f"support_api.http.{module}")
        return {operation.name for operation in getattr(found, "OPERATIONS", None) or found.operations([])}
    except ModuleNotFoundError:
        return set()


def test_an_operation_stands_in_the_module_of_its_tag() -> None:
    assert astray(OPERATIONS) == []
    assert astray([replace(OPERATIONS[0], tag="somewhere-else")]) == [OPERATIONS[0].name]


def lines(root: Path, name: str) -> dict[str, int]:
    """Lines of a resource in each layer, without blank ones."""
    source = root / "src/support_api"
    modules = [source / layer / f"{name}.py" for layer in ("domain", "services", "http")]
    found = {path.relative_to(root).as_posix(): path.read_text() for path in modules if path.exists()}
    columns = re.search(rf"^{name} = .*?^\)$", (source / "db/tables.py").read_text(), re.M | re.S)
    found["src/support_api/db/tables.py"] = columns[0] if columns else ""
    app = re.findall(rf"^.*\b{name}\b.*$", (source / "app.py").read_text(), re.M)
    found["src/support_api/app.py"] = "\n".join(app)
    return {path: sum(1 for line in text.splitlines() if line.strip()) for path, text in found.items()}


def test_a_plain_resource_stays_small() -> None:
    counted = lines(ROOT, "portrait_items")
    assert len(counted) == 5
    assert sum(counted.values()) <= MOST_LINES, counted


@pytest.mark.parametrize("path", list(lines(ROOT, "portrait_items")))
def test_a_line_more_is_counted_and_a_blank_one_is_not(path: str, tmp_path: Path) -> None:
    for each in lines(ROOT, "portrait_items"):
        (tmp_path / each).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / each).write_text((ROOT / each).read_text())
    before = lines(tmp_path, "portrait_items")
    anchor = "    *portrait_items.OPERATIONS,\n" if path.endswith("app.py") else '    "portrait_items",\n'
    text = (tmp_path / path).read_text()
    (tmp_path / path).write_text(text.replace(anchor, anchor + anchor + "\n") if anchor in text else text + "x = 1\n\n")
    after = lines(tmp_path, "portrait_items")
    assert after == {**before, path: before[path] + 1}


def miscounted(text: str) -> list[str]:
    """Rows that are more than a few lines off: the page says about how much it is."""
    rows = {path: int(number) for path, number in re.findall(r"^\| `?([\w/. ]+?)`? \| (\d+) \|", text, re.M)}
    counted = lines(ROOT, "portrait_items")
    counted["together"] = sum(counted.values())
    return [path for path in counted.keys() | rows.keys() if abs(rows.get(path, 0) - counted.get(path, 0)) > 8]


def test_the_page_counts_the_lines_about_as_they_are() -> None:
    text = PAGE.read_text()
    assert miscounted(text) == []
    assert miscounted(re.sub(r"(?<=http/portrait_items.py` \| )\d+", "20", text)) == [
        "src/support_api/http/portrait_items.py"
    ]
    assert f"at most {MOST_LINES}, and a test counts them" in text


def missing(text: str) -> list[str]:
    """Paths on the page that are not there."""
    paths = re.findall(r"`([\w.-]+/[\w./-]*|[\w-]+\.(?:py|md|yaml))`", text)
    searched = [ROOT, *(ROOT / "src/support_api" / layer for layer in ("domain", "db", "http"))]
    return [path for path in paths if not any((folder / path).exists() for folder in searched)]


def test_the_page_names_files_that_exist() -> None:
    text = PAGE.read_text()
    assert missing(text) == []
    assert missing(text.replace("db/store.py", "db/stores.py")) == ["src/support_api/db/stores.py"]


def unknown(text: str) -> set[str]:
    """Names on the page that stand nowhere in the code."""
    words = set(re.findall(r"`([A-Za-z_.]+)(?:\(.*?\))?`", text))
    code = "\n".join(path.read_text() for path in (ROOT / "src").rglob("*.py"))
    return {word for word in words if not re.search(rf"\b{word.rsplit('.', 1)[-1]}\b", code)}


def test_the_page_names_code_that_exists() -> None:
    text = re.sub(r"`[^`]*\.(py|yaml|mako|md)`", "", PAGE.read_text())
    assert unknown(text) == set()
    assert unknown(text.replace("guard_change", "guard_changes")) == {"guard_changes"}


def test_the_command_on_the_page_prints_the_statements_of_the_migration() -> None:
    command = re.search(r"^```sh\n.venv/bin/python -c \"\n(.*?)\"\n```", PAGE.read_text(), re.M | re.S)
    assert command is not None
    printed = subprocess.check_output([sys.executable, "-c", command[1]], text=True)
    migration = _plain((ROOT / "migrations/versions/2026-11-22-1900_the_house.py").read_text())
    statements = [_plain(each) for each in re.split(r"(?=CREATE )", printed) if each.strip()]
    assert len(statements) == 2
    assert all(statement in migration for statement in statements)
    assert not any(statement.replace("resident_id", "residents_id") in migration for statement in statements)


def _plain(sql: str) -> str:
    return re.sub(r"\s+", "", sql)
