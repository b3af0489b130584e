"""What the rule's pages ask of the practice. `discussions` answers; the rule never imports it, app.py introduces them."""

from collections.abc import Collection, Sequence
from typing import Protocol

from sqlalchemy.orm import Session

from accounts.models import Space
from accounts.policy import Actor
from wiki.procedures import Found
from wiki.standing import Standing


class Practice(Protocol):
    """The other half of every page."""

    def panel(self, session: Session, actor: Actor, found: Found, standing: Standing, text: str | None) -> object:
        """Return what the template of the panel shows beside a procedure."""

    def recent(self, session: Session, actor: Actor, space: Space | None = None, limit: int = 8) -> Sequence:
        """Return the threads last spoken in, of one space or of all that the actor may read."""

    def unanswered(self, session: Session, actor: Actor, limit: int = 5) -> Sequence:
        """Return open questions that the actor could answer, the longest waiting first."""

    def cite(self, session: Session, actor: Actor, change_id: str, thread_ids: Collection[str]) -> None:
        """Link a change to the threads it grew out of. Raises: Invalid where the actor cannot read one of them."""

    def cited(self, session: Session, actor: Actor, change_id: str) -> Sequence:
        """Return the threads that a change grew out of, those that the actor may read."""
