"""A world where people talk about one procedure: who asks, who answers, an animator, an auditor, and a guest outside."""

from dataclasses import dataclass

import pytest
from sqlalchemy import select

from accounts.models import Space
from discussions import posts, threads
from discussions.models import Post, Thread
from tests.world import World, make_world
from wiki.drafts import DraftText
from wiki.models import Procedure

RULE = """# Opening an account

## Principle

No account is opened before we know who the customer is.

## Who does what

The adviser obtains one proof of address dated within three months.

The back office screens the name the same day.

## What we keep

The back office keeps the file for five years.
"""
QUOTE = "one proof of address dated within three months"


@dataclass
class Talk:
    """Short ways to talk in the world of these tests."""

    world: World
    asker: str
    answerer: str
    animator: str
    author: str
    auditor: str
    guest: str

    def ask(
        self, person: str | None = None, *, kind: str = "question", body: str = "Does a phone bill count?",
        code: str | None = "KYC-001", **more,
    ) -> Thread:
        """Open a thread on the procedure, or on the space where `code` is None."""
        with self.world.database.transaction() as session:
            actor = self.world.actor(session, person or self.asker)
            space = session.scalar(select(Space).where(Space.slug == "kyc"))
            procedure = session.scalar(select(Procedure).where(Procedure.code == code)) if code else None
            return threads.open_thread(session, self.world.library, actor, space, procedure, kind=kind, body=body, **more)

    def reply(self, thread: Thread, body: str = "Yes, it does.", person: str | None = None, parent: str | None = None) -> Post:
        """Answer a thread."""
        return self.do(person or self.answerer, posts.reply, thread, body, parent)

    def do(self, person: str | None, verb, *args, **more):
        """Call a verb that needs no library as somebody, in a transaction of its own."""
        with self.world.database.transaction() as session:
            return verb(session, self.world.actor(session, person), *args, **more)

    def look(self, person: str | None, verb, *args, **more):
        """Call a function that only reads, as somebody."""
        with self.world.database.reading() as session:
            found = verb(session, self.world.actor(session, person), *args, **more)
            session.expunge_all()
            return found

    def thread(self, thread: Thread) -> Thread:
        """Return a thread as it stands now."""
        return self.look(self.asker, threads.readable, thread.id).thread

    def first(self, thread: Thread) -> Post:
        """Return the post that opened a thread."""
        with self.world.database.reading() as session:
            return session.scalar(select(Post).where(Post.thread_id == thread.id, Post.number == 1))

    def amend(self, text: str) -> None:
        """Put another text in force."""
        change = self.world.open(self.author, "kyc", DraftText(code="KYC-001", markdown=text))
        self.world.submit(self.author, change)


@pytest.fixture
def world(database, tmp_path) -> World:
    return make_world(database, tmp_path / "data")


@pytest.fixture
def talk(world) -> Talk:
    names = ("Awa Asker", "Sofia Answerer", "Claire Animator", "Anne Author", "Ruth Auditor")
    asker, answerer, animator, author, auditor = (world.person(name) for name in names)
    world.space("kyc", approvals=0)
    world.grant("kyc", animator, "animator")
    world.grant("kyc", author, "author")
    world.grant("kyc", auditor, "auditor")
    world.submit(author, world.open(author, "kyc", DraftText(markdown=RULE)))
    return Talk(world, asker, answerer, animator, author, auditor, world.guest("Gil Guest"))


@pytest.fixture
def office(app):
    from tests.discussions.office import open_office

    return open_office(app)
