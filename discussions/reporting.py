"""Telling the animators of a message, and their settling of it."""

from dataclasses import dataclass

from sqlalchemy import select, update
from sqlalchemy.orm import Session, aliased

from accounts.actors import Actor
from accounts.models import Person, Space
from accounts.permissions import Permission
from accounts.policy import may, require
from core import clock, journal
from core.errors import Conflict, N_, NotFound
from discussions import words
from discussions.care import Report
from discussions.models import Post, Thread
from discussions.shown import shown


@dataclass(frozen=True)
class Reported:
    """A message that somebody reported, as animators see it."""

    report: Report
    reporter: str
    post: Post
    author: str
    thread: Thread


def report(session: Session, actor: Actor, post: Post, space: Space, word: str) -> Report:
    """Tell the animators of a message that was found readable, with a word why; told again, the word is the newer one.

    Raises: Unauthenticated or Denied if the actor cannot take part; Conflict if its words are gone; Invalid without a word.
    """
    require(actor, Permission.TAKE_PART, space)
    word = words.reason(word, field="word")
    chain = journal.lock(session, space.id)
    session.refresh(post)
    if post.is_silent:
        raise Conflict(N_("The words of this message are not shown any more."))
    mine = session.scalar(select(Report).where(Report.post_id == post.id, Report.person_id == actor.id, Report.settled_at.is_(None)))
    if mine is not None and mine.word == word:
        return mine
    if mine is None:
        mine = Report(space_id=space.id, post_id=post.id, person_id=actor.id)
        session.add(mine)
    mine.word, mine.at = word, clock.now()
    session.flush()
    journal.add(session, chain, actor=actor.id, act="report_post", object=f"post:{post.id}", content=word)
    return mine


def settle(session: Session, actor: Actor, report_id: str) -> Report:
    """Say that a report was looked at and needs nothing more. By an animator.

    Raises: NotFound, Unauthenticated or Denied if the actor may not.
    """
    row = session.execute(select(Report, Space).join(Space, Space.id == Report.space_id).where(Report.id == report_id)).first()
    if row is None or not may(actor, Permission.READ, row.Space):
        raise NotFound()
    require(actor, Permission.MODERATE, row.Space)
    chain = journal.lock(session, row.Space.id)
    session.refresh(row.Report)
    if row.Report.settled_at is None:
        row.Report.settled_by, row.Report.settled_at = actor.id, clock.now()
        session.flush()
        journal.add(session, chain, actor=actor.id, act="settle_report", object=f"post:{row.Report.post_id}")
    return row.Report


def settle_of_post(session: Session, actor: Actor, post: Post) -> None:
    """Settle what was reported of a post, as part of the act that hid or erased it."""
    _settle_where(session, actor, Report.post_id == post.id)


def settle_of_thread(session: Session, actor: Actor, thread: Thread) -> None:
    """Settle what was reported of every post of a thread, as part of the act that hid it."""
    _settle_where(session, actor, Report.post_id.in_(select(Post.id).where(Post.thread_id == thread.id)))


def open_reports(session: Session, space: Space, limit: int = 20) -> list[Reported]:
    """Return the reports of a space that wait for an animator, the oldest first. The right was asked before."""
    author = aliased(Person)
    rows = session.execute(
        select(Report, Person.name, Post, author.name, Thread)
        .join(Person, Person.id == Report.person_id)
        .join(Post, Post.id == Report.post_id)
        .join(author, author.id == Post.author_id)
        .join(Thread, Thread.id == Post.thread_id)
        .where(Report.space_id == space.id, Report.settled_at.is_(None), shown())
        .order_by(Report.at)
        .limit(limit)
    )
    return [Reported(*row) for row in rows]


def _settle_where(session: Session, actor: Actor, condition) -> None:
    session.execute(
        update(Report)
        .where(condition, Report.settled_at.is_(None))
        .values(settled_by=actor.id, settled_at=clock.now())
        .execution_options(synchronize_session=False)
    )
