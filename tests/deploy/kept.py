"""A process that goes on when the command that started it has ended, like a container."""

import os
import signal
import subprocess
import time
from pathlib import Path


class Kept:
    def __init__(self, pid_file: Path) -> None:
        self._pid_file = pid_file
        self._child: subprocess.Popen[bytes] | None = None

    @property
    def there(self) -> bool:
        return self._pid_file.exists()

    @property
    def ended(self) -> bool:
        pid, born = self._pid_file.read_text().split()
        return _born(int(pid)) != born

    def keep(self, process: subprocess.Popen[bytes]) -> None:
        """One that leads a session of its own."""
        self.collect()
        self._child = process
        self._pid_file.write_text(f"{process.pid} {_born(process.pid)}")

    def stop(self, with_signal: signal.Signals, allowed: int) -> None:
        """At most `allowed` seconds; whoever needs longer is killed, and that is an error."""
        if not self.there:
            self.collect()
            return
        pid, born = self._pid_file.read_text().split()
        self._pid_file.unlink()
        deadline = time.monotonic() + allowed
        if _born(int(pid)) == born:
            os.kill(int(pid), with_signal)
        while _born(int(pid)) == born:
            if time.monotonic() > deadline:
                os.killpg(int(pid), signal.SIGKILL)
                raise TimeoutError(f"still there after {allowed} seconds")
            time.sleep(0.02)
        self.collect()

    def collect(self) -> None:
        """A process that this very process started stays its child until it is waited for."""
        if self._child is not None:
            self._child.wait()
            self._child = None


def _born(pid: int) -> str:
    """When the process by that id started, so that a later one by the same id is left alone; empty if it ended."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    except (FileNotFoundError, ProcessLookupError):
        return ""
    return "" if fields[0] == "Z" else fields[19]
