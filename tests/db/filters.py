"""Taking the application's own filter on the municipality out of its statements."""

import re
from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from support_api.db.statements import Statement
from support_api.db.tx import Tx

_FILTER = re.compile(r"[\w.]*\bmunicipality_id = (\$\d+(?:::UUID)?)")


class _Loosened:
    def __init__(self, statement: Statement) -> None:
        self.sql = _FILTER.sub(r"\1 is not null", statement.sql)
        self.arguments, self.kind = statement.arguments, statement.kind


def loosen(monkeypatch: pytest.MonkeyPatch, marker: str) -> list[str]:
    """Statements with this text in them no longer look at the municipality; answers which were run."""
    run: list[str] = []
    for name in ("rows", "row", "run"):
        monkeypatch.setattr(Tx, name, _loosened(getattr(Tx, name), marker, run))
    return run


def _loosened(method: Callable[..., Awaitable[Any]], marker: str, run: list[str]) -> Callable[..., Awaitable[Any]]:
    async def execute(tx: Tx, statement: Statement, **values: Any) -> Any:
        if marker not in statement.sql:
            return await method(tx, statement, **values)
        loosened = _Loosened(statement)
        assert loosened.sql != statement.sql
        run.append(loosened.sql)
        return await method(tx, loosened, **values)

    return execute
