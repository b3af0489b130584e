"""Where threads' words stand in the texts in force, so that what waits for a check is a question to the database."""

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"


def upgrade() -> None:
    """Add the table; it is filled aside."""
    op.create_table(
        "thread_places",
        sa.Column("thread_id", sa.String(length=16), nullable=False),
        sa.Column("blob", sa.String(length=40), nullable=False),
        sa.Column("rules", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=8), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["thread_id"], ["threads.id"], name="fk_thread_places_thread_id_threads"),
        sa.PrimaryKeyConstraint("thread_id", name="pk_thread_places"),
    )
