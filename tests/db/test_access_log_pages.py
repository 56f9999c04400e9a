"""A page of somebody's access log costs the same, however deep it lies and however much everybody was looked at."""

import json
from datetime import datetime
from typing import Any
from uuid import UUID

import asyncpg

from support_api.db import audit
from tests.conftest import SERVER, World

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
    edge_at, edge = audit._NEWEST
    values = audit._READ.arguments({**who, "edge": edge, "edge_at": edge_at, "limit": 26})
    assert await growth(world, audit._READ.sql, values) < 1.3
    assert await growth(world, MERGED, list(who.values())) > 1.3, "the control: a merge of the two reads them all"


LINES, PAGE = 5000, 26
OWN = f"""
with entry as (
  insert into support.audit_entries (municipality_id, id, at, action, outcome, role, client_id, basis, trace_id)
  select $1, gen_random_uuid(), now() - n * interval '1 millisecond', 'portrait_item:read', 'done', 'worker', 'x',
    'relation', gen_random_uuid() from generate_series(1, {LINES}) n
  returning at, id)
insert into support.audit_residents select $1, $2, id, at from entry
"""
DEEP = f"select at, entry_id from support.audit_residents where resident_id = $1 order by 1, 2 offset {PAGE} limit 1"


async def pages_kept(world: World, sql: str, edge_at: datetime, edge: UUID) -> int:
    """By the plan that a busy connection keeps, as the role that serves: row security decides on indexes."""
    person = world.person("fien")
    values = {"municipality_id": person.municipality_id, "resident_id": person.resident_id, "limit": PAGE}
    arguments = audit._READ.arguments({**values, "edge_at": edge_at, "edge": edge})
    connection = await asyncpg.connect(world.cluster.url(world.main, SERVER))
    try:
        await connection.execute(f"set support.municipality = '{person.municipality_id}'")
        await connection.execute("set plan_cache_mode = force_generic_plan")
        await connection.execute(f"prepare page as {sql}")
        run = f"execute page({', '.join(repr(str(value)) for value in arguments)})"
        top = json.loads(await connection.fetchval(f"explain (analyze, buffers, format json) {run}"))[0]["Plan"]
    finally:
        await connection.close()
    assert top["Actual Rows"] == PAGE
    return int(top["Shared Hit Blocks"] + top["Shared Read Blocks"])


async def test_the_last_page_costs_what_the_first_one_costs(world: World) -> None:
    person = world.person("fien")
    await world.sql(OWN, UUID(person.municipality_id), UUID(str(person.resident_id)))
    await world.sql("analyze support.audit_entries, support.audit_residents")
    last = (await world.sql(DEEP, UUID(str(person.resident_id))))[0]
    for edge in (audit._NEWEST, tuple(last)):
        assert await pages_kept(world, audit._READ.sql, *edge) < 10 * PAGE
    bound = "(s.at, s.entry_id) < ($3::TIMESTAMP WITH TIME ZONE, $4::UUID)"
    assert bound in audit._READ.sql
    absent = audit._READ.sql.replace(bound, f"($3::TIMESTAMP WITH TIME ZONE is null or {bound})")
    assert await pages_kept(world, absent, *last) > 10 * PAGE, "the control: an edge that may be absent"
