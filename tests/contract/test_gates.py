"""`make contract-gates`: each gate is seen to stop a contract that does not pass, and those after it don't run."""

import copy
import json
import re
from pathlib import Path
from typing import Any

import pytest

from tests.contract import gates
from tests.contract.gates import Contract, load, run, version

REAL = Contract()


@pytest.fixture
def said() -> list[str]:
    return []


@pytest.fixture(autouse=True)
def unlinted(monkeypatch: pytest.MonkeyPatch) -> None:
    """The linter has tests of its own, and takes seconds."""
    monkeypatch.setattr(gates, "installed", lambda: True)
    monkeypatch.setattr(gates, "complaints", lambda path: {path.name: set()})


@pytest.fixture(autouse=True)
def ran(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, ...]]:
    """Which tests the last two gates would run; that they exist is seen, that they pass is what this run is for."""
    asked: list[tuple[str, ...]] = []
    monkeypatch.setattr(gates, "passes", lambda folders: bool(asked.append(folders)) or True)
    return asked


def released(folder: Path, name: str, **changes: Any) -> Contract:
    """As if the contract of today, but for these operations by their path, had been released by that name."""
    document = copy.deepcopy(REAL.read())
    document["paths"] |= changes
    (folder / f"{name}.yaml").write_text(json.dumps(document))
    return Contract(REAL.committed, folder)


def test_the_contract_of_today_passes_all(said: list[str], ran: list[tuple[str, ...]]) -> None:
    assert run(REAL, said.append), said
    assert [line.split(":")[0] for line in said] == [f"contract gate {number} of 5" for number in range(1, 6)]
    assert [(gates.ROOT / folder).is_dir() for folders in ran for folder in folders] == [True] * 4


def test_an_answer_that_is_not_in_the_contract_stops_at_the_fourth(
    said: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(gates, "passes", lambda folders: False)
    assert not run(REAL, said.append)
    assert len(said) == 4
    assert "see above" in said[-1]


def test_tests_that_fail_are_noticed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.undo()
    monkeypatch.setattr(gates, "ROOT", tmp_path)
    (tmp_path / "good").mkdir()
    (tmp_path / "good" / "test_good.py").write_text("def test_good(): pass")
    assert gates.passes(("good",))
    (tmp_path / "good" / "test_bad.py").write_text("def test_bad(): assert False")
    assert not gates.passes(("good",))


def test_a_contract_that_the_code_does_not_make_stops_at_the_first(said: list[str], tmp_path: Path) -> None:
    other = tmp_path / "support-api.yaml"
    other.write_text(REAL.committed.read_text() + "# by hand\n")
    assert not run(Contract(other), said.append)
    assert len(said) == 1
    assert "run `make contract`" in said[0]


def test_a_broken_rule_stops_at_the_second(said: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gates, "complaints", lambda path: {path.name: {"nlgov:semver"}})
    assert not run(REAL, said.append)
    assert len(said) == 2
    assert "nlgov:semver" in said[1]


def test_without_node_it_says_so_but_ci_fails(said: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gates, "installed", lambda: False)
    monkeypatch.setenv("CI", "")
    assert run(REAL, said.append)
    assert "not linted" in said[1]
    monkeypatch.setenv("CI", "true")
    assert not run(REAL, said.append)
    assert "needs Node.js" in said[-1]


def test_nothing_released_is_said(said: list[str], tmp_path: Path) -> None:
    assert run(Contract(released=tmp_path), said.append)
    assert "nothing of version 0 is released yet" in said[2]


def test_the_newest_release_of_the_same_major_is_kept(said: list[str], tmp_path: Path) -> None:
    """Version 0.10.0 is newer than 0.9.0, and another major version promised nothing to this one."""
    gone = {"/gone": {"get": {"responses": {}}}}
    released(tmp_path, "1.0.0", **gone)
    released(tmp_path, "0.9.0", **gone)
    assert not run(released(tmp_path, "0.2.0"), said.append)
    assert "it breaks what 0.9.0 promised:\n  - /gone: removed" in said[-1]
    assert run(released(tmp_path, "0.10.0"), said.append)
    assert any(line.endswith("it keeps what 0.10.0 promised") for line in said)


def test_a_check_that_sees_nothing_lets_nothing_through(said: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gates, "breaking", lambda old, new: [])
    assert not run(REAL, said.append)
    assert "the check does not see what breaks" in said[-1]


def test_each_released_contract_is_named_by_its_version() -> None:
    files = [each for each in REAL.released.iterdir() if each.name != "README.md"]
    assert [each.name for each in files if not re.fullmatch(r"\d+\.\d+\.\d+\.yaml", each.name)] == []
    assert [each.stem for each in files if load(each)["info"]["version"] != each.stem] == []
    assert version("0.10.0") > version("0.9.1")
