"""Changes that a reader proposed, and the author who took each over."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"

INSTANT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Give changes the record of having been proposed; none of those there was."""
    op.add_column("changes", sa.Column("proposed_at", INSTANT, nullable=True))
    op.add_column("changes", sa.Column("taken_over_at", INSTANT, nullable=True))
    # As SQL, in which both databases add a column together with what it refers to; Alembic makes two steps of it, and
    # SQLite's second would build the table anew, which what refers to it does not allow.
    op.execute(
        "ALTER TABLE changes ADD COLUMN taken_over_by VARCHAR(16)"
        " CONSTRAINT fk_changes_taken_over_by_people REFERENCES people (id)"
    )


def downgrade() -> None:
    """Refuse: a record of what happened is not taken apart. Restore a backup instead."""
    raise NotImplementedError
