"""Searches that found nothing: the words, how often and when last, per space, and never who.

No words cross a wall. They are kept for the space that was chosen; where none was, for the spaces that the person has a
role in, or else may take part in, and for none at all if one of those they can read is restricted: what somebody types for
a walled space must not be read beside it.
"""

from datetime import datetime, timedelta

from sqlalchemy import ForeignKey, Index, Integer, String, UniqueConstraint, delete, func, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from accounts.actors import Actor
from accounts.models import Space
from accounts.permissions import Permission
from accounts.policy import may, require, roles_in
from core import clock, journal
from core.database import Base, Instant, Key, new_id
from core.errors import NotFound
from core.text import folded
from search.asking import Results

LONGEST = 100
MOST = 300                      # of one space; the longest unasked go first
KEPT = timedelta(days=90)


class Missed(Base):
    """Words that people looked for in a space and that nothing answered."""

    __tablename__ = "missed_searches"
    __table_args__ = (UniqueConstraint("space_id", "folded"), Index("ix_missed_searches_space_id_last_at", "space_id", "last_at"))

    id: Mapped[str] = mapped_column(Key, primary_key=True, default=new_id)
    space_id: Mapped[str] = mapped_column(ForeignKey("spaces.id"))
    folded: Mapped[str] = mapped_column(String(LONGEST))
    words: Mapped[str] = mapped_column(String(LONGEST))
    times: Mapped[int] = mapped_column(Integer)
    last_at: Mapped[datetime] = mapped_column(Instant)


def meant(actor: Actor, results: Results) -> list[Space]:
    """Return the spaces for which a search is kept: none where it found something or was narrowed otherwise."""
    wanted = results.wanted
    narrowed = wanted.kind or wanted.language or wanted.author or wanted.after or wanted.before or wanted.page > 1
    if results.total or narrowed or not any(c.isalnum() for c in wanted.text) or len(wanted.text) > LONGEST:
        return []
    spaces = [space for space in results.spaces if wanted.space in (None, space.slug)]
    if len(spaces) > 1 and any(space.visibility == "restricted" for space in spaces):
        return []
    open_to = [space for space in spaces if may(actor, Permission.TAKE_PART, space)]
    return [space for space in open_to if roles_in(actor, space)] or open_to


def miss(session: Session, space: Space, text: str) -> None:
    """Count a search that found nothing in a space. It is no act: nobody did it."""
    words = " ".join(text.split())
    key = folded(words)[:LONGEST]
    kept = session.scalar(select(Missed).where(Missed.space_id == space.id, Missed.folded == key).with_for_update())
    if kept is not None:
        kept.times, kept.last_at = kept.times + 1, clock.now()
        return
    session.add(Missed(space_id=space.id, folded=key, words=words, times=1, last_at=clock.now()))
    session.flush()
    _forget_old(session, space)


def missed(session: Session, space: Space, limit: int = 20) -> list[Missed]:
    """Return what was looked for in vain in a space, the most often first. The right to see it was asked before."""
    rows = select(Missed).where(Missed.space_id == space.id, Missed.last_at > clock.now() - KEPT)
    return list(session.scalars(rows.order_by(Missed.times.desc(), Missed.last_at.desc(), Missed.id).limit(limit)))


def forget(session: Session, actor: Actor, id: str) -> Space:
    """Put a search away, because it was answered or says nothing; return its space. By an animator.

    Raises: NotFound, Unauthenticated or Denied if the actor may not.
    """
    row = session.execute(select(Missed, Space).join(Space, Space.id == Missed.space_id).where(Missed.id == id)).first()
    if row is None or not may(actor, Permission.READ, row.Space):
        raise NotFound()
    require(actor, Permission.MODERATE, row.Space)
    chain = journal.lock(session, row.Space.id)
    journal.add(session, chain, actor=actor.id, act="forget_search", object=f"search:{id}")
    session.delete(row.Missed)
    session.flush()
    return row.Space


def _forget_old(session: Session, space: Space) -> None:
    session.execute(delete(Missed).where(Missed.space_id == space.id, Missed.last_at <= clock.now() - KEPT))
    if session.scalar(select(func.count()).where(Missed.space_id == space.id)) > MOST:
        oldest = select(Missed.id).where(Missed.space_id == space.id).order_by(Missed.last_at).limit(1).scalar_subquery()
        session.execute(delete(Missed).where(Missed.id == oldest))
