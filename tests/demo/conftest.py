"""One demo that runs for all tests of what it promises."""

import shlex
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from uuid import uuid4

import httpx
import pytest
from click.testing import CliRunner

from support_api.cli import main
from tests.contract.check import watch
from tests.processes import Running, free_port, running

# Settings of the people's own PostgreSQL, which must not reach ours.
FOREIGN = {"PGPORT": "6543", "PGHOST": "db.example", "PGUSER": "somebody", "PGDATABASE": "elsewhere", "PGDATA": "/none"}


@dataclass(frozen=True)
class Demo:
    folder: Path
    port: int
    process: Running

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def token(self, name: str) -> str:
        return CliRunner().invoke(main, ["token", "--as", name, "--data-dir", str(self.folder)]).stdout.strip()

    def call(self, name: str, method: str, path: str, **kwargs: Any) -> httpx.Response:
        headers = {"Authorization": f"Bearer {self.token(name)}", **kwargs.pop("headers", {})}
        with httpx.Client(trust_env=False, timeout=20, event_hooks={"response": [watch]}) as client:
            return client.request(method, self.address + path, headers=headers, **kwargs)


@pytest.fixture(scope="session")
def above() -> Iterator[Path]:
    """Outside pytest's own temporary folder: PostgreSQL's account has to get through to what lies in it."""
    with TemporaryDirectory(prefix="support-api-tests-") as folder:
        yield Path(folder)


@pytest.fixture(scope="module")
def demo(above: Path) -> Iterator[Demo]:
    """Its folder has a space and a quote in its name, and the shell around it knows another PostgreSQL."""
    name, port = uuid4().hex, free_port()
    folder, log = above / name / "fien's demo", above / f"{name}.log"
    with running("demo", "--port", str(port), "--data-dir", str(folder), log=log, **FOREIGN) as process:
        process.says("ready ")
        yield Demo(folder, port, process)


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A folder as `make demo` leaves it: with `.venv/bin/support-api`."""
    script = tmp_path / ".venv" / "bin" / "support-api"
    script.parent.mkdir(parents=True)
    script.write_text(f'#!/bin/sh\nexec {shlex.quote(sys.executable)} -m support_api.cli "$@"\n')
    script.chmod(0o755)
    return tmp_path
