"""Running it: inspections of the site, and when each follower last moved."""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"

INSTANT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Add the table and the column; a follower that has not moved since has NULL there."""
    op.add_column("followers", sa.Column("moved_at", INSTANT))
    op.create_table(
        "inspections",
        sa.Column("id", sa.String(length=16), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("asked_by", sa.String(length=16)),
        sa.Column("asked_at", INSTANT, nullable=False),
        sa.Column("begun_at", INSTANT),
        sa.Column("ended_at", INSTANT),
        sa.Column("findings", sa.Integer()),
        sa.Column("told", sa.JSON(none_as_null=True)),
        sa.ForeignKeyConstraint(["asked_by"], ["people.id"], name="fk_inspections_asked_by_people"),
        sa.PrimaryKeyConstraint("id", name="pk_inspections"),
    )
    op.create_index("ix_inspections_kind_asked_at", "inspections", ["kind", "asked_at"])


def downgrade() -> None:
    """Refuse: a record of what happened is not taken apart. Restore a backup instead."""
    raise NotImplementedError
