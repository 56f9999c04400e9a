"""The key store: one wrapped data key per person. Back it up for days, not years.

Revision: keys_0001
"""

from alembic import op

from support_api.db import security

revision = "keys_0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute(
        """
        create table keys.data_keys (
          municipality_id uuid not null,
          id uuid not null,
          wrapping text not null,
          wrapped bytea,
          created_at timestamptz not null default now(),
          destroyed_at timestamptz,
          constraint data_keys_pk primary key (municipality_id, id)
        )
        """
    )
    op.execute(f"grant usage on schema keys to {security.KEYS}")
    op.execute(f"grant select, insert, update (wrapped, destroyed_at) on keys.data_keys to {security.KEYS}")


def downgrade() -> None:
    op.execute("drop table keys.data_keys")
