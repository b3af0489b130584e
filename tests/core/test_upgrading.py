import threading
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import text

from core import upgrading
from core.database import Database
from migrations.tables import metadata

pytestmark = pytest.mark.both


def test_the_migrations_make_exactly_the_tables_of_the_models(database):
    with database.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True, "target_metadata": metadata})
        differences = compare_metadata(context, metadata)

    assert differences == []


def test_a_second_upgrade_changes_nothing(database):
    upgrading.upgrade(database)

    with database.engine.connect() as connection:
        assert connection.scalar(text("SELECT version_num FROM alembic_version")) == upgrading.newest()


def test_data_of_a_newer_version_is_refused_and_left_alone(database):
    with database.engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))

    with pytest.raises(upgrading.NewerData, match="9999"):
        upgrading.upgrade(database)


def test_revisions_are_named_by_their_files():
    script = ScriptDirectory.from_config(upgrading.config())

    for revision in script.walk_revisions():
        assert Path(revision.path).name.startswith(f"{revision.revision}_")
    assert script.get_heads() == [upgrading.newest()]


def test_many_who_start_at_once_make_the_tables_once(tmp_path):
    url, problems = f"sqlite:///{tmp_path / 'new.sqlite3'}", []

    def upgrade():
        try:
            upgrading.upgrade(Database(url))
        except Exception as problem:
            problems.append(problem)

    threads = [threading.Thread(target=upgrade) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert problems == []
