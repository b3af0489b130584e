"""A small world for tests of verbs: a database, a library, named people, and short ways to act in it."""

from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from sqlalchemy import func, select

from accounts.actors import NOBODY, Actor, actor_of
from accounts.models import Grant, Person, Space
from core import clock
from core.database import Database
from core.journal import Act
from wiki import changes, procedures, sending
from wiki.approving import approve
from wiki.drafts import Draft, DraftText
from wiki.models import Change
from wiki.repository import Library


@dataclass
class World:
    """The site as the verbs see it."""

    database: Database
    library: Library

    def person(self, name: str, **more) -> str:
        """Add a person and return their id."""
        with self.database.transaction() as session:
            row = Person(email=f"{name.split()[0].lower()}@bank.example", name=name, created_at=clock.now(), **more)
            session.add(row)
            session.flush()
            return row.id

    def guest(self, name: str) -> str:
        """Add a guest and return their id."""
        return self.person(name, guest_since=clock.now())

    def space(self, slug: str = "kyc", *, approvals: int = 1, visibility: str = "internal", prefix: str | None = None) -> str:
        """Add a space and return its slug."""
        with self.database.transaction() as session:
            session.add(
                Space(
                    slug=slug, name=slug.title(), visibility=visibility, approvals_required=approvals, language="en",
                    prefix=prefix or slug[:6].upper(), created_at=clock.now(),
                )
            )
        return slug

    def grant(self, slug: str, person: str, *roles: str) -> None:
        """Give somebody roles in a space."""
        with self.database.transaction() as session:
            space = session.scalar(select(Space).where(Space.slug == slug))
            before = session.scalar(select(func.max(Act.sequence)).where(Act.chain == space.id)) or 0
            for role in roles:
                session.add(Grant(space_id=space.id, person_id=person, role=role, granted_at=clock.now(), sequence=before + 1))

    def actor(self, session, person: str | None) -> Actor:
        """Return a person as an actor with the roles they hold now."""
        if person is None:
            return NOBODY
        grants = session.scalars(select(Grant).where(Grant.person_id == person)).all()
        return actor_of(session.get(Person, person), grants)

    def act(self, person: str | None, verb, *args, **more):
        """Call a verb as somebody in a transaction of its own: `verb(session, library, actor, *args)`."""
        with self.database.transaction() as session:
            return verb(session, self.library, self.actor(session, person), *args, **more)

    def open(self, person: str, slug: str, *texts: DraftText, reason: str = "Because", kind: str = "material", **more) -> Change:
        """Open a change."""
        with self.database.transaction() as session:
            space = session.scalar(select(Space).where(Space.slug == slug))
            draft = Draft(reason, kind, texts, **more)
            return changes.open_change(session, self.library, self.actor(session, person), space, draft)

    def submit(self, person: str, change: Change) -> Change:
        """Submit a change."""
        return self.act(person, sending.submit, change.id)

    def approve(self, person: str, change: Change, **more) -> Change:
        """Approve what a change is now."""
        return self.act(person, approve, change.id, change.digest, **more)

    def publish(self, author: str, approver: str, slug: str, text: DraftText, **more) -> Change:
        """Open, submit and approve a change of one text."""
        return self.approve(approver, self.submit(author, self.open(author, slug, text, **more)))

    def standing(self, code: str, day: date | None = None):
        """Return how a procedure stands."""
        with self.database.reading() as session:
            procedure = session.scalar(select(procedures.Procedure).where(procedures.Procedure.code == code))
            return procedures.standing_of(session, procedure, self.library, day)

    def text(self, slug: str, code: str) -> str | None:
        """Return the text in force."""
        version = self.standing(code).in_force
        with self.database.reading() as session:
            return procedures.text_of(self.library, session.scalar(select(Space).where(Space.slug == slug)), version) if version else None

    def day(self, days: int) -> date:
        """Return the date so many days from today."""
        return clock.today(self.library.zone) + timedelta(days=days)


def make_world(database: Database, folder: Path) -> World:
    """Return an empty world over a database that has its tables."""
    return World(database, Library(folder, ZoneInfo("UTC")))


SECTIONS = "# Opening an account\n\n## Principle\n\nFirst words.\n\n## Who does what\n\nSecond words.\n\n## What we keep\n\nThird words.\n"
