"""What PostgreSQL's own catalogue says of the walls: each function lists what is wrong, and nothing if all is well."""

from typing import Any

import asyncpg

HOUSEKEEPING = "alembic_version"
_WALL = "(municipality_id = ( SELECT support.municipality() AS municipality))"

_TABLES = f"""
select c.oid, c.relname as name, c.relrowsecurity and c.relforcerowsecurity as forced,
  exists (select from pg_attribute a where a.attrelid = c.oid and a.attname = 'municipality_id'
    and a.atttypid = 'uuid'::regtype and a.attnotnull) as placed
from pg_class c where c.relnamespace = $1::regnamespace and c.relkind in ('r', 'p', 'v', 'm', 'f')
  and c.relname <> '{HOUSEKEEPING}' order by c.relname
"""
_POLICIES = """
select polname as name, polpermissive as opens, polcmd = '*' as every_command,
  pg_get_expr(polqual, polrelid) as uses, pg_get_expr(polwithcheck, polrelid) as checks,
  (select array_agg(case when r = 0 then 'public' else r::regrole::text end order by 1) from unnest(polroles) r) as who
from pg_policy where polrelid = $1
"""
_UNIQUE = f"""
select i.indexrelid::regclass::text as name,
  (select attname from pg_attribute where attrelid = i.indrelid and attnum = i.indkey[0]) as leads
from pg_index i join pg_class c on c.oid = i.indrelid
where c.relnamespace = $1::regnamespace and c.relname <> '{HOUSEKEEPING}' and (i.indisunique or i.indisexclusion)
"""
_FOREIGN = """
select k.conname as name,
  (select attname from pg_attribute where attrelid = k.conrelid and attnum = k.conkey[1]) as leads,
  (select attname from pg_attribute where attrelid = k.confrelid and attnum = k.confkey[1]) as meets
from pg_constraint k where k.connamespace = $1::regnamespace and k.contype = 'f'
"""
_UNGUARDED = """
select c.relname as name from pg_class c
where c.relnamespace = 'support'::regnamespace and c.relkind in ('r', 'p')
  and (c.relname = any($1::text[]) or c.oid in (
    select inhrelid from pg_inherits where inhparent::regclass::text = any($2::text[])))
  and not exists (select from pg_trigger t where t.tgrelid = c.oid and t.tgname = 'append_only' and t.tgenabled = 'O'
    and t.tgtype = 2 | 8 | 16 | 32 and t.tgfoid = 'support.refuse_change'::regproc)
"""


async def unwalled(connection: asyncpg.Connection, opened_to: set[str]) -> list[str]:
    """Tables, partitions included, that the municipality wall does not close; `opened_to` is who may be let in."""
    wrong = []
    for table in await connection.fetch(_TABLES, "support"):
        if not table["forced"]:
            wrong.append(f"{table['name']}: row security is not enabled and forced")
        policies = await connection.fetch(_POLICIES, table["oid"])
        if [p["name"] for p in policies if not p["opens"] and _is_wall(p)] != ["municipality_wall"]:
            wrong.append(f"{table['name']}: no restrictive policy on the municipality")
        wrong += [
            f"{table['name']}: {p['name']} opens it" for p in policies if p["opens"] and set(p["who"]) - opened_to
        ]
    return wrong


def _is_wall(policy: Any) -> bool:
    return bool(
        policy["every_command"] and policy["uses"] == policy["checks"] == _WALL and list(policy["who"]) == ["public"]
    )


async def placeless(connection: asyncpg.Connection, schema: str) -> list[str]:
    """Tables and views whose rows do not say to which municipality they belong."""
    return [table["name"] for table in await connection.fetch(_TABLES, schema) if not table["placed"]]


async def crossing_keys(connection: asyncpg.Connection, schema: str) -> list[str]:
    """Primary, unique and foreign keys that do not lead with the municipality."""
    unique = await connection.fetch(_UNIQUE, schema)
    foreign = await connection.fetch(_FOREIGN, schema)
    wrong = [key["name"] for key in unique if key["leads"] != "municipality_id"]
    wrong += [key["name"] for key in foreign if {key["leads"], key["meets"]} != {"municipality_id"}]
    return wrong


async def changeable(connection: asyncpg.Connection, append_only: tuple[str, ...]) -> list[str]:
    """Tables of the audit trail, and their partitions, without the trigger that refuses a change."""
    parents = [f"support.{name}" for name in append_only]
    return [row["name"] for row in await connection.fetch(_UNGUARDED, list(append_only), parents)]
