"""The register of regulations: texts, clauses, and what was said when one was amended."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"

INSTANT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Add the three tables."""
    _texts()
    op.create_table(
        "clauses",
        sa.Column("id", sa.String(length=16), nullable=False),
        sa.Column("regulation_id", sa.String(length=16), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("label", sa.String(length=80), nullable=False),
        sa.Column("wording", sa.Text(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("dropped_by", sa.String(length=16)),
        sa.Column("dropped_at", INSTANT),
        sa.ForeignKeyConstraint(["dropped_by"], ["people.id"], name="fk_clauses_dropped_by_people"),
        sa.ForeignKeyConstraint(["regulation_id"], ["regulations.id"], name="fk_clauses_regulation_id_regulations"),
        sa.PrimaryKeyConstraint("id", name="pk_clauses"),
        sa.UniqueConstraint("regulation_id", "label", name="uq_clauses_regulation_id_label"),
    )
    op.create_table(
        "amendments",
        sa.Column("id", sa.String(length=16), nullable=False),
        sa.Column("clause_id", sa.String(length=16), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("person_id", sa.String(length=16), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["clause_id"], ["clauses.id"], name="fk_amendments_clause_id_clauses"),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name="fk_amendments_person_id_people"),
        sa.PrimaryKeyConstraint("id", name="pk_amendments"),
    )
    op.create_index("ix_amendments_clause_id", "amendments", ["clause_id"])


def _texts() -> None:
    op.create_table(
        "regulations",
        sa.Column("id", sa.String(length=16), nullable=False),
        sa.Column("space_id", sa.String(length=16), nullable=False),
        sa.Column("title", sa.String(length=300), nullable=False),
        sa.Column("short", sa.String(length=80), nullable=False),
        sa.Column("source", sa.String(length=500), nullable=False),
        sa.Column("dated", sa.Date()),
        sa.Column("next_check", sa.Date()),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("added_by", sa.String(length=16)),
        sa.Column("added_at", INSTANT, nullable=False),
        sa.Column("checked_by", sa.String(length=16)),
        sa.Column("checked_at", INSTANT),
        sa.Column("dropped_by", sa.String(length=16)),
        sa.Column("dropped_at", INSTANT),
        sa.ForeignKeyConstraint(["added_by"], ["people.id"], name="fk_regulations_added_by_people"),
        sa.ForeignKeyConstraint(["checked_by"], ["people.id"], name="fk_regulations_checked_by_people"),
        sa.ForeignKeyConstraint(["dropped_by"], ["people.id"], name="fk_regulations_dropped_by_people"),
        sa.ForeignKeyConstraint(["space_id"], ["spaces.id"], name="fk_regulations_space_id_spaces"),
        sa.PrimaryKeyConstraint("id", name="pk_regulations"),
        sa.UniqueConstraint("space_id", "title", name="uq_regulations_space_id_title"),
    )


def downgrade() -> None:
    """Refuse: a record of what happened is not taken apart. Restore a backup instead."""
    raise NotImplementedError
