"""The versions of the two schemas that this code was made for. A new migration moves its own one here."""

import re
from typing import Literal

MAIN_REVISION = "0005"
KEYS_REVISION = "keys_0002"
_NUMBERED = re.compile(r"([a-z_]*)([0-9]{4})")

Standing = Literal["ok", "newer", "older", "unknown"]


def standing(found: list[str], ours: str) -> Standing:
    """Where a database is, next to us. `newer`: migrated for the version that comes after us, which leaves what we use
    as it is. `unknown`: not migrated, or by somebody else."""
    if found == [ours]:
        return "ok"
    theirs, mine = _NUMBERED.fullmatch(found[0]) if len(found) == 1 else None, _NUMBERED.fullmatch(ours)
    if theirs is None or mine is None or theirs[1] != mine[1]:
        return "unknown"
    return "newer" if theirs[2] > mine[2] else "older"
