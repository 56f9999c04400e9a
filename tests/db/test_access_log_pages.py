"""The first page of somebody's access log costs the same, however much everybody else was looked at."""

import json
from typing import Any
from uuid import UUID

import asyncpg

from support_api.db import audit
from tests.conftest import World

OTHERS = """
insert into support.audit_entries (municipality_id, id, action, outcome, role, client_id, basis, trace_id)
select $1, gen_random_uuid(), 'me:read', 'done', 'worker', 'werkplek', 'none', gen_random_uuid()
from generate_series(1, 5000)
"""
MERGED = """
select e.id from support.audit_residents s
join support.audit_entries e on e.municipality_id = s.municipality_id and e.at = s.at and e.id = s.entry_id
where s.municipality_id = $1 and s.resident_id = $2 order by s.at desc, s.entry_id desc limit 26
"""


async def pages_read(world: World, sql: str, values: list[Any]) -> int:
    connection = await asyncpg.connect(world.cluster.url(world.main))
    try:
        plan = await connection.fetchval(f"explain (analyze, buffers, format json) {sql}", *values)
        top = json.loads(plan)[0]["Plan"]
        return int(top["Shared Hit Blocks"] + top["Shared Read Blocks"])
    finally:
        await connection.close()


async def growth(world: World, sql: str, values: list[Any]) -> float:
    await pages_read(world, sql, values)
    before = await pages_read(world, sql, values)
    await world.sql(OTHERS, values[0])
    return await pages_read(world, sql, values) / before


async def test_a_page_does_not_grow_with_what_others_did(world: World) -> None:
    for _ in range(30):
        await world.get("teun", f"{world.fien}/portrait-items")
    person = world.person("fien")
    who = {"municipality_id": UUID(person.municipality_id), "resident_id": UUID(str(person.resident_id))}
    values = audit._READ.arguments({**who, "edge": None, "edge_at": None, "limit": 26})
    assert await growth(world, audit._READ.sql, values) < 1.3
    assert await growth(world, MERGED, list(who.values())) > 1.3, "the control: a merge of the two reads them all"
