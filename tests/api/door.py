"""Watches the door to the database for one caller: connections taken, transactions, statements that PostgreSQL ran.

Only what the watching task and its children do is counted, so the background refresh of the register is not.
"""

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

import asyncpg
import pytest

from support_api.db.tx import Database, Tx

_watching: ContextVar["Door | None"] = ContextVar("watching", default=None)


@dataclass
class Door:
    connections: int = 0
    transactions: list[Tx] = field(default_factory=list)
    statements: list[str] = field(default_factory=list)

    @property
    def round_trips(self) -> int:
        return sum(tx.round_trips for tx in self.transactions)


@contextmanager
def watched() -> Iterator[Door]:
    acquire, transaction = asyncpg.Pool._acquire, Database.transaction

    async def counted(pool: asyncpg.Pool, *args: Any) -> Any:
        connection = await acquire(pool, *args)
        if door := _watching.get():
            door.connections += 1
            connection.add_query_logger(_logged)
        return connection

    @asynccontextmanager
    async def listed(self: Database, municipality_id: UUID) -> AsyncIterator[Tx]:
        async with transaction(self, municipality_id) as tx:
            if door := _watching.get():
                door.transactions.append(tx)
            yield tx

    door = Door()
    token = _watching.set(door)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(asyncpg.Pool, "_acquire", counted)
        patch.setattr(Database, "transaction", listed)
        try:
            yield door
        finally:
            _watching.reset(token)


def _logged(record: Any) -> None:
    if door := _watching.get():
        door.statements.append(record.query)
