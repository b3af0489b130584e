"""People and spaces from the page: time zones, browsers, archived spaces, grants that end, and invitations."""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"

INSTANT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Add the columns and the table. What was there before has no end, no zone and an unknown browser."""
    op.add_column("people", sa.Column("timezone", sa.String(length=64)))
    op.add_column("people", sa.Column("renamed_at", INSTANT))
    op.create_index("ix_people_renamed_at", "people", ["renamed_at"])
    op.add_column("sign_ins", sa.Column("browser", sa.String(length=200), nullable=False, server_default=""))
    op.add_column("one_time_links", sa.Column("purpose", sa.String(length=8), nullable=False, server_default="sign_in"))
    op.add_column("grants", sa.Column("ends_at", INSTANT))
    op.add_column("spaces", sa.Column("archived_at", INSTANT))
    op.add_column("spaces", sa.Column("archived_by", sa.String(length=16)))
    op.add_column("spaces", sa.Column("guests_meet_since", INSTANT))
    op.add_column("spaces", sa.Column("recommendations", sa.Integer(), nullable=False, server_default="0"))
    _invitations()


def _invitations() -> None:
    op.create_table(
        "invitations",
        sa.Column("id", sa.String(length=16), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("space_id", sa.String(length=16), nullable=False),
        sa.Column("kind", sa.String(length=14), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("inviter", sa.String(length=16), nullable=False),
        sa.Column("made_at", INSTANT, nullable=False),
        sa.Column("expires_at", INSTANT, nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=False),
        sa.Column("person_id", sa.String(length=16)),
        sa.Column("used_at", INSTANT),
        sa.Column("kept_at", INSTANT),
        sa.Column("kept_by", sa.String(length=16)),
        sa.Column("ended_at", INSTANT),
        sa.Column("ended_by", sa.String(length=16)),
        sa.ForeignKeyConstraint(["inviter"], ["people.id"], name="fk_invitations_inviter_people"),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name="fk_invitations_person_id_people"),
        sa.ForeignKeyConstraint(["space_id"], ["spaces.id"], name="fk_invitations_space_id_spaces"),
        sa.PrimaryKeyConstraint("id", name="pk_invitations"),
        sa.UniqueConstraint("token_hash", name="uq_invitations_token_hash"),
    )
    for column in ("space_id", "inviter", "person_id"):
        op.create_index(f"ix_invitations_{column}", "invitations", [column])


def downgrade() -> None:
    """Refuse: a record of what happened is not taken apart. Restore a backup instead."""
    raise NotImplementedError
