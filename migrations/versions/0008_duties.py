"""Who does what, read from the texts; and the remarks on a change that somebody left as they are."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"

INSTANT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Make the tables. The follower fills the first from the journal's beginning."""
    op.create_table(
        "duties",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("space_id", sa.String(length=16), nullable=False),
        sa.Column("procedure_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("role", sa.String(length=200), nullable=False),
        sa.Column("slug", sa.String(length=120), nullable=False),
        sa.Column("task", sa.Text(), nullable=False),
        sa.Column("delay", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_duties"),
        sa.ForeignKeyConstraint(["space_id"], ["spaces.id"], name="fk_duties_space_id_spaces"),
        sa.ForeignKeyConstraint(["procedure_id"], ["procedures.id"], name="fk_duties_procedure_id_procedures"),
        sa.UniqueConstraint("procedure_id", "number", "position", name="uq_duties_procedure_id_number_position"),
    )
    op.create_index("ix_duties_slug", "duties", ["slug"])
    op.create_table(
        "left_remarks",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("change_id", sa.String(length=16), nullable=False),
        sa.Column("key", sa.String(length=16), nullable=False),
        sa.Column("person_id", sa.String(length=16), nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_left_remarks"),
        sa.ForeignKeyConstraint(["change_id"], ["changes.id"], name="fk_left_remarks_change_id_changes"),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name="fk_left_remarks_person_id_people"),
        sa.UniqueConstraint("change_id", "key", name="uq_left_remarks_change_id_key"),
    )


def downgrade() -> None:
    """Refuse: a record of what happened is not taken apart. Restore a backup instead."""
    raise NotImplementedError
