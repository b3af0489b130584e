"""A whole thread in reading order: each answer under what it answers, however deep, without recursion."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from accounts.policy import Actor
from discussions.models import Post, Thread, Useful
from discussions.voices import Said, said

DEEPEST_INDENT = 3      # deeper answers say in words whom they answer: a phone has no room for more
PAGE_SIZE = 1000


@dataclass(frozen=True)
class Turn:
    """One post in its place. `answers` is whom it answers, where the indent no longer shows it."""

    said: Said
    depth: int
    answers: str | None
    is_own: bool
    is_useful_to_me: bool

    @property
    def indent(self) -> int:
        """How far in it stands, from 0 to the deepest."""
        return min(self.depth, DEEPEST_INDENT)


def turns(session: Session, actor: Actor, thread: Thread) -> list[Turn]:
    """Return every post of a thread the actor may read, each after what it answers, siblings in the order of writing."""
    posts = said(session, Post.thread_id == thread.id)
    by_id = {one.post.id: one for one in posts}
    marked = _marked(session, actor, thread)
    return [_turn(actor, by_id, one, depth, marked) for one, depth in in_order(posts)]


def in_order(posts: Sequence[Said]) -> list[tuple[Said, int]]:
    """Return the posts depth first, with their depth; the first post and direct answers to it have none."""
    children: dict[str | None, list[Said]] = {}
    first = posts[0].post.id if posts else None
    for one in posts:
        parent = None if one.post.parent_id == first else one.post.parent_id
        children.setdefault(parent, []).append(one)
    found, waiting = [], [(one, 0) for one in reversed(children.get(None, ()))]
    while waiting:
        one, depth = waiting.pop()
        found.append((one, depth))
        waiting += [(child, depth + 1) for child in reversed(children.get(one.post.id, ())) if one.post.id != first]
    return found


def page_of_post(session: Session, actor: Actor, thread: Thread, post_id: str) -> int:
    """Return the page of the thread on which a post stands."""
    if thread.last_number <= PAGE_SIZE:
        return 1
    order = [one.post.id for one, _ in in_order(said(session, Post.thread_id == thread.id))]
    return order.index(post_id) // PAGE_SIZE + 1


def _marked(session: Session, actor: Actor, thread: Thread) -> set[str]:
    if not actor.is_somebody:
        return set()
    rows = session.scalars(
        select(Useful.post_id)
        .join(Post, Post.id == Useful.post_id)
        .where(Post.thread_id == thread.id, Useful.person_id == actor.id)
    )
    return set(rows)


def _turn(actor: Actor, by_id: dict[str, Said], one: Said, depth: int, marked: set[str]) -> Turn:
    post = one.post
    deep = depth > DEEPEST_INDENT and post.parent_id in by_id
    return Turn(
        said=one, depth=depth, answers=by_id[post.parent_id].author if deep else None,
        is_own=actor.is_somebody and post.author_id == actor.id, is_useful_to_me=post.id in marked,
    )
