"""The loop that runs the followers: one process per site at a time, woken by whoever wrote."""

import logging
import os
import select
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from functools import partial
from pathlib import Path

from core.database import Database
from core.followers import Follower, drain, has_followed, heads, step
from core.locks import alone

log = logging.getLogger(__name__)

LOCK = "follower.lock"
REST_S = 1.0            # the longest sleep: a lost wake costs no more than this
POLL_S = 0.003
CALM_S = 0.1            # whoever wrote sees the page that follows first, unless somebody waits for what is followed
MINUTE_S = 60.0
LONGEST_PAUSE_S = 30.0
_AT_ONCE = b"!"


class Loop:
    """A thread per server process; the one that holds the lock follows, the others stand by to take over.

    Make it before a fork and start it after: it opens nothing until then. What may take long is done `aside`, each minute
    in a thread of its own that holds nobody up; each task is given a question that turns true when it should come to an end.
    """

    def __init__(
        self, database: Database, folder: Path, followers: Sequence[Follower], minutely: Sequence[Callable[[], object]] = (),
        aside: Sequence[Callable[[Callable[[], bool]], object]] = (),
    ):
        self._database = database
        self._folder = folder
        self._followers = tuple(followers)
        self._minutely = tuple(minutely)
        self._aside = tuple(aside)
        self._stopping = threading.Event()
        self._thread: threading.Thread | None = None
        self._pauses: dict[str, tuple[float, float]] = {}

    @property
    def names(self) -> tuple[str, ...]:
        """The names of the followers."""
        return tuple(follower.name for follower in self._followers)

    def start(self) -> None:
        """Begin following, or standing by, in a thread that dies with the process."""
        self._stopping.clear()
        self._thread = threading.Thread(target=self._run, name="followers", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """End the thread after the step it is in and give the lock back."""
        self._stopping.set()
        self.wake(at_once=True)
        if self._thread:
            self._thread.join()
            self._thread = None

    def wake(self, *, at_once: bool = False) -> bool:
        """Tell whoever follows, in any process, that there is something to follow; say whether anybody does."""
        try:
            pipe = os.open(self._folder / "follower.wake", os.O_WRONLY | os.O_NONBLOCK)
        except OSError:         # nobody follows at this moment; who takes over looks by itself
            return False
        try:
            os.write(pipe, _AT_ONCE if at_once else b"\n")
        except OSError:         # the pipe is full of wakes already
            pass
        finally:
            os.close(pipe)
        return True

    def settle(self, acts: Sequence[tuple[str, int]]) -> None:
        """Wake whoever follows and wait, at most a second, until the first follower is past these acts."""
        if acts and self.wake(at_once=True):
            self.wait(acts, timeout_s=1.0)

    def wait(self, acts: Sequence[tuple[str, int]], timeout_s: float = 1.0) -> bool:
        """Wait until the first follower is past these acts (chain, sequence); say whether that was in time."""
        deadline = time.monotonic() + timeout_s
        while not self._has_followed(acts):
            if time.monotonic() >= deadline:
                return False
            time.sleep(POLL_S)
        return True

    def catch_up(self) -> None:
        """Return when every act there is now has been followed by every follower: by us, or by whoever holds the lock.

        Raises: what a follower raised, where it is us who follow.
        """
        with self._database.reading() as session:
            acts = heads(session)
        while not all(self._has_followed(acts, follower.name) for follower in self._followers):
            with self._alone() as held:
                if held:
                    return drain(self._database, self._followers)
            self.wake(at_once=True)
            time.sleep(0.05)

    def _has_followed(self, acts: Sequence[tuple[str, int]], name: str | None = None) -> bool:
        if not self._followers:
            return True
        with self._database.reading() as session:
            return has_followed(session, name or self._followers[0].name, acts)

    def _alone(self) -> AbstractContextManager[bool]:
        self._folder.mkdir(parents=True, exist_ok=True)
        return alone(self._folder / LOCK)

    def _run(self) -> None:
        while not self._stopping.is_set():
            with self._alone() as held:
                if held:
                    self._follow()
            self._stopping.wait(REST_S)

    def _follow(self) -> None:
        log.info("following pid=%d", os.getpid())
        next_minute = 0.0
        with self._beside(), _pipe(self._folder) as pipe:
            while not self._stopping.is_set():
                if time.monotonic() >= next_minute:
                    next_minute = time.monotonic() + MINUTE_S
                    self._do_each(self._minutely)
                if not self._round():
                    sleep(pipe)

    @contextmanager
    def _beside(self) -> Iterator[None]:
        """Do what is done aside for as long as this process holds the lock, and not a moment longer."""
        ended = threading.Event()
        is_over = lambda: ended.is_set() or self._stopping.is_set()     # noqa: E731
        tasks = [partial(task, is_over) for task in self._aside]

        def run() -> None:
            while not is_over():
                self._do_each(tasks)
                deadline = time.monotonic() + MINUTE_S
                while time.monotonic() < deadline and not ended.wait(REST_S) and not self._stopping.is_set():
                    pass

        thread = threading.Thread(target=run, name="aside", daemon=True)
        if tasks:
            thread.start()
        try:
            yield
        finally:
            ended.set()
            if tasks:
                thread.join()

    def _round(self) -> int:
        return sum(self._step(follower) for follower in self._followers)

    def _step(self, follower: Follower) -> int:
        until, pause = self._pauses.get(follower.name, (0.0, 0.0))
        if time.monotonic() < until:
            return 0
        try:
            count = step(self._database, follower)
        except Exception:       # the follower stays behind, the others go on
            pause = min(max(0.5, pause * 2), LONGEST_PAUSE_S)
            self._pauses[follower.name] = (time.monotonic() + pause, pause)
            log.exception("follower=%s failed, again in %.1f s", follower.name, pause)
            return 0
        self._pauses.pop(follower.name, None)
        return count

    def _do_each(self, tasks: Sequence[Callable[[], object]]) -> None:
        for task in tasks:
            try:
                task()
            except Exception:   # next minute again
                log.exception("minutely task failed")


@contextmanager
def _pipe(folder: Path) -> Iterator[int]:
    path = folder / "follower.wake"
    try:
        os.mkfifo(path, 0o600)
    except FileExistsError:
        pass
    pipe = os.open(path, os.O_RDWR | os.O_NONBLOCK)
    try:
        yield pipe
    finally:
        os.close(pipe)


def sleep(pipe: int) -> None:
    """Sleep until somebody writes into the pipe, and then for the calm that whoever wrote is left, unless it says at once."""
    woken = _heard(pipe, REST_S)
    calm = time.monotonic() + CALM_S
    while woken and _AT_ONCE not in woken and (left := calm - time.monotonic()) > 0:
        woken += _heard(pipe, left)


def _heard(pipe: int, longest_s: float) -> bytes:
    """Return what was written into a pipe, after waiting for it no longer than this; nothing if nothing came."""
    select.select([pipe], [], [], longest_s)
    try:
        return os.read(pipe, 65536)
    except BlockingIOError:
        return b""
