"""Who may give each approval: per space, per procedure, and as it was when a change was opened."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """Make the columns and the table; spaces and open changes go on asking any approver."""
    op.add_column("spaces", sa.Column("seats", sa.JSON(), nullable=True))
    op.add_column("changes", sa.Column("rules", sa.JSON(), nullable=False, server_default="[]"))
    op.create_table(
        "approval_rules",
        sa.Column("procedure_id", sa.Integer(), nullable=False),
        sa.Column("seats", sa.JSON(), nullable=False),
        sa.Column("set_by", sa.String(length=16), nullable=False),
        sa.Column("set_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["procedure_id"], ["procedures.id"], name="fk_approval_rules_procedure_id_procedures"),
        sa.ForeignKeyConstraint(["set_by"], ["people.id"], name="fk_approval_rules_set_by_people"),
        sa.PrimaryKeyConstraint("procedure_id", name="pk_approval_rules"),
    )


def downgrade() -> None:
    """Refuse: a record of what happened is not taken apart. Restore a backup instead."""
    raise NotImplementedError
