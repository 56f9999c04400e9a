"""Logs that are read while they grow, by whoever ends a process or a test: one that tells fails the test."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.leaks.sinks import leaks


class WatchedLog:
    """What was written since the last look."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._seen = path.stat().st_size if path.exists() else 0
        self._why = ""

    def check(self) -> None:
        if self._why:
            return
        text = self._news()
        if leaks({"all": text}):
            lines = [line for line in text.splitlines() if leaks({"line": line})] or [text]
            raise AssertionError("\n  ".join([f"{self._path.name} tells what nobody may read:", *lines]))

    @contextmanager
    def telling(self, why: str) -> Iterator[None]:
        """Here something leaks on purpose."""
        self.check()
        outer, self._why = self._why, why
        try:
            yield
        finally:
            self._why = outer
            self._news()

    def _news(self) -> str:
        if not self._path.exists():
            return ""
        with self._path.open("rb") as log:
            log.seek(self._seen)
            text = log.read()
        self._seen += len(text)
        return text.decode(errors="replace")
