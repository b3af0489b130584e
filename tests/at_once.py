"""Acts that begin together, in threads of their own, as people at the same instant do."""

import threading
from collections.abc import Callable

from core.errors import Problem


def at_once(*acts: Callable[[], object]) -> list[object]:
    """Run acts that begin together and return what each ended with: its value or its problem."""
    gate, ends = threading.Barrier(len(acts)), [None] * len(acts)

    def run(number, act):
        gate.wait()
        try:
            ends[number] = act()
        except Problem as problem:
            ends[number] = problem

    threads = [threading.Thread(target=run, args=(number, act)) for number, act in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return ends
