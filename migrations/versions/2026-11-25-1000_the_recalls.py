"""Recalls: what a system is asked to delete after a withdrawal.

Revision: 0003
"""

from alembic import op

from support_api.db import security

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

TABLES = ("recalls",)

STATEMENTS = (
    """
    CREATE TABLE support.recalls (
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
      consent_id UUID NOT NULL,
      system_id UUID NOT NULL,
      categories TEXT[] DEFAULT '{}' NOT NULL,
      object_ids UUID[] DEFAULT '{}' NOT NULL,
      answer_by TIMESTAMP WITH TIME ZONE NOT NULL,
      answer TEXT,
      answered_at TIMESTAMP WITH TIME ZONE,
      sealed BYTEA,
      CONSTRAINT recalls_pk PRIMARY KEY (municipality_id, id),
      CONSTRAINT recalls_clients_fk FOREIGN KEY(municipality_id, system_id) REFERENCES support.clients (municipality_id, id),
      CONSTRAINT recalls_residents_fk FOREIGN KEY(municipality_id, resident_id) REFERENCES support.residents (municipality_id, id),
      CONSTRAINT recalls_persons_fk FOREIGN KEY(municipality_id, owner_id) REFERENCES support.persons (municipality_id, id)
    )
    """,
    """
    CREATE INDEX recalls_municipality_id_system_id_id_ix ON support.recalls (municipality_id, system_id, id)
    """,
    """
    CREATE INDEX recalls_municipality_id_resident_id_id_ix ON support.recalls (municipality_id, resident_id, id)
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
