"""The animator's desk: locks, pins, hidden words, merged threads, reports, who was asked, gaps, pictures, searches in vain."""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"

INSTANT = sa.DateTime(timezone=True)
PERSON = sa.String(length=16)


def upgrade() -> None:
    """Add the columns and tables; nothing that is there was locked, pinned, hidden or merged."""
    for name in ("locked_at", "pinned_at", "hidden_at", "merged_at"):
        op.add_column("threads", sa.Column(name, INSTANT))
    op.add_column("threads", sa.Column("pinned_until", sa.Date()))
    op.add_column("posts", sa.Column("hidden_at", INSTANT))
    for table in ("threads", "posts"):
        op.add_column(table, sa.Column("hidden_because", sa.Text(), nullable=False, server_default=""))
    _refer("threads", "people", "locked_by", "pinned_by", "hidden_by", "merged_by")
    _refer("threads", "threads", "merged_into")
    _refer("posts", "people", "hidden_by")
    op.create_index("ix_threads_merged_into", "threads", ["merged_into"])
    op.create_index("ix_threads_pinned_until", "threads", ["pinned_until"])
    op.create_index("ix_versions_change_id", "versions", ["change_id"])
    _told()
    _asked()
    _kept()


def _refer(table: str, other: str, *columns: str) -> None:
    # As SQL, in which both databases add a column together with what it refers to; see 0010.
    for name in columns:
        op.execute(f"ALTER TABLE {table} ADD COLUMN {name} VARCHAR(16) CONSTRAINT fk_{table}_{name}_{other} REFERENCES {other} (id)")


def _told() -> None:
    op.create_table(
        "thread_events",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("thread_id", PERSON, nullable=False),
        sa.Column("act", sa.String(length=40), nullable=False),
        sa.Column("person_id", PERSON, nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("told", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name="fk_thread_events_person_id_people"),
        sa.ForeignKeyConstraint(["thread_id"], ["threads.id"], name="fk_thread_events_thread_id_threads"),
        sa.PrimaryKeyConstraint("id", name="pk_thread_events"),
    )
    op.create_index("ix_thread_events_thread_id", "thread_events", ["thread_id"])
    op.create_table(
        "gap_steps",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("thread_id", PERSON, nullable=False),
        sa.Column("part", sa.String(length=10), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("day", sa.Date()),
        sa.Column("person_id", PERSON, nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name="fk_gap_steps_person_id_people"),
        sa.ForeignKeyConstraint(["thread_id"], ["threads.id"], name="fk_gap_steps_thread_id_threads"),
        sa.PrimaryKeyConstraint("id", name="pk_gap_steps"),
    )
    op.create_index("ix_gap_steps_thread_id", "gap_steps", ["thread_id"])


def _asked() -> None:
    op.create_table(
        "reports",
        sa.Column("id", PERSON, nullable=False),
        sa.Column("space_id", PERSON, nullable=False),
        sa.Column("post_id", PERSON, nullable=False),
        sa.Column("person_id", PERSON, nullable=False),
        sa.Column("word", sa.Text(), nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.Column("settled_by", PERSON),
        sa.Column("settled_at", INSTANT),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name="fk_reports_person_id_people"),
        sa.ForeignKeyConstraint(["post_id"], ["posts.id"], name="fk_reports_post_id_posts"),
        sa.ForeignKeyConstraint(["settled_by"], ["people.id"], name="fk_reports_settled_by_people"),
        sa.ForeignKeyConstraint(["space_id"], ["spaces.id"], name="fk_reports_space_id_spaces"),
        sa.PrimaryKeyConstraint("id", name="pk_reports"),
    )
    op.create_index("ix_reports_post_id", "reports", ["post_id"])
    op.create_index("ix_reports_space_id_settled_at", "reports", ["space_id", "settled_at"])
    op.create_table(
        "routes",
        sa.Column("thread_id", PERSON, nullable=False),
        sa.Column("person_id", PERSON, nullable=False),
        sa.Column("by", PERSON, nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.ForeignKeyConstraint(["by"], ["people.id"], name="fk_routes_by_people"),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name="fk_routes_person_id_people"),
        sa.ForeignKeyConstraint(["thread_id"], ["threads.id"], name="fk_routes_thread_id_threads"),
        sa.PrimaryKeyConstraint("thread_id", "person_id", name="pk_routes"),
    )
    op.create_index("ix_routes_person_id", "routes", ["person_id"])


def _kept() -> None:
    op.create_table(
        "hidden_words",
        sa.Column("post_id", PERSON, nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("html", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["post_id"], ["posts.id"], name="fk_hidden_words_post_id_posts"),
        sa.PrimaryKeyConstraint("post_id", name="pk_hidden_words"),
    )
    op.create_table(
        "post_pictures",
        sa.Column("post_id", PERSON, nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("type", sa.String(length=40), nullable=False),
        sa.ForeignKeyConstraint(["post_id"], ["posts.id"], name="fk_post_pictures_post_id_posts"),
        sa.PrimaryKeyConstraint("post_id", "name", name="pk_post_pictures"),
    )
    op.create_index("ix_post_pictures_sha256", "post_pictures", ["sha256"])
    op.create_table(
        "missed_searches",
        sa.Column("id", PERSON, nullable=False),
        sa.Column("space_id", PERSON, nullable=False),
        sa.Column("folded", sa.String(length=100), nullable=False),
        sa.Column("words", sa.String(length=100), nullable=False),
        sa.Column("times", sa.Integer(), nullable=False),
        sa.Column("last_at", INSTANT, nullable=False),
        sa.ForeignKeyConstraint(["space_id"], ["spaces.id"], name="fk_missed_searches_space_id_spaces"),
        sa.PrimaryKeyConstraint("id", name="pk_missed_searches"),
        sa.UniqueConstraint("space_id", "folded", name="uq_missed_searches_space_id_folded"),
    )
    op.create_index("ix_missed_searches_space_id_last_at", "missed_searches", ["space_id", "last_at"])


def downgrade() -> None:
    """Refuse: a record of what happened is not taken apart. Restore a backup instead."""
    raise NotImplementedError
