"""What the rule's pages ask of the practice, answered: see `wiki.practice.Practice`."""

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy.orm import Session

from accounts.actors import Actor
from accounts.models import Space
from core import clock
from discussions import citations, gaps, lists, routing, threads, waiting
from discussions.gaps import Gap
from discussions.lists import Listed
from discussions.panel import Panel, panel
from discussions.touched import Touched, touched
from discussions.waiting import Waits
from wiki.changes import OPEN
from wiki.models import Change
from wiki.procedures import Found
from wiki.repository import Library
from wiki.standing import Standing

_CHECKS = 5             # of one person, on the front page


@dataclass(frozen=True)
class ForPerson:
    """What the practice asks of one person on the front page, and tells them."""

    asked: list[Listed]
    gaps: list[Gap]
    checks: Waits
    news: list[Listed]


@dataclass(frozen=True)
class Discussions:
    """The other half of every page."""

    library: Library

    def for_person(self, session: Session, actor: Actor) -> ForPerson:
        """Return what somebody was asked to look at, their gaps, their threads that wait for a check, and pinned news."""
        asked = routing.asked_of(session, actor)
        return ForPerson(
            asked=lists.listed(session, asked) if asked else [], gaps=gaps.of_owner(session, self.library, actor),
            checks=waiting.of_person(session, self.library, actor, page_size=_CHECKS),
            news=lists.pinned(session, actor, clock.today(self.library.zone)),
        )

    def pinned(self, session: Session, actor: Actor, space: Space) -> list[Listed]:
        """Return what is pinned in a space today."""
        return lists.pinned(session, actor, clock.today(self.library.zone), space)

    def panel(self, session: Session, actor: Actor, found: Found, standing: Standing, text: str | None) -> Panel:
        """Return what the template of the panel shows beside a procedure."""
        return panel(session, actor, found, standing, text)

    def recent(self, session: Session, actor: Actor, space: Space | None = None, limit: int = 8) -> list[Listed]:
        """Return the threads last spoken in, of one space or of all that the actor may read."""
        return lists.recent(session, actor, space, limit)

    def unanswered(self, session: Session, actor: Actor, limit: int = 5) -> list[Listed]:
        """Return open questions that the actor could answer, the longest waiting first."""
        return lists.unanswered(session, actor, limit)

    def open_tip(self, session: Session, library: Library, actor: Actor, found: Found, words: str) -> str:
        """Open a tip on a procedure with exactly these words, under the actor's name, and return its id; twice the same, once.

        Raises: Denied if the actor cannot take part; Invalid if the words cannot be a tip.
        """
        return threads.open_thread(session, library, actor, found.space, found.procedure, kind="tip", body=words).id

    def cite(self, session: Session, actor: Actor, change_id: str, thread_ids: Collection[str]) -> None:
        """Link a change to the threads it grew out of. Raises: Invalid where the actor cannot read one of them."""
        citations.cite(session, actor, change_id, thread_ids)

    def cited(self, session: Session, actor: Actor, change_id: str) -> list[Listed]:
        """Return the threads that a change grew out of, those that the actor may read."""
        return lists.listed(session, citations.threads_of(session, actor, change_id))

    def touched(self, session: Session, space: Space, change: Change) -> list[Touched]:
        """Return the threads on the passages that an open change touches."""
        return touched(session, self.library, space, change) if change.state in OPEN else []

    def cited_by(self, session: Session, actor: Actor, change_ids: Collection[str]) -> dict[str, list[Listed]]:
        """Return, by change, the threads that it grew out of, those that the actor may read."""
        led = citations.threads_of_changes(session, actor, change_ids)
        listed = {one.id: one for one in lists.listed(session, [thread for threads in led.values() for thread in threads])}
        return {change_id: [listed[thread.id] for thread in threads] for change_id, threads in led.items()}
