"""Threads that wait for a second look, because the words they were about changed: of a space, or of one person.

How a thread's words stand is kept (`kept_places`), so the list is whole and a page of it costs what it shows. What is not
kept yet is looked at here, the last spoken in first and so many at most; of how many more nothing is known, the list says.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, and_, func, not_, or_, select
from sqlalchemy.orm import Session

from accounts.actors import Actor
from accounts.models import Space
from accounts.policy import readable_spaces
from core import clock
from discussions.kept_places import candidates
from discussions.lists import Listed, listed
from discussions.models import Thread, ThreadCheck, ThreadPlace
from discussions.placing import ENOUGH_MEMBERS, placements
from wiki.models import Procedure, Version
from wiki.repository import Library

LOOKED_AT = 100         # threads that one request looks at itself


@dataclass(frozen=True)
class Waiting:
    """A thread that waits for a check: as it stands in a list, the words it was about, and what the rule says now."""

    thread: Listed
    version: int
    quote: str
    anchor: str
    words: str


@dataclass(frozen=True)
class Waits:
    """A page of threads that wait for a check, how many there are, and of how many more that is not known yet."""

    items: Sequence[Waiting] = ()
    total: int = 0
    unseen: int = 0


@dataclass(frozen=True)
class _Wanted:
    """Which threads are asked about, and of those that were looked at here, which wait and how they stand."""

    condition: ColumnElement[bool]
    fresh: dict
    unseen: int

    def rows(self, *columns, library: Library):
        """Return a statement of those that wait."""
        of_fresh = Thread.id.in_(list(self.fresh))
        return candidates(*columns, today=clock.today(library.zone)).where(self.condition, or_(_waits(), of_fresh))


def of_space(session: Session, library: Library, space: Space, *, page: int = 1, page_size: int) -> Waits:
    """Return what waits for a check in a space that was found readable, the last spoken in first."""
    return _page(session, library, Thread.space_id == space.id, page, page_size)


def of_person(session: Session, library: Library, actor: Actor, *, page: int = 1, page_size: int) -> Waits:
    """Return the threads that somebody opened, in what they may read now, and that wait for a check."""
    if not actor.is_somebody:
        return Waits()
    spaces = select(Space.id).where(readable_spaces(actor))
    return _page(session, library, and_(Thread.opened_by == actor.id, Thread.space_id.in_(spaces)), page, page_size)


def by_procedure(session: Session, library: Library, space: Space) -> dict[str, int]:
    """Return how many threads wait for a check in a space, by the code of their procedure."""
    wanted = _wanted(session, library, Thread.space_id == space.id)
    rows = wanted.rows(Procedure.code, func.count(), library=library).join(Procedure, Procedure.id == Thread.procedure_id)
    return dict(session.execute(rows.group_by(Procedure.code)).all())


def _page(session: Session, library: Library, condition: ColumnElement[bool], page: int, page_size: int) -> Waits:
    wanted = _wanted(session, library, condition)
    total = session.scalar(wanted.rows(func.count(), library=library))
    rows = wanted.rows(Thread, ThreadPlace, library=library).order_by(Thread.touched_at.desc(), Thread.id)
    found = session.execute(rows.limit(page_size).offset((page - 1) * page_size)).all()
    lines = listed(session, [thread for thread, _ in found]) if found else []
    items = [_waiting(line, thread, place, wanted.fresh) for line, (thread, place) in zip(lines, found, strict=True)]
    return Waits(items, total, wanted.unseen)


def _waiting(line: Listed, thread: Thread, place: ThreadPlace | None, fresh: dict) -> Waiting:
    state, words = (place.state, place.words) if place else (fresh[thread.id].anchor.state, fresh[thread.id].words)
    return Waiting(line, thread.version, thread.quote, state, words)


def _wanted(session: Session, library: Library, condition: ColumnElement[bool]) -> _Wanted:
    """Look at what is not kept yet, the last spoken in."""
    today = clock.today(library.zone)
    unknown = ThreadPlace.thread_id.is_(None)
    rows = candidates(Thread, today=today).where(condition, unknown).order_by(Thread.touched_at.desc(), Thread.id)
    threads = list(session.scalars(rows.limit(LOOKED_AT)))
    placed = placements(session, library, threads) if threads else {}
    more = session.scalar(candidates(func.count(), today=today).where(condition, unknown)) - LOOKED_AT if len(threads) == LOOKED_AT else 0
    return _Wanted(condition, {id: one for id, one in placed.items() if one.needs_check}, more)


def _waits() -> ColumnElement[bool]:
    """Return the condition of `placing.placement` for a thread of which it is kept how its words stand."""
    of_now = and_(
        ThreadCheck.thread_id == Thread.id, or_(ThreadCheck.version == Version.number, ThreadCheck.words == ThreadPlace.words)
    )
    settled = select(ThreadCheck.id).where(of_now, ThreadCheck.settles).correlate(Thread, Version, ThreadPlace).exists()
    agreed = (
        select(ThreadCheck.verdict).where(of_now).group_by(ThreadCheck.verdict)
        .having(func.count(ThreadCheck.person_id.distinct()) >= ENOUGH_MEMBERS).correlate(Thread, Version, ThreadPlace).exists()
    )
    return and_(ThreadPlace.state.in_(("altered", "gone")), not_(settled), not_(agreed))
