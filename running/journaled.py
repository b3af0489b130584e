"""Counts of acts, from the journal: exact whatever wrote them, and the same from every process.

Each process remembers how far in each chain it has counted, so only what is new is looked at.
"""

import threading
from collections import Counter

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from core.journal import Act, Chain

COUNTED = {
    "publish": ("procedures_publications", "Publications, imports included."),
    "open_thread": ("procedures_threads", "Threads that were opened."),
    "post": ("procedures_posts", "Answers in threads."),
    "sign_in": ("procedures_sign_ins", "Sign-ins."),
    "refuse_sign_in": ("procedures_failed_sign_ins", "Tries at signing in with a wrong address or password."),
}


class Acts:
    """How many acts of each kind that is counted there are."""

    def __init__(self):
        self._lock = threading.Lock()
        self._reached: dict[str, int] = {}
        self._counts: Counter[str] = Counter()

    def counts(self, session: Session) -> dict[str, int]:
        """Return the number of acts per kind."""
        with self._lock:
            for chain, head in session.execute(select(Chain.name, Chain.sequence)):
                self._count(session, chain, head)
            return {act: self._counts[act] for act in COUNTED}

    def _count(self, session: Session, chain: str, head: int) -> None:
        reached = self._reached.get(chain, 0)
        if head <= reached:
            return
        rows = session.execute(
            select(Act.act, func.count())
            .where(Act.chain == chain, Act.sequence > reached, Act.sequence <= head, Act.act.in_(COUNTED))
            .group_by(Act.act)
        )
        self._counts.update({act: many for act, many in rows})
        self._reached[chain] = head
