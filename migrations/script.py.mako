"""${message}

It is VERY important that a migration does not hold a lock for long: a request waits at most two seconds.
- Add a column as nullable or with a constant default; fill it in a later migration, municipality by municipality
  (forced row security blinds the owner too: set support.municipality for each); only then make it NOT NULL.
- Build an index on a filled table CONCURRENTLY, in a migration of its own.
- A new table of resident data: security.secure(table), and its name in security.GRANTS.

Revision: ${up_revision}
After: ${down_revision | comma,n}
"""

from alembic import op

revision = ${repr(up_revision)}
down_revision = ${repr(down_revision)}
branch_labels = None
depends_on = None


def upgrade() -> None:
    ${upgrades if upgrades else "pass"}


def downgrade() -> None:
    ${downgrades if downgrades else "pass"}
