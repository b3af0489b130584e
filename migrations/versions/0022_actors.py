"""The acts of a person in one chain, so that the journal's page looks at theirs alone."""

from alembic import op

revision = "0022"
down_revision = "0021"


def upgrade() -> None:
    """Add the index."""
    op.create_index("ix_journal_chain_actor", "journal", ["chain", "actor"])
