"""Emergency access: who let themself in to how a resident can be reached, why, and what was found of it.

Revision: 0004
"""

from alembic import op

from support_api.db import security

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

TABLES = ("emergency_access", "covers")

STATEMENTS = (
    """
    CREATE TABLE support.emergency_access (
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
      ends_at TIMESTAMP WITH TIME ZONE NOT NULL,
      outcome TEXT,
      reviewed_at TIMESTAMP WITH TIME ZONE,
      sealed BYTEA,
      CONSTRAINT emergency_access_pk PRIMARY KEY (municipality_id, id),
      CONSTRAINT emergency_access_residents_fk FOREIGN KEY(municipality_id, resident_id) REFERENCES support.residents (municipality_id, id),
      CONSTRAINT emergency_access_persons_fk FOREIGN KEY(municipality_id, owner_id) REFERENCES support.persons (municipality_id, id)
    )
    """,
    """
    CREATE INDEX emergency_access_municipality_id_id_ix ON support.emergency_access (municipality_id, id) WHERE outcome IS NULL
    """,
    """
    CREATE INDEX emergency_access_municipality_id_resident_id_id_ix ON support.emergency_access (municipality_id, resident_id, id)
    """,
    """
    CREATE TABLE support.covers (
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
      working_relationship_id UUID NOT NULL,
      worker_id UUID NOT NULL,
      starts_at TIMESTAMP WITH TIME ZONE NOT NULL,
      ends_at TIMESTAMP WITH TIME ZONE NOT NULL,
      sealed BYTEA,
      CONSTRAINT covers_pk PRIMARY KEY (municipality_id, id),
      CONSTRAINT covers_working_relationships_fk FOREIGN KEY(municipality_id, working_relationship_id) REFERENCES support.working_relationships (municipality_id, id),
      CONSTRAINT covers_workers_fk FOREIGN KEY(municipality_id, worker_id) REFERENCES support.workers (municipality_id, id),
      CONSTRAINT covers_residents_fk FOREIGN KEY(municipality_id, resident_id) REFERENCES support.residents (municipality_id, id),
      CONSTRAINT covers_persons_fk FOREIGN KEY(municipality_id, owner_id) REFERENCES support.persons (municipality_id, id)
    )
    """,
    """
    CREATE INDEX covers_municipality_id_resident_id_id_ix ON support.covers (municipality_id, resident_id, id)
    """,
    """
    CREATE INDEX covers_municipality_id_worker_id_working_relationship_id_ix ON support.covers (municipality_id, worker_id, working_relationship_id)
    """,
)


def upgrade() -> None:
    for statement in STATEMENTS:
        op.execute(statement)
    for table in TABLES:
        for statement in security.secure(table):
            op.execute(statement)


def downgrade() -> None:
    for table in reversed(TABLES):
        op.execute(f"drop table support.{table}")
