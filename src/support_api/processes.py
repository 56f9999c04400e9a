"""What belongs together ends together."""

import ctypes
import mmap
import sys
from pathlib import Path


def end_with_parent(sign: int) -> None:
    """The kernel sends this process `sign` when its parent dies, killed or not. Only Linux can do that."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(1, sign)


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
