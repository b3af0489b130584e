"""What the rule's pages ask of the practice, answered: see `wiki.practice.Practice`."""

from collections.abc import Collection

from sqlalchemy.orm import Session

from accounts.models import Space
from accounts.policy import Actor
from discussions import citations, lists
from discussions.lists import Listed
from discussions.panel import Panel, panel
from wiki.procedures import Found
from wiki.standing import Standing


class Discussions:
    """The other half of every page."""

    def panel(self, session: Session, actor: Actor, found: Found, standing: Standing, text: str | None) -> Panel:
        """Return what the template of the panel shows beside a procedure."""
        return panel(session, actor, found, standing, text)

    def recent(self, session: Session, actor: Actor, space: Space | None = None, limit: int = 8) -> list[Listed]:
        """Return the threads last spoken in, of one space or of all that the actor may read."""
        return lists.recent(session, actor, space, limit)

    def unanswered(self, session: Session, actor: Actor, limit: int = 5) -> list[Listed]:
        """Return open questions that the actor could answer, the longest waiting first."""
        return lists.unanswered(session, actor, limit)

    def cite(self, session: Session, actor: Actor, change_id: str, thread_ids: Collection[str]) -> None:
        """Link a change to the threads it grew out of. Raises: Invalid where the actor cannot read one of them."""
        citations.cite(session, actor, change_id, thread_ids)

    def cited(self, session: Session, actor: Actor, change_id: str) -> list[Listed]:
        """Return the threads that a change grew out of, those that the actor may read."""
        return lists.listed(session, citations.threads_of(session, actor, change_id))
