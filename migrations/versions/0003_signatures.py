"""What a change says to those it concerns, in up to three lines; and who made an approval fall."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Make the columns; changes and versions that are there say nothing, and approvals that fell name somebody in words."""
    for table in ("changes", "versions"):
        op.add_column(table, sa.Column("for_you", sa.JSON(), nullable=False, server_default="[]"))
    op.add_column("approvals", sa.Column("fell_by", sa.String(length=120), nullable=False, server_default=""))


def downgrade() -> None:
    """Refuse: a record of what happened is not taken apart. Restore a backup instead."""
    raise NotImplementedError
