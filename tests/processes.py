"""Real processes for tests: each in a session of its own, read while it runs, and gone afterwards with all its kin."""

import asyncio
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Awaitable, Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from pathlib import Path
from typing import TypeVar

import httpx
import psutil

from tests.leaks.sinks import leaks
from tests.leaks.watching import WatchedLog

SOURCE = Path(__file__).parents[1] / "src"
COMMAND = (sys.executable, "-m", "support_api.cli")
T = TypeVar("T")


def environment(**changes: str) -> dict[str, str]:
    """The environment of a child: this checkout, and none of the settings of whoever runs the tests."""
    own = {name: value for name, value in os.environ.items() if not name.startswith("SUPPORT_API_")}
    return {**own, "PYTHONPATH": str(SOURCE), **changes}


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def eventually(check: Callable[[], T], what: str, seconds: float = 30) -> T:
    """Polls until `check` gives something true, and answers that."""
    deadline = time.monotonic() + seconds
    while not (found := check()):
        assert time.monotonic() < deadline, f"not within {seconds} seconds: {what}"
        time.sleep(0.02)
    return found


async def soon(check: Callable[[], Awaitable[T]], what: str, seconds: float = 30) -> T:
    """The same, while others go on."""
    deadline = time.monotonic() + seconds
    while not (found := await check()):
        assert time.monotonic() < deadline, f"not within {seconds} seconds: {what}"
        await asyncio.sleep(0.02)
    return found


def listens(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def status(url: str) -> int:
    """The status of a GET, or 0 if nothing answers."""
    with suppress(httpx.HTTPError):
        return httpx.get(url, timeout=5, trust_env=False).status_code
    return 0


class Running:
    """A command that runs, with what it printed so far."""

    def __init__(self, popen: "subprocess.Popen[bytes]", log: Path, watched: WatchedLog) -> None:
        self.popen = popen
        self.log = watched
        self._log = log
        self._kin: list[psutil.Process] = []

    @property
    def output(self) -> str:
        return self._log.read_text(encoding="utf-8")

    def says(self, text: str) -> str:
        """Waits for a line that begins so, and answers everything printed."""

        def said() -> bool:
            assert self.popen.poll() is None, f"it stopped:\n{self.output}"
            return any(line.startswith(text) for line in self.output.splitlines())

        eventually(said, f"{text!r} in its output")
        return self.output

    def family(self) -> list[psutil.Process]:
        """Itself and everything it started, in whichever session."""
        own = psutil.Process(self.popen.pid)
        self._kin = [own, *own.children(recursive=True)]
        return self._kin

    def interrupt(self, sign: int) -> int:
        """As a terminal does: the signal goes to the whole process group. Answers the exit code."""
        os.killpg(self.popen.pid, sign)
        return self.popen.wait(40)

    def kill(self) -> None:
        """The machine's way: no warning, and all of its session at once."""
        os.killpg(self.popen.pid, signal.SIGKILL)
        self.popen.wait(10)

    def stop(self) -> None:
        """Ends it, and leaves nothing behind, also not of a test that failed."""
        if self.popen.poll() is None:
            self.family()
            self.popen.terminate()
            with suppress(subprocess.TimeoutExpired):
                self.popen.wait(20)
        for process in self._kin:
            with suppress(psutil.NoSuchProcess):
                process.kill()
        self.popen.wait(5)


def running(*arguments: str, log: Path, **environ: str) -> AbstractContextManager[Running]:
    """The product's command."""
    return running_command(*COMMAND, *arguments, log=log, **environ)


@contextmanager
def running_command(*command: str, log: Path, **environ: str) -> Iterator[Running]:
    """What it logs is read when it has ended: a marker or a BSN fails the test."""
    watched = WatchedLog(log)
    with log.open("ab") as out:
        popen = subprocess.Popen(
            command,
            env=environment(**environ),
            cwd=log.parent,
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=out,
            start_new_session=True,
        )
    started = Running(popen, log, watched)
    try:
        yield started
    finally:
        started.stop()
    started.log.check()


@contextmanager
def standing_still(processes: list[psutil.Process]) -> Iterator[None]:
    """As if their machine hung. Whatever happens, none is left so."""
    try:
        for process in processes:
            with suppress(psutil.NoSuchProcess):
                process.suspend()
        yield
    finally:
        for process in processes:
            with suppress(psutil.NoSuchProcess):
                process.resume()


def gone(processes: list[psutil.Process]) -> bool:
    """Whether none is left; one that only waits to be reaped is gone."""
    return not [p for p in processes if p.is_running() and _state(p) != psutil.STATUS_ZOMBIE]


def _state(process: psutil.Process) -> str:
    with suppress(psutil.NoSuchProcess):
        return process.status()
    return psutil.STATUS_ZOMBIE


def finished(*arguments: str, **environ: str) -> "subprocess.CompletedProcess[str]":
    """Runs the command to its end."""
    done = subprocess.run(
        [*COMMAND, *arguments], env=environment(**environ), capture_output=True, text=True, timeout=60, check=False
    )
    assert leaks({"output": done.stdout + done.stderr}) == [], "it tells what nobody may read"
    return done
