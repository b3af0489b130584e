"""A world where people follow one procedure of an internal space and one of a restricted space, and are told of what happens."""

from dataclasses import dataclass, field
from datetime import timedelta

import pytest
from sqlalchemy import event, select

from accounts.actors import by_id
from accounts.models import Grant, Space
from core import clock
from core.database import Database
from core.followers import drain
from discussions import posts, threads
from discussions.models import Post, Thread
from notices import following, reading
from notices.days import Days
from notices.follower import Notices
from notices.models import Notice
from tests.world import World, make_world
from wiki.drafts import DraftText
from wiki.models import Procedure

RULE = """# Opening an account

## Who does what

The adviser obtains one proof of address dated within three months.
"""
QUOTE = "one proof of address dated within three months"


@dataclass
class Told:
    """Short ways to write, to follow, and to look at what somebody was told."""

    world: World
    mails: bool = True
    people: dict[str, str] = field(default_factory=dict)

    def person(self, name: str, *roles: str, slug: str = "kyc", **more) -> str:
        """Add somebody called by one word, with roles in a space."""
        self.people[name] = self.world.person(f"{name.title()} Martin", **more)
        if roles:
            self.world.grant(slug, self.people[name], *roles)
        return self.people[name]

    def act(self, who: str, verb, *args, **more):
        """Call a verb without a library as somebody."""
        with self.world.database.transaction() as session:
            return verb(session, self.actor(session, who), *args, **more)

    def actor(self, session, who: str):
        """Return somebody as an actor with the rights they hold now."""
        return by_id(session, self.people[who])

    def ask(self, who: str, body: str = "Does a phone bill count?", *, code: str | None = "KYC-001", slug: str = "kyc", kind: str = "question", **more) -> Thread:
        """Open a thread."""
        with self.world.database.transaction() as session:
            space = session.scalar(select(Space).where(Space.slug == slug))
            procedure = session.scalar(select(Procedure).where(Procedure.code == code)) if code else None
            return threads.open_thread(session, self.world.library, self.actor(session, who), space, procedure, kind=kind, body=body, **more)

    def reply(self, who: str, thread: Thread, body: str = "Yes, it does.", parent: str | None = None) -> Post:
        """Answer a thread."""
        return self.act(who, posts.reply, thread, body, parent)

    def follow(self, who: str, kind: str, name: str, **more) -> None:
        """Follow something, or no longer."""
        self.act(who, following.follow, kind, name, **more)

    def revoke(self, who: str, slug: str = "kyc") -> None:
        """Take every role in a space from somebody."""
        with self.world.database.transaction() as session:
            space = session.scalar(select(Space).where(Space.slug == slug))
            for grant in session.scalars(select(Grant).where(Grant.space_id == space.id, Grant.person_id == self.people[who])):
                session.delete(grant)

    def tell(self) -> None:
        """Let the follower handle everything that waits."""
        drain(self.world.database, [Notices(self.world.database, self.world.library, self.mails).follower()])

    def days(self) -> None:
        """Let today bring what it brings, after everything that was done."""
        self.tell()
        Days(self.world.database, self.world.library, self.mails).look()

    def told(self, who: str) -> list[str]:
        """Return the kinds of what somebody may see that they were told, the oldest first."""
        with self.world.database.reading() as session:
            actor = self.actor(session, who)
            found, _ = reading.listed(session, actor, page=1, page_size=100) if actor.is_somebody else ([], 0)
            return [one.notice.kind for one in sorted(found, key=lambda one: (one.notice.at, one.notice.kind))]

    def rows(self, who: str) -> list[Notice]:
        """Return what is kept of what somebody was told."""
        with self.world.database.reading() as session:
            return list(session.scalars(select(Notice).where(Notice.person_id == self.people[who]).order_by(Notice.at)))

    def unread(self, who: str) -> int:
        """Return how much somebody has not read."""
        with self.world.database.reading() as session:
            return reading.unread_count(session, self.actor(session, who))


class Counting:
    """Counts the statements that are made within it."""

    def __init__(self, database: Database):
        self.engine, self.made = database.engine, 0

    def __enter__(self):
        event.listen(self.engine, "before_cursor_execute", self._count)
        return self

    def __exit__(self, *_):
        event.remove(self.engine, "before_cursor_execute", self._count)

    def _count(self, *_given):
        self.made += 1


@pytest.fixture
def world(database, tmp_path) -> World:
    return make_world(database, tmp_path / "data")


@pytest.fixture
def told(world) -> Told:
    found = Told(world)
    world.space("kyc")
    world.space("vault", visibility="restricted", prefix="VAULT")
    for name, role in (("author", "author"), ("approver", "approver"), ("animator", "animator"), ("auditor", "auditor")):
        found.person(name, role)
        world.grant("vault", found.people[name], role)
    for name in ("asker", "helper", "reader", "stranger"):
        found.person(name)
    found.people["guest"] = world.guest("Guest Martin")
    world.grant("vault", found.people["reader"], "member")
    world.publish(found.people["author"], found.people["approver"], "kyc", DraftText(markdown=RULE))
    world.publish(found.people["author"], found.people["approver"], "vault", DraftText(markdown=RULE))
    found.days()
    with world.database.transaction() as session:
        for notice in session.scalars(select(Notice)):
            session.delete(notice)
    return found


@pytest.fixture
def later(monkeypatch):
    """Let time pass."""
    passed = {"by": timedelta()}
    real = clock.now
    monkeypatch.setattr(clock, "now", lambda: real() + passed["by"])

    def pass_time(**by) -> None:
        passed["by"] += timedelta(**by)

    return pass_time
