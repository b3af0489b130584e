"""A site that has lived before this release: nothing of its past is told, and who has taken part follows."""

from alembic import command
from sqlalchemy import text

from core import clock
from core.database import Database
from core.upgrading import config, upgrade

BEFORE = """
INSERT INTO people (id, email, name, team, created_at) VALUES ('anne', 'anne@bank.example', 'Anne', '', :now), ('ben', 'ben@bank.example', 'Ben', '', :now);
INSERT INTO spaces (id, slug, name, description, visibility, approvals_required, language, prefix, last_number, created_at)
  VALUES ('kyc', 'kyc', 'Kyc', '', 'internal', 1, 'en', 'KYC', 1, :now);
INSERT INTO procedures (id, space_id, code, path, created_at) VALUES (1, 'kyc', 'KYC-001', 'kyc-001.md', :now);
INSERT INTO versions (id, procedure_id, number, action, kind, title, owner, language, path, "commit", reason, for_you, author, written_by, approvals,
  approvals_required, published_at, in_force_from, imported, attachments)
  VALUES (1, 1, 1, 'create', 'material', 'T', '', 'en', 'kyc-001.md', 'c', '', '[]', 'Ben', '[{"person": "ben", "name": "Ben"}]', '[]', 1, :now, '2999-01-01', FALSE, '[]');
INSERT INTO threads (id, space_id, kind, title, heading, opened_by, opened_at, touched_at, last_number, quote, prefix, suffix, copies)
  VALUES ('t', 'kyc', 'question', '', 'Why?', 'anne', :now, :now, 1, '', '', '', 0);
INSERT INTO posts (id, thread_id, number, author_id, body, html, created_at, erased_because) VALUES ('p', 't', 1, 'anne', 'Why?', '', :now, '');
UPDATE chains SET sequence = 7;
"""


def test_the_past_is_not_told_and_who_took_part_follows(tmp_path):
    database = Database(f"sqlite:///{tmp_path / 'old.sqlite3'}")
    with database.engine.execution_options(writes=True).begin() as connection:
        command.upgrade(config(connection), "0018-1")
        for statement in filter(str.strip, BEFORE.split(";")):
            connection.execute(text(statement), {"now": clock.now().isoformat(" ")} if ":now" in statement else {})
    upgrade(database)

    with database.engine.connect() as connection:
        rows = lambda sql: [tuple(row) for row in connection.execute(text(sql))]     # noqa: E731
        assert rows("SELECT sequence FROM followers WHERE follower = 'notices'") == [(7,)]
        assert rows('SELECT person_id, kind, "of" FROM follows ORDER BY 1') == [("anne", "thread", "t"), ("ben", "procedure", "KYC-001")]
        assert rows("SELECT procedure_id, version, told_at FROM coming_versions") == [(1, 1, None)] and rows("SELECT * FROM notices") == []
    database.engine.dispose()
