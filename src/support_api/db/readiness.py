"""Whether requests can be served, asked of the parts themselves: at most once a second, however many ask."""

import asyncio
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from typing import Any, Literal

import asyncpg

from support_api import metrics
from support_api.db.keys import KeyRing
from support_api.db.revisions import KEYS_REVISION, MAIN_REVISION, Standing, standing
from support_api.db.tx import BROKEN
from support_api.domain.errors import Unavailable
from support_api.logs import NotReady, Part, tell

FRESH_SECONDS = 1.0
BUDGET_SECONDS = 2.0
_NO_SUCH = ("42P01", "3F000", "42501", "42703")  # no table, schema or column by that name, or not for us to read
_GOOD = ("ok", "newer", False)


@dataclass(frozen=True, slots=True)
class Parts:
    """In words that tell nobody anything but the state of each part. `unknown`: could not be asked."""

    database: Literal["ok", "away"] = "away"
    schema: Standing = "unknown"
    key_store: Literal["ok", "away"] = "away"
    key_store_schema: Standing = "unknown"
    keyring: Literal["ok", "wrong", "unknown"] = "unknown"
    draining: bool = False

    def wrong(self) -> list[str]:
        """What is not as it should be, by name."""
        return [name for name, state in asdict(self).items() if state not in _GOOD]


PARTS = tuple(name for name in Parts.__slots__ if name != "draining")


class Readiness:
    def __init__(
        self, pool: asyncpg.Pool, key_pool: asyncpg.Pool, keys: KeyRing, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._pool, self._key_pool, self._keys, self._clock = pool, key_pool, keys, clock
        self._asking = asyncio.Lock()
        self._until = -1.0
        self._known = Parts()
        self._told: list[str] = []

    async def parts(self) -> Parts:
        async with self._asking:
            if self._clock() >= self._until:
                self._known = await self._ask()
                self._note()
                self._until = self._clock() + FRESH_SECONDS
            return self._known

    def _note(self) -> None:
        """Into the log what was well before, or not looked at."""
        wrong = self._known.wrong()
        for name in PARTS:
            metrics.note(metrics.READY, name not in wrong, name)
            if name in wrong and name not in self._told:
                tell(NotReady(Part(name.replace("_", " "))))
        self._told = wrong

    async def _ask(self) -> Parts:
        (database, main), (store, kept) = await asyncio.gather(
            _version(self._pool, "support"), _version(self._key_pool, "keys")
        )
        found = Parts(database, standing(main, MAIN_REVISION), store, standing(kept, KEYS_REVISION))
        if database == "away":
            found = replace(found, schema="unknown")
        if found.key_store_schema not in ("ok", "newer"):
            return found
        try:
            async with asyncio.timeout(BUDGET_SECONDS):
                return replace(found, keyring="ok" if await self._keys.fits() else "wrong")
        except (Unavailable, TimeoutError):
            return replace(found, key_store="away")


async def _version(pool: asyncpg.Pool, schema: str) -> tuple[Literal["ok", "away"], list[str]]:
    try:
        async with asyncio.timeout(BUDGET_SECONDS):
            rows: list[Any] = await pool.fetch(f"select version_num from {schema}.alembic_version")  # noqa: S608
    except asyncpg.PostgresError as error:
        return ("ok" if error.sqlstate in _NO_SUCH else "away"), []
    except BROKEN:
        return "away", []
    return "ok", [row["version_num"] for row in rows]
