import fcntl
import os
import subprocess
import sys
import threading

import pytest

from core.locks import alone, held, is_held
from tests.running import ROOT


@pytest.fixture
def lock(tmp_path):
    return tmp_path / "some.lock"


def test_one_holds_a_lock_and_whoever_looks_is_told(lock):
    assert not is_held(lock) and not lock.exists()

    with alone(lock) as first, alone(lock) as second:
        assert first and not second and is_held(lock)

    assert not is_held(lock)
    with alone(lock) as third:
        assert third


def test_a_lock_is_free_once_its_process_has_died(lock):
    dies = "import os, sys; from pathlib import Path; from core.locks import alone\nwith alone(Path(sys.argv[1])) as held: os._exit(held)"
    done = subprocess.run([sys.executable, "-c", dies, str(lock)], cwd=ROOT, check=False)

    assert done.returncode == 1 and lock.exists() and not is_held(lock)


def test_whoever_looks_keeps_nobody_from_holding_it(lock, monkeypatch):
    """A look that is under way when somebody else begins: it ends after their first try."""
    lock.touch()
    looking = [os.open(lock, os.O_RDONLY)]
    fcntl.flock(looking[0], fcntl.LOCK_SH)
    real = fcntl.flock

    def flock(file, how):
        try:
            real(file, how)
        finally:
            if how & fcntl.LOCK_EX and looking:
                os.close(looking.pop())

    monkeypatch.setattr(fcntl, "flock", flock)

    assert not is_held(lock)        # two who look do not take each other for its holder
    with alone(lock) as free:
        assert free and not looking


def test_who_waits_for_a_lock_has_it_after_who_held_it(lock):
    said = []

    def second():
        with held(lock):
            said.append("second")

    with held(lock):
        waiting = threading.Thread(target=second)
        waiting.start()
        waiting.join(0.2)
        said.append("first")
    waiting.join(60)

    assert said == ["first", "second"]


def test_those_who_share_a_lock_hold_it_together_and_keep_others_waiting(lock):
    said = []

    def alone_with_it():
        with held(lock):
            said.append("alone")

    with held(lock, shared=True):
        with held(lock, shared=True):
            said.append("together")
        waiting = threading.Thread(target=alone_with_it)
        waiting.start()
        waiting.join(0.2)
        said.append("still shared")
    waiting.join(60)

    assert said == ["together", "still shared", "alone"]
