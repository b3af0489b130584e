"""What the rule's pages ask of the practice. `discussions` answers; the rule never imports it, app.py introduces them."""

from collections.abc import Collection, Mapping, Sequence
from typing import Protocol

from sqlalchemy.orm import Session

from accounts.actors import Actor
from accounts.models import Space
from wiki.models import Change
from wiki.procedures import Found
from wiki.repository import Library
from wiki.standing import Standing


class Practice(Protocol):
    """The other half of every page."""

    def panel(self, session: Session, actor: Actor, found: Found, standing: Standing, text: str | None) -> object:
        """Return what the template of the panel shows beside a procedure."""

    def recent(self, session: Session, actor: Actor, space: Space | None = None, limit: int = 8) -> Sequence:
        """Return the threads last spoken in, of one space or of all that the actor may read."""

    def for_person(self, session: Session, actor: Actor) -> object:
        """Return what the practice asks of somebody and tells them: `asked`, `gaps`, `checks` and pinned `news`."""

    def pinned(self, session: Session, actor: Actor, space: Space) -> Sequence:
        """Return what is pinned in a space today."""

    def unanswered(self, session: Session, actor: Actor, limit: int = 5) -> Sequence:
        """Return open questions that the actor could answer, the longest waiting first."""

    def open_tip(self, session: Session, library: Library, actor: Actor, found: Found, words: str) -> str:
        """Open a tip on a procedure with exactly these words, under the actor's name, and return its id; twice the same, once.

        Raises: Denied if the actor cannot take part; Invalid if the words cannot be a tip.
        """

    def cite(self, session: Session, actor: Actor, change_id: str, thread_ids: Collection[str]) -> None:
        """Link a change to the threads it grew out of. Raises: Invalid where the actor cannot read one of them."""

    def cited(self, session: Session, actor: Actor, change_id: str) -> Sequence:
        """Return the threads that a change grew out of, those that the actor may read."""

    def touched(self, session: Session, space: Space, change: Change) -> Sequence:
        """Return the threads on the passages that an open change touches."""

    def cited_by(self, session: Session, actor: Actor, change_ids: Collection[str]) -> Mapping[str, Sequence]:
        """Return, by change, the threads that it grew out of, those that the actor may read."""
