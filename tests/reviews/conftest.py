"""A space of one required approval whose procedure is reviewed every twelve months, and a clock that tests set."""

from dataclasses import dataclass
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select

from accounts.models import Space
from core import clock
from discussions import threads
from reviews import reviewing
from reviews.calendar import days
from reviews.looking import Look, look
from reviews.models import Review
from reviews.upkeep import Reviews
from tests.world import World
from wiki import procedures
from wiki.drafts import DraftText
from wiki.models import Procedure
from wiki.rendering import shown
from wiki.repository import Library

BEGIN = datetime(2026, 3, 1, 9, 0, tzinfo=UTC)


def rule(every: str | None = "12 months", words: str = "The adviser looks.", title: str = "Opening an account", **facts: str) -> str:
    """Return a text that says how often it is reviewed."""
    said = {"title": title} | ({"review_every": every} if every is not None else {}) | facts
    head = "".join(f"{name}: {value}\n" for name, value in said.items())
    return f"---\n{head}---\n\n{words}\n"


@dataclass
class Clock:
    """What time it is; tests set it."""

    at: datetime

    def set(self, *when: int, zone=UTC) -> None:
        """Make it this year, month, day and, if given, hour and minute."""
        self.at = datetime(*when, tzinfo=zone)


@dataclass
class Desk:
    """Short ways to review in the world of these tests."""

    world: World
    clock: Clock
    author: str
    approver: str
    second: str
    member: str
    auditor: str
    guest: str

    def publish(self, markdown: str, code: str | None = None, **more) -> None:
        """Put a text in force, approved by somebody else."""
        self.world.publish(self.author, self.approver, "kyc", DraftText(code=code, markdown=markdown), **more)

    def review(self, who: str | None, verdict: str = "still_right", version: int = 1, note: str = "", code: str = "KYC-001") -> Review:
        """Review a version as somebody."""
        return self.world.act(who, reviewing.review, code, version=version, verdict=verdict, note=note)

    def kept(self, code: str = "KYC-001"):
        """Return how a procedure is kept fresh, as its page says it."""
        with self.world.database.reading() as session:
            found = self._found(session, code)
            standing = procedures.standing_of(session, found.procedure, self.world.library)
            text = shown(session, self.world.database, self.world.library, found.space, standing.shown)
            return Reviews(self.world.library).kept(session, found, standing, text.facts if text else None)

    def day(self, code: str = "KYC-001"):
        """Return the day by which a procedure's review is due, which its page and its space's calendar agree on."""
        due = self.kept(code).due
        listed = [one.day for one in self.calendar() if one.code == code and one.kind == "review"]
        assert listed == ([due.day] if due else [])
        return due.day if due else None

    def calendar(self):
        """Return the entries of the space's calendar."""
        with self.world.database.reading() as session:
            return days(session, self.world.library, [session.scalar(select(Space).where(Space.slug == "kyc"))]).entries

    def overdue(self, *codes: str):
        """Return the codes that the space's list shows as overdue."""
        with self.world.database.reading() as session:
            space = session.scalar(select(Space).where(Space.slug == "kyc"))
            return sorted(Reviews(self.world.library).overdue(session, space, codes or ("KYC-001",)))

    def look(self, who: str | None, code: str = "KYC-001") -> Look:
        """Return what a reviewer sees."""
        with self.world.database.reading() as session:
            return look(session, self.world.database, self.world.library, self.world.actor(session, who), code)

    def talk(self, who: str, kind: str, body: str, code: str = "KYC-001", quote: str = ""):
        """Open a thread on a procedure."""
        def verb(session, library, actor):
            procedure = session.scalar(select(Procedure).where(Procedure.code == code))
            space = session.get(Space, procedure.space_id)
            return threads.open_thread(session, library, actor, space, procedure, kind=kind, body=body, quote=quote)

        return self.world.act(who, verb)

    def _found(self, session, code: str):
        procedure = session.scalar(select(Procedure).where(Procedure.code == code))
        return procedures.Found(procedure, session.get(Space, procedure.space_id))


@pytest.fixture
def time(monkeypatch) -> Clock:
    made = Clock(BEGIN)
    monkeypatch.setattr(clock, "now", lambda: made.at)
    return made


def make_desk(world: World, time: Clock) -> Desk:
    """Return a desk in an empty world."""
    names = ("Anne Author", "Boris Approver", "Chloé Second", "Dora Member", "Ruth Auditor")
    author, approver, second, member, auditor = (world.person(name) for name in names)
    world.space("kyc")
    world.grant("kyc", author, "author")
    world.grant("kyc", approver, "approver")
    world.grant("kyc", second, "author", "approver")
    world.grant("kyc", auditor, "auditor")
    return Desk(world, time, author, approver, second, member, auditor, world.guest("Gil Guest"))


@pytest.fixture
def zone() -> ZoneInfo:
    return ZoneInfo("UTC")


@pytest.fixture
def desk(time, database, tmp_path, zone) -> Desk:
    return make_desk(World(database, Library(tmp_path / "data", zone)), time)
