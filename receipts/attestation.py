"""What the rule's pages ask of the receipts, answered: see `wiki.attestation.Attestation`."""

from dataclasses import dataclass

from sqlalchemy.orm import Session

from accounts.actors import Actor
from receipts.asking import Asking
from receipts.attesting import last_receipt, means
from receipts.audiences import asked_by
from receipts.to_read import ToRead, to_read
from wiki.attestation import Word
from wiki.procedures import Found
from wiki.repository import Library
from wiki.standing import Standing


@dataclass(frozen=True)
class Receipts:
    """Who is asked to have read and understood."""

    library: Library

    def asking(self, session: Session, found: Found, standing: Standing) -> Asking | None:
        """Return what a procedure asks, None if it asks nobody."""
        return asked_by(session, self.library, found, standing)

    def word(self, session: Session, actor: Actor, found: Found, asking: Asking) -> Word | None:
        """Return what the page says to one person, in one statement at most."""
        last = last_receipt(session, actor, asking.procedure_id)
        owes = means(asking, actor, found) and asking.owed(last.version if last else None)
        if not owes and last is None:
            return None
        return Word(asking.present.number if owes else None, last.version if last else None, last.at if last else None)

    def to_read(self, session: Session, actor: Actor) -> list[ToRead]:
        """Return what asks the actor for a receipt, the longest waiting first."""
        return to_read(session, self.library, actor)
