"""The one door to the database: a transaction on a pooled connection of a role that owns nothing.

Begin, the municipality and the time budgets travel in one round trip and last until the end of the transaction,
so a pooler in transaction mode and a reused connection see nothing of an earlier request.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from datetime import datetime
from typing import Any
from uuid import UUID

import asyncpg

from support_api.db.keys import KeyRing
from support_api.db.statements import Statement
from support_api.domain.errors import StillRunning, Unavailable
from support_api.metrics import COMMIT, POOL_WAIT, timed
from support_api.traces import CONNECTION, STATEMENT, TRANSACTION, step

_BEGIN = (
    "begin; select set_config('support.municipality','%s',true),set_config('statement_timeout','5s',true),"
    "set_config('lock_timeout','2s',true),set_config('idle_in_transaction_session_timeout','10s',true),"
    "set_config('synchronous_commit','on',true)"
)
_ACQUIRE_SECONDS = 2.0
# Transactions that were ended for us, a standby, and a database that is gone or closed for maintenance.
_NOT_NOW = ("25P03", "25P02", "25006", "3D000", "55000")
# What the driver raises of itself on a connection that broke, its own surprise at that included.
BROKEN = (asyncpg.InterfaceError, asyncpg.InternalClientError, OSError, TimeoutError)


async def _nothing(_: Any) -> None:
    """All state is transaction-local: a returned connection needs no reset, and no round trip for one."""


async def open_pool(url: str, *, size: int, pooler: bool = False) -> asyncpg.Pool:
    """`pooler`: behind PgBouncer in transaction mode, where a prepared statement may belong to another session."""
    return await asyncpg.create_pool(
        url,
        min_size=0,
        max_size=size,
        reset=_nothing,
        timeout=5,
        command_timeout=8,
        statement_cache_size=0 if pooler else 200,
        max_inactive_connection_lifetime=300,
        server_settings=None if pooler else {"application_name": "support-api", "jit": "off"},
    )


class Tx:
    """A transaction of one municipality. Counts its round trips, so that tests can hold us to them.

    `in_line` and `turn`: for whose lists it has its turn, and since when (db/order.py)."""

    __slots__ = ("_connection", "in_line", "keys", "municipality_id", "round_trips", "turn")

    def __init__(self, connection: Any, municipality_id: UUID, keys: KeyRing) -> None:
        self._connection = connection
        self.municipality_id = municipality_id
        self.keys = keys
        self.in_line: set[UUID] = set()
        self.turn: datetime | None = None
        self.round_trips = 1

    async def rows(self, statement: Statement, **values: Any) -> list[Any]:
        self.round_trips += 1
        with step(STATEMENT, statement.kind):
            return await self._connection.fetch(statement.sql, *self._arguments(statement, values))  # type: ignore[no-any-return]

    async def row(self, statement: Statement, **values: Any) -> Any:
        self.round_trips += 1
        with step(STATEMENT, statement.kind):
            return await self._connection.fetchrow(statement.sql, *self._arguments(statement, values))

    async def run(self, statement: Statement, **values: Any) -> int:
        """Executes a change; answers how many rows it touched."""
        self.round_trips += 1
        with step(STATEMENT, statement.kind):
            status: str = await self._connection.execute(statement.sql, *self._arguments(statement, values))
        return int(status.rsplit(" ", 1)[-1])

    def _arguments(self, statement: Statement, values: dict[str, Any]) -> list[Any]:
        values["municipality_id"] = self.municipality_id
        return statement.arguments(values)


class Database:
    """Opens transactions. Raises Unavailable when PostgreSQL is away or too busy; then nothing was kept."""

    def __init__(self, pool: asyncpg.Pool, keys: KeyRing) -> None:
        self.pool = pool
        self.keys = keys

    @asynccontextmanager
    async def transaction(self, municipality_id: UUID) -> AsyncIterator[Tx]:
        if not isinstance(municipality_id, UUID):
            raise TypeError("a transaction belongs to a municipality")
        with step(TRANSACTION):
            async with self._begun(municipality_id) as tx:
                yield tx

    @asynccontextmanager
    async def _begun(self, municipality_id: UUID) -> AsyncIterator[Tx]:
        with translated(), step(CONNECTION), timed(POOL_WAIT):
            connection = await self.pool.acquire(timeout=_ACQUIRE_SECONDS)
        try:
            with translated(), step(STATEMENT, "begin"):
                await connection.execute(_BEGIN % municipality_id)
            tx = Tx(connection, municipality_id, self.keys)
            try:
                with translated():
                    yield tx
            except BaseException:
                await _rollback(connection)
                raise
            with translated(), step(STATEMENT, "commit"), timed(COMMIT):
                status = await connection.execute("commit")
                tx.round_trips += 1
            if status != "COMMIT":
                raise Unavailable("commit")
        finally:
            await _release(self.pool, connection)


async def _rollback(connection: Any) -> None:
    try:
        await asyncio.shield(connection.execute("rollback", timeout=2))
    except (asyncpg.PostgresError, *BROKEN, asyncio.CancelledError):
        _end(connection)


async def _release(pool: asyncpg.Pool, connection: Any) -> None:
    try:
        await asyncio.shield(pool.release(connection, timeout=2))
    except (asyncpg.PostgresError, *BROKEN):
        _end(connection)


def _end(connection: Any) -> None:
    """The pool may have taken it back already, when it saw that the connection was lost."""
    with suppress(asyncpg.InterfaceError):
        connection.terminate()


class translated:
    """Turns what the driver raises while the database is away, stopping or overloaded into Unavailable, and losing a
    race for the same row or name into StillRunning.

    Nothing of the driver's text goes on: it can hold a value of a statement.
    """

    def __enter__(self) -> None:
        return None

    def __exit__(self, _: object, error: BaseException | None, __: object) -> None:
        if isinstance(error, asyncpg.LockNotAvailableError | asyncpg.UniqueViolationError):
            raise StillRunning from None
        if isinstance(error, BROKEN):
            raise Unavailable(type(error).__name__) from None
        if isinstance(error, asyncpg.PostgresError) and _away(error.sqlstate or ""):
            raise Unavailable(error.sqlstate or "") from None


def _away(sqlstate: str) -> bool:
    """Lost, overloaded, stopping, rolled back, or not letting us in."""
    return sqlstate[:2] in ("08", "28", "53", "57", "40", "58") or sqlstate in _NOT_NOW
