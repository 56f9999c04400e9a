"""Whatever a test runs, its logs are read at its end: a service's, and PostgreSQL's."""

import sys
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path

import pytest

from tests import processes
from tests.leaks.sinks import MARKER
from tests.leaks.trouble import connected, run
from tests.leaks.watching import WatchedLog
from tests.processes import Running, running_command
from tests.sites import Site, site_on

TELLS = pytest.raises(AssertionError, match="tells what nobody may read")


def saying(text: str, log: Path) -> AbstractContextManager[Running]:
    return running_command(sys.executable, "-c", f"print({text!r})", log=log)


@pytest.mark.parametrize("text", [MARKER, "bsn 999990019", f"x {MARKER.encode().hex()}"])
def test_a_process_that_tells_fails_its_test(tmp_path: Path, text: str) -> None:
    with TELLS, saying(text, tmp_path / "log") as process:
        process.popen.wait(10)


def test_a_command_that_runs_to_its_end_is_read_too(monkeypatch: pytest.MonkeyPatch) -> None:
    for text, control in (("ready", nullcontext()), (MARKER, TELLS)):
        monkeypatch.setattr(processes, "COMMAND", (sys.executable, "-c", f"print({text!r})"))
        with control:
            processes.finished()


def test_a_process_that_is_silent_or_tells_on_purpose_does_not(tmp_path: Path) -> None:
    log = tmp_path / "log"
    with saying("ready", log) as process:
        process.popen.wait(10)
    with saying(MARKER, log) as process, process.log.telling("the control"):
        process.popen.wait(10)
    with saying("ready again", log) as process:
        process.popen.wait(10)
    assert MARKER in log.read_text()


async def test_a_test_in_which_postgres_tells_fails(site: Site, tmp_path: Path) -> None:
    with TELLS:
        async with site_on(site.cluster, tmp_path) as inner, connected(inner, inner.main) as connection:
            await run(connection, f"do $$ begin raise warning '{MARKER}'; end $$")


def test_only_what_is_new_is_read(tmp_path: Path) -> None:
    path = tmp_path / "log"
    path.write_text(f"{MARKER}\n")
    log = WatchedLog(path)
    log.check()
    path.write_text(f"{MARKER}\n{MARKER}\n")
    with TELLS:
        log.check()
    log.check()
    WatchedLog(tmp_path / "none").check()
