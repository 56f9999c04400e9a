"""Wall 1 (access.md) as PostgreSQL's catalogue has it, for every table that there is and every one to come."""

import asyncpg
import pytest

from support_api.db import security
from support_api.db.security import BACKUP, GRANTS, KEYS, OWNER, SERVE
from tests.db.catalogue import HOUSEKEEPING, changeable, crossing_keys, placeless, unwalled
from tests.db.rights import held, powers

INSIDE = {SERVE, OWNER}


async def _all_faults(connection: asyncpg.Connection) -> list[str]:
    return [
        *await unwalled(connection, INSIDE),
        *await placeless(connection, "support"),
        *await crossing_keys(connection, "support"),
        *await changeable(connection, security.APPEND_ONLY),
    ]


async def test_every_table_is_walled_placed_and_keyed_by_municipality(superuser: asyncpg.Connection) -> None:
    """Partitions included."""
    assert await _all_faults(superuser) == []
    tables = {row[0] for row in await superuser.fetch("select tablename from pg_tables where schemaname = 'support'")}
    assert set(security.tables()) | {HOUSEKEEPING} <= tables


@pytest.mark.parametrize(
    ("broken", "seen"),
    [
        ("create table support.loose (municipality_id uuid primary key)", "loose: row security is not"),
        ("create table support.loose (municipality_id uuid primary key)", "loose: no restrictive policy"),
        ("create table support.lost (id uuid)", "lost"),
        ("create view support.seen as select id from support.persons", "seen"),
        ("alter table support.persons no force row level security", "persons: row security is not"),
        ("drop policy municipality_wall on support.consents", "consents: no restrictive policy"),
        ("alter policy municipality_wall on support.consents using (true)", "consents: no restrictive policy"),
        ("alter policy municipality_wall on support.consents with check (true)", "consents: no restrictive policy"),
        ("alter policy municipality_wall on support.consents to support_api_serve", "consents: no restrictive policy"),
        ("create policy more on support.lookups using (true)", "lookups: more opens it"),
        ("create unique index crossing on support.persons (id)", "support.crossing"),
        ("alter table support.persons add constraint ids unique (id, municipality_id)", "support.ids"),
        (
            "alter table support.persons add constraint ids unique (id);"
            "alter table support.identities add constraint bare foreign key (person_id)"
            " references support.persons (id)",
            "bare",
        ),
        ("drop trigger append_only on support.audit_residents", "audit_residents"),
        (
            "create table support.audit_entries_2001_01 partition of support.audit_entries"
            " for values from ('2001-01-01') to ('2001-02-01')",
            "audit_entries_2001_01",
        ),
    ],
)
async def test_a_broken_wall_is_seen(superuser: asyncpg.Connection, broken: str, seen: str) -> None:
    await superuser.execute(broken)
    assert [fault for fault in await _all_faults(superuser) if fault.startswith(seen)]


async def test_the_key_store_is_keyed_by_municipality(key_store: asyncpg.Connection) -> None:
    """But for the canaries, which belong to the keyring."""
    canaries = ["canaries"], ["keys.canaries_pk"]
    assert (await placeless(key_store, "keys"), await crossing_keys(key_store, "keys")) == canaries
    await key_store.execute("create unique index crossing on keys.data_keys (id)")
    assert "keys.crossing" in await crossing_keys(key_store, "keys")


def _expected() -> dict[str, dict[str, set[str]]]:
    serve = {f"table support.{name}": set(rights.split(", ")) for name, rights in GRANTS.items()}
    context = {"schema support": {"USAGE"}, "function support.municipality()": {"EXECUTE"}}
    version = {f"table support.{HOUSEKEEPING}": {"SELECT"}}
    return {SERVE: {**serve, **context, **version}, BACKUP: context}


async def _wrong_rights(connection: asyncpg.Connection) -> list[str]:
    """Rights that differ from GRANTS; the backup role may besides read every table there is."""
    found = await held(connection, "support", "keys")
    backup = found.get(BACKUP, {})
    tables = await connection.fetch(
        "select format('table support.%I', tablename) from pg_tables where schemaname = 'support'"
    )
    wrong = [f"{BACKUP} does not read {name}" for (name,) in tables if backup.pop(name, None) != {"SELECT"}]
    expected = _expected()
    return wrong + [f"{who}: {found.get(who)}" for who in {*found, *expected} if found.get(who) != expected.get(who)]


async def test_the_serving_role_holds_what_is_granted_and_nothing_else(superuser: asyncpg.Connection) -> None:
    """Table by table, no column, no function but the context's, nothing for everybody; the backup role reads."""
    assert set(GRANTS) == set(security.tables())
    assert await _wrong_rights(superuser) == []
    assert await powers(superuser, SERVE) == set()
    outside = "select 1 from pg_class where relkind in ('r', 'v', 'm', 'f') and relnamespace = 'public'::regnamespace"
    assert await superuser.fetch(outside) == []


@pytest.mark.parametrize(
    "too_much",
    [
        "grant truncate on support.portrait_items to support_api_serve",
        "grant delete on support.residents to support_api_serve",
        "grant select on support.persons to support_api_serve with grant option",
        "grant update (reason) on support.audit_entries to support_api_serve",
        "grant insert on support.alembic_version to support_api_serve",
        "grant select on support.consents to public",
        "grant execute on function support.refuse_change() to public",
        "grant create on schema support to support_api_serve",
        "grant insert on support.persons to support_api_backup",
        "grant select on support.persons to support_api_keys",
        "revoke insert on support.audit_entries from support_api_serve",
        "revoke select on support.audit_entries from support_api_backup",
        "create function support.more() returns int language sql as 'select 1'",
    ],
)
async def test_a_right_too_many_or_too_few_is_seen(superuser: asyncpg.Connection, too_much: str) -> None:
    await superuser.execute(too_much)
    assert await _wrong_rights(superuser) != []


async def test_the_keeper_of_keys_holds_one_table(key_store: asyncpg.Connection) -> None:
    """It can't delete a row, and changes no more than what destroying and rewrapping need."""
    expected = {
        KEYS: {
            "schema keys": {"USAGE"},
            "table keys.data_keys": {"SELECT", "INSERT"},
            "table keys.canaries": {"SELECT", "INSERT"},
            "table keys.alembic_version": {"SELECT"},
            "column keys.data_keys.wrapped": {"UPDATE"},
            "column keys.data_keys.destroyed_at": {"UPDATE"},
        }
    }
    assert await held(key_store, "keys") == expected
    assert await powers(key_store, KEYS) == set()
    await key_store.execute("grant delete on keys.data_keys to support_api_keys")
    assert await held(key_store, "keys") != expected


@pytest.mark.parametrize(
    ("more", "power"),
    [
        ("alter role support_api_serve bypassrls", "powerful"),
        ("alter role support_api_serve superuser", "powerful"),
        ("grant support_api_owner to support_api_serve", "member"),
        ("alter table support.lookups owner to support_api_serve", "owns"),
        (
            "do $$ begin execute format('grant create on database %I to support_api_serve', current_database());"
            " end $$",
            "creates",
        ),
    ],
)
async def test_a_power_of_the_serving_role_is_seen(superuser: asyncpg.Connection, more: str, power: str) -> None:
    await superuser.execute(more)
    assert power in await powers(superuser, SERVE)
