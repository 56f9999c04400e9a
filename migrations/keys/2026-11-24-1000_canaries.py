"""Canaries: one for each wrapping key, which only the keyring that was used first can open. And the version is shown.

Revision: keys_0002
"""

from alembic import op

from support_api.db import security

revision = "keys_0002"
down_revision = "keys_0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute(
        """
        create table keys.canaries (
          wrapping text not null,
          wrapped bytea not null,
          created_at timestamptz not null default now(),
          constraint canaries_pk primary key (wrapping)
        )
        """
    )
    op.execute(f"grant select, insert on keys.canaries to {security.KEYS}")
    op.execute(f"grant select on keys.alembic_version to {security.KEYS}")


def downgrade() -> None:
    op.execute(f"revoke select on keys.alembic_version from {security.KEYS}")
    op.execute("drop table keys.canaries")
