"""What the rule's pages ask of the receipts. `receipts` answers; the rule never imports it, app.py introduces them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from sqlalchemy.orm import Session

from accounts.actors import Actor
from wiki.procedures import Found
from wiki.standing import Standing


@dataclass(frozen=True)
class Word:
    """What a procedure's page says to one person alone: the version it asks them to attest, and what they attested last."""

    asked: int | None
    version: int | None
    at: datetime | None


class Attestation(Protocol):
    """Who is asked to have read and understood."""

    def asking(self, session: Session, found: Found, standing: Standing) -> object | None:
        """Return what a procedure asks, None if it asks nobody: the same for every reader, so it is kept with the page."""

    def word(self, session: Session, actor: Actor, found: Found, asking: object) -> Word | None:
        """Return what the page says to one person, in one statement at most."""

    def to_read(self, session: Session, actor: Actor) -> Sequence:
        """Return what asks the actor for a receipt, the longest waiting first."""
