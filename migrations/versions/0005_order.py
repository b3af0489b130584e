"""The order of grants and reviews by sequence in the space's chain: clocks of two machines can disagree, a chain cannot."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    """Make the columns and fill them from the journal."""
    op.add_column("grants", sa.Column("sequence", sa.Integer(), nullable=False, server_default="0"))
    op.add_column("changes", sa.Column("submitted_sequence", sa.Integer(), nullable=True))
    op.execute(
        "UPDATE grants SET sequence = coalesce((SELECT max(j.sequence) FROM journal j WHERE j.chain = grants.space_id "
        "AND j.act = 'grant' AND j.object = 'person:' || grants.person_id AND j.at <= grants.granted_at), 0)"
    )
    op.execute(
        "UPDATE changes SET submitted_sequence = (SELECT max(j.sequence) FROM journal j WHERE j.chain = changes.space_id "
        "AND j.act = 'submit' AND j.object = 'change:' || changes.id)"
    )


def downgrade() -> None:
    """Refuse: a record of what happened is not taken apart. Restore a backup instead."""
    raise NotImplementedError
