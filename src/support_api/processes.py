"""What belongs together ends together."""

import ctypes
import mmap
import multiprocessing
import os
import signal
import sys
import threading
import time
from pathlib import Path

# As long as a server gives its workers.
GRACE_SECONDS = 20


def end_with_parent(sign: int, parent: int) -> None:
    """The kernel sends this process `sign` when its parent dies, killed or not. Only Linux can do that. `parent` is its
    process id: it may have died before this was asked."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(1, sign)
        if os.getppid() != parent:
            os.kill(os.getpid(), sign)


def end_with_server() -> None:
    """For a worker, whose server can't kill it any more when it has been killed itself: SIGTERM, and what has not
    stopped after `GRACE_SECONDS` ends at once."""
    server = multiprocessing.parent_process()
    if server is not None and server.pid is not None:
        end_with_parent(signal.SIGTERM, server.pid)
        threading.Thread(target=_survive_briefly, args=(server.pid,), daemon=True, name="end with server").start()


def _survive_briefly(server: int) -> None:
    while os.getppid() == server:
        time.sleep(1)
    time.sleep(GRACE_SECONDS)
    os.kill(os.getpid(), signal.SIGKILL)


class Draining:
    """Whether the service is about to stop: one byte that its processes share. Without a folder: never."""

    def __init__(self, folder: Path | None = None) -> None:
        if folder is None:
            self._memory = mmap.mmap(-1, 1)
            return
        (folder / "draining").touch(0o600)
        with (folder / "draining").open("r+b") as file:
            file.truncate(1)
            self._memory = mmap.mmap(file.fileno(), 1)

    def begin(self) -> None:
        self._memory[0] = 1

    def __bool__(self) -> bool:
        return self._memory[0] == 1
