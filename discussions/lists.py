"""Threads in lists: on the front page, of a space, of a procedure. Every list keeps to what the actor may read."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, Select, and_, bindparam, func, select
from sqlalchemy.orm import Session

from accounts.actors import Actor
from accounts.models import Person, Space
from accounts.permissions import Permission
from accounts.policy import may, readable_spaces
from discussions.models import Post, Thread
from discussions.shown import shown, spoken
from wiki.models import Procedure

STATES = ("open", "answered", "closed", "locked")
_ANSWERS = (
    select(Post.thread_id, func.count())
    .where(Post.thread_id.in_(bindparam("threads", expanding=True)), Post.number > 1, spoken())
    .group_by(Post.thread_id)
)


@dataclass(frozen=True)
class Listed:
    """A thread in a list; `heading` is empty where the words of its first post were erased."""

    id: str
    kind: str
    state: str
    heading: str
    opener: str
    opener_id: str
    opened_at: datetime
    touched_at: datetime
    answers: int
    space: Space
    code: str | None
    pinned_until: date | None = None


def recent(session: Session, actor: Actor, space: Space | None = None, limit: int = 8) -> list[Listed]:
    """Return the threads last spoken in, of one space or of all that the actor may read."""
    rows = _rows().where(readable_spaces(actor), shown()).order_by(Thread.touched_at.desc()).limit(limit)
    return _listed(session, rows if space is None else rows.where(Thread.space_id == space.id))


def pinned(session: Session, actor: Actor, today: date, space: Space | None = None, limit: int = 5) -> list[Listed]:
    """Return what is pinned today in a space, or the announcements pinned in any that the actor may read; the newest first."""
    rows = _rows().where(readable_spaces(actor), shown(), Thread.pinned_until >= today)
    wanted = Thread.kind == "announcement" if space is None else Thread.space_id == space.id
    return _listed(session, rows.where(wanted).order_by(Thread.pinned_at.desc()).limit(limit))


def unanswered(session: Session, actor: Actor, limit: int = 5) -> list[Listed]:
    """Return open questions of others that nobody has replied to and the actor could answer, the longest waiting first."""
    mine = [space.id for space in spaces_to_ask_in(session, actor)]
    waiting = _rows().where(Thread.space_id.in_(mine), is_waiting(), Thread.opened_by != actor.id)
    return _listed(session, waiting.order_by(Thread.opened_at).limit(limit))


def spaces_to_ask_in(session: Session, actor: Actor) -> list[Space]:
    """Return the spaces in which the actor may take part, by name."""
    if not actor.is_somebody:
        return []
    spaces = session.scalars(select(Space).where(readable_spaces(actor)).order_by(Space.name))
    return [space for space in spaces if may(actor, Permission.TAKE_PART, space)]


def of_space(
    session: Session, space: Space, *, kind: str | None = None, state: str | None = None, page: int, page_size: int
) -> tuple[list[Thread], int]:
    """Return a page of a space's threads, the last spoken in first, and how many there are of this kind and state."""
    wanted = [Thread.space_id == space.id]
    wanted += [Thread.kind == kind] if kind else []
    wanted += [_is_in(state)] if state else []
    return _page(session, wanted, page, page_size)


def of_procedure(session: Session, procedure: Procedure, *, page: int, page_size: int) -> tuple[list[Thread], int]:
    """Return a page of a procedure's threads, the last spoken in first, and how many there are."""
    return _page(session, [Thread.procedure_id == procedure.id], page, page_size)


def counts_of(session: Session, procedure: Procedure) -> tuple[int, int, int]:
    """Return how many threads a procedure has, how many of them are questions without a reply, and how many messages."""
    messages = func.coalesce(func.sum(Thread.last_number), 0)
    row = session.execute(
        select(func.count(), func.count().filter(is_waiting()), messages).where(Thread.procedure_id == procedure.id, shown())
    ).one()
    return tuple(row)


def listed(session: Session, threads: Sequence[Thread]) -> list[Listed]:
    """Return threads that were found readable as they stand in a list, in the same order."""
    if not threads:
        return []
    found = {one.id: one for one in _listed(session, _rows().where(Thread.id.in_([thread.id for thread in threads])))}
    return [found[thread.id] for thread in threads]


def _page(session: Session, wanted: Sequence[ColumnElement[bool]], page: int, page_size: int) -> tuple[list[Thread], int]:
    total = session.scalar(select(func.count()).select_from(Thread).where(*wanted, shown()))
    rows = select(Thread).where(*wanted, shown()).order_by(Thread.touched_at.desc(), Thread.id)
    return list(session.scalars(rows.limit(page_size).offset((page - 1) * page_size))), total


def is_waiting() -> ColumnElement[bool]:
    """Return the condition that keeps the questions to which nobody has replied and anybody still could."""
    return and_(
        Thread.kind == "question", Thread.replied_at.is_(None), Thread.accepted_post_id.is_(None), is_open(), shown()
    )


def is_open() -> ColumnElement[bool]:
    """Return the condition that keeps the threads which are neither closed nor locked."""
    return and_(Thread.closed_at.is_(None), Thread.locked_at.is_(None))


def _is_in(state: str) -> ColumnElement[bool]:
    if state == "locked":
        return Thread.locked_at.is_not(None)
    if state == "closed":
        return and_(Thread.locked_at.is_(None), Thread.closed_at.is_not(None))
    accepted = Thread.accepted_post_id.is_not(None) if state == "answered" else Thread.accepted_post_id.is_(None)
    return and_(is_open(), accepted)


def _rows() -> Select:
    return (
        select(Thread, Person.name, Space, Procedure.code)
        .join(Space, Space.id == Thread.space_id)
        .join(Person, Person.id == Thread.opened_by)
        .outerjoin(Procedure, Procedure.id == Thread.procedure_id)
    )


def _listed(session: Session, rows: Select) -> list[Listed]:
    found = session.execute(rows).all()
    answers = answers_of(session, [thread.id for thread, *_ in found])
    return [
        Listed(
            id=thread.id, kind=thread.kind, state=thread.state, heading=thread.heading, opener=name,
            opener_id=thread.opened_by, opened_at=thread.opened_at, touched_at=thread.touched_at,
            answers=answers.get(thread.id, 0), space=space, code=code, pinned_until=thread.pinned_until,
        )
        for thread, name, space, code in found
    ]


def answers_of(session: Session, thread_ids: Sequence[str]) -> dict[str, int]:
    """Return how many replies each thread has, those that were erased or hidden left out."""
    return dict(session.execute(_ANSWERS, {"threads": list(thread_ids)}).all())
