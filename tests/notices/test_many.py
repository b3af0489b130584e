"""Ten thousand people who follow one procedure cost the message nothing: they are told afterwards, in batches."""

import threading

import pytest
from sqlalchemy import func, select

from accounts.models import Person
from core import clock
from core.database import add_missing, new_id
from core.followers import Follower
from core.loop import Loop
from notices.following import begin
from notices.models import Notice
from notices.told import BATCH
from tests.notices.conftest import Counting

MANY = 10_000


def crowd(told, many):
    """Add people who follow KYC-001."""
    ids = [new_id() for _ in range(many)]
    rows = [{"id": id, "email": f"{id}@bank.example", "name": f"Person {id}", "team": "", "created_at": clock.now()} for id in ids]
    with told.world.database.transaction() as session:
        add_missing(session, Person, rows)
        begin(session, ids, "procedure", "KYC-001", why="part", at=clock.now())


@pytest.mark.both
def test_a_message_costs_the_same_whoever_follows_and_all_of_them_are_told_in_batches(told):
    thread = told.ask("asker")
    told.tell()
    made = []
    for many in (0, MANY):
        crowd(told, many)
        with Counting(told.world.database) as counting:
            told.reply("helper", thread, f"An answer for {many}.")
        made.append(counting.made)
    assert made[0] == made[1]

    with Counting(told.world.database) as counting:
        told.tell()
    with told.world.database.reading() as session:
        assert session.scalar(select(func.count()).select_from(Notice).where(Notice.kind == "post")) >= MANY
    assert counting.made <= 40 + 6 * MANY / BATCH


def test_a_slow_mail_server_holds_no_follower_up(told, tmp_path):
    told.ask("asker")
    released, entered, handled = threading.Event(), threading.Event(), threading.Event()

    def send(is_over):
        entered.set()
        released.wait(30)

    follower = Follower("other", lambda session, acts: handled.set())
    loop = Loop(told.world.database, tmp_path, [follower], aside=[send])
    loop.start()
    try:
        assert entered.wait(10) and handled.wait(10)
    finally:
        released.set()
        loop.stop()


def test_what_is_done_aside_is_told_to_end_and_a_failure_ends_nothing(told, tmp_path):
    seen, asked = [], threading.Event()

    def fails(is_over):
        raise RuntimeError("no")

    def waits(is_over):
        asked.set()
        while not is_over():
            threading.Event().wait(0.01)
        seen.append("ended")

    loop = Loop(told.world.database, tmp_path, [], aside=[fails, waits])
    loop.start()
    assert asked.wait(10)
    loop.stop()
    assert seen == ["ended"]
