"""What waits on the desks, told to animators once a week: on Monday, or on the first day of the week on which the site runs."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from accounts.actors import by_id
from accounts.models import Space
from accounts.permissions import Permission
from accounts.policy import may
from core import clock
from desk.desk import Desk, desk
from notices.recipients import with_role
from notices.told import Told
from wiki.repository import Library

MOST = 99               # of one kind of thing; whoever has more looks at the desk itself


def monday_of(day: date) -> date:
    """Return the Monday of a day's week."""
    return day - timedelta(days=day.weekday())


def desks(session: Session, library: Library) -> Iterator[Told]:
    """Yield what waits on each space's desk, for its animators; an empty desk tells nothing."""
    week, now = monday_of(clock.today(library.zone)), clock.now()
    for space in session.scalars(select(Space).order_by(Space.slug)).all():
        animators = with_role(session, space, "animator")
        told = _told(session, library, space, animators, week, now) if animators else None
        if told is not None:
            yield told


def waiting(word: str) -> tuple[int, ...]:
    """Return what a notice of a desk counts, in the order of `counted`."""
    return tuple(int(one) for one in word.split("."))


def counted(found: Desk) -> tuple[int, ...]:
    """Return how many things of each kind wait: questions, newcomers, disagreements, reports, the inbox, checks, gaps."""
    kinds = (found.unanswered, found.newcomers, found.disagreements, found.reports)
    return (*map(len, kinds), found.inbox_total, found.checks.total, len(found.gaps))


def _told(session: Session, library: Library, space: Space, animators: set[str], week: date, now: datetime) -> Told | None:
    actor = by_id(session, min(animators))
    if not may(actor, Permission.MODERATE, space):
        return None
    counts = [min(many, MOST) for many in counted(desk(session, library, actor, space))]
    if not any(counts):
        return None
    word = ".".join(map(str, counts))
    return Told(f"desk:{space.id}:{week.isoformat()}", now, space.id, dict.fromkeys(animators, "desk"), None, {"word": word})
