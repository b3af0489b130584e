import threading

import pytest
from sqlalchemy import select

from accounts.models import Attempt
from core import clock
from core.database import Database, new_id
from core.errors import Invalid

pytestmark = pytest.mark.both


def add(session, subject="x") -> None:
    session.add(Attempt(subject=subject, at=clock.now()))


def count(database: Database) -> int:
    with database.reading() as session:
        return len(session.scalars(select(Attempt.id)).all())


def test_what_a_block_wrote_is_committed_at_its_end(database):
    with database.transaction() as session:
        add(session)
        session.flush()
        assert count(database) == 0

    assert count(database) == 1


@pytest.mark.parametrize("problem", [RuntimeError("x"), Invalid("x")])
def test_what_a_block_wrote_is_undone_if_it_raises(database, problem):
    with pytest.raises(type(problem)), database.transaction() as session:
        add(session)
        raise problem

    assert count(database) == 0


def test_a_refusal_that_is_an_act_keeps_what_it_wrote(database):
    with pytest.raises(Invalid), database.transaction() as session:
        add(session)
        raise Invalid("x").kept()

    assert count(database) == 1


def test_reading_sees_one_moment_and_keeps_nothing(database):
    with database.reading() as session:
        assert session.scalars(select(Attempt.id)).all() == []
        with database.transaction() as other:
            add(other)
        assert session.scalars(select(Attempt.id)).all() == []

    assert count(database) == 1


def test_what_a_reader_writes_is_thrown_away(database):
    with database.reading() as session:
        add(session)
        session.flush()

    assert count(database) == 0


def test_writers_wait_for_each_other_instead_of_failing(database):
    problems = []

    def write():
        try:
            for _ in range(5):
                with database.transaction() as session:
                    session.scalars(select(Attempt.id)).all()
                    add(session)
        except Exception as problem:
            problems.append(problem)

    threads = [threading.Thread(target=write) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert problems == [] and count(database) == 30


def test_an_instant_comes_back_as_it_went_in(database):
    now = clock.now()
    with database.transaction() as session:
        session.add(Attempt(subject="x", at=now))

    with database.reading() as session:
        kept = session.scalar(select(Attempt.at))
    assert kept == now and kept.tzinfo is not None


def test_ids_are_random_and_count_nothing():
    ids = {new_id() for _ in range(1000)}

    assert len(ids) == 1000 and all(len(one) == 16 and one.isalnum() for one in ids)


def test_a_value_that_the_database_cannot_look_for_is_refused_or_found_nowhere(database):
    try:
        with database.transaction() as session:
            found = session.scalar(select(Attempt.id).where(Attempt.subject == "a\x00b"))
    except Invalid as refused:
        found = None
        assert refused.status == 422
    assert found is None and count(database) == 0
    with database.transaction() as session:
        add(session)
    assert count(database) == 1
