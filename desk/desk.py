"""What waits on an animator's desk. One function gives it for a space, another for everything a person animates.

Nothing here knows Flask or a page: the Monday mail shows the same, through `desks_of`.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from accounts.actors import Actor
from accounts.models import Person, Space
from accounts.permissions import Permission
from accounts.policy import may, readable_spaces, require
from core import clock
from desk import disagreeing, inbox, newcomers
from desk.disagreeing import Disagreement
from desk.inbox import Propose, Unsorted
from desk.newcomers import Newcomer
from discussions import gaps, reporting, routing, waiting
from discussions.gaps import Gap
from discussions.lists import Listed, is_waiting, listed
from discussions.models import Post, Thread
from discussions.reporting import Reported
from discussions.routing import Helper
from discussions.waiting import Waits
from search.missed import Missed, missed
from wiki.models import Procedure
from wiki.repository import Library

PATIENCE = timedelta(days=2)
MOST = 20
CHECKS = 10            # shown on the desk; their own page has them all


@dataclass(frozen=True)
class Hidden:
    """What an animator hid: a thread, or one message of it."""

    heading: str
    thread_id: str
    post_id: str | None
    by: str
    at: object
    reason: str


@dataclass(frozen=True)
class Desk:
    """What a space needs from whoever animates it."""

    space: Space
    unanswered: Sequence[Listed]
    disagreements: Sequence[Disagreement]
    newcomers: Sequence[Newcomer]
    checks: Waits
    reports: Sequence[Reported]
    missed: Sequence[Missed]
    inbox: Sequence[Unsorted]
    inbox_total: int
    gaps: Sequence[Gap]
    hidden: Sequence[Hidden]
    helpers: dict[str, list[Helper]]        # by the code of a procedure

    @property
    def is_clear(self) -> bool:
        """Whether nothing waits; what is hidden waits for nobody."""
        waits = (self.unanswered, self.disagreements, self.newcomers, self.checks.total, self.reports, self.missed, self.inbox, self.gaps)
        return not any(waits)

    @property
    def count(self) -> int:
        """How many things wait for somebody to write, decide or sort."""
        return sum(map(len, (self.unanswered, self.newcomers, self.reports, self.disagreements))) + self.inbox_total


def desk(session: Session, library: Library, actor: Actor, space: Space, propose: Propose | None = None) -> Desk:
    """Return the desk of a space. Raises: NotFound, Unauthenticated or Denied if the actor does not animate it."""
    require(actor, Permission.MODERATE, space)
    new = newcomers.newcomers(session, space)
    greeted = {one.thread.id for one in new}
    unanswered = [one for one in _unanswered(session, space) if one.id not in greeted]
    unsorted, total = inbox.inbox(session, space, propose)
    return Desk(
        space=space, unanswered=unanswered, disagreements=disagreeing.disagreements(session, space), newcomers=new,
        checks=waiting.of_space(session, library, space, page_size=CHECKS), reports=reporting.open_reports(session, space),
        missed=missed(session, space), inbox=unsorted, inbox_total=total,
        gaps=[gap for gap in gaps.of_space(session, library, space) if gap.is_overdue or not gap.parts][:MOST],
        hidden=_hidden(session, space), helpers=_helpers(session, space, unanswered, new),
    )


def desks_of(session: Session, library: Library, actor: Actor, propose: Propose | None = None) -> list[Desk]:
    """Return the desk of every space that a person animates, by name: what the Monday mail tells them."""
    if not actor.is_somebody:
        return []
    spaces = session.scalars(select(Space).where(readable_spaces(actor)).order_by(Space.name)).all()
    return [desk(session, library, actor, space, propose) for space in spaces if may(actor, Permission.MODERATE, space)]


def hidden_of(session: Session, actor: Actor, space: Space) -> list[Hidden]:
    """Return what was hidden in a space. Raises: Denied and so on unless the actor is its animator or auditor."""
    require(actor, Permission.SEE_HIDDEN, space)
    return _hidden(session, space)


def _unanswered(session: Session, space: Space) -> list[Listed]:
    late = select(Thread).where(Thread.space_id == space.id, is_waiting(), Thread.opened_at < clock.now() - PATIENCE)
    return listed(session, session.scalars(late.order_by(Thread.opened_at).limit(MOST)).all())


def _helpers(session: Session, space: Space, unanswered: Sequence[Listed], new: Sequence[Newcomer]) -> dict[str, list[Helper]]:
    codes = {one.code for one in unanswered if one.code} | {one.thread.code for one in new if one.thread.code}
    ids = dict(session.execute(select(Procedure.id, Procedure.code).where(Procedure.code.in_(codes))).all())
    return {ids[id]: helpers for id, helpers in routing.helpers(session, space, ids).items()}


def _hidden(session: Session, space: Space) -> list[Hidden]:
    threads = session.execute(
        select(Thread.heading, Thread.id, Person.name, Thread.hidden_at, Thread.hidden_because)
        .join(Person, Person.id == Thread.hidden_by)
        .where(Thread.space_id == space.id, Thread.hidden_at.is_not(None))
        .order_by(Thread.hidden_at.desc())
        .limit(MOST)
    )
    posts = session.execute(
        select(Thread.heading, Thread.id, Post.id, Person.name, Post.hidden_at, Post.hidden_because)
        .join(Thread, Thread.id == Post.thread_id)
        .join(Person, Person.id == Post.hidden_by)
        .where(Thread.space_id == space.id, Post.hidden_at.is_not(None), Post.erased_at.is_(None))
        .order_by(Post.hidden_at.desc())
        .limit(MOST)
    )
    found = [Hidden(heading, id, None, *rest) for heading, id, *rest in threads] + [Hidden(*row) for row in posts]
    return sorted(found, key=lambda one: one.at, reverse=True)[:MOST]
