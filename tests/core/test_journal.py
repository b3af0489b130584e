import threading

import pytest
from sqlalchemy import delete, select, update

from core import journal
from core.journal import Act, Chain

pytestmark = pytest.mark.both


def act(database, name="site", what="test", **more) -> Act:
    with database.transaction() as session:
        return journal.add(session, journal.lock(session, name), actor="anne", act=what, object="person:x", **more)


def findings(database) -> list[str]:
    with database.reading() as session:
        return list(journal.findings(session))


def test_each_act_carries_the_hash_of_the_one_before(database):
    first, second = act(database), act(database)

    assert (first.previous, second.previous) == (journal.GENESIS, first.hash)
    assert (first.sequence, second.sequence) == (1, 2)
    assert findings(database) == []


def test_chains_count_for_themselves(database):
    act(database)

    assert act(database, "s" * 16).sequence == 1


def test_words_leave_a_salted_digest_and_are_not_kept(database):
    one, two = act(database, reason="because", content="words"), act(database, reason="because")

    assert one.reason_digest == journal.digest(one.reason_salt, "because")
    assert one.reason_digest != two.reason_digest
    with database.reading() as session:
        assert "because" not in str([vars(row) for row in session.scalars(select(Act))])


def test_the_chain_stays_valid_when_words_are_erased_with_their_salt(database):
    act(database, reason="because")
    with database.transaction() as session:
        session.execute(update(Act).values(reason_salt=None))

    assert findings(database) == []


@pytest.mark.parametrize("column", ["actor", "act", "object", "reason_digest", "previous", "hash"])
def test_a_changed_row_is_named(database, column):
    for _ in range(3):
        act(database, reason="because")
    with database.transaction() as session:
        session.execute(update(Act).where(Act.sequence == 2).values({column: "0" * 16}))

    assert any(line.startswith("journal site 2:") for line in findings(database))


@pytest.mark.parametrize(("gone", "named"), [(2, "journal site 3: follows 1"), (3, "journal site: ends at 2, its head says 3")])
def test_a_missing_row_is_named(database, gone, named):
    for _ in range(3):
        act(database)
    with database.transaction() as session:
        session.execute(delete(Act).where(Act.sequence == gone))

    assert any(line.startswith(named) for line in findings(database))


def test_acts_of_many_writers_stand_in_one_row(database):
    threads = [threading.Thread(target=lambda: [act(database) for _ in range(5)]) for _ in range(5)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert findings(database) == []
    with database.reading() as session:
        assert session.scalar(select(Chain.sequence).where(Chain.name == "site")) == 25


def test_the_head_before_a_transaction_is_the_one_that_a_crash_cannot_take_away(database):
    before = act(database).hash
    with database.transaction() as session:
        chain = journal.lock(session, "site")
        journal.add(session, chain, actor=None, act="test", object="x:y")

        assert journal.head_before(session, chain) == before != chain.hash
        assert session.info["acts"] == [("site", 2)]
