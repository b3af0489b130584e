"""The act that any page of a space may show, and the act that one procedure's page alone shows, so that one message spares the others."""

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"


def upgrade() -> None:
    """Add both numbers. Nothing is kept when a program starts, so they begin where they are."""
    op.add_column("chains", sa.Column("shared", sa.Integer(), server_default="0", nullable=False))
    op.add_column("procedures", sa.Column("said", sa.Integer(), server_default="0", nullable=False))
