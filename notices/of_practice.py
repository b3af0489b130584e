"""What an act in the practice tells, and to whom: a message, a name in it, an accepted answer."""

from collections.abc import Iterator

from sqlalchemy import select
from sqlalchemy.orm import Session

from accounts.models import Space
from core.journal import Act
from discussions.models import Mention, Post, Thread
from notices.following import Target, begin
from notices.recipients import followers_of, followers_of_thread_alone, readers, with_role
from notices.told import Told, cause_of, first_of
from wiki.models import Procedure

SPOKEN = ("open_thread", "post", "edit_post")
ACTS = (*SPOKEN, "accept")


def take_part(session: Session, act: Act) -> None:
    """Let whoever wrote, and whoever is named, follow the thread from now on, unless they ever said otherwise."""
    post = _post_of(session, act)
    if post is not None:
        begin(session, [post.author_id], "thread", post.thread_id, why="part", at=act.at)
        begin(session, _named(session, post), "thread", post.thread_id, why="named", at=act.at)


def told_by(session: Session, act: Act) -> Iterator[Told]:
    """Yield what an act of the practice tells."""
    if act.act == "accept":
        yield from _accepted(session, act)
        return
    post = _post_of(session, act)
    if post is None or post.erased_at is not None:
        return
    thread, space, found = _place(session, post.thread_id)
    about = {"thread_id": thread.id, "post_id": post.id}
    named = readers(session, space, _named(session, post)) - {post.author_id}
    # Once per message, whether the name stood in it from the beginning or came with an edit.
    yield Told(f"mention:{post.id}", act.at, space.id, dict.fromkeys(named, "mention"), act.actor, about)
    if act.act != "edit_post":
        people = _told_of_post(session, thread, space, found, post, named)
        yield Told(cause_of(act), act.at, space.id, people, act.actor, about)


def _told_of_post(session: Session, thread: Thread, space: Space, found: Target, post: Post, named: set[str]) -> dict[str, str]:
    follow, ended = followers_of(session, found)
    leave_out = named | {post.author_id}
    if post.number > 1:
        answered = readers(session, space, [_answered(session, thread, post)]) - ended
        return first_of(("answer", answered), ("post", follow), leave_out=leave_out)
    let_in = with_role(session, space) - ended if thread.kind == "announcement" else set()
    return first_of(("thread", follow | let_in), leave_out=leave_out)


def _answered(session: Session, thread: Thread, post: Post) -> str:
    parent = session.get(Post, post.parent_id) if post.parent_id else None
    return parent.author_id if parent else thread.opened_by


def _accepted(session: Session, act: Act) -> Iterator[Told]:
    thread, space, found = _place(session, act.object.removeprefix("thread:"))
    answer = session.get(Post, thread.accepted_post_id) if thread.accepted_post_id else None
    if answer is None:
        return
    _, ended = followers_of(session, found)
    author = readers(session, space, [answer.author_id])
    others = (readers(session, space, [thread.opened_by]) | followers_of_thread_alone(session, space, thread.id)) - ended
    people = first_of(("accepted", author), ("settled", others), leave_out={act.actor})
    yield Told(cause_of(act), act.at, space.id, people, act.actor, {"thread_id": thread.id, "post_id": answer.id})


def _post_of(session: Session, act: Act) -> Post | None:
    kind, _, id = act.object.partition(":")
    if kind == "thread" and act.act == "open_thread":
        return session.scalar(select(Post).where(Post.thread_id == id, Post.number == 1))
    return session.get(Post, id) if kind == "post" and act.act in SPOKEN else None


def _named(session: Session, post: Post) -> list[str]:
    return list(session.scalars(select(Mention.person_id).where(Mention.post_id == post.id)))


def _place(session: Session, thread_id: str) -> tuple[Thread, Space, Target]:
    thread, space, code = session.execute(
        select(Thread, Space, Procedure.code)
        .join(Space, Space.id == Thread.space_id)
        .outerjoin(Procedure, Procedure.id == Thread.procedure_id)
        .where(Thread.id == thread_id)
    ).one()
    return thread, space, Target("thread", thread.id, space, code)
