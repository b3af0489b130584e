"""Asking somebody who may know: whom, because of what they answered before, and what they are asked."""

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import func, literal, select, union_all
from sqlalchemy.orm import Session

from accounts.actors import Actor, actor_of
from accounts.models import Grant, Person, Space
from accounts.permissions import Permission
from accounts.policy import may, readable_spaces
from core import clock
from core.errors import Conflict, Invalid, N_
from discussions.care import Route
from discussions.models import Post, Thread, Useful
from discussions.moderating import moderated
from discussions.shown import shown, spoken
from discussions.telling import tell

MOST = 5
_CONSIDERED = 30


@dataclass(frozen=True)
class Helper:
    """Somebody who helped on a procedure: how many of their answers were accepted, and how often one was useful."""

    id: str
    name: str
    accepted: int
    useful: int


def helpers(session: Session, space: Space, procedure_ids: Iterable[int]) -> dict[int, list[Helper]]:
    """Return, by procedure, who helped there and can still take part, who helped most first. In a constant number of statements."""
    ids = list(procedure_ids)
    accepted = (
        select(Thread.procedure_id, Post.author_id, func.count().label("accepted"), literal(0).label("useful"))
        .join(Post, Post.id == Thread.accepted_post_id)
        .where(Thread.procedure_id.in_(ids), shown(), Post.author_id != Thread.opened_by)
        .group_by(Thread.procedure_id, Post.author_id)
    )
    useful = (
        select(Thread.procedure_id, Post.author_id, literal(0), func.count())
        .join(Post, Post.thread_id == Thread.id)
        .join(Useful, Useful.post_id == Post.id)
        .where(Thread.procedure_id.in_(ids), shown(), spoken())
        .group_by(Thread.procedure_id, Post.author_id)
    )
    both = union_all(accepted, useful).subquery()
    sums = func.sum(both.c.accepted), func.sum(both.c.useful)
    rows = session.execute(
        select(both.c.procedure_id, Person.id, Person.name, *sums)
        .join(Person, Person.id == both.c.author_id)
        .group_by(both.c.procedure_id, Person.id, Person.name)
        .order_by((3 * sums[0] + sums[1]).desc(), Person.name)
    ).all()
    able = _able(session, space, {row[1] for row in rows})
    found: dict[int, list[Helper]] = {}
    for procedure_id, *helper in rows:
        there = found.setdefault(procedure_id, [])
        if helper[0] in able and len(there) < MOST:
            there.append(Helper(*helper))
    return found


def ask_somebody(session: Session, actor: Actor, thread: Thread, person_id: str) -> Thread:
    """Ask somebody to look at a thread; asking again changes nothing. By an animator.

    Raises: NotFound, Unauthenticated or Denied if the actor may not; Invalid for somebody who cannot take part there;
    Conflict if the thread takes no answers.
    """
    place, chain = moderated(session, actor, thread.id)
    if person_id not in _able(session, place.space, {person_id}):
        raise Invalid(N_("Choose somebody who can take part in this space."), field="person")
    if not place.thread.takes_posts:
        raise Conflict(N_("This thread takes no answers."))
    if session.get(Route, (place.thread.id, person_id)) is None:
        session.add(Route(thread_id=place.thread.id, person_id=person_id, by=actor.id, at=clock.now()))
        tell(session, chain, actor, place.thread, "ask_somebody", content=person_id, person=person_id)
    return place.thread


def asked_of(session: Session, actor: Actor, limit: int = 5) -> list[Thread]:
    """Return the threads that somebody was asked to look at and has not answered, the newest request first."""
    if not actor.is_somebody:
        return []
    answered = select(Post.id).where(Post.thread_id == Thread.id, Post.author_id == actor.id).exists()
    rows = (
        select(Thread)
        .join(Route, Route.thread_id == Thread.id)
        .join(Space, Space.id == Thread.space_id)
        .where(
            Route.person_id == actor.id, readable_spaces(actor), shown(), Thread.closed_at.is_(None), Thread.locked_at.is_(None),
            Thread.accepted_post_id.is_(None), ~answered,
        )
        .order_by(Route.at.desc())
        .limit(limit)
    )
    return list(session.scalars(rows))


def names_able(session: Session, space: Space, name: str) -> list[Person]:
    """Return the people of a name who can take part in a space."""
    people = list(session.scalars(select(Person).where(Person.name == name, Person.disabled_at.is_(None)).limit(_CONSIDERED)))
    able = _able(session, space, {person.id for person in people})
    return [person for person in people if person.id in able]


def _able(session: Session, space: Space, ids: set[str]) -> set[str]:
    """Return which of these people can take part in a space now."""
    people = session.scalars(select(Person).where(Person.id.in_(ids), Person.disabled_at.is_(None))).all()
    grants: dict[str, list[Grant]] = {}
    for grant in session.scalars(select(Grant).where(Grant.person_id.in_(ids), Grant.space_id == space.id)):
        grants.setdefault(grant.person_id, []).append(grant)
    return {person.id for person in people if may(actor_of(person, grants.get(person.id, ())), Permission.TAKE_PART, space)}
