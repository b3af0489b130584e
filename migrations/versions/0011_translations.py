"""What each version was translated from."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"


def upgrade() -> None:
    """Give versions the procedure and version that they translate; none of those there was says any."""
    op.add_column("versions", sa.Column("translates_code", sa.String(length=24), nullable=True))
    op.add_column("versions", sa.Column("translates_version", sa.Integer(), nullable=True))
    op.create_index("ix_versions_translates_code", "versions", ["translates_code"])


def downgrade() -> None:
    """Refuse: a record of what happened is not taken apart. Restore a backup instead."""
    raise NotImplementedError
