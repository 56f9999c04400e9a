"""Row-level security and grants as data: read by the migrations that make them and by the catalogue test."""

from collections.abc import Iterator

from support_api.db.tables import SCHEMA, metadata

OWNER = "support_api_owner"
SERVE = "support_api_serve"
KEYS = "support_api_keys"
BACKUP = "support_api_backup"

READ, ADD, WRITE, WRITE_ONLY_NEW = (
    "SELECT",
    "SELECT, INSERT",
    "SELECT, INSERT, UPDATE",
    "SELECT, INSERT, DELETE",
)

# What the serving role may do, table by table; what is not named here, it may not touch.
GRANTS = {
    "municipalities": READ,
    "clients": READ,
    "processing_activities": READ,
    "persons": WRITE,
    "identities": ADD,
    "workers": WRITE,
    "residents": WRITE,
    "lookups": WRITE_ONLY_NEW,
    "portrait_items": WRITE,
    "baggage_notes": WRITE,
    "working_relationships": WRITE,
    "consents": WRITE,
    "recalls": WRITE,
    "emergency_access": WRITE,
    "covers": WRITE,
    "briefings": WRITE,
    "revisions": WRITE_ONLY_NEW,
    "idempotency": "SELECT, INSERT, UPDATE, DELETE",
    "audit_entries": ADD,
    "audit_residents": ADD,
}
APPEND_ONLY = ("audit_entries", "audit_residents")

CONTEXT_FUNCTION = f"""
create function {SCHEMA}.municipality() returns uuid language sql stable parallel safe
set search_path = '' as $$ select nullif(current_setting('{SCHEMA}.municipality', true), '')::uuid $$
"""

APPEND_ONLY_FUNCTION = f"""
create function {SCHEMA}.refuse_change() returns trigger language plpgsql set search_path = '' as $$
begin raise exception 'the audit trail is append-only' using errcode = 'insufficient_privilege'; end $$
"""


def wall(table: str) -> Iterator[str]:
    """The municipality wall on one table: forced, so that the owner meets it too, and restrictive, so that no
    later permissive policy opens it. `(select …)` makes it one evaluation per statement."""
    name = f"{SCHEMA}.{table}"
    test = f"municipality_id = (select {SCHEMA}.municipality())"
    yield f"alter table {name} enable row level security"
    yield f"alter table {name} force row level security"
    yield f"create policy municipality_wall on {name} as restrictive for all using ({test}) with check ({test})"
    yield f"create policy inside on {name} for all to {SERVE}, {OWNER} using (true) with check (true)"


def grants(table: str) -> Iterator[str]:
    yield f"grant {GRANTS[table]} on {SCHEMA}.{table} to {SERVE}"
    yield f"grant select on {SCHEMA}.{table} to {BACKUP}"


def append_only(table: str) -> Iterator[str]:
    yield (
        f"create trigger append_only before update or delete or truncate on {SCHEMA}.{table}"
        f" for each statement execute function {SCHEMA}.refuse_change()"
    )


def secure(table: str) -> Iterator[str]:
    yield from wall(table)
    yield from grants(table)
    if table in APPEND_ONLY:
        yield from append_only(table)


def tables() -> list[str]:
    return [t.name for t in metadata.sorted_tables]


def role_statements() -> list[str]:
    """The group roles of the product; log-ins become members of them."""
    roles = {
        OWNER: "nologin",
        SERVE: "nologin",
        KEYS: "nologin",
        BACKUP: "nologin bypassrls",
    }
    return [
        f"do $$ begin if to_regrole('{name}') is null then create role {name} {kind}; end if; end $$"
        for name, kind in roles.items()
    ]
