"""A thread in reading order, in pages: each answer under what it answers, however deep, without recursion.

The order is made from ids alone, so that a thread of a thousand posts costs a page little more than one of ten.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from accounts.actors import Actor
from accounts.models import Person
from discussions.models import Post, Thread, Useful
from discussions.voices import Said, said

DEEPEST_INDENT = 3      # deeper answers say in words whom they answer: a phone has no room for more
PAGE_SIZE = 100
_NAMED = 3              # people to whom a post was useful that are named beside it; the others are counted


@dataclass(frozen=True)
class Turn:
    """One post in its place. `answers` is whom it answers, where the indent no longer shows it or the page begins with it."""

    said: Said
    depth: int
    answers: str | None
    is_own: bool
    is_useful_to_me: bool
    useful_to: Sequence[str] = ()

    @property
    def indent(self) -> int:
        """How far in it stands, from 0 to the deepest."""
        return min(self.depth, DEEPEST_INDENT)


@dataclass(frozen=True)
class Turns:
    """One page of a thread, and how many posts it has in all."""

    shown: list[Turn]
    total: int


def turns(session: Session, actor: Actor, thread: Thread, page: int = 1) -> Turns:
    """Return a page of a thread the actor may read, each post after what it answers, siblings in the order of writing."""
    ordered = _ordered(session, thread)
    places = ordered[(page - 1) * PAGE_SIZE : page * PAGE_SIZE]
    ids = [id for id, _ in places]
    posts = {one.post.id: one for one in said(session, Post.id.in_(ids))}
    parents = _names(session, {one.post.parent_id for one in posts.values()} - {None})
    marked, useful_to = _marked(session, actor, ids), _useful_to(session, ids)
    here = set(ids)
    return Turns([_turn(actor, posts[id], depth, parents, here, marked, useful_to) for id, depth in places], len(ordered))


def page_of_post(session: Session, actor: Actor, thread: Thread, post_id: str) -> int:
    """Return the page of the thread on which a post stands."""
    if thread.last_number <= PAGE_SIZE:
        return 1
    return next(at for at, (id, _) in enumerate(_ordered(session, thread)) if id == post_id) // PAGE_SIZE + 1


def in_order(posts: Sequence[tuple[str, str | None]]) -> list[tuple[str, int]]:
    """Return ids depth first, with their depth, from pairs of id and parent; the first post and direct answers to it have none."""
    children: dict[str | None, list[str]] = {}
    first = posts[0][0] if posts else None
    for id, parent in posts:
        children.setdefault(None if parent == first else parent, []).append(id)
    found, waiting = [], [(id, 0) for id in reversed(children.get(None, ()))]
    while waiting:
        id, depth = waiting.pop()
        found.append((id, depth))
        waiting += [(child, depth + 1) for child in reversed(children.get(id, ())) if id != first]
    return found


def _ordered(session: Session, thread: Thread) -> list[tuple[str, int]]:
    rows = session.execute(select(Post.id, Post.parent_id).where(Post.thread_id == thread.id).order_by(Post.number))
    return in_order([(id, parent) for id, parent in rows])


def _names(session: Session, ids: set[str]) -> dict[str, str]:
    rows = select(Post.id, Person.name).join(Person, Person.id == Post.author_id).where(Post.id.in_(ids))
    return dict(session.execute(rows).all())


def _marked(session: Session, actor: Actor, ids: Sequence[str]) -> set[str]:
    if not actor.is_somebody:
        return set()
    return set(session.scalars(select(Useful.post_id).where(Useful.post_id.in_(ids), Useful.person_id == actor.id)))


def _useful_to(session: Session, ids: Sequence[str]) -> dict[str, list[str]]:
    """Return, by post, the names of the first people to whom it was useful."""
    nth = func.row_number().over(partition_by=Useful.post_id, order_by=(Useful.at, Useful.person_id)).label("nth")
    ranked = select(Useful.post_id, Useful.person_id, nth).where(Useful.post_id.in_(ids)).subquery()
    rows = session.execute(
        select(ranked.c.post_id, Person.name)
        .join(Person, Person.id == ranked.c.person_id)
        .where(ranked.c.nth <= _NAMED)
        .order_by(ranked.c.post_id, ranked.c.nth)
    )
    found: dict[str, list[str]] = {}
    for post_id, name in rows:
        found.setdefault(post_id, []).append(name)
    return found


def _turn(
    actor: Actor, one: Said, depth: int, parents: Mapping[str, str], here: set[str], marked: set[str], useful_to: Mapping[str, list[str]]
) -> Turn:
    post = one.post
    out_of_sight = depth > DEEPEST_INDENT or (depth > 0 and post.parent_id not in here)
    return Turn(
        said=one, depth=depth, answers=parents.get(post.parent_id) if out_of_sight else None,
        is_own=actor.is_somebody and post.author_id == actor.id, is_useful_to_me=post.id in marked,
        useful_to=useful_to.get(post.id, ()),
    )
