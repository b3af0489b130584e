import fcntl
import os
import subprocess
import sys

import pytest

from core.locks import alone, is_held
from tests.running import ROOT


@pytest.fixture
def lock(tmp_path):
    return tmp_path / "some.lock"


def test_one_holds_a_lock_and_whoever_looks_is_told(lock):
    assert not is_held(lock) and not lock.exists()

    with alone(lock) as first, alone(lock) as second:
        assert first and not second and is_held(lock)

    assert not is_held(lock)
    with alone(lock) as held:
        assert held


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
    with alone(lock) as held:
        assert held and not looking
