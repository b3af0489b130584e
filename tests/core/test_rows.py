"""Rows written at once: what is written, what the object says, and what is refused."""

import pytest
from sqlalchemy.orm.exc import StaleDataError

from core import rows
from core.journal import GENESIS, Chain


@pytest.fixture
def chain(database):
    with database.transaction() as session:
        rows.add(session, Chain, {"name": "first", "sequence": 3, "hash": GENESIS, "shared": 0})
        assert not session.new


def kept(database):
    with database.reading() as session:
        row = session.get(Chain, "first")
        return row.sequence, row.hash, row.shared


def test_a_row_is_written_at_once(database, chain):
    assert kept(database) == (3, GENESIS, 0)


def test_a_row_is_changed_at_once_and_what_waits_beside_it_is_kept(database, chain):
    with database.transaction() as session:
        row = session.get(Chain, "first")
        row.shared = 2
        rows.put(session, row, sequence=4, hash="a" * 64)
        assert (row.sequence, row.hash, row.shared) == (4, "a" * 64, 2) and row in session.dirty

    assert kept(database) == (4, "a" * 64, 2)


def test_what_is_put_is_the_last_word_over_what_waited(database, chain):
    with database.transaction() as session:
        row = session.get(Chain, "first")
        row.sequence = 7
        rows.put(session, row, sequence=4)

    assert kept(database) == (4, GENESIS, 0)


def test_a_transaction_that_fails_leaves_nothing(database, chain):
    with pytest.raises(ZeroDivisionError), database.transaction() as session:
        rows.put(session, session.get(Chain, "first"), sequence=4)
        1 / 0

    assert kept(database) == (3, GENESIS, 0)


def test_a_row_that_is_gone_is_not_said_to_have_changed(database, chain):
    with pytest.raises(StaleDataError), database.transaction() as session:
        row = session.get(Chain, "first")
        session.connection().execute(Chain.__table__.delete())
        rows.put(session, row, sequence=4)


def test_a_transaction_says_that_it_was_committed_and_not_before(database, chain):
    with database.transaction() as session:
        assert not session.info.get("committed")
    assert session.info["committed"]

    with pytest.raises(ZeroDivisionError), database.transaction() as failed:
        1 / 0
    assert not failed.info.get("committed")
