"""The viewer in the package is the one that its makers publish, to the byte."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.pages.viewer import CARRIED, FILES, MANIFEST, PACKAGE, ROOT, carry, faults


def test_the_carried_files_are_those_of_the_manifest() -> None:
    assert faults(CARRIED) == []
    told = json.loads((CARRIED / MANIFEST).read_text())
    wanted = json.loads((ROOT / "tests/node/package.json").read_text())["dependencies"]
    assert wanted[told["name"]] == told["version"]


@pytest.mark.node
def test_they_are_what_its_makers_publish() -> None:
    assert faults(CARRIED, PACKAGE) == []


def _changed(folder: Path) -> None:
    (folder / FILES[2]).write_bytes((folder / FILES[2]).read_bytes() + b" ")


def _of_another_version(folder: Path) -> None:
    told = json.loads((folder / MANIFEST).read_text())
    (folder / MANIFEST).write_text(json.dumps({**told, "version": "0.0.1"}))


@pytest.mark.parametrize(
    ("spoil", "found"),
    [
        (_changed, "not the files of the manifest"),
        (lambda folder: (folder / "extra.js").write_text(""), "extra.js: not in the manifest"),
        (lambda folder: (folder / "LICENSE").unlink(), "LICENSE: not there"),
        (_of_another_version, "not what its makers publish"),
    ],
)
def test_a_changed_viewer_is_noticed(spoil: Callable[[Path], object], found: str, tmp_path: Path) -> None:
    """Positive controls, on a copy."""
    source, copy = tmp_path / "source", tmp_path / "copy"
    shutil.copytree(CARRIED, source)
    told = json.loads((CARRIED / MANIFEST).read_text())
    (source / "package.json").write_text(json.dumps(told))
    carry(source, copy)
    assert faults(copy, source) == []
    spoil(copy)
    assert found in faults(copy, source)
