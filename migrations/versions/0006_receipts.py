"""Whom a procedure asks to say that they have read it, what they attested, and who was asked again."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"

INSTANT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Make the tables; no procedure asks anybody yet."""
    _make_audience_entries()
    _make_receipts()
    _make_reminders()


def _make_audience_entries() -> None:
    op.create_table(
        "audience_entries",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("procedure_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("role", sa.String(length=10)),
        sa.Column("person_id", sa.String(length=16)),
        sa.Column("added_by", sa.String(length=16), nullable=False),
        sa.Column("added_at", INSTANT, nullable=False),
        sa.Column("ended_by", sa.String(length=16)),
        sa.Column("ended_at", INSTANT),
        sa.ForeignKeyConstraint(["procedure_id"], ["procedures.id"], name="fk_audience_entries_procedure_id_procedures"),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name="fk_audience_entries_person_id_people"),
        sa.ForeignKeyConstraint(["added_by"], ["people.id"], name="fk_audience_entries_added_by_people"),
        sa.ForeignKeyConstraint(["ended_by"], ["people.id"], name="fk_audience_entries_ended_by_people"),
        sa.PrimaryKeyConstraint("id", name="pk_audience_entries"),
    )
    op.create_index("ix_audience_entries_procedure_id", "audience_entries", ["procedure_id"])


def _make_receipts() -> None:
    op.create_table(
        "receipts",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("procedure_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.String(length=16), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("blob", sa.String(length=40), nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.ForeignKeyConstraint(["procedure_id"], ["procedures.id"], name="fk_receipts_procedure_id_procedures"),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name="fk_receipts_person_id_people"),
        sa.PrimaryKeyConstraint("id", name="pk_receipts"),
        sa.UniqueConstraint("procedure_id", "person_id", "version", name="uq_receipts_procedure_id_person_id_version"),
    )
    op.create_index("ix_receipts_person_id_procedure_id", "receipts", ["person_id", "procedure_id"])


def _make_reminders() -> None:
    op.create_table(
        "reminders",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("procedure_id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.String(length=16), nullable=False),
        sa.Column("asked_by", sa.String(length=16), nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.ForeignKeyConstraint(["procedure_id"], ["procedures.id"], name="fk_reminders_procedure_id_procedures"),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name="fk_reminders_person_id_people"),
        sa.ForeignKeyConstraint(["asked_by"], ["people.id"], name="fk_reminders_asked_by_people"),
        sa.PrimaryKeyConstraint("id", name="pk_reminders"),
    )
    op.create_index("ix_reminders_procedure_id_at", "reminders", ["procedure_id", "at"])
    op.create_index("ix_reminders_person_id_procedure_id", "reminders", ["person_id", "procedure_id"])


def downgrade() -> None:
    """Refuse: a record of what happened is not taken apart. Restore a backup instead."""
    raise NotImplementedError
