"""The register of a municipality: its clients, and for which purposes each may process what, on which legal basis.

Kept in memory for at most five seconds and refreshed in the background while it is used, so that a 400, 401 or 403
takes no database connection.
"""

import asyncio
import contextlib
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import Uuid, bindparam, select

from support_api.db.statements import Statement
from support_api.db.tables import clients, processing_activities
from support_api.db.tx import Database
from support_api.domain.errors import StillRunning, Unavailable
from support_api.domain.register import Activity
from support_api.domain.vocabulary import Category, Purpose

FRESH_SECONDS = 5.0
_REFRESH_SECONDS = 2.0
_IDLE_SECONDS = 600.0

_p = processing_activities.c
_READ = Statement(
    select(
        clients.c.client_id,
        clients.c.name,
        _p.purpose,
        _p.activity,
        _p.legal_basis,
        _p.categories,
        _p.special_basis,
    )
    .select_from(
        clients.outerjoin(
            processing_activities,
            (_p.municipality_id == clients.c.municipality_id) & (_p.client_id == clients.c.id),
        )
    )
    .where(clients.c.municipality_id == bindparam("municipality_id", type_=Uuid))
)


@dataclass(frozen=True, slots=True)
class Client:
    name: str
    activities: Mapping[Purpose, Activity]


@dataclass(slots=True)
class _Kept:
    clients: Mapping[str, Client]
    read_at: float
    used_at: float


def activity_of(row: Any) -> Activity:
    return Activity(
        row["activity"],
        row["legal_basis"],
        frozenset(Category(each) for each in row["categories"]),
        row["special_basis"],
    )


class Register:
    def __init__(self, database: Database, clock: Callable[[], float] = time.monotonic) -> None:
        self._database = database
        self._clock = clock
        self._kept: dict[UUID, _Kept] = {}

    async def client(self, municipality_id: UUID, client_id: str) -> Client | None:
        kept = self._kept.get(municipality_id)
        now = self._clock()
        if kept is None or now - kept.read_at > FRESH_SECONDS:
            kept = await self._read(municipality_id)
        kept.used_at = now
        return kept.clients.get(client_id)

    async def _read(self, municipality_id: UUID) -> _Kept:
        now = self._clock()
        async with self._database.transaction(municipality_id) as tx:
            rows = await tx.rows(_READ)
        found: dict[str, Client] = {}
        for row in rows:
            client = found.setdefault(row["client_id"], Client(row["name"], {}))
            if row["purpose"]:
                activity = activity_of(row)
                found[row["client_id"]] = Client(client.name, {**client.activities, Purpose(row["purpose"]): activity})
        kept = self._kept[municipality_id] = _Kept(found, now, now)
        return kept

    async def keep_fresh(self) -> None:
        """Runs until cancelled; a municipality that nobody calls for ten minutes is let go."""
        while True:
            await asyncio.sleep(_REFRESH_SECONDS)
            for municipality_id, kept in list(self._kept.items()):
                if self._clock() - kept.used_at > _IDLE_SECONDS:
                    del self._kept[municipality_id]
                    continue
                used_at = kept.used_at
                with contextlib.suppress(Unavailable, StillRunning):
                    (await self._read(municipality_id)).used_at = used_at
