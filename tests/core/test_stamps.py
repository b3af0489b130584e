"""A stamp stays the same exactly as long as nothing is committed, by whomever."""

import subprocess
import sys

import pytest
from sqlalchemy import create_engine, text

from accounts.models import Attempt
from core import clock
from core.database import Database


def add(session) -> None:
    session.add(Attempt(subject="x", at=clock.now()))


@pytest.mark.both
def test_looking_leaves_the_stamp_alone_and_a_commit_changes_it(database):
    before = database.stamp()
    with database.reading() as session:
        session.execute(text("SELECT 1 FROM attempts")).all()
    assert database.stamp() == before is not None

    with database.transaction() as session:
        add(session)
        session.flush()
        assert database.stamp() == before or not database.is_sqlite     # PostgreSQL may count the attempt as well
    assert database.stamp() != before


@pytest.mark.both
def test_what_was_undone_is_no_commit_to_sqlite_and_never_looks_like_the_one_before(database):
    with pytest.raises(RuntimeError), database.transaction() as session:
        add(session)
        session.flush()
        raise RuntimeError()
    undone = database.stamp()

    with database.transaction() as session:
        add(session)
    assert database.stamp() != undone


@pytest.mark.both
def test_a_commit_past_our_edge_changes_the_stamp_too(database):
    before = database.stamp()
    other = create_engine(database.engine.url)
    with other.begin() as connection:
        connection.execute(text("DELETE FROM chains WHERE name = 'none'"))
        connection.execute(text("INSERT INTO attempts (subject, at) VALUES ('y', '2026-01-01 00:00:00+00:00')"))
    other.dispose()

    assert database.stamp() != before


def test_a_commit_of_another_process_changes_the_stamp(database, settings):
    before = database.stamp()
    words = (
        "import sys; from core.database import Database; from accounts.models import Attempt; from core import clock\n"
        "with Database(sys.argv[1]).transaction() as session: session.add(Attempt(subject='z', at=clock.now()))"
    )
    subprocess.run([sys.executable, "-c", words, settings.database], check=True)

    assert database.stamp() != before


def test_a_stamp_of_before_a_fork_says_nothing_after_it(database):
    before = database.stamp()
    database.dispose()

    assert database.stamp() != before


def test_where_there_is_no_database_there_is_no_stamp(tmp_path):
    assert Database(f"sqlite:///{tmp_path}/nothing here.sqlite3").stamp() is None
