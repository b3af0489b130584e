"""What no act tells, because only a day comes: versions that take force, threads that then wait for a check, reviews that
come near, and notices too old to keep. Each step is written down, so that one that was cut short is done again."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from sqlalchemy import delete, or_, select, update
from sqlalchemy.orm import Session

from accounts.models import Space
from core import clock
from core.database import Database
from discussions.models import Thread
from discussions.placing import placements
from discussions.shown import shown
from notices.following import Target
from notices.models import Coming, DayDone, Notice, Outgoing
from notices.mondays import desks, monday_of
from notices.of_rights import receipts_asked
from notices.recipients import followers_of, followers_of_thread_alone, readers, with_role
from notices.told import Told, first_of, write
from reviews.dues import DueProcedure, dues
from wiki.models import Procedure, Version
from wiki.repository import Library

KEPT = timedelta(days=180)
AHEAD = timedelta(days=14)
_AT_ONCE = 50


@dataclass(frozen=True)
class Days:
    """Who tells what a day brings. `mails` as for the follower."""

    database: Database
    library: Library
    mails: bool

    def look(self) -> None:
        """Tell what today brings and was not told yet."""
        self._versions()
        self._once_a_day("reviews", self._reviews)
        self._once_a_day("sweep", self._sweep)
        self._once_since(monday_of(clock.today(self.library.zone)), "desks", self._desks)

    def _versions(self) -> None:
        today = clock.today(self.library.zone)
        with self.database.reading() as session:
            waiting = session.execute(
                select(Coming.procedure_id, Coming.version)
                .where(Coming.told_at.is_(None), Coming.day <= today)
                .order_by(Coming.day, Coming.procedure_id)
                .limit(_AT_ONCE)
            ).all()
        for procedure_id, number in waiting:
            with self.database.reading() as session:
                told = list(in_force(session, self.library, procedure_id, number))
            self._write(told)
            with self.database.transaction() as session:
                session.execute(
                    update(Coming).where(Coming.procedure_id == procedure_id, Coming.version == number).values(told_at=clock.now())
                )

    def _reviews(self) -> None:
        with self.database.reading() as session:
            spaces = session.scalars(select(Space).order_by(Space.slug)).all()
        for space in spaces:
            with self.database.reading() as session:
                found = dues(session, self.library, [space])
                told = list(_reviews_due(session, self.library, space, found))
            self._write(told)

    def _sweep(self) -> None:
        with self.database.transaction() as session:
            before = clock.now() - KEPT
            session.execute(delete(Notice).where(Notice.at < before))
            carries = select(Notice.letter_id).where(Notice.letter_id.is_not(None))
            session.execute(delete(Outgoing).where(Outgoing.made_at < before, Outgoing.due_at.is_(None), Outgoing.id.not_in(carries)))

    def _desks(self) -> None:
        with self.database.reading() as session:
            told = list(desks(session, self.library))
        self._write(told)

    def _once_a_day(self, what: str, task) -> None:
        self._once_since(clock.today(self.library.zone), what, task)

    def _once_since(self, day: date, what: str, task) -> None:
        """Do something unless it was done on that day or later."""
        with self.database.reading() as session:
            done = session.get(DayDone, what)
        if done is None or done.day < day:
            task()
            with self.database.transaction() as session:
                session.merge(DayDone(what=what, day=clock.today(self.library.zone)))

    def _write(self, told: list[Told]) -> None:
        for one in told:
            write(self.database, one, zone=self.library.zone, mails=self.mails)


def in_force(session: Session, library: Library, procedure_id: int, number: int) -> Iterator[Told]:
    """Yield what the day of a version tells: whoever follows, whoever is asked to read, whose thread waits for a check."""
    version, procedure, space = session.execute(
        select(Version, Procedure, Space)
        .join(Procedure, Procedure.id == Version.procedure_id)
        .join(Space, Space.id == Procedure.space_id)
        .where(Version.procedure_id == procedure_id, Version.number == number)
    ).one()
    if version.cancelled_by is not None:
        return
    now = clock.now()
    found = Target("procedure", procedure.code, space, procedure.code)
    follow, _ = followers_of(session, found)
    # Its writers were told when it was published, and need not be told again where that was the day.
    by_writers = {one.get("person") for one in version.written_by} if _is_at_once(version, library) else set()
    about = {"procedure_id": procedure.id, "version": number, "word": "retired" if version.blob is None else ""}
    yield Told(f"force:{procedure.id}:{number}", now, space.id, first_of(("in_force", follow), leave_out=by_writers), None, about)
    began = max(version.published_at, datetime.combine(version.in_force_from, time(), library.zone))
    yield from receipts_asked(session, library, space, procedure, now, until=began)
    yield from _checks(session, library, space, procedure, now)


def _is_at_once(version: Version, library: Library) -> bool:
    return version.in_force_from <= version.published_at.astimezone(library.zone).date()


def _checks(session: Session, library: Library, space: Space, procedure: Procedure, now: datetime) -> Iterator[Told]:
    says = or_(Thread.kind == "tip", Thread.accepted_post_id.is_not(None))
    rows = select(Thread).where(Thread.procedure_id == procedure.id, Thread.quote != "", says, shown())
    threads = session.scalars(rows.order_by(Thread.touched_at.desc())).all()
    placed = placements(session, library, threads)
    for thread in threads:
        if not placed[thread.id].needs_check:
            continue
        _, ended = followers_of(session, Target("thread", thread.id, space, procedure.code))
        own = readers(session, space, [thread.opened_by]) - ended
        people = first_of(("own_check", own), ("check", followers_of_thread_alone(session, space, thread.id)))
        about = {"thread_id": thread.id, "version": placed[thread.id].version}
        yield Told(f"check:{thread.id}:{placed[thread.id].version}", now, space.id, people, None, about)


def _reviews_due(session: Session, library: Library, space: Space, found: list[DueProcedure]) -> Iterator[Told]:
    today, now = clock.today(library.zone), clock.now()
    near = [one for one in found if one.due and one.due.day <= today + AHEAD]
    reviewers = with_role(session, space, "author", "approver") if near else set()
    for one in near:
        wrote = {writer.get("person") for writer in _written_by(session, one.speaking.procedure_id)}
        people = dict.fromkeys((reviewers & wrote) or with_role(session, space, "author"), "review_due")
        about = {"procedure_id": one.speaking.procedure_id, "word": one.due.day.isoformat()}
        stage = "overdue" if one.due.is_overdue else "due"
        yield Told(f"{stage}:{one.speaking.procedure_id}:{one.due.day.isoformat()}", now, space.id, people, None, about)


def _written_by(session: Session, procedure_id: int) -> list[dict]:
    newest = select(Version.written_by).where(Version.procedure_id == procedure_id, Version.cancelled_by.is_(None))
    return session.scalar(newest.order_by(Version.number.desc()).limit(1)) or []
