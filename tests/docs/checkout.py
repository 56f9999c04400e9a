"""A copy of the checkout, as `make demo` and `make test` leave it once they have installed what they need."""

import shlex
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.clients.making import NODE
from tests.docs.pages import ROOT, every_file

# Command → module; the environment of a checkout has them by these names.
_PROGRAMS = {"python": "", "support-api": "-m support_api.cli", "openapi-python-client": "-m openapi_python_client"}
# What make looks at to see that there is nothing to install.
_STAMPS = (".venv/.python", ".venv/.run", ".venv/.dev", "clients/typescript/node_modules/.installed")


@contextmanager
def copied() -> Iterator[Path]:
    """Outside pytest's own folder: PostgreSQL's account has to get through to the demo in it."""
    with TemporaryDirectory(prefix="support-api-docs-") as made:
        folder = Path(made) / "support-api"
        for path in every_file():
            to = folder / path.relative_to(ROOT)
            to.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(path, to)
        _equip(folder)
        yield folder


def _equip(folder: Path) -> None:
    modules = folder / "clients" / "typescript" / "node_modules"
    modules.mkdir()
    for each in NODE.iterdir() if NODE.is_dir() else ():
        if each.name != ".installed":
            (modules / each.name).symlink_to(each.resolve())
    programs = folder / ".venv" / "bin"
    programs.mkdir(parents=True)
    for name, module in _PROGRAMS.items():
        script = programs / name
        own = f"PYTHONPATH={shlex.quote(str(folder / 'src'))}"
        script.write_text(f'#!/bin/sh\n{own} exec {shlex.quote(sys.executable)} {module} "$@"\n')
        script.chmod(0o755)
    for stamp in _STAMPS:
        (folder / stamp).touch()
