"""Where the words of threads stand in the texts in force, kept, so that what waits for a check can be counted and paged.

Only threads written for another version than the one in force are looked at, each once per text. Whoever reads before
that was done looks at the last spoken in for themselves: see `waiting`.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Select, and_, delete, func, or_, select
from sqlalchemy.orm import Session, aliased

from accounts.models import Space
from core import clock
from core.database import Database
from discussions.models import Thread, ThreadPlace
from discussions.placing import plain_text, spot
from discussions.shown import shown
from wiki.models import Version
from wiki.objects import Missing
from wiki.repository import Library

RULES = 1               # another number forgets what was found by older rules of `anchors` or of rendering
_AT_ONCE = 200


@dataclass(frozen=True)
class Places:
    """Who looks for the words of threads aside."""

    database: Database
    library: Library

    def look(self, is_over: Callable[[], bool] = lambda: False) -> None:
        """Keep where the words of every thread stand of which that is not known; stop between two batches when it is over."""
        after = ""
        while not is_over():
            with self.database.reading() as session:
                rows = _unknown_after(session, after, clock.today(self.library.zone))
                made = [place for row in rows if (place := _place(self.library, *row)) is not None]
            if not rows:
                return
            after = rows[-1][0].id
            with self.database.transaction() as session:
                session.execute(delete(ThreadPlace).where(ThreadPlace.thread_id.in_([place.thread_id for place in made])))
                session.add_all(made)


def candidates(*columns, today: date) -> Select:
    """Return the threads that may wait for a check: what they say may have been true of older words than those in force.

    Of `ThreadPlace` there is a row where it is known how their words stand, none where it is not.
    """
    of = aliased(Version)
    holds = (
        select(func.max(of.number))
        .where(of.procedure_id == Thread.procedure_id, of.cancelled_by.is_(None), of.in_force_from <= today)
        .correlate(Thread).scalar_subquery()
    )
    known = and_(ThreadPlace.thread_id == Thread.id, ThreadPlace.blob == Version.blob, ThreadPlace.rules == RULES)
    says = or_(Thread.kind == "tip", Thread.accepted_post_id.is_not(None))
    return (
        select(*columns)
        .select_from(Thread)
        .join(Version, and_(Version.procedure_id == Thread.procedure_id, Version.number == holds))
        .outerjoin(ThreadPlace, known)
        .where(Version.blob.is_not(None), Version.number != func.coalesce(Thread.version, 0), Thread.quote != "", says, shown())
    )


def forget(session: Session, thread: Thread) -> None:
    """Forget where a thread's words stand, because they were taken to another text."""
    session.execute(delete(ThreadPlace).where(ThreadPlace.thread_id == thread.id))


def _unknown_after(session: Session, after: str, today: date) -> list:
    rows = candidates(Thread, Space.slug, Version.blob, today=today).join(Space, Space.id == Thread.space_id)
    return session.execute(rows.where(ThreadPlace.thread_id.is_(None), Thread.id > after).order_by(Thread.id).limit(_AT_ONCE)).all()


def _place(library: Library, thread: Thread, slug: str, blob: str) -> ThreadPlace | None:
    try:
        anchor, words = spot(thread, plain_text(library.repository(slug).text(blob)))
    except Missing:
        return None         # a text that is damaged: `verify` names it
    return ThreadPlace(thread_id=thread.id, blob=blob, rules=RULES, state=anchor.state, words=words if anchor.state == "altered" else "")
