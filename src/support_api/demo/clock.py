"""The time in which the demo lives: real time, moved ahead as far as one likes, in all its processes.

What the service decides by the clock goes by it. Tokens end in real time, and the database keeps its own: the moments
of the audit trail stay real.
"""

import contextlib
import fcntl
import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

LONGEST = timedelta(days=3650)
_UNITS = {"m": "minutes", "h": "hours", "d": "days", "w": "weeks"}
_FILE, _LOCK = "clock", ".clock.lock"


class NoSuchTime(Exception):
    """Says in one line what is possible."""


class Clock:
    """`folder`: of the demo, where all its processes read how far it is ahead."""

    def __init__(self, folder: Path) -> None:
        self._file = folder / _FILE
        self._lock = folder / _LOCK

    def __call__(self) -> datetime:
        return datetime.now(UTC) + self.ahead()

    def ahead(self) -> timedelta:
        try:
            return timedelta(seconds=int(self._file.read_text(encoding="ascii")))
        except (FileNotFoundError, ValueError):
            return timedelta(0)

    def forward(self, by: timedelta) -> None:
        """Only ahead: what happened must not come to lie in the future. Raises NoSuchTime beyond ten years."""
        with self._alone():
            ahead = self.ahead() + by
            if ahead > LONGEST:
                raise NoSuchTime(f"the clock goes at most {LONGEST.days} days ahead of real time")
            new = self._file.with_suffix(".new")
            new.write_text(str(int(ahead.total_seconds())), encoding="ascii")
            new.replace(self._file)

    def reset(self) -> None:
        self._file.unlink(missing_ok=True)

    @contextlib.contextmanager
    def _alone(self) -> Iterator[None]:
        """Two that move it at once both do."""
        with self._lock.open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield


def duration(text: str) -> timedelta:
    """`30d`, `12h`, `90m` or `2w`. Raises NoSuchTime."""
    found = re.fullmatch(r"([0-9]{1,7})([mhdw])", text)
    if not found or int(found[1]) == 0:
        raise NoSuchTime("say how far, as 30d, 12h, 90m or 2w")
    return timedelta(**{_UNITS[found[2]]: int(found[1])})


def shown(clock: Clock) -> dict[str, str | int]:
    moment = clock().replace(microsecond=0)
    return {"now": moment.isoformat().replace("+00:00", "Z"), "aheadSeconds": int(clock.ahead().total_seconds())}
