"""What the exchanges of a space teach: where rule and work part company. A constant number of statements; never per person."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from accounts.actors import Actor
from accounts.models import Space
from accounts.permissions import Permission
from accounts.policy import require
from core import clock
from core.database import Instant
from discussions.lists import is_open
from discussions import waiting
from discussions.models import Post, Thread
from discussions.shown import shown
from insights.months import Mark, Month, Talk, firsts, hours, months, share
from search.missed import Missed, missed
from wiki.models import Procedure, Version
from wiki.procedures import spoken_for
from wiki.repository import Library

MOST = 50               # procedures in one list of the page; the table that is taken away has them all
TWO_DAYS = timedelta(days=2)


@dataclass(frozen=True)
class Parting:
    """A procedure beside its practice: what is open on it, and what was asked since its version took force."""

    code: str
    title: str
    version: int
    since: date
    gaps: int
    questions: int
    waiting: int
    stale: int
    touched_at: datetime | None

    @property
    def weight(self) -> int:
        """How far rule and work are apart, gaps first."""
        return 3 * self.gaps + 2 * self.stale + self.questions


@dataclass(frozen=True)
class SpaceFigures:
    """A space in figures."""

    months: Sequence[Month]
    partings: Sequence[Parting]         # every procedure in force, the farthest apart first
    median_h: float | None
    ninetieth_h: float | None
    waiting: int                        # questions without a reply for more than two days
    missed: Sequence[Missed]            # what was looked for in vain, the most often first
    silent_since: datetime

    @property
    def apart(self) -> list[Parting]:
        """The procedures on which something is said that the rule does not answer."""
        return [one for one in self.partings if one.weight]

    @property
    def silent(self) -> list[Parting]:
        """The procedures on which nobody has said a word in a year."""
        return [one for one in self.partings if one.touched_at is None or one.touched_at < self.silent_since]


def of_space(session: Session, library: Library, actor: Actor, space: Space) -> SpaceFigures:
    """Return the figures of a space. Raises: NotFound, Unauthenticated or Denied as `require`."""
    require(actor, Permission.SEE_INSIGHTS, space)
    today, zone = clock.today(library.zone), library.zone
    start = datetime.combine(firsts(today)[0], datetime.min.time(), zone)
    talks = talks_since(session, Thread.space_id == space.id, start)
    waited = hours(talks)
    return SpaceFigures(
        months=months(today, zone, talks, new_voices(session, space, start), marks_since(session, Procedure.space_id == space.id, start)),
        partings=_partings(session, library, space, today, talks),
        median_h=share(waited, 0.5), ninetieth_h=share(waited, 0.9),
        waiting=sum(_is_late(talk) for talk in talks), missed=missed(session, space),
        silent_since=clock.now() - timedelta(days=365),
    )


def talks_since(session: Session, of, start: datetime) -> list[Talk]:
    """Return the threads opened since `start` that meet a condition, announcements left out."""
    rows = session.execute(
        select(Thread.kind, Thread.opened_at, Thread.replied_at, Thread.procedure_id, Thread.closed_at)
        .where(of, Thread.opened_at >= start, Thread.kind != "announcement", shown())
    )
    return [Talk(*row) for row in rows]


def marks_since(session: Session, of, start: datetime) -> list[Mark]:
    """Return the versions published since `start` of the procedures that meet a condition, imported ones left out."""
    rows = session.execute(
        select(Procedure.code, Version.number, Version.title, Version.published_at)
        .join(Version, Version.procedure_id == Procedure.id)
        .where(of, Version.published_at >= start, Version.imported.is_(False))
    )
    return [Mark(*row) for row in rows]


def new_voices(session: Session, space: Space, start: datetime) -> list[datetime]:
    """Return when people wrote in a space for the first time, those who did so since `start`."""
    began = func.min(Post.created_at, type_=Instant)
    rows = select(began).join(Thread, Thread.id == Post.thread_id).where(Thread.space_id == space.id, shown()).group_by(Post.author_id)
    return list(session.scalars(rows.having(began >= start)))


def _partings(session: Session, library: Library, space: Space, today: date, talks: Sequence[Talk]) -> list[Parting]:
    state, speaks = spoken_for(today)
    held = session.execute(
        select(Procedure.id, Procedure.code, Version.title, Version.number, Version.in_force_from)
        .join(Version, Version.procedure_id == Procedure.id)
        .where(Procedure.space_id == space.id, speaks, state == "in_force")
    ).all()
    since = {row.id: datetime.combine(row.in_force_from, datetime.min.time(), library.zone) for row in held}
    asked = Counter(talk.procedure_id for talk in talks if talk.kind == "question" and talk.opened_at >= since.get(talk.procedure_id, talk.opened_at))
    late = Counter(talk.procedure_id for talk in talks if _is_late(talk))
    gaps, touched, stale = _open_gaps(session, space), _touched(session, space), _stale(session, library, space)
    found = [
        Parting(
            row.code, row.title, row.number, row.in_force_from, gaps.get(row.id, 0), asked[row.id], late[row.id], stale[row.code],
            touched.get(row.id),
        )
        for row in held
    ]
    return sorted(found, key=lambda one: (-one.weight, len(one.code), one.code))


def _is_late(talk: Talk) -> bool:
    return talk.kind == "question" and talk.replied_at is None and talk.closed_at is None and talk.opened_at < clock.now() - TWO_DAYS


def _open_gaps(session: Session, space: Space) -> dict[int, int]:
    open_gaps = select(Thread.procedure_id, func.count()).where(
        Thread.space_id == space.id, Thread.kind == "gap", is_open(), Thread.accepted_post_id.is_(None),
        Thread.procedure_id.is_not(None), shown(),
    )
    return dict(session.execute(open_gaps.group_by(Thread.procedure_id)).all())


def _touched(session: Session, space: Space) -> dict[int, datetime]:
    last = func.max(Thread.touched_at, type_=Instant)
    rows = select(Thread.procedure_id, last).where(Thread.space_id == space.id, Thread.procedure_id.is_not(None), shown())
    return dict(session.execute(rows.group_by(Thread.procedure_id)).all())


def _stale(session: Session, library: Library, space: Space) -> Counter:
    return Counter(waiting.by_procedure(session, library, space))
