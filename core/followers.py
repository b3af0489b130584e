"""Followers: what reads the journal after commit, each from a cursor of its own per chain.

A follower that fails stays behind and is tried again; it is never wrong. One process per site follows at a time, held
by a lock that dies with the process: see `core.loop`, which knows when to look. `step` knows how far a follower is.
"""

import logging
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Integer, String, and_, bindparam, func, or_, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from core import clock
from core.database import Base, Database, Instant, Key
from core.journal import Act, Chain

log = logging.getLogger(__name__)

STUCK = timedelta(minutes=5)


class Cursor(Base):
    """How far one follower is in one chain."""

    __tablename__ = "followers"

    follower: Mapped[str] = mapped_column(String(40), primary_key=True)
    chain: Mapped[str] = mapped_column(Key, primary_key=True)
    sequence: Mapped[int] = mapped_column(Integer)
    moved_at: Mapped[datetime | None] = mapped_column(Instant)


_BEHIND = (
    select(Chain.name, Chain.sequence)
    .join(Cursor, and_(Cursor.chain == Chain.name, Cursor.follower == bindparam("follower")), isouter=True)
    .where(Chain.name.in_(bindparam("chains", expanding=True)), Chain.sequence > func.coalesce(Cursor.sequence, 0))
)


@dataclass(frozen=True)
class Backlog:
    """What one follower has not handled yet: how many acts, since when the oldest waits, and when it last moved."""

    follower: str
    acts: int
    since: datetime | None
    moved_at: datetime | None

    def is_stuck(self, now: datetime) -> bool:
        """Whether something waits and nothing moved, for longer than a busy follower takes over one step."""
        return self.since is not None and self.since < now - STUCK and (self.moved_at is None or self.moved_at < now - STUCK)


@dataclass(frozen=True)
class Follower:
    """Something done about acts. `handle` may be given the same acts again, and must not mind.

    `at_once` is the most it is given in one step: fewer where each takes long, so that the others have their turn.
    """

    name: str
    handle: Callable[[Session, list[Act]], None]
    at_once: int = 200


def step(database: Database, follower: Follower, limit: int | None = None) -> int:
    """Let a follower handle at most `limit` acts beyond its cursors, each chain in order, and return how many.

    The cursors move only after `handle` came back, in a transaction of their own. Raises: whatever `handle` raises.
    """
    with database.reading() as session:
        acts = _acts_beyond(session, follower.name, limit or follower.at_once)
        if not acts:
            return 0
        follower.handle(session, acts)
        reached = {act.chain: act.sequence for act in acts}
    with database.transaction() as session:
        for chain, sequence in reached.items():
            session.merge(Cursor(follower=follower.name, chain=chain, sequence=sequence, moved_at=clock.now()))
    return len(acts)


def drain(database: Database, followers: Sequence[Follower]) -> None:
    """Let every follower handle all that waits. Raises: what the first failing one raised, after the others went on."""
    failure = None
    for follower in followers:
        try:
            while step(database, follower):
                pass
        except Exception as error:
            log.warning("follower=%s failed=%s", follower.name, type(error).__name__, exc_info=True)
            failure = failure or error
    if failure:
        raise failure


def advance(session: Session, follower: str, acts: Sequence[tuple[str, int]]) -> None:
    """Move a follower past these acts, given as chain and sequence, because what it makes was made anew after them."""
    for chain, sequence in acts:
        cursor = session.get(Cursor, (follower, chain))
        if cursor is None or cursor.sequence < sequence:
            session.merge(Cursor(follower=follower, chain=chain, sequence=sequence))


def has_followed(session: Session, follower: str, acts: Sequence[tuple[str, int]]) -> bool:
    """Say whether a follower is past all of these acts, given as chain and sequence."""
    if not acts:
        return True
    wanted = or_(*(and_(Cursor.chain == chain, Cursor.sequence >= sequence) for chain, sequence in acts))
    reached = set(session.scalars(select(Cursor.chain).where(Cursor.follower == follower, wanted)))
    return reached >= {chain for chain, _ in acts}


def behind(session: Session, follower: str, chains: Collection[str]) -> list[tuple[str, int]]:
    """Return the last act, as chain and sequence, of each of these chains that a follower is not past."""
    rows = session.connection().execute(_BEHIND, {"follower": follower, "chains": list(chains)})
    return [tuple(row) for row in rows]


def backlog(session: Session, follower: str) -> Backlog:
    """Return what a follower has not handled yet, over all chains."""
    at = func.coalesce(Cursor.sequence, 0)
    acts, since = session.execute(
        select(func.coalesce(func.sum(Chain.sequence - at), 0), func.min(Act.at))
        .join(Cursor, and_(Cursor.chain == Chain.name, Cursor.follower == follower), isouter=True)
        .join(Act, and_(Act.chain == Chain.name, Act.sequence == at + 1), isouter=True)
        .where(Chain.sequence > at)
    ).one()
    moved_at = session.scalar(select(func.max(Cursor.moved_at)).where(Cursor.follower == follower))
    return Backlog(follower, int(acts), since, moved_at)


def heads(session: Session) -> list[tuple[str, int]]:
    """Return the last act of every chain that has one."""
    return [(row.name, row.sequence) for row in session.scalars(select(Chain).where(Chain.sequence > 0))]


def _acts_beyond(session: Session, name: str, limit: int) -> list[Act]:
    at = func.coalesce(Cursor.sequence, 0)
    behind = session.execute(
        select(Chain.name, at)
        .join(Cursor, and_(Cursor.chain == Chain.name, Cursor.follower == name), isouter=True)
        .where(Chain.sequence > at)
        .order_by(Chain.name)
    ).all()
    acts: list[Act] = []
    for chain, sequence in behind:
        waiting = select(Act).where(Act.chain == chain, Act.sequence > sequence).order_by(Act.sequence)
        acts += session.scalars(waiting.limit(limit - len(acts))).all()
        if len(acts) >= limit:
            break
    return acts
