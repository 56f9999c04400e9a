"""The yardstick: a bare Litestar application, one asyncpg statement per request, the rows as JSON, no guarantees.

Same server, same number of workers, same pool size, same PostgreSQL. As asyncpg comes, its pool resets each connection
that is given back, in a second round trip; `bare` leaves that out too, and nothing simpler is to be had on this stack.
"""

import os
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import asyncpg
from granian.constants import Interfaces
from granian.http import HTTP1Settings
from granian.log import LogLevels
from granian.server import Server
from litestar import Litestar, get, post
from litestar.datastructures import State
from uuid_utils.compat import uuid7

URL, RESETS = "BENCH_YARDSTICK_URL", "BENCH_YARDSTICK_RESETS"
COLUMNS = {
    "id": "uuid primary key",
    "version": "integer",
    "author_role": "text",
    "created_at": "timestamptz",
    "changed_at": "timestamptz",
    "visibility": "text",
    "worker_id": "uuid",
    "kind": "text",
    "depth": "text",
    "title": "text",
    "short_version": "text",
    "themes": "text[]",
    "critique_types": "text[]",
    "do_not_ask_again": "boolean",
    "full_text": "text",
    "effect_on_contact": "text",
    "what_helps": "text[]",
    "what_does_not_help": "text[]",
    "tell_myself": "boolean",
    "existence_hint": "text",
    "confirmation": "text",
    "resident_id": "uuid",
}
TABLE = f"create table notes ({', '.join(f'{name} {kind}' for name, kind in COLUMNS.items())})"
INDEX = "create index on notes (resident_id, id)"
ONE = "select * from notes where id = $1"
LIST = "select * from notes where resident_id = $1 order by id limit 25"
ADD = f"insert into notes values ({', '.join(f'${n + 1}' for n in range(len(COLUMNS)))}) returning *"


@get("/notes/{note_id:uuid}")
async def one(note_id: UUID, state: State) -> dict[str, Any]:
    return dict(await state.pool.fetchrow(ONE, note_id))


@get("/residents/{resident_id:uuid}/notes")
async def of_resident(resident_id: UUID, state: State) -> dict[str, Any]:
    return {"results": [dict(row) for row in await state.pool.fetch(LIST, resident_id)], "next": None}


@post("/residents/{resident_id:uuid}/notes")
async def add(resident_id: UUID, data: dict[str, Any], state: State) -> dict[str, Any]:
    now = datetime.now(UTC)
    row = {"id": uuid7(), "version": 1, "created_at": now, "changed_at": now, "resident_id": resident_id, **data}
    return dict(await state.pool.fetchrow(ADD, *(row.get(name) for name in COLUMNS)))


@get("/ready")
async def ready(state: State) -> dict[str, Any]:
    return {"ready": await state.pool.fetchval("select true")}


async def _nothing(_: Any) -> None:
    pass


@asynccontextmanager
async def _pool(app: Litestar) -> AsyncIterator[None]:
    settings = {"application_name": "yardstick", "jit": "off"}
    pool = await asyncpg.create_pool(
        os.environ[URL],
        min_size=0,
        max_size=10,
        command_timeout=8,
        server_settings=settings,
        reset=None if os.environ[RESETS] == "yes" else _nothing,
    )
    app.state.pool = pool
    yield
    await pool.close()


def application() -> Litestar:
    return Litestar([one, of_resident, add, ready], lifespan=[_pool], openapi_config=None, logging_config=None)


if __name__ == "__main__":
    os.environ[RESETS] = sys.argv[3]
    Server(
        "bench.yardstick:application",
        port=int(sys.argv[1]),
        interface=Interfaces.ASGI,
        factory=True,
        workers=int(sys.argv[2]),
        log_level=LogLevels.warning,
        log_access=False,
        websockets=False,
        http1_settings=HTTP1Settings(header_read_timeout=10_000, max_buffer_size=64 * 1024),
    ).serve()
