"""Backups, when they are made, and which program brought which revision."""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"

INSTANT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Add the three tables."""
    op.create_table(
        "upgrades",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("revision", sa.String(length=32), nullable=False),
        sa.Column("version", sa.String(length=40), nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_upgrades"),
    )
    op.create_table(
        "backup_plans",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("hour", sa.Integer()),
        sa.Column("keep", sa.Integer(), nullable=False),
        sa.Column("set_by", sa.String(length=16), nullable=False),
        sa.Column("set_at", INSTANT, nullable=False),
        sa.ForeignKeyConstraint(["set_by"], ["people.id"], name="fk_backup_plans_set_by_people"),
        sa.PrimaryKeyConstraint("id", name="pk_backup_plans"),
    )
    op.create_table(
        "backups",
        sa.Column("id", sa.String(length=16), nullable=False),
        sa.Column("begun_at", INSTANT, nullable=False),
        sa.Column("ended_at", INSTANT, nullable=False),
        sa.Column("asked_by", sa.String(length=16)),
        sa.Column("path", sa.String(length=1024), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("failed_because", sa.Text(), nullable=False),
        sa.Column("pruned_at", INSTANT),
        sa.ForeignKeyConstraint(["asked_by"], ["people.id"], name="fk_backups_asked_by_people"),
        sa.PrimaryKeyConstraint("id", name="pk_backups"),
    )
    op.create_index("ix_backups_begun_at", "backups", ["begun_at"])


def downgrade() -> None:
    """Refuse: a record of what happened is not taken apart. Restore a backup instead."""
    raise NotImplementedError
