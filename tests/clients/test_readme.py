"""What clients/README.md says to type works as it stands, next to a demo that runs."""

import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from tests.clients.making import ROOT, Copy
from tests.clients.test_workflow import TOLD
from tests.processes import environment, free_port, running

pytestmark = [pytest.mark.slow, pytest.mark.node]
COMMANDS = re.findall(r"^```\n(.*?)^```", (ROOT / "clients/README.md").read_text(), re.DOTALL | re.MULTILINE)[0]


@pytest.fixture
def checkout(python: Copy, typescript: Copy) -> Iterator[Path]:
    """As `make demo` and `make clients` leave it. Outside pytest's own folder: PostgreSQL has to get through to it."""
    with TemporaryDirectory(prefix="support-api-tests-") as made:
        folder = Path(made)
        shutil.copytree(python.python, folder / "clients" / "python")
        shutil.copytree(typescript.typescript, folder / "clients" / "typescript", symlinks=True)
        commands = {"python": "", "support-api": " -m support_api.cli"}
        for name, module in commands.items():
            script = folder / ".venv" / "bin" / name
            script.parent.mkdir(parents=True, exist_ok=True)
            script.write_text(f'#!/bin/sh\nexec {shlex.quote(sys.executable)}{module} "$@"\n')
            script.chmod(0o755)
        yield folder


def test_the_commands_of_the_readme(checkout: Path) -> None:
    port = free_port()
    make, *workflows = COMMANDS.splitlines()
    assert make == "make clients"
    with running("demo", "--port", str(port), "--data-dir", ".demo", log=checkout / "demo.log") as demo:
        demo.says("ready ")
        environ = environment(SUPPORT_API=f"http://127.0.0.1:{port}/v1")
        for command in workflows:
            done = subprocess.run(shlex.split(command), cwd=checkout, env=environ, capture_output=True, text=True)
            assert (done.stdout, done.stderr) == (TOLD, "")
    assert len(workflows) == 2
