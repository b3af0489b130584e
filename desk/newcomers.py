"""People whose first message in a space got no reply: the moment at which somebody stays or leaves."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session, aliased

from accounts.models import Person, Space
from core import clock
from discussions import words
from discussions.lists import Listed, is_open, listed
from discussions.models import Post, Thread, Useful
from discussions.shown import shown, spoken

ARRIVED = timedelta(days=30)
MOST = 20


@dataclass(frozen=True)
class Newcomer:
    """Somebody, and the first message that they wrote in a space: it opened a thread, or stands in that of somebody else."""

    name: str
    id: str
    team: str
    post_id: str
    at: datetime
    words: str          # the first sentence of it
    opened: bool
    thread: Listed


def newcomers(session: Session, space: Space) -> list[Newcomer]:
    """Return who first wrote in a space within a month and was answered by nobody, the longest waiting first.

    Being told that it was useful is an answer, and so is being accepted. The right was asked before.
    """
    answer = aliased(Post)
    firsts = (
        select(Post.author_id, func.min(Post.created_at).label("at"))
        .join(Thread, Thread.id == Post.thread_id)
        .where(Thread.space_id == space.id)
        .group_by(Post.author_id)
        .having(func.min(Post.created_at) > clock.now() - ARRIVED)
        .subquery()
    )
    answered = select(answer.id).where(
        answer.thread_id == Post.thread_id, answer.author_id != Post.author_id,
        (answer.parent_id == Post.id) | ((Post.number == 1) & (answer.number > 1)), answer.erased_at.is_(None),
    )
    thanked = select(Useful.post_id).where(Useful.post_id == Post.id)
    rows = session.execute(
        select(Person, Post, Thread)
        .join(firsts, firsts.c.author_id == Person.id)
        .join(Post, (Post.author_id == Person.id) & (Post.created_at == firsts.c.at))
        .join(Thread, Thread.id == Post.thread_id)
        .where(
            Thread.space_id == space.id, Thread.kind != "announcement", shown(), is_open(), spoken(), ~answered.exists(),
            ~thanked.exists(), Thread.accepted_post_id.is_distinct_from(Post.id), Person.disabled_at.is_(None),
        )
        .order_by(Post.created_at)
        .limit(MOST)
    ).all()
    lines = listed(session, [thread for _, _, thread in rows])
    return [
        Newcomer(
            person.name, person.id, person.team, post.id, post.created_at, words.heading("", post.body), post.number == 1, line
        )
        for (person, post, _), line in zip(rows, lines, strict=True)
    ]
