"""The register: on which exception special categories of data are touched.

Revision: 0005
"""

from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("alter table support.processing_activities add column special_basis text")


def downgrade() -> None:
    op.execute("alter table support.processing_activities drop column special_basis")
