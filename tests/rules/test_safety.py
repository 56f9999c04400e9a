"""/core/http-safety: reading, and a search, leave everything as it was but the trail (RFC 9110, 9.2.1)."""

from typing import Any

import pytest

from support_api.db import audit
from support_api.http import edge
from tests.conftest import World
from tests.every_operation import NAMES, good

# A search reads, whatever its method: the number looked for may not stand in an address.
SAFE = [name for name in NAMES if name.startswith(("get", "list", "search"))]


async def rows(world: World) -> dict[str, str]:
    """By table, a digest of all that stands in it."""
    tables = await world.sql("select tablename as t from pg_tables where schemaname = 'support'")
    each = (
        f"select '{row['t']}' as t, coalesce(md5(string_agg(r::text, '\n' order by r::text)), '') as d"
        f" from support.{row['t']} r"
        for row in tables
    )
    return {row["t"]: row["d"] for row in await world.sql(" union all ".join(each))}


async def changed(world: World, name: str) -> set[str]:
    """The tables that this request leaves otherwise than they were."""
    request = await good(world, name)
    before = await rows(world)
    answer = await request.send(world, **{"Idempotency-Key": ""})
    assert answer.status_code == request.operation.status, f"{name}: {answer.text}"
    after = await rows(world)
    return {table for table in before if before[table] != after[table]}


def beside_the_trail(tables: set[str]) -> set[str]:
    return {table for table in tables if not table.startswith("audit_")}


async def test_core_http_safety(world: World) -> None:
    for name in SAFE:
        tables = await changed(world, name)
        assert "audit_entries" in {table[:13] for table in tables}, f"{name} is not recorded"
        assert not beside_the_trail(tables), name


async def test_a_read_that_writes_is_noticed(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """Positive controls: what does change something, and a read that does so too."""
    assert beside_the_trail(await changed(world, "changePortraitItem")) == {"portrait_items", "revisions"}
    write = audit.write

    async def counting(tx: Any, *args: Any) -> Any:
        await tx._connection.execute("update support.portrait_items set version = version + 1")
        return await write(tx, *args)

    assert beside_the_trail(await changed(world, "getMe")) == set()
    monkeypatch.setattr(edge.audit, "write", counting)
    assert beside_the_trail(await changed(world, "getMe")) == {"portrait_items"}
