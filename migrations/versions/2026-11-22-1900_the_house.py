"""The house: municipalities, people, their first resources, idempotency and the audit trail, all walled.

Revision: 0001
"""

from alembic import op

from support_api.db import security

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

TABLES = (
    "audit_entries",
    "audit_residents",
    "idempotency",
    "municipalities",
    "clients",
    "persons",
    "identities",
    "processing_activities",
    "residents",
    "workers",
    "consents",
    "lookups",
    "portrait_items",
    "revisions",
    "working_relationships",
)

STATEMENTS = (
    """
    CREATE TABLE support.audit_entries (
      municipality_id UUID NOT NULL,
      id UUID NOT NULL,
      at TIMESTAMP WITH TIME ZONE DEFAULT clock_timestamp() NOT NULL,
      xid xid8 DEFAULT pg_current_xact_id() NOT NULL,
      action TEXT NOT NULL,
      outcome TEXT NOT NULL,
      role TEXT NOT NULL,
      actor_id UUID,
      client_id TEXT NOT NULL,
      purpose TEXT,
      legal_basis TEXT,
      basis TEXT NOT NULL,
      reason TEXT,
      consent_id UUID,
      trace_id UUID NOT NULL,
      object_ids UUID[] DEFAULT '{}' NOT NULL,
      CONSTRAINT audit_entries_pk PRIMARY KEY (municipality_id, at, id)
    )
     PARTITION BY RANGE (at)
    """,
    """
    CREATE TABLE support.audit_residents (
      municipality_id UUID NOT NULL,
      resident_id UUID NOT NULL,
      entry_id UUID NOT NULL,
      at TIMESTAMP WITH TIME ZONE NOT NULL,
      CONSTRAINT audit_residents_pk PRIMARY KEY (municipality_id, resident_id, at, entry_id)
    )
     PARTITION BY RANGE (at)
    """,
    """
    CREATE TABLE support.idempotency (
      municipality_id UUID NOT NULL,
      caller BYTEA NOT NULL,
      key_hash BYTEA NOT NULL,
      fingerprint BYTEA NOT NULL,
      status INTEGER,
      object_id UUID,
      object_version INTEGER,
      created_at TIMESTAMP WITH TIME ZONE NOT NULL,
      CONSTRAINT idempotency_pk PRIMARY KEY (municipality_id, caller, key_hash)
    )
    """,
    """
    CREATE INDEX idempotency_municipality_id_created_at_ix ON support.idempotency (municipality_id, created_at)
    """,
    """
    CREATE TABLE support.municipalities (
      municipality_id UUID NOT NULL,
      code TEXT NOT NULL,
      name TEXT NOT NULL,
      created_at TIMESTAMP WITH TIME ZONE NOT NULL,
      CONSTRAINT municipalities_pk PRIMARY KEY (municipality_id),
      CONSTRAINT municipalities_municipality_id_code_uq UNIQUE (municipality_id, code)
    )
    """,
    """
    CREATE TABLE support.clients (
      municipality_id UUID NOT NULL,
      id UUID NOT NULL,
      client_id TEXT NOT NULL,
      name TEXT NOT NULL,
      created_at TIMESTAMP WITH TIME ZONE NOT NULL,
      CONSTRAINT clients_pk PRIMARY KEY (municipality_id, id),
      CONSTRAINT clients_municipality_id_client_id_uq UNIQUE (municipality_id, client_id),
      CONSTRAINT clients_municipalities_fk FOREIGN KEY(municipality_id) REFERENCES support.municipalities (municipality_id)
    )
    """,
    """
    CREATE TABLE support.persons (
      municipality_id UUID NOT NULL,
      id UUID NOT NULL,
      key_id UUID NOT NULL,
      key_state TEXT DEFAULT 'active' NOT NULL,
      created_at TIMESTAMP WITH TIME ZONE NOT NULL,
      CONSTRAINT persons_pk PRIMARY KEY (municipality_id, id),
      CONSTRAINT persons_municipalities_fk FOREIGN KEY(municipality_id) REFERENCES support.municipalities (municipality_id),
      CONSTRAINT persons_key_state_ck CHECK (key_state in ('active', 'destroyed'))
    )
    """,
    """
    CREATE TABLE support.identities (
      municipality_id UUID NOT NULL,
      subject_hash BYTEA NOT NULL,
      role TEXT NOT NULL,
      person_id UUID NOT NULL,
      role_id UUID NOT NULL,
      created_at TIMESTAMP WITH TIME ZONE NOT NULL,
      CONSTRAINT identities_pk PRIMARY KEY (municipality_id, subject_hash, role),
      CONSTRAINT identities_persons_fk FOREIGN KEY(municipality_id, person_id) REFERENCES support.persons (municipality_id, id)
    )
    """,
    """
    CREATE TABLE support.processing_activities (
      municipality_id UUID NOT NULL,
      client_id UUID NOT NULL,
      purpose TEXT NOT NULL,
      activity TEXT NOT NULL,
      legal_basis TEXT NOT NULL,
      categories TEXT[] DEFAULT '{}' NOT NULL,
      CONSTRAINT processing_activities_pk PRIMARY KEY (municipality_id, client_id, purpose),
      CONSTRAINT processing_activities_clients_fk FOREIGN KEY(municipality_id, client_id) REFERENCES support.clients (municipality_id, id)
    )
    """,
    """
    CREATE TABLE support.residents (
      municipality_id UUID NOT NULL,
      id UUID NOT NULL,
      resident_id UUID NOT NULL,
      owner_id UUID NOT NULL,
      version INTEGER NOT NULL,
      created_at TIMESTAMP WITH TIME ZONE NOT NULL,
      changed_at TIMESTAMP WITH TIME ZONE NOT NULL,
      author_role TEXT NOT NULL,
      author_id UUID NOT NULL,
      deleted_at TIMESTAMP WITH TIME ZONE,
      status TEXT NOT NULL,
      imported_workers INTEGER DEFAULT '0' NOT NULL,
      sealed BYTEA,
      CONSTRAINT residents_pk PRIMARY KEY (municipality_id, id),
      CONSTRAINT residents_own_resident_ck CHECK (resident_id = id),
      CONSTRAINT residents_persons_fk FOREIGN KEY(municipality_id, owner_id) REFERENCES support.persons (municipality_id, id)
    )
    """,
    """
    CREATE TABLE support.workers (
      municipality_id UUID NOT NULL,
      id UUID NOT NULL,
      owner_id UUID NOT NULL,
      version INTEGER NOT NULL,
      created_at TIMESTAMP WITH TIME ZONE NOT NULL,
      changed_at TIMESTAMP WITH TIME ZONE NOT NULL,
      sealed BYTEA NOT NULL,
      CONSTRAINT workers_pk PRIMARY KEY (municipality_id, id),
      CONSTRAINT workers_persons_fk FOREIGN KEY(municipality_id, owner_id) REFERENCES support.persons (municipality_id, id)
    )
    """,
    """
    CREATE TABLE support.consents (
      municipality_id UUID NOT NULL,
      id UUID NOT NULL,
      resident_id UUID NOT NULL,
      owner_id UUID NOT NULL,
      version INTEGER NOT NULL,
      created_at TIMESTAMP WITH TIME ZONE NOT NULL,
      changed_at TIMESTAMP WITH TIME ZONE NOT NULL,
      author_role TEXT NOT NULL,
      author_id UUID NOT NULL,
      deleted_at TIMESTAMP WITH TIME ZONE,
      decision TEXT NOT NULL,
      status TEXT NOT NULL,
      origin TEXT NOT NULL,
      party_type TEXT NOT NULL,
      party_id UUID,
      purpose TEXT NOT NULL,
      categories TEXT[] DEFAULT '{}' NOT NULL,
      only_items UUID[] DEFAULT '{}' NOT NULL,
      except_items UUID[] DEFAULT '{}' NOT NULL,
      depth TEXT NOT NULL,
      valid_from TIMESTAMP WITH TIME ZONE NOT NULL,
      valid_until TIMESTAMP WITH TIME ZONE,
      working_relationship_id UUID,
      withdrawn_at TIMESTAMP WITH TIME ZONE,
      receipt_id UUID NOT NULL,
      sealed BYTEA,
      CONSTRAINT consents_pk PRIMARY KEY (municipality_id, id),
      CONSTRAINT consents_residents_fk FOREIGN KEY(municipality_id, resident_id) REFERENCES support.residents (municipality_id, id),
      CONSTRAINT consents_persons_fk FOREIGN KEY(municipality_id, owner_id) REFERENCES support.persons (municipality_id, id)
    )
    """,
    """
    CREATE INDEX consents_municipality_id_resident_id_id_ix ON support.consents (municipality_id, resident_id, id)
    """,
    """
    CREATE TABLE support.lookups (
      municipality_id UUID NOT NULL,
      kind TEXT NOT NULL,
      value_hash BYTEA NOT NULL,
      resident_id UUID NOT NULL,
      CONSTRAINT lookups_pk PRIMARY KEY (municipality_id, kind, value_hash),
      CONSTRAINT lookups_residents_fk FOREIGN KEY(municipality_id, resident_id) REFERENCES support.residents (municipality_id, id)
    )
    """,
    """
    CREATE INDEX lookups_municipality_id_resident_id_ix ON support.lookups (municipality_id, resident_id)
    """,
    """
    CREATE TABLE support.portrait_items (
      municipality_id UUID NOT NULL,
      id UUID NOT NULL,
      resident_id UUID NOT NULL,
      owner_id UUID NOT NULL,
      version INTEGER NOT NULL,
      created_at TIMESTAMP WITH TIME ZONE NOT NULL,
      changed_at TIMESTAMP WITH TIME ZONE NOT NULL,
      author_role TEXT NOT NULL,
      author_id UUID NOT NULL,
      deleted_at TIMESTAMP WITH TIME ZONE,
      visibility TEXT NOT NULL,
      worker_id UUID,
      confirmation TEXT NOT NULL,
      kind TEXT NOT NULL,
      rank INTEGER,
      sealed BYTEA,
      CONSTRAINT portrait_items_pk PRIMARY KEY (municipality_id, id),
      CONSTRAINT portrait_items_residents_fk FOREIGN KEY(municipality_id, resident_id) REFERENCES support.residents (municipality_id, id),
      CONSTRAINT portrait_items_persons_fk FOREIGN KEY(municipality_id, owner_id) REFERENCES support.persons (municipality_id, id)
    )
    """,
    """
    CREATE INDEX portrait_items_municipality_id_resident_id_id_ix ON support.portrait_items (municipality_id, resident_id, id)
    """,
    """
    CREATE TABLE support.revisions (
      municipality_id UUID NOT NULL,
      resource TEXT NOT NULL,
      item_id UUID NOT NULL,
      version INTEGER NOT NULL,
      resident_id UUID NOT NULL,
      owner_id UUID NOT NULL,
      replaced_at TIMESTAMP WITH TIME ZONE NOT NULL,
      sealed BYTEA NOT NULL,
      CONSTRAINT revisions_pk PRIMARY KEY (municipality_id, resource, item_id, version),
      CONSTRAINT revisions_residents_fk FOREIGN KEY(municipality_id, resident_id) REFERENCES support.residents (municipality_id, id)
    )
    """,
    """
    CREATE TABLE support.working_relationships (
      municipality_id UUID NOT NULL,
      id UUID NOT NULL,
      resident_id UUID NOT NULL,
      owner_id UUID NOT NULL,
      version INTEGER NOT NULL,
      created_at TIMESTAMP WITH TIME ZONE NOT NULL,
      changed_at TIMESTAMP WITH TIME ZONE NOT NULL,
      author_role TEXT NOT NULL,
      author_id UUID NOT NULL,
      deleted_at TIMESTAMP WITH TIME ZONE,
      worker_id UUID NOT NULL,
      duties TEXT[] DEFAULT '{}' NOT NULL,
      started_at TIMESTAMP WITH TIME ZONE NOT NULL,
      ended_at TIMESTAMP WITH TIME ZONE,
      "primary" BOOLEAN NOT NULL,
      external_id_hash BYTEA,
      sealed BYTEA,
      CONSTRAINT working_relationships_pk PRIMARY KEY (municipality_id, id),
      CONSTRAINT working_relationships_workers_fk FOREIGN KEY(municipality_id, worker_id) REFERENCES support.workers (municipality_id, id),
      CONSTRAINT working_relationships_municipality_id_external_id_hash_uq UNIQUE (municipality_id, external_id_hash),
      CONSTRAINT working_relationships_residents_fk FOREIGN KEY(municipality_id, resident_id) REFERENCES support.residents (municipality_id, id),
      CONSTRAINT working_relationships_persons_fk FOREIGN KEY(municipality_id, owner_id) REFERENCES support.persons (municipality_id, id)
    )
    """,
    """
    CREATE INDEX working_relationships_municipality_id_resident_id_id_ix ON support.working_relationships (municipality_id, resident_id, id)
    """,
    """
    CREATE INDEX working_relationships_municipality_id_worker_id_id_ix ON support.working_relationships (municipality_id, worker_id, id)
    """,
)


def upgrade() -> None:
    op.execute(security.CONTEXT_FUNCTION)
    op.execute(security.APPEND_ONLY_FUNCTION)
    for statement in STATEMENTS:
        op.execute(statement)
    op.execute(f"grant usage on schema support to {security.SERVE}, {security.BACKUP}")
    op.execute("revoke all on all functions in schema support from public")
    op.execute(f"grant execute on function support.municipality() to {security.SERVE}, {security.BACKUP}")
    for table in TABLES:
        for statement in security.secure(table):
            op.execute(statement)


def downgrade() -> None:
    for table in reversed(TABLES):
        op.execute(f"drop table support.{table}")
    op.execute("drop function support.municipality()")
    op.execute("drop function support.refuse_change()")
