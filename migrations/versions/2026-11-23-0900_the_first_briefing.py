"""The first briefing: baggage notes, and what a resident chose to share with one worker.

Revision: 0002
"""

from alembic import op

from support_api.db import security

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

TABLES = ("baggage_notes", "briefings")

STATEMENTS = (
    """
    CREATE TABLE support.baggage_notes (
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
      tell_myself BOOLEAN NOT NULL,
      existence_hint TEXT NOT NULL,
      sealed BYTEA,
      CONSTRAINT baggage_notes_pk PRIMARY KEY (municipality_id, id),
      CONSTRAINT baggage_notes_residents_fk FOREIGN KEY(municipality_id, resident_id) REFERENCES support.residents (municipality_id, id),
      CONSTRAINT baggage_notes_persons_fk FOREIGN KEY(municipality_id, owner_id) REFERENCES support.persons (municipality_id, id)
    )
    """,
    """
    CREATE INDEX baggage_notes_municipality_id_resident_id_id_ix ON support.baggage_notes (municipality_id, resident_id, id)
    """,
    """
    CREATE TABLE support.briefings (
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
      excluded UUID[] DEFAULT '{}' NOT NULL,
      approved_at TIMESTAMP WITH TIME ZONE,
      sealed BYTEA,
      CONSTRAINT briefings_pk PRIMARY KEY (municipality_id, id),
      CONSTRAINT briefings_working_relationships_fk FOREIGN KEY(municipality_id, id) REFERENCES support.working_relationships (municipality_id, id),
      CONSTRAINT briefings_residents_fk FOREIGN KEY(municipality_id, resident_id) REFERENCES support.residents (municipality_id, id),
      CONSTRAINT briefings_persons_fk FOREIGN KEY(municipality_id, owner_id) REFERENCES support.persons (municipality_id, id)
    )
    """,
    """
    CREATE INDEX briefings_municipality_id_resident_id_id_ix ON support.briefings (municipality_id, resident_id, id)
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
