"""What belongs together ends together."""

import ctypes
import sys


def end_with_parent(sign: int) -> None:
    """The kernel sends this process `sign` when its parent dies, killed or not. Only Linux can do that."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(1, sign)
