"""Every table. Structure in the open, content in `sealed`; every key leads with `municipality_id`."""

from typing import Any

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    Column,
    DateTime,
    ForeignKeyConstraint,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    PrimaryKeyConstraint,
    Table,
    Text,
    UniqueConstraint,
    Uuid,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.types import UserDefinedType

SCHEMA = "support"
metadata = MetaData(
    schema=SCHEMA,
    naming_convention={
        "pk": "%(table_name)s_pk",
        "fk": "%(table_name)s_%(referred_table_name)s_fk",
        "uq": "%(table_name)s_%(column_0_N_name)s_uq",
        "ix": "%(table_name)s_%(column_0_N_name)s_ix",
        "ck": "%(table_name)s_%(constraint_name)s_ck",
    },
)


class Xid8(UserDefinedType[int]):
    """The id of the transaction that wrote a row: what a checkpoint over the audit trail is bounded by."""

    cache_ok = True

    def get_col_spec(self, **_: Any) -> str:
        return "xid8"


def moment(name: str, **kwargs: Any) -> Column[Any]:
    return Column(name, DateTime(timezone=True), **kwargs)


def ids(name: str) -> Column[Any]:
    return Column(name, ARRAY(Uuid), nullable=False, server_default=text("'{}'"))


def codes(name: str) -> Column[Any]:
    return Column(name, ARRAY(Text), nullable=False, server_default=text("'{}'"))


def item_table(name: str, *columns: Any) -> Table:
    """A table of resident data: the columns that every item has, its own, and the sealed document.

    A deleted item leaves a tombstone: id and moments, no content.
    """
    return Table(
        name,
        metadata,
        Column("municipality_id", Uuid, nullable=False),
        Column("id", Uuid, nullable=False),
        Column("resident_id", Uuid, nullable=False),
        Column("owner_id", Uuid, nullable=False),
        Column("version", Integer, nullable=False),
        moment("created_at", nullable=False),
        moment("changed_at", nullable=False),
        Column("author_role", Text, nullable=False),
        Column("author_id", Uuid, nullable=False),
        moment("deleted_at"),
        *columns,
        Column("sealed", LargeBinary),
        PrimaryKeyConstraint("municipality_id", "id"),
        ForeignKeyConstraint(
            ["municipality_id", "owner_id"], ["support.persons.municipality_id", "support.persons.id"]
        ),
    )


def of_resident(name: str, *columns: Any) -> Table:
    """An item table whose rows belong to an existing resident."""
    return item_table(
        name,
        *columns,
        ForeignKeyConstraint(
            ["municipality_id", "resident_id"], ["support.residents.municipality_id", "support.residents.id"]
        ),
        Index(None, "municipality_id", "resident_id", "id"),
    )


def shared() -> tuple[Column[Any], ...]:
    return (
        Column("visibility", Text, nullable=False),
        Column("worker_id", Uuid),
        Column("confirmation", Text, nullable=False),
    )


municipalities = Table(
    "municipalities",
    metadata,
    Column("municipality_id", Uuid, primary_key=True),
    Column("code", Text, nullable=False),
    Column("name", Text, nullable=False),
    moment("created_at", nullable=False),
    UniqueConstraint("municipality_id", "code"),
)

persons = Table(
    "persons",
    metadata,
    Column("municipality_id", Uuid, nullable=False),
    Column("id", Uuid, nullable=False),
    Column("key_id", Uuid, nullable=False),
    Column("key_state", Text, nullable=False, server_default="active"),
    moment("created_at", nullable=False),
    PrimaryKeyConstraint("municipality_id", "id"),
    ForeignKeyConstraint(["municipality_id"], ["support.municipalities.municipality_id"]),
    CheckConstraint("key_state in ('active', 'destroyed')", name="key_state"),
)

identities = Table(
    "identities",
    metadata,
    Column("municipality_id", Uuid, nullable=False),
    Column("subject_hash", LargeBinary, nullable=False),
    Column("role", Text, nullable=False),
    Column("person_id", Uuid, nullable=False),
    Column("role_id", Uuid, nullable=False),
    moment("created_at", nullable=False),
    PrimaryKeyConstraint("municipality_id", "subject_hash", "role"),
    ForeignKeyConstraint(["municipality_id", "person_id"], ["support.persons.municipality_id", "support.persons.id"]),
)

clients = Table(
    "clients",
    metadata,
    Column("municipality_id", Uuid, nullable=False),
    Column("id", Uuid, nullable=False),
    Column("client_id", Text, nullable=False),
    Column("name", Text, nullable=False),
    moment("created_at", nullable=False),
    PrimaryKeyConstraint("municipality_id", "id"),
    UniqueConstraint("municipality_id", "client_id"),
    ForeignKeyConstraint(["municipality_id"], ["support.municipalities.municipality_id"]),
)

processing_activities = Table(
    "processing_activities",
    metadata,
    Column("municipality_id", Uuid, nullable=False),
    Column("client_id", Uuid, nullable=False),
    Column("purpose", Text, nullable=False),
    Column("activity", Text, nullable=False),
    Column("legal_basis", Text, nullable=False),
    codes("categories"),
    Column("special_basis", Text),
    PrimaryKeyConstraint("municipality_id", "client_id", "purpose"),
    ForeignKeyConstraint(["municipality_id", "client_id"], ["support.clients.municipality_id", "support.clients.id"]),
)

workers = Table(
    "workers",
    metadata,
    Column("municipality_id", Uuid, nullable=False),
    Column("id", Uuid, nullable=False),
    Column("owner_id", Uuid, nullable=False),
    Column("version", Integer, nullable=False),
    moment("created_at", nullable=False),
    moment("changed_at", nullable=False),
    Column("sealed", LargeBinary, nullable=False),
    PrimaryKeyConstraint("municipality_id", "id"),
    ForeignKeyConstraint(["municipality_id", "owner_id"], ["support.persons.municipality_id", "support.persons.id"]),
)

residents = item_table(
    "residents",
    Column("status", Text, nullable=False),
    Column("imported_workers", Integer, nullable=False, server_default="0"),
    CheckConstraint("resident_id = id", name="own_resident"),
)

lookups = Table(
    "lookups",
    metadata,
    Column("municipality_id", Uuid, nullable=False),
    Column("kind", Text, nullable=False),
    Column("value_hash", LargeBinary, nullable=False),
    Column("resident_id", Uuid, nullable=False),
    PrimaryKeyConstraint("municipality_id", "kind", "value_hash"),
    ForeignKeyConstraint(
        ["municipality_id", "resident_id"], ["support.residents.municipality_id", "support.residents.id"]
    ),
    Index(None, "municipality_id", "resident_id"),
)

portrait_items = of_resident(
    "portrait_items",
    *shared(),
    Column("kind", Text, nullable=False),
    Column("rank", Integer),
)

baggage_notes = of_resident(
    "baggage_notes",
    *shared(),
    Column("kind", Text, nullable=False),
    Column("tell_myself", Boolean, nullable=False),
    Column("existence_hint", Text, nullable=False),
)

working_relationships = of_resident(
    "working_relationships",
    Column("worker_id", Uuid, nullable=False),
    codes("duties"),
    moment("started_at", nullable=False),
    moment("ended_at"),
    Column("primary", Boolean, nullable=False),
    Column("external_id_hash", LargeBinary),
    ForeignKeyConstraint(["municipality_id", "worker_id"], ["support.workers.municipality_id", "support.workers.id"]),
    UniqueConstraint("municipality_id", "external_id_hash"),
    Index(None, "municipality_id", "worker_id", "id"),
)

consents = of_resident(
    "consents",
    Column("decision", Text, nullable=False),
    Column("status", Text, nullable=False),
    Column("origin", Text, nullable=False),
    Column("party_type", Text, nullable=False),
    Column("party_id", Uuid),
    Column("purpose", Text, nullable=False),
    codes("categories"),
    ids("only_items"),
    ids("except_items"),
    Column("depth", Text, nullable=False),
    moment("valid_from", nullable=False),
    moment("valid_until"),
    Column("working_relationship_id", Uuid),
    moment("withdrawn_at"),
    Column("receipt_id", Uuid, nullable=False),
)

recalls = of_resident(
    "recalls",
    Column("consent_id", Uuid, nullable=False),
    Column("system_id", Uuid, nullable=False),
    codes("categories"),
    ids("object_ids"),
    moment("answer_by", nullable=False),
    Column("answer", Text),
    moment("answered_at"),
    ForeignKeyConstraint(["municipality_id", "system_id"], ["support.clients.municipality_id", "support.clients.id"]),
    Index(None, "municipality_id", "system_id", "id"),
)

briefings = of_resident(
    "briefings",
    ids("excluded"),
    moment("approved_at"),
    ForeignKeyConstraint(
        ["municipality_id", "id"], ["support.working_relationships.municipality_id", "support.working_relationships.id"]
    ),
)

covers = of_resident(
    "covers",
    Column("working_relationship_id", Uuid, nullable=False),
    Column("worker_id", Uuid, nullable=False),
    moment("starts_at", nullable=False),
    moment("ends_at", nullable=False),
    ForeignKeyConstraint(
        ["municipality_id", "working_relationship_id"],
        ["support.working_relationships.municipality_id", "support.working_relationships.id"],
    ),
    ForeignKeyConstraint(["municipality_id", "worker_id"], ["support.workers.municipality_id", "support.workers.id"]),
    Index(None, "municipality_id", "worker_id", "working_relationship_id"),
)

emergency_access = of_resident(
    "emergency_access",
    moment("ends_at", nullable=False),
    Column("outcome", Text),
    moment("reviewed_at"),
    Index(None, "municipality_id", "id", postgresql_where=text("outcome IS NULL")),
)

revisions = Table(
    "revisions",
    metadata,
    Column("municipality_id", Uuid, nullable=False),
    Column("resource", Text, nullable=False),
    Column("item_id", Uuid, nullable=False),
    Column("version", Integer, nullable=False),
    Column("resident_id", Uuid, nullable=False),
    Column("owner_id", Uuid, nullable=False),
    moment("replaced_at", nullable=False),
    Column("sealed", LargeBinary, nullable=False),
    PrimaryKeyConstraint("municipality_id", "resource", "item_id", "version"),
    ForeignKeyConstraint(
        ["municipality_id", "resident_id"], ["support.residents.municipality_id", "support.residents.id"]
    ),
)

idempotency = Table(
    "idempotency",
    metadata,
    Column("municipality_id", Uuid, nullable=False),
    Column("caller", LargeBinary, nullable=False),
    Column("key_hash", LargeBinary, nullable=False),
    Column("fingerprint", LargeBinary, nullable=False),
    Column("status", Integer),
    Column("object_id", Uuid),
    Column("object_version", Integer),
    moment("created_at", nullable=False),
    PrimaryKeyConstraint("municipality_id", "caller", "key_hash"),
    Index(None, "municipality_id", "created_at"),
)

audit_entries = Table(
    "audit_entries",
    metadata,
    Column("municipality_id", Uuid, nullable=False),
    Column("id", Uuid, nullable=False),
    moment("at", nullable=False, server_default=text("clock_timestamp()")),
    Column("xid", Xid8, nullable=False, server_default=text("pg_current_xact_id()")),
    Column("action", Text, nullable=False),
    Column("outcome", Text, nullable=False),
    Column("role", Text, nullable=False),
    Column("actor_id", Uuid),
    Column("client_id", Text, nullable=False),
    Column("purpose", Text),
    Column("legal_basis", Text),
    Column("basis", Text, nullable=False),
    Column("reason", Text),
    Column("consent_id", Uuid),
    Column("trace_id", Uuid, nullable=False),
    ids("object_ids"),
    PrimaryKeyConstraint("municipality_id", "at", "id"),
    postgresql_partition_by="RANGE (at)",
)

audit_residents = Table(
    "audit_residents",
    metadata,
    Column("municipality_id", Uuid, nullable=False),
    Column("resident_id", Uuid, nullable=False),
    Column("entry_id", Uuid, nullable=False),
    moment("at", nullable=False),
    PrimaryKeyConstraint("municipality_id", "resident_id", "at", "entry_id"),
    postgresql_partition_by="RANGE (at)",
)
PARTITIONED = (audit_entries, audit_residents)
