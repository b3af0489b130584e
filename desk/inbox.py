"""The threads of a space that belong to no procedure yet, each with the one it seems to be about."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from accounts.models import Space
from discussions.lists import Listed, is_open, listed
from discussions.models import Thread
from discussions.shown import shown

MOST = 20


@dataclass(frozen=True)
class Proposed:
    """A procedure that a thread seems to be about."""

    code: str
    title: str


@dataclass(frozen=True)
class Unsorted:
    """A thread without a procedure, with the one that is proposed if there is any."""

    thread: Listed
    proposed: Proposed | None


# Words and a space in, the procedure of it that they seem to be about out: the search answers, see app.py.
Propose = Callable[[Space, str], Proposed | None]


def inbox(session: Session, space: Space, propose: Propose | None = None) -> tuple[list[Unsorted], int]:
    """Return the open threads of a space without a procedure, the oldest first, and how many there are.

    The right was asked before. Without `propose` nothing is proposed.
    """
    wanted = (Thread.space_id == space.id, Thread.procedure_id.is_(None), Thread.kind != "announcement", is_open(), shown())
    total = session.scalar(select(func.count()).select_from(Thread).where(*wanted))
    threads: Sequence[Thread] = session.scalars(select(Thread).where(*wanted).order_by(Thread.opened_at).limit(MOST)).all()
    lines = listed(session, threads)
    return [Unsorted(line, propose(space, line.heading) if propose and line.heading else None) for line in lines], total
