"""What the rule's pages ask about upkeep. `reviews` answers; the rule never imports it, app.py introduces them.

What is told here must move only with an act in the procedure's space, or with the day: pages of the rule are kept by both.
"""

from collections.abc import Collection, Mapping
from typing import Protocol

from sqlalchemy.orm import Session

from accounts.actors import Actor
from accounts.models import Space
from wiki.facts import Facts
from wiki.procedures import Found
from wiki.standing import Standing


class Upkeep(Protocol):
    """Who keeps the rule fresh."""

    def kept(self, session: Session, found: Found, standing: Standing, facts: Facts | None) -> object:
        """Return what `reviews/_kept.html` says of a procedure: when its review is due, and the last one."""

    def overdue(self, session: Session, space: Space, codes: Collection[str]) -> Mapping[str, object]:
        """Return, by code, when the review of each procedure that is overdue was due."""

    def begun(self, session: Session, actor: Actor, found: Found, review_id: str) -> str:
        """Return the reason of a change that one's own review asked for, as it begins; empty where there is none."""
