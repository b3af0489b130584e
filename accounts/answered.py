"""Whole pages as they were answered, kept for whoever asked while nothing at all is written.

A page is made from what the database holds, from the day and from what the browser sent. As long as all three are the same,
making it again would give the same page; so it is answered again without asking who reads it, or anything else. Nothing has
to be told to forget: a commit by anybody, a new day, or the end of a sign-in makes what was kept useless.
"""

import zlib
from collections import OrderedDict
from collections.abc import Callable, Hashable
from dataclasses import dataclass
from datetime import datetime
from functools import wraps
from hashlib import sha256
from threading import Lock

from flask import Flask, current_app, g, request
from flask import session as cookie

from accounts import previews_web
from accounts.actors import Actor
from accounts.web import present
from core import clock
from core.web import site

_MOST_BYTES = 96 * 1024 * 1024


@dataclass(frozen=True)
class Answer:
    """A page, compressed: what it was made from, who read it, and how many bytes it is."""

    stamp: Hashable
    actor: Actor
    body: bytes
    size: int

    @classmethod
    def of(cls, stamp: Hashable, actor: Actor, page: bytes) -> "Answer":
        """Return a page to be kept."""
        return cls(stamp, actor, zlib.compress(page), len(page))

    def page(self) -> bytes:
        """Return the page as it was made."""
        return zlib.decompress(self.body, bufsize=self.size)

    def holds(self, stamp: Hashable, now: datetime) -> bool:
        """Say whether making the page again would give this one."""
        return self.stamp == stamp and (self.actor.until is None or now < self.actor.until)


class Answers:
    """A bounded store of pages, least recently used out first; one per process, safe between threads."""

    def __init__(self, most_bytes: int = _MOST_BYTES):
        self._kept: OrderedDict[Hashable, Answer] = OrderedDict()
        self._bytes = 0
        self._most = most_bytes
        self._lock = Lock()

    def get(self, key: Hashable) -> Answer | None:
        """Return what was answered last."""
        with self._lock:
            found = self._kept.get(key)
            if found is not None:
                self._kept.move_to_end(key)
            return found

    def keep(self, key: Hashable, answer: Answer) -> None:
        """Keep an answer instead of what was kept before."""
        with self._lock:
            before = self._kept.pop(key, None)
            self._bytes += len(answer.body) - (len(before.body) if before else 0)
            self._kept[key] = answer
            while self._bytes > self._most:
                self._bytes -= len(self._kept.popitem(last=False)[1].body)


def install(app: Flask) -> None:
    """Give an app a store of answers."""
    app.extensions["answers"] = Answers()


def kept_whole(view: Callable[..., str]) -> Callable[..., str | bytes]:
    """Let a page be answered as it was the last time, while that is still true.

    For pages that say nothing which the clock alone changes within a day, such as how long ago something was.
    """

    @wraps(view)
    def answer(**named):
        if request.query_string or "_flashes" in cookie or previews_web.has_begun():
            return view(**named)
        stamp = site().database.stamp()
        key = _key()
        known = current_app.extensions["answers"].get(key)
        if known is not None and stamp is not None and known.holds(stamp, clock.now()):
            g.actor = known.actor
            return known.page()
        made = view(**named)
        # A commit meanwhile: nobody knows which side of it the page is of.
        if stamp is not None and site().database.stamp() == stamp and not (cookie.modified or g.get("unfinished")):
            current_app.extensions["answers"].keep(key, Answer.of(stamp, present(), made.encode()))
        return made

    return answer


def _key() -> bytes:
    # Whatever the browser sent, and no secret of it stays in memory.
    sent = (request.path, request.headers.get("Cookie"), request.headers.get("Accept-Language"), clock.today(site().settings.timezone))
    return sha256(repr(sent).encode("utf-8", "surrogateescape")).digest()


def unfinished() -> None:
    """Say that the page which is being made lacks something that could not be had in time, so that it is not kept."""
    g.unfinished = True
