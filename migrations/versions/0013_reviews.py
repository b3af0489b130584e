"""Kept fresh: reviews, private addresses of calendars, and what each version's text says of its upkeep."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"

INSTANT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Add both tables. Versions recorded before have NULL in the two columns: their texts answer instead."""
    op.add_column("versions", sa.Column("review_every", sa.String(length=400)))
    op.add_column("versions", sa.Column("regulations", sa.JSON(none_as_null=True)))
    op.create_table(
        "reviews",
        sa.Column("id", sa.String(length=16), nullable=False),
        sa.Column("procedure_id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("verdict", sa.String(length=12), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("person_id", sa.String(length=16), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name="fk_reviews_person_id_people"),
        sa.ForeignKeyConstraint(["procedure_id"], ["procedures.id"], name="fk_reviews_procedure_id_procedures"),
        sa.PrimaryKeyConstraint("id", name="pk_reviews"),
    )
    op.create_index("ix_reviews_procedure_id_sequence", "reviews", ["procedure_id", "sequence"])
    op.create_table(
        "calendar_addresses",
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("person_id", sa.String(length=16), nullable=False),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.Column("revoked_at", INSTANT),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name="fk_calendar_addresses_person_id_people"),
        sa.PrimaryKeyConstraint("token_hash", name="pk_calendar_addresses"),
    )
    op.create_index("ix_calendar_addresses_person_id", "calendar_addresses", ["person_id"])


def downgrade() -> None:
    """Refuse: a record of what happened is not taken apart. Restore a backup instead."""
    raise NotImplementedError
