"""The team that somebody works in."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Give people a team; nobody is in one yet."""
    op.add_column("people", sa.Column("team", sa.String(length=80), nullable=False, server_default=""))


def downgrade() -> None:
    """Refuse: a record of what happened is not taken apart. Restore a backup instead."""
    raise NotImplementedError
