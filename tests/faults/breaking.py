"""Ways to break what a site stands on, and what must hold meanwhile and afterwards.

Reading goes on, writing says why it cannot, nothing acknowledged is lost, nothing refused appears, `verify` is clean.
"""

import errno
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

import pytest
from sqlalchemy import event

from tests.site import post, site_of
from tests.surface.bank import Bank
from wiki import reconciling, verifying


@dataclass
class Site:
    """The site that is broken, and what it acknowledged."""

    bank: Bank
    thread: str
    texts: set[str] = field(default_factory=set)
    posts: set[str] = field(default_factory=set)
    refused: set[str] = field(default_factory=set)

    @property
    def parts(self):
        """The parts of the app."""
        return site_of(self.bank.app)

    def publish(self, text: str):
        """Publish a text into the plain wiki and return the last answer; what was acknowledged is remembered."""
        call = self.bank("author")
        answer = call.post("/changes", {"space": "wiki", "reason": "Because", "kind": "material", "texts": [{"markdown": text}]})
        if answer.status_code == 201:
            answer = call.post(f"/changes/{answer.json['id']}/submit")
        (self.texts if answer.status_code == 200 else self.refused).add(text)
        return answer

    def say(self, body: str):
        """Answer the thread and return the answer; what was acknowledged is remembered."""
        answer = self.bank("member").post(f"/threads/{self.thread}/posts", {"body": body})
        (self.posts if answer.status_code == 201 else self.refused).add(body)
        return answer

    def can_be_read(self) -> None:
        """Hold that the pages and calls of readers are answered."""
        client = self.bank.browser_of_reader
        for path in ("/procedures/KYC-001", "/spaces/kyc", f"/threads/{self.thread}", "/procedures/WIKI-001/versions"):
            assert client.get(path).status_code == 200, path
        assert self.bank("member").get("/procedures/KYC-001").json["markdown"]

    def is_whole(self) -> None:
        """Hold that what was acknowledged is there, what was refused is not, and that verify finds nothing."""
        reconciling.reconcile(self.parts.database, self.parts.library)
        with self.parts.database.reading() as session:
            assert list(verifying.findings(session, self.parts.library, [])) == []
        listed = self.bank("author").get("/spaces/wiki/procedures?page_size=1000").json["items"]
        published = {self.bank("author").get(f"/procedures/{one['code']}").json["markdown"] for one in listed}
        said = {one["body"] for one in self.bank("member").get(f"/threads/{self.thread}").json["posts"]}
        assert self.texts <= published and self.posts <= said
        assert not self.refused & (published | said)

    def form(self, path: str, fields: dict):
        """Send a form as a member whose pages were seen before."""
        return post(self.bank.browser_of_reader, path, fields)


def says_why(answer, *statuses: int) -> bool:
    """Say whether a call was refused in words."""
    return answer.status_code in statuses and len(answer.json["detail"]) > 40


@contextmanager
def full_database(site: Site) -> Iterator[None]:
    """Let SQLite find no room for another page, as on a full disk."""
    engine = _sqlite(site)

    def limit(connection, *_more) -> None:
        pages = connection.connection.driver_connection.execute("PRAGMA page_count").fetchone()[0]
        connection.connection.driver_connection.execute(f"PRAGMA max_page_count={pages}")

    event.listen(engine, "begin", limit)
    try:
        yield
    finally:
        event.remove(engine, "begin", limit)
        engine.dispose()


@contextmanager
def read_only_database(site: Site) -> Iterator[None]:
    """Let SQLite refuse every write as on a disk that was mounted read-only."""
    engine = _sqlite(site)

    def forbid(connection) -> None:
        connection.connection.driver_connection.execute("PRAGMA query_only=ON")

    engine.dispose()
    event.listen(engine, "begin", forbid)
    try:
        yield
    finally:
        event.remove(engine, "begin", forbid)
        engine.dispose()


def _sqlite(site: Site):
    if not site.parts.database.is_sqlite:
        pytest.skip("faults: SQLite is told to be full or read-only by itself, PostgreSQL is not")
    return site.parts.database.engine


@dataclass
class Failing:
    """A function of the system that fails at its n-th call, once; `happened` says whether it came to that."""

    n: int
    code: int
    happened: bool = False

    def over(self, real: Callable) -> Callable:
        """Return the function that fails in place of the real one."""
        left = self.n

        def fail(*given, **more):
            nonlocal left
            left -= 1
            if left == 0:
                self.happened = True
                raise OSError(self.code, os.strerror(self.code))
            return real(*given, **more)

        return fail


CODES = {"ENOSPC": errno.ENOSPC, "EIO": errno.EIO, "EROFS": errno.EROFS}


@contextmanager
def failing(name: str, n: int, code: int) -> Iterator[Failing]:
    """Let the n-th call of a function of `os` fail."""
    found = Failing(n, code)
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(os, name, found.over(getattr(os, name)))
        yield found
