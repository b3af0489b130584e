"""R18: SQLite under twenty writers and a reader who does not end: nobody is told that the database is locked."""

import threading

import pytest
from sqlalchemy import func, select

from discussions.models import Post
from tests.faults.breaking import says_why
from tests.site import caller, grant, make_person

WRITERS, EACH = 20, 4


@pytest.fixture
def writers(site):
    people = [make_person(site.bank.app, f"Writer {chr(65 + number)}", password=False) for number in range(WRITERS)]
    for person in people:
        grant(site.bank.app, "kyc", person, "member")
    return [caller(site.bank.app, person) for person in people]


@pytest.mark.timeout(300)
def test_twenty_writers_and_a_reader_who_does_not_end_meet_no_lock(site, writers):
    answers, database = [], site.parts.database

    def write(call, number):
        for turn in range(EACH):
            body = f"Writer {number} says {turn}."
            answers.append((body, call.post(f"/threads/{site.thread}/posts", {"body": body})))

    with database.reading() as reader:
        before = reader.scalar(select(func.count()).select_from(Post))
        threads = [threading.Thread(target=write, args=(call, number)) for number, call in enumerate(writers)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert reader.scalar(select(func.count()).select_from(Post)) == before     # the reader saw one moment all along

    assert len(answers) == WRITERS * EACH
    for body, answer in answers:
        assert answer.status_code == 201 or says_why(answer, 503), answer.text
        assert "locked" not in answer.text
        (site.posts if answer.status_code == 201 else site.refused).add(body)
    assert len(site.posts) == WRITERS * EACH
    site.is_whole()


def test_what_a_long_reader_held_back_is_folded_into_the_database_afterwards(site, database_kind):
    if database_kind != "sqlite":
        pytest.skip("faults: only SQLite has a log that a reader holds back")
    with site.parts.database.reading() as reader:
        reader.scalar(select(func.count()).select_from(Post))
        for number in range(20):
            site.say(f"While somebody reads {number}.")

    site.say("And afterwards.")
    with site.parts.database.engine.connect() as connection:
        busy, logged, folded = connection.connection.driver_connection.execute("PRAGMA wal_checkpoint(PASSIVE)").fetchone()
    assert busy == 0 and logged == folded
    site.is_whole()
