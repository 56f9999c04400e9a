"""Who adds to a list waits for its turn, so that the ids in a list follow the order in which they became visible.

A walk goes on after the last id that it saw. Were an item to commit with an earlier id than one that was read already,
that walk would never show it. See docs/adr/0011.
"""

from datetime import UTC, datetime, timedelta
from uuid import UUID

from sqlalchemy import Uuid, bindparam, text
from sqlalchemy.dialects.postgresql import ARRAY

from support_api.db.statements import Statement
from support_api.db.tx import Tx

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)
# Counting makes PostgreSQL take every lock before it looks at the clock; the order of taking keeps two from deadlock.
_LINE_UP = Statement(
    text(
        """
with held as materialized (
  select pg_advisory_xact_lock(hashtextextended(:municipality_id || '/' || o.id, 7)) from (
    select unnest(cast(:owners as uuid[])) as id order by 1) o)
select clock_timestamp() as at from (select count(*) from held) every
"""
    ).bindparams(bindparam("municipality_id", type_=Uuid), bindparam("owners", type_=ARRAY(Uuid)))
)


async def line_up(tx: Tx, *owners: UUID) -> None:
    """Until this transaction ends, nobody else adds to the lists of these owners (a resident, a worker, the
    municipality). Raises StillRunning if the turn does not come within the lock timeout."""
    wanted = set(owners) - tx.in_line
    if wanted:
        row = await tx.row(_LINE_UP, owners=list(wanted))
        tx.in_line |= wanted
        tx.turn = row["at"]


def placed(tx: Tx, made: UUID) -> UUID:
    """Of a transaction that has its turn: a UUIDv7 of that microsecond by the database's clock (RFC 9562, 6.2,
    method 3), with the random tail of `made`."""
    if tx.turn is None:
        return made
    milliseconds, rest = divmod((tx.turn - _EPOCH) // _MICROSECOND, 1000)
    head = milliseconds << 80 | 7 << 76 | (rest * 4096 // 1000) << 64
    return UUID(int=head | made.int & (1 << 64) - 1)
