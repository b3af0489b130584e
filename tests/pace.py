"""A bound that only a runaway crosses: a test may state that a work ends, and leaves how fast it is to `benchmarks/`."""

import time
from contextlib import contextmanager

_RUNAWAY_S = 10


@contextmanager
def ends():
    """Refuse a block whose own thread works for longer than ten seconds, whatever else the machine is doing."""
    begun = time.thread_time()
    yield
    assert time.thread_time() - begun < _RUNAWAY_S, "this text makes it run away"
