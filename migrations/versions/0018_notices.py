"""Notices: who follows what, who was told of what, the letters that carry it; and whom a message names.

What happened before is not told: the follower begins where each chain stands. Who has taken part so far follows.
"""

import json

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"

INSTANT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Add the tables, then what follows from what is there."""
    _people_and_posts()
    _notices()
    _from_what_is_there()


def _people_and_posts() -> None:
    op.create_table(
        "mentions",
        sa.Column("post_id", sa.String(length=16), nullable=False),
        sa.Column("person_id", sa.String(length=16), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name="fk_mentions_person_id_people"),
        sa.ForeignKeyConstraint(["post_id"], ["posts.id"], name="fk_mentions_post_id_posts"),
        sa.PrimaryKeyConstraint("post_id", "person_id", name="pk_mentions"),
    )
    op.create_index("ix_mentions_person_id", "mentions", ["person_id"])
    op.create_table(
        "follows",
        sa.Column("person_id", sa.String(length=16), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("of", sa.String(length=24), nullable=False),
        sa.Column("why", sa.String(length=10), nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.Column("ended_at", INSTANT),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name="fk_follows_person_id_people"),
        sa.PrimaryKeyConstraint("person_id", "kind", "of", name="pk_follows"),
    )
    op.create_index("ix_follows_kind_of", "follows", ["kind", "of"])
    op.create_table(
        "mail_choices",
        sa.Column("person_id", sa.String(length=16), nullable=False),
        sa.Column("direct", sa.String(length=8), nullable=False),
        sa.Column("followed", sa.String(length=8), nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name="fk_mail_choices_person_id_people"),
        sa.PrimaryKeyConstraint("person_id", name="pk_mail_choices"),
    )
    op.create_table(
        "refused_addresses",
        sa.Column("person_id", sa.String(length=16), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.Column("said", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name="fk_refused_addresses_person_id_people"),
        sa.PrimaryKeyConstraint("person_id", name="pk_refused_addresses"),
    )


def _notices() -> None:
    op.create_table(
        "letters",
        sa.Column("id", sa.String(length=16), nullable=False),
        sa.Column("person_id", sa.String(length=16), nullable=False),
        sa.Column("made_at", INSTANT, nullable=False),
        sa.Column("due_at", INSTANT),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("handed_at", INSTANT),
        sa.Column("sent_at", INSTANT),
        sa.Column("dropped_at", INSTANT),
        sa.Column("refused_at", INSTANT),
        sa.Column("said", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name="fk_letters_person_id_people"),
        sa.PrimaryKeyConstraint("id", name="pk_letters"),
    )
    op.create_index("ix_letters_due_at", "letters", ["due_at"])
    op.create_index("ix_letters_person_id_sent_at", "letters", ["person_id", "sent_at"])
    about = (("actor_id", "people"), ("space_id", "spaces"), ("procedure_id", "procedures"), ("thread_id", "threads"), ("post_id", "posts"),
             ("change_id", "changes"), ("subject_id", "people"))
    op.create_table(
        "notices",
        sa.Column("id", sa.String(length=16), nullable=False),
        sa.Column("person_id", sa.String(length=16), nullable=False),
        sa.Column("cause", sa.String(length=80), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        *(
            sa.Column(name, sa.Integer() if name == "procedure_id" else sa.String(length=16), nullable=name != "space_id")
            for name, _ in about
        ),
        sa.Column("version", sa.Integer()),
        sa.Column("word", sa.String(length=20), nullable=False),
        sa.Column("read_at", INSTANT),
        sa.Column("mail_at", INSTANT),
        sa.Column("letter_id", sa.String(length=16)),
        *(
            sa.ForeignKeyConstraint([name], [f"{table}.id"], name=f"fk_notices_{name}_{table}")
            for name, table in (*about, ("person_id", "people"), ("letter_id", "letters"))
        ),
        sa.PrimaryKeyConstraint("id", name="pk_notices"),
        sa.UniqueConstraint("person_id", "cause", name="uq_notices_person_id_cause"),
    )
    op.create_index("ix_notices_person_id_read_at", "notices", ["person_id", "read_at"])
    op.create_index("ix_notices_letter_id_mail_at", "notices", ["letter_id", "mail_at"])
    op.create_index("ix_notices_at", "notices", ["at"])
    op.create_table(
        "coming_versions",
        sa.Column("procedure_id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("told_at", INSTANT),
        sa.ForeignKeyConstraint(["procedure_id"], ["procedures.id"], name="fk_coming_versions_procedure_id_procedures"),
        sa.PrimaryKeyConstraint("procedure_id", "version", name="pk_coming_versions"),
    )
    op.create_index("ix_coming_versions_told_at_day", "coming_versions", ["told_at", "day"])
    op.create_table(
        "days_done",
        sa.Column("what", sa.String(length=20), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.PrimaryKeyConstraint("what", name="pk_days_done"),
    )


def _from_what_is_there() -> None:
    run = op.get_bind().execute
    run(sa.text("INSERT INTO followers (follower, chain, sequence) SELECT 'notices', name, sequence FROM chains WHERE sequence > 0"))
    run(sa.text(
        'INSERT INTO follows (person_id, kind, "of", why, at) '
        "SELECT author_id, 'thread', thread_id, 'part', min(created_at) FROM posts GROUP BY author_id, thread_id"
    ))
    newest = (
        "SELECT p.code, v.written_by, v.published_at FROM versions v JOIN procedures p ON p.id = v.procedure_id "
        "WHERE v.number = (SELECT max(w.number) FROM versions w WHERE w.procedure_id = v.procedure_id)"
    )
    people = set(run(sa.text("SELECT id FROM people")).scalars())
    for code, written_by, at in run(sa.text(newest)).all():
        writers = json.loads(written_by) if isinstance(written_by, str) else written_by
        for person in {one.get("person") for one in writers or ()} & people:
            run(
                sa.text('INSERT INTO follows (person_id, kind, "of", why, at) VALUES (:person, \'procedure\', :code, \'part\', :at)'),
                {"person": person, "code": code, "at": at},
            )
    run(sa.text(
        "INSERT INTO coming_versions (procedure_id, version, day) "
        "SELECT procedure_id, number, in_force_from FROM versions WHERE cancelled_by IS NULL AND in_force_from > CURRENT_DATE"
    ))


def downgrade() -> None:
    """Refuse: a record of what happened is not taken apart. Restore a backup instead."""
    raise NotImplementedError
