"""Two threads about the same become one: the posts move with their authors and dates, the old address leads to the new."""

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from accounts.actors import Actor
from core import clock
from core.errors import Conflict, Invalid, N_, NotFound
from discussions import posts
from discussions.care import GapStep, Route
from discussions.models import Citation, Post, Thread
from discussions.moderating import moderated
from discussions.telling import tell
from discussions.threads import readable


def merge(session: Session, actor: Actor, thread: Thread, into: str) -> Thread:
    """Move every post of a thread into another of the same space, after its own, and return that one. By an animator.

    What opened the old thread becomes an answer in the new one, and what answered the old thread answers it.

    Raises: NotFound, Unauthenticated or Denied if the actor may not; Invalid for a thread that it cannot go into;
    Conflict if the old one is hidden.
    """
    old, chain = moderated(session, actor, thread.id)
    new = _target(session, actor, into)
    if new is None or new.space_id != old.space.id or new.id == old.thread.id:
        raise Invalid(N_("Name another thread of the same space."), field="into")
    if "announcement" in (old.thread.kind, new.kind):
        raise Invalid(N_("An announcement stays by itself."), field="into")
    if old.thread.hidden_at or new.hidden_at:
        raise Conflict(N_("One of the two is hidden. Show it again first."))
    opened = session.scalar(select(Post).where(Post.thread_id == old.thread.id, Post.number == 1))
    _move_posts(session, old.thread, new, opened)
    _move_links(session, old.thread, new)
    old.thread.merged_into, old.thread.merged_by, old.thread.merged_at = new.id, actor.id, clock.now()
    session.execute(update(Thread).where(Thread.merged_into == old.thread.id).values(merged_into=new.id))
    session.flush()
    tell(session, chain, actor, old.thread, "merge_thread", content=new.id, into=new.id)
    tell(session, chain, actor, new, "join_thread", content=old.thread.id, joined=old.thread.id, post=opened.id)
    return new


def _target(session: Session, actor: Actor, into: str) -> Thread | None:
    try:
        found = readable(session, actor, into.strip().rpartition("/")[2].partition("#")[0]).thread
    except NotFound:
        return None
    session.refresh(found)
    return found


def _move_posts(session: Session, old: Thread, new: Thread, opened: Post) -> None:
    session.execute(
        update(Post)
        .where(Post.thread_id == old.id, Post.parent_id.is_(None), Post.number > 1)
        .values(parent_id=opened.id)
        .execution_options(synchronize_session=False)
    )
    session.execute(
        update(Post)
        .where(Post.thread_id == old.id)
        .values(thread_id=new.id, number=Post.number + new.last_number)
        .execution_options(synchronize_session=False)
    )
    session.expire(opened)
    new.last_number += old.last_number
    new.touched_at = max(new.touched_at, old.touched_at)
    new.replied_at = posts.first_reply(session, new)
    old.last_number, old.accepted_post_id, old.accepted_by, old.accepted_at = 0, None, None, None


def _move_links(session: Session, old: Thread, new: Thread) -> None:
    """Let what cites, answers or was asked of the old thread speak of the new one, where it does not yet."""
    there = select(Citation.change_id).where(Citation.thread_id == new.id)
    moved = Citation.thread_id == old.id
    session.execute(update(Citation).where(moved, Citation.change_id.not_in(there)).values(thread_id=new.id))
    session.execute(delete(Citation).where(moved))
    session.execute(delete(Route).where(Route.thread_id == old.id))
    if old.kind == new.kind == "gap":
        session.execute(update(GapStep).where(GapStep.thread_id == old.id).values(thread_id=new.id))
