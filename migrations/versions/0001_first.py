"""The first tables."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None

INSTANT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Make every table, and the site's chain, which is the lock of whatever comes first."""
    _record()
    _people()
    _rule()
    _practice()
    op.execute("INSERT INTO chains (name, sequence, hash) VALUES ('site', 0, '%s')" % ("0" * 64))


def downgrade() -> None:
    """Refuse: a record of what happened is not taken apart. Restore a backup instead."""
    raise NotImplementedError


def _record() -> None:
    op.create_table(
        "chains",
        sa.Column("name", sa.String(length=16), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_chains"),
    )
    op.create_table(
        "followers",
        sa.Column("follower", sa.String(length=40), nullable=False),
        sa.Column("chain", sa.String(length=16), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("follower", "chain", name="pk_followers"),
    )
    op.create_table(
        "journal",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("chain", sa.String(length=16), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.Column("actor", sa.String(length=16)),
        sa.Column("act", sa.String(length=40), nullable=False),
        sa.Column("object", sa.String(length=120), nullable=False),
        sa.Column("reason_digest", sa.String(length=64)),
        sa.Column("reason_salt", sa.String(length=32)),
        sa.Column("content_digest", sa.String(length=64)),
        sa.Column("content_salt", sa.String(length=32)),
        sa.Column("previous", sa.String(length=64), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_journal"),
        sa.UniqueConstraint("chain", "sequence", name="uq_journal_chain_sequence"),
    )
    op.create_index("ix_journal_hash", "journal", ["hash"])
    op.create_index("ix_journal_object", "journal", ["object"])


def _people() -> None:
    op.create_table(
        "people",
        sa.Column("id", sa.String(length=16), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("password_hash", sa.String(length=255)),
        sa.Column("password_set_at", INSTANT),
        sa.Column("language", sa.String(length=2)),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.Column("guest_since", INSTANT),
        sa.Column("administrator_since", INSTANT),
        sa.Column("disabled_at", INSTANT),
        sa.PrimaryKeyConstraint("id", name="pk_people"),
        sa.UniqueConstraint("email", name="uq_people_email"),
    )
    op.create_table(
        "spaces",
        sa.Column("id", sa.String(length=16), nullable=False),
        sa.Column("slug", sa.String(length=40), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("description", sa.Text(), nullable=False),
        sa.Column("visibility", sa.String(length=10), nullable=False),
        sa.Column("approvals_required", sa.Integer(), nullable=False),
        sa.Column("language", sa.String(length=2), nullable=False),
        sa.Column("prefix", sa.String(length=6), nullable=False),
        sa.Column("last_number", sa.Integer(), nullable=False),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.Column("recorded_tip", sa.String(length=40)),
        sa.PrimaryKeyConstraint("id", name="pk_spaces"),
        sa.UniqueConstraint("prefix", name="uq_spaces_prefix"),
        sa.UniqueConstraint("slug", name="uq_spaces_slug"),
    )
    op.create_table(
        "grants",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("space_id", sa.String(length=16), nullable=False),
        sa.Column("person_id", sa.String(length=16), nullable=False),
        sa.Column("role", sa.String(length=10), nullable=False),
        sa.Column("granted_at", INSTANT, nullable=False),
        sa.Column("granted_by", sa.String(length=16)),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name="fk_grants_person_id_people"),
        sa.ForeignKeyConstraint(["space_id"], ["spaces.id"], name="fk_grants_space_id_spaces"),
        sa.PrimaryKeyConstraint("id", name="pk_grants"),
        sa.UniqueConstraint("space_id", "person_id", "role", name="uq_grants_space_id_person_id_role"),
    )
    op.create_index("ix_grants_person_id", "grants", ["person_id"])
    op.create_table(
        "attempts",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("subject", sa.String(length=64), nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_attempts"),
    )
    op.create_index("ix_attempts_subject_at", "attempts", ["subject", "at"])
    op.create_table(
        "one_time_links",
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("person_id", sa.String(length=16), nullable=False),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.Column("expires_at", INSTANT, nullable=False),
        sa.Column("used_at", INSTANT),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name="fk_one_time_links_person_id_people"),
        sa.PrimaryKeyConstraint("token_hash", name="pk_one_time_links"),
    )
    op.create_index("ix_one_time_links_person_id", "one_time_links", ["person_id"])
    op.create_table(
        "sign_ins",
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("person_id", sa.String(length=16), nullable=False),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.Column("expires_at", INSTANT, nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name="fk_sign_ins_person_id_people"),
        sa.PrimaryKeyConstraint("token_hash", name="pk_sign_ins"),
    )
    op.create_index("ix_sign_ins_person_id", "sign_ins", ["person_id"])
    op.create_table(
        "tokens",
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("person_id", sa.String(length=16), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.Column("revoked_at", INSTANT),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name="fk_tokens_person_id_people"),
        sa.PrimaryKeyConstraint("token_hash", name="pk_tokens"),
    )
    op.create_index("ix_tokens_person_id", "tokens", ["person_id"])


def _rule() -> None:
    op.create_table(
        "procedures",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("space_id", sa.String(length=16), nullable=False),
        sa.Column("code", sa.String(length=24), nullable=False),
        sa.Column("path", sa.String(length=1024), nullable=False),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.ForeignKeyConstraint(["space_id"], ["spaces.id"], name="fk_procedures_space_id_spaces"),
        sa.PrimaryKeyConstraint("id", name="pk_procedures"),
        sa.UniqueConstraint("code", name="uq_procedures_code"),
    )
    op.create_index("ix_procedures_space_id_code", "procedures", ["space_id", "code"])
    op.create_table(
        "versions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("procedure_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("action", sa.String(length=10), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("title", sa.String(length=400), nullable=False),
        sa.Column("owner", sa.String(length=200), nullable=False),
        sa.Column("language", sa.String(length=2), nullable=False),
        sa.Column("path", sa.String(length=1024), nullable=False),
        sa.Column("blob", sa.String(length=40)),
        sa.Column("commit", sa.String(length=40), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("author", sa.String(length=200), nullable=False),
        sa.Column("written_by", sa.JSON(), nullable=False),
        sa.Column("approvals", sa.JSON(), nullable=False),
        sa.Column("approvals_required", sa.Integer(), nullable=False),
        sa.Column("base", sa.Integer()),
        sa.Column("digest", sa.String(length=64)),
        sa.Column("change_id", sa.String(length=16)),
        sa.Column("published_at", INSTANT, nullable=False),
        sa.Column("approved_at", INSTANT),
        sa.Column("in_force_from", sa.Date(), nullable=False),
        sa.Column("imported", sa.Boolean(), nullable=False),
        sa.Column("cancelled_by", sa.String(length=40)),
        sa.ForeignKeyConstraint(["procedure_id"], ["procedures.id"], name="fk_versions_procedure_id_procedures"),
        sa.PrimaryKeyConstraint("id", name="pk_versions"),
        sa.UniqueConstraint("procedure_id", "number", name="uq_versions_procedure_id_number"),
    )
    op.create_index("ix_versions_commit", "versions", ["commit"])
    op.create_index("ix_versions_procedure_id_in_force_from", "versions", ["procedure_id", "in_force_from"])
    op.create_table(
        "changes",
        sa.Column("id", sa.String(length=16), nullable=False),
        sa.Column("space_id", sa.String(length=16), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("in_force_from", sa.Date()),
        sa.Column("replaces_scheduled", sa.Boolean(), nullable=False),
        sa.Column("approvals_required", sa.Integer(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("opened_by", sa.String(length=16)),
        sa.Column("opened_at", INSTANT, nullable=False),
        sa.Column("submitted_at", INSTANT),
        sa.Column("ended_by", sa.String(length=16)),
        sa.Column("ended_at", INSTANT),
        sa.Column("end_reason", sa.Text(), nullable=False),
        sa.Column("commit", sa.String(length=40)),
        sa.Column("source", sa.String(length=40)),
        sa.ForeignKeyConstraint(["ended_by"], ["people.id"], name="fk_changes_ended_by_people"),
        sa.ForeignKeyConstraint(["opened_by"], ["people.id"], name="fk_changes_opened_by_people"),
        sa.ForeignKeyConstraint(["space_id"], ["spaces.id"], name="fk_changes_space_id_spaces"),
        sa.PrimaryKeyConstraint("id", name="pk_changes"),
    )
    op.create_index("ix_changes_space_id_state", "changes", ["space_id", "state"])
    op.create_table(
        "change_texts",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("change_id", sa.String(length=16), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("action", sa.String(length=10), nullable=False),
        sa.Column("code", sa.String(length=24), nullable=False),
        sa.Column("path", sa.String(length=1024)),
        sa.Column("markdown", sa.Text()),
        sa.Column("base", sa.Integer()),
        sa.ForeignKeyConstraint(["change_id"], ["changes.id"], name="fk_change_texts_change_id_changes"),
        sa.PrimaryKeyConstraint("id", name="pk_change_texts"),
        sa.UniqueConstraint("change_id", "position", name="uq_change_texts_change_id_position"),
    )
    op.create_index("ix_change_texts_code", "change_texts", ["code"])
    op.create_table(
        "change_saves",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("change_id", sa.String(length=16), nullable=False),
        sa.Column("person_id", sa.String(length=16)),
        sa.Column("at", INSTANT, nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["change_id"], ["changes.id"], name="fk_change_saves_change_id_changes"),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name="fk_change_saves_person_id_people"),
        sa.PrimaryKeyConstraint("id", name="pk_change_saves"),
    )
    op.create_index("ix_change_saves_change_id", "change_saves", ["change_id"])
    op.create_table(
        "approvals",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("change_id", sa.String(length=16), nullable=False),
        sa.Column("person_id", sa.String(length=16), nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.Column("meaning", sa.String(length=20), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("comment", sa.Text(), nullable=False),
        sa.Column("fell_at", INSTANT),
        sa.Column("fell_because", sa.String(length=200), nullable=False),
        sa.ForeignKeyConstraint(["change_id"], ["changes.id"], name="fk_approvals_change_id_changes"),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name="fk_approvals_person_id_people"),
        sa.PrimaryKeyConstraint("id", name="pk_approvals"),
    )
    op.create_index("ix_approvals_change_id", "approvals", ["change_id"])
    op.create_table(
        "renderings",
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("html", sa.Text(), nullable=False),
        sa.Column("facts", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("key", name="pk_renderings"),
    )
    op.create_table(
        "imports",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("space_id", sa.String(length=16), nullable=False),
        sa.Column("tip", sa.String(length=40), nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.Column("report", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["space_id"], ["spaces.id"], name="fk_imports_space_id_spaces"),
        sa.PrimaryKeyConstraint("id", name="pk_imports"),
    )
    op.create_index("ix_imports_space_id", "imports", ["space_id"])


def _practice() -> None:
    op.create_table(
        "threads",
        sa.Column("id", sa.String(length=16), nullable=False),
        sa.Column("space_id", sa.String(length=16), nullable=False),
        sa.Column("procedure_id", sa.Integer()),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("heading", sa.String(length=200), nullable=False),
        sa.Column("opened_by", sa.String(length=16), nullable=False),
        sa.Column("opened_at", INSTANT, nullable=False),
        sa.Column("touched_at", INSTANT, nullable=False),
        sa.Column("replied_at", INSTANT),
        sa.Column("last_number", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer()),
        sa.Column("quote", sa.Text(), nullable=False),
        sa.Column("prefix", sa.Text(), nullable=False),
        sa.Column("suffix", sa.Text(), nullable=False),
        sa.Column("position", sa.Integer()),
        sa.Column("copies", sa.Integer(), nullable=False),
        sa.Column("accepted_post_id", sa.String(length=16)),
        sa.Column("accepted_by", sa.String(length=16)),
        sa.Column("accepted_at", INSTANT),
        sa.Column("closed_by", sa.String(length=16)),
        sa.Column("closed_at", INSTANT),
        sa.ForeignKeyConstraint(["accepted_by"], ["people.id"], name="fk_threads_accepted_by_people"),
        sa.ForeignKeyConstraint(["closed_by"], ["people.id"], name="fk_threads_closed_by_people"),
        sa.ForeignKeyConstraint(["opened_by"], ["people.id"], name="fk_threads_opened_by_people"),
        sa.ForeignKeyConstraint(["procedure_id"], ["procedures.id"], name="fk_threads_procedure_id_procedures"),
        sa.ForeignKeyConstraint(["space_id"], ["spaces.id"], name="fk_threads_space_id_spaces"),
        sa.PrimaryKeyConstraint("id", name="pk_threads"),
    )
    op.create_index("ix_threads_kind_replied_at_opened_at", "threads", ["kind", "replied_at", "opened_at"])
    op.create_index("ix_threads_opened_by", "threads", ["opened_by"])
    op.create_index("ix_threads_procedure_id_touched_at", "threads", ["procedure_id", "touched_at"])
    op.create_index("ix_threads_space_id_touched_at", "threads", ["space_id", "touched_at"])
    op.create_index("ix_threads_touched_at", "threads", ["touched_at"])
    op.create_table(
        "posts",
        sa.Column("id", sa.String(length=16), nullable=False),
        sa.Column("thread_id", sa.String(length=16), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("parent_id", sa.String(length=16)),
        sa.Column("author_id", sa.String(length=16), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("html", sa.Text(), nullable=False),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.Column("edited_at", INSTANT),
        sa.Column("erased_at", INSTANT),
        sa.Column("erased_by", sa.String(length=16)),
        sa.Column("erased_because", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["author_id"], ["people.id"], name="fk_posts_author_id_people"),
        sa.ForeignKeyConstraint(["erased_by"], ["people.id"], name="fk_posts_erased_by_people"),
        sa.ForeignKeyConstraint(["parent_id"], ["posts.id"], name="fk_posts_parent_id_posts"),
        sa.ForeignKeyConstraint(["thread_id"], ["threads.id"], name="fk_posts_thread_id_threads"),
        sa.PrimaryKeyConstraint("id", name="pk_posts"),
        sa.UniqueConstraint("thread_id", "number", name="uq_posts_thread_id_number"),
    )
    op.create_index("ix_posts_author_id", "posts", ["author_id"])
    op.create_index("ix_posts_parent_id", "posts", ["parent_id"])
    op.create_table(
        "thread_checks",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("thread_id", sa.String(length=16), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("verdict", sa.String(length=16), nullable=False),
        sa.Column("person_id", sa.String(length=16), nullable=False),
        sa.Column("settles", sa.Boolean(), nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name="fk_thread_checks_person_id_people"),
        sa.ForeignKeyConstraint(["thread_id"], ["threads.id"], name="fk_thread_checks_thread_id_threads"),
        sa.PrimaryKeyConstraint("id", name="pk_thread_checks"),
        sa.UniqueConstraint("thread_id", "version", "person_id", name="uq_thread_checks_thread_id_version_person_id"),
    )
    op.create_table(
        "post_edits",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("post_id", sa.String(length=16), nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["post_id"], ["posts.id"], name="fk_post_edits_post_id_posts"),
        sa.PrimaryKeyConstraint("id", name="pk_post_edits"),
    )
    op.create_index("ix_post_edits_post_id", "post_edits", ["post_id"])
    op.create_table(
        "useful",
        sa.Column("post_id", sa.String(length=16), nullable=False),
        sa.Column("person_id", sa.String(length=16), nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name="fk_useful_person_id_people"),
        sa.ForeignKeyConstraint(["post_id"], ["posts.id"], name="fk_useful_post_id_posts"),
        sa.PrimaryKeyConstraint("post_id", "person_id", name="pk_useful"),
    )
    op.create_table(
        "citations",
        sa.Column("change_id", sa.String(length=16), nullable=False),
        sa.Column("thread_id", sa.String(length=16), nullable=False),
        sa.ForeignKeyConstraint(["change_id"], ["changes.id"], name="fk_citations_change_id_changes"),
        sa.ForeignKeyConstraint(["thread_id"], ["threads.id"], name="fk_citations_thread_id_threads"),
        sa.PrimaryKeyConstraint("change_id", "thread_id", name="pk_citations"),
    )
    op.create_index("ix_citations_thread_id", "citations", ["thread_id"])
