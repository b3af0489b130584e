"""How many words a space wants its procedures to have at most."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    """Give spaces a budget of words; no space has one yet."""
    op.add_column("spaces", sa.Column("words_budget", sa.Integer(), nullable=True))


def downgrade() -> None:
    """Refuse: a record of what happened is not taken apart. Restore a backup instead."""
    raise NotImplementedError
