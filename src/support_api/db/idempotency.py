"""Repeated requests: one row per caller and key, in the transaction of the work itself, so that both are or neither is.

Kept for seven days. What is stored is which object at which version came of it, never an answer: a replay renders it
again under a fresh decision.
"""

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import Integer, Uuid, bindparam, select, update
from sqlalchemy.dialects.postgresql import insert

from support_api.db.statements import Statement
from support_api.db.tables import idempotency
from support_api.db.tx import Tx
from support_api.domain.errors import KeyInUse
from support_api.domain.facts import Principal

KEPT = timedelta(days=7)

_c = idempotency.c
_MINE = (
    _c.municipality_id == bindparam("municipality_id", type_=Uuid),
    _c.caller == bindparam("caller", type_=_c.caller.type),
    _c.key_hash == bindparam("key_hash", type_=_c.key_hash.type),
)
_new = insert(idempotency).values(
    {
        name: bindparam(name, type_=_c[name].type)
        for name in ("municipality_id", "caller", "key_hash", "fingerprint", "created_at")
    }
)
_CLAIM = Statement(
    _new.on_conflict_do_update(
        index_elements=["municipality_id", "caller", "key_hash"],
        set_={
            "fingerprint": _new.excluded.fingerprint,
            "created_at": _new.excluded.created_at,
            "status": None,
            "object_id": None,
            "object_version": None,
        },
        where=_c.created_at < bindparam("expired", type_=_c.created_at.type),
    ).returning(_c.created_at)
)
_SELECT = Statement(select(_c.fingerprint, _c.status, _c.object_id, _c.object_version).where(*_MINE))
_FINISH = Statement(
    update(idempotency)
    .where(*_MINE)
    .values(
        status=bindparam("status", type_=Integer),
        object_id=bindparam("object_id", type_=Uuid),
        object_version=bindparam("object_version", type_=Integer),
    )
)


@dataclass(frozen=True, slots=True)
class Earlier:
    """What came of the first request with this key."""

    status: int
    object_id: UUID | None
    version: int | None


class Claim:
    """The claim of one request on its key. The fingerprint covers method, path, media type and body, keyed: bodies
    are guessable."""

    def __init__(self, tx: Tx, principal: Principal, key: str, request: bytes) -> None:
        self._tx = tx
        secret = f"idempotency:{principal.client_id}"
        self._row = {
            "caller": tx.keys.hash("idempotency:caller", tx.municipality_id, secret.encode() + principal.subject),
            "key_hash": hashlib.sha256(key.encode()).digest(),
        }
        self._fingerprint = tx.keys.hash("idempotency:request", tx.municipality_id, request)

    async def take(self, now: datetime) -> Earlier | None:
        """None if this is the first. Raises KeyInUse for another request, StillRunning while the first is at work."""
        values = {**self._row, "fingerprint": self._fingerprint, "created_at": now, "expired": now - KEPT}
        if await self._tx.row(_CLAIM, **values):
            return None
        row = await self._tx.row(_SELECT, **self._row)
        if row is None or row["fingerprint"] != self._fingerprint:
            raise KeyInUse
        return Earlier(row["status"], row["object_id"], row["object_version"])

    async def finish(self, status: int, object_id: UUID | None, version: int | None) -> None:
        await self._tx.run(_FINISH, status=status, object_id=object_id, object_version=version, **self._row)
