"""What is looked at now and then, for metrics: pools each second, the months of the audit trail each hour."""

import asyncio

import asyncpg

from support_api.db import audit
from support_api.db.tx import BROKEN
from support_api.metrics import AUDIT_ENDS, POOL, POOL_LIMIT, note

_LOOK_SECONDS = 1.0
_MONTHS_SECONDS, _AGAIN_SECONDS = 3600.0, 10.0


async def watch_pools(**pools: asyncpg.Pool) -> None:
    while True:
        for name, pool in pools.items():
            idle = pool.get_idle_size()
            note(POOL, idle, name, "idle")
            note(POOL, pool.get_size() - idle, name, "in_use")
            note(POOL_LIMIT, pool.get_max_size(), name)
        await asyncio.sleep(_LOOK_SECONDS)


async def watch_trail(pool: asyncpg.Pool) -> None:
    while True:
        try:
            end = await audit.months_end(pool)
            note(AUDIT_ENDS, end.timestamp() if end else 0)
        except (asyncpg.PostgresError, *BROKEN):
            await asyncio.sleep(_AGAIN_SECONDS)
        else:
            await asyncio.sleep(_MONTHS_SECONDS)
