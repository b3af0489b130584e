"""Followers handle each act at least once, in order, whatever fails between; the loop wakes them within a second."""

import os
import threading
import time

import pytest

from core import journal
from core.followers import Follower, advance, behind, drain, has_followed, heads, step
from core.loop import Loop, sleep


def write(database, chain="one", many=1):
    """Add acts to a chain."""
    with database.transaction() as session:
        for number in range(many):
            journal.add(session, journal.lock(session, chain), actor=None, act="test", object=f"thing:{number}")


@pytest.fixture
def seen():
    return []


@pytest.fixture
def follower(seen):
    return Follower("test", lambda session, acts: seen.extend((act.chain, act.sequence) for act in acts))


@pytest.mark.both
def test_every_act_of_every_chain_is_handled_once_and_in_order(database, follower, seen):
    write(database, "one", 3)
    write(database, "two", 2)
    drain(database, [follower])
    drain(database, [follower])
    assert seen == [("one", 1), ("one", 2), ("one", 3), ("two", 1), ("two", 2)]


def test_what_was_made_anew_is_not_handled_again_and_no_cursor_goes_back(database, follower, seen):
    write(database, "one", 3)
    with database.transaction() as session:
        advance(session, "test", [("one", 2)])
        advance(session, "test", [("one", 1)])
    drain(database, [follower])
    assert seen == [("one", 3)]


def test_a_step_handles_no_more_than_its_limit(database, follower, seen):
    write(database, "one", 5)
    assert [step(database, follower, limit=2) for _ in range(4)] == [2, 2, 1, 0]
    assert len(seen) == 5


def test_a_failing_follower_is_given_the_same_acts_again_and_holds_nobody_up(database, follower, seen):
    failing = {"now": True}

    def handle(session, acts):
        if failing["now"]:
            raise RuntimeError("no room left")

    write(database)
    broken = Follower("broken", handle)
    with pytest.raises(RuntimeError):
        drain(database, [broken, follower])
    assert seen == [("one", 1)]
    with database.reading() as session:
        assert has_followed(session, "test", heads(session)) and not has_followed(session, "broken", heads(session))
    failing["now"] = False
    drain(database, [broken])
    with database.reading() as session:
        assert has_followed(session, "broken", heads(session))


def eventually(condition, seconds=10.0):
    """Wait until something holds; say whether it came to."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if condition():
            return True
        time.sleep(0.01)
    return False


def test_the_loop_handles_an_act_when_it_is_woken(database, tmp_path, follower, seen):
    loop = Loop(database, tmp_path, [follower])
    loop.start()
    try:
        write(database)
        assert eventually(loop.wake)
        assert eventually(lambda: seen == [("one", 1)])
    finally:
        loop.stop()


def test_the_calm_after_a_write_ends_as_soon_as_somebody_waits(monkeypatch):
    monkeypatch.setattr("core.loop.CALM_S", 600)
    heard, told = os.pipe2(os.O_NONBLOCK)
    os.write(told, b"\n")
    sleeper = threading.Thread(target=sleep, args=(heard,), daemon=True)
    sleeper.start()
    sleeper.join(0.2)
    assert sleeper.is_alive()

    os.write(told, b"!")
    sleeper.join(20)
    os.close(told)
    os.close(heard)
    assert not sleeper.is_alive()


def test_one_loop_follows_at_a_time_and_the_other_takes_over(database, tmp_path, follower, seen):
    first, second = Loop(database, tmp_path, [follower]), Loop(database, tmp_path, [follower])
    first.start()
    assert eventually(first.wake)
    second.start()
    write(database)
    assert eventually(lambda: seen == [("one", 1)])
    first.stop()
    write(database)
    assert eventually(lambda: seen == [("one", 1), ("one", 2)])
    second.stop()
    assert threading.active_count() < 10


def test_nobody_is_woken_where_nobody_follows(database, tmp_path, follower):
    assert not Loop(database, tmp_path, [follower]).wake()


@pytest.mark.both
def test_what_a_follower_is_not_past_is_named_for_the_chains_asked_about(database, follower):
    write(database, "one", 3)
    write(database, "two", 2)
    with database.reading() as session:
        assert behind(session, "test", ["one"]) == [("one", 3)]
    drain(database, [follower])
    write(database, "two")
    with database.reading() as session:
        assert behind(session, "test", ["one", "two"]) == [("two", 3)]
        assert behind(session, "test", ["one"]) == [] == behind(session, "test", [])


def test_settling_waits_for_a_slow_follower_and_only_a_second(database, tmp_path, seen):
    gate = threading.Event()
    slow = Follower("test", lambda session, acts: (gate.wait(30), seen.extend(act.sequence for act in acts)))
    loop = Loop(database, tmp_path, [slow])
    write(database)
    loop.start()
    try:
        assert eventually(loop.wake)
        started = time.monotonic()
        loop.settle([("one", 1)])
        assert not seen and time.monotonic() - started >= 1
        threading.Timer(0.05, gate.set).start()
        loop.settle([("one", 1)])
        assert seen == [1]
    finally:
        gate.set()
        loop.stop()
