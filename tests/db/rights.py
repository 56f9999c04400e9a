"""Who holds which right, as the catalogue has it: on tables, columns, functions, schemas; and what a role is."""

from collections import defaultdict

import asyncpg

_RIGHTS = """
with held as (
  select 'table ' || c.oid::regclass as what, c.relowner as owner, a.* from pg_class c,
    aclexplode(coalesce(c.relacl, acldefault(case when c.relkind = 'S' then 's' else 'r' end::"char", c.relowner))) a
    where c.relkind in ('r', 'p', 'v', 'm', 'f', 'S') and c.relnamespace::regnamespace::text = any($1)
  union all
  select 'column ' || c.oid::regclass || '.' || t.attname, c.relowner, a.* from pg_attribute t
    join pg_class c on c.oid = t.attrelid, aclexplode(t.attacl) a
    where c.relnamespace::regnamespace::text = any($1)
  union all
  select 'function ' || p.oid::regprocedure, p.proowner, a.* from pg_proc p,
    aclexplode(coalesce(p.proacl, acldefault('f', p.proowner))) a
    where p.pronamespace::regnamespace::text = any($1)
  union all
  select 'schema ' || n.nspname, n.nspowner, a.* from pg_namespace n,
    aclexplode(coalesce(n.nspacl, acldefault('n', n.nspowner))) a where n.nspname = any($1)
)
select what, case when grantee = 0 then 'PUBLIC' else grantee::regrole::text end as who,
  privilege_type || case when is_grantable then ' and pass on' else '' end as may
from held where grantee <> owner
"""
_ROLE = """
select rolname, rolsuper or rolbypassrls or rolcreaterole or rolcreatedb or rolreplication or rolcanlogin as powerful,
  exists (select from pg_auth_members m where m.member = r.oid) as member,
  exists (select from pg_shdepend d where d.refclassid = 'pg_authid'::regclass and d.refobjid = r.oid
    and d.deptype = 'o') as owns,
  has_database_privilege(r.oid, current_database(), 'create') as creates
from pg_roles r where rolname = $1
"""


async def held(connection: asyncpg.Connection, *schemas: str) -> dict[str, dict[str, set[str]]]:
    """Per role, and per thing in these schemas, the rights of everybody but the thing's owner."""
    found: dict[str, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    for row in await connection.fetch(_RIGHTS, list(schemas)):
        found[row["who"]][row["what"]].add(row["may"])
    return {who: dict(what) for who, what in found.items()}


async def powers(connection: asyncpg.Connection, role: str) -> set[str]:
    """What a role is or has that a mere user of tables is not and has not."""
    row = await connection.fetchrow(_ROLE, role)
    return {name for name in ("powerful", "member", "owns", "creates") if row[name]}
