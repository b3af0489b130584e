"""What was said since a page was opened: one cheap statement, asked again and again by pages that stay open."""

from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from accounts.actors import Actor
from accounts.models import Space
from accounts.policy import readable_spaces
from core.errors import NotFound
from discussions.models import Post, Thread
from discussions.shown import shown, spoken
from wiki.models import Procedure


@dataclass(frozen=True)
class News:
    """How far a thread, or the practice of a procedure, has come, and how many messages of others are new."""

    last: int
    new: int


def of_thread(session: Session, actor: Actor, thread_id: str, after: int) -> News:
    """Return what is new in a thread after the message of this number. Raises: NotFound."""
    unseen = Post.number > after
    if actor.is_somebody:
        unseen &= Post.author_id != actor.id
    row = session.execute(
        select(Thread.last_number, func.count(Post.id).filter(unseen))
        .join(Space, Space.id == Thread.space_id)
        .outerjoin(Post, (Post.thread_id == Thread.id) & (Post.number > after) & spoken())
        .where(Thread.id == thread_id, readable_spaces(actor), shown())
        .group_by(Thread.id, Thread.last_number)
    ).first()
    if row is None:
        raise NotFound()
    return News(*row)


def of_procedure(session: Session, actor: Actor, code: str, after: int) -> News:
    """Return how many messages the threads of a procedure have, and how many more than `after`. Raises: NotFound."""
    row = session.execute(
        select(Procedure.id, func.coalesce(func.sum(Thread.last_number), 0))
        .join(Space, Space.id == Procedure.space_id)
        .outerjoin(Thread, (Thread.procedure_id == Procedure.id) & shown())
        .where(Procedure.code == code.upper(), readable_spaces(actor))
        .group_by(Procedure.id)
    ).first()
    if row is None:
        raise NotFound()
    return News(row[1], max(0, row[1] - after))
