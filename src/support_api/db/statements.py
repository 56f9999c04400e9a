"""SQLAlchemy Core statements, compiled once into text and positions for asyncpg."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy.dialects.postgresql import asyncpg
from sqlalchemy.sql.expression import ClauseElement

_DIALECT = asyncpg.dialect()  # type: ignore[no-untyped-call]


class Statement:
    """One compiled statement, and its first word; `arguments` puts named values into the order of its placeholders.

    A literal in the statement (`== "active"`) is bound by its compiled value; a `bindparam` must be given.
    """

    __slots__ = ("_defaults", "_order", "kind", "sql")

    def __init__(self, clause: ClauseElement) -> None:
        compiled = clause.compile(dialect=_DIALECT)
        self.sql = str(compiled)
        self.kind = self.sql.split(maxsplit=1)[0].lower()
        self._order = tuple(compiled.positiontup or ())  # type: ignore[attr-defined]
        self._defaults = {k: b.value for k, b in compiled.binds.items() if not b.required}  # type: ignore[attr-defined]

    def arguments(self, values: Mapping[str, Any]) -> list[Any]:
        defaults = self._defaults
        return [values[name] if name in values else defaults[name] for name in self._order]
