"""Saying that one has read and understood: the one way in which reading is ever recorded."""

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from accounts.actors import Actor
from accounts.permissions import Permission
from accounts.policy import require
from core import clock, journal
from core.errors import Conflict, Denied, N_
from receipts.asking import Asking, Text
from receipts.audiences import asked_by
from receipts.models import Receipt
from wiki import procedures
from wiki.models import Procedure, Version
from wiki.procedures import Found
from wiki.repository import Library
from wiki.standing import Standing


@dataclass(frozen=True)
class Duty:
    """What a procedure asks of one person, and what they attested last."""

    standing: Standing
    is_asked: bool
    last: Receipt | None
    owed: tuple[Text, ...]

    @property
    def attested(self) -> Version | None:
        """The version attested last."""
        return next((v for v in self.standing.versions if self.last and v.number == self.last.version), None)

    @property
    def reasons(self) -> list[Version]:
        """The versions that ask for the new receipt, newest first: each says why it was made."""
        numbers = {text.number for text in self.owed}
        return [version for version in self.standing.versions if version.number in numbers]


def duty(session: Session, library: Library, actor: Actor, found: Found) -> Duty:
    """Return what a procedure asks of somebody today."""
    standing = procedures.standing_of(session, found.procedure, library)
    asking, last = asked_by(session, library, found, standing), last_receipt(session, actor, found.procedure.id)
    is_asked = means(asking, actor, found)
    return Duty(standing, is_asked, last, asking.owed(last.version if last else None) if is_asked else ())


def means(asking: Asking | None, actor: Actor, found: Found) -> bool:
    """Say whether a procedure asks this person for receipts."""
    return asking is not None and bool(asking.entries_for(actor, found.space))


def last_receipt(session: Session, actor: Actor, procedure_id: int) -> Receipt | None:
    """Return the actor's receipt of the newest version they attested."""
    rows = select(Receipt).where(Receipt.person_id == actor.id, Receipt.procedure_id == procedure_id)
    return session.scalar(rows.order_by(Receipt.version.desc()).limit(1)) if actor.is_somebody else None


def attest(session: Session, library: Library, actor: Actor, code: str, version: int) -> Receipt:
    """Record that the actor has read and understood the version in force; saying it again changes nothing.

    Raises: NotFound, Unauthenticated or Denied if the actor may not or is not asked; Conflict if `version` is not the
    one in force now.
    """
    found = procedures.readable(session, actor, code)
    require(actor, Permission.ATTEST, found.space)
    chain = journal.lock(session, found.space.id)
    given = _given(session, actor, found.procedure, version)
    if given is not None:
        return given
    asking = asked_by(session, library, found)
    if not means(asking, actor, found):
        raise Denied(N_("This procedure does not ask you to say that you have read it."))
    text = _checked(found.procedure, asking, version)
    receipt = Receipt(procedure_id=found.procedure.id, person_id=actor.id, version=text.number, blob=text.blob, at=clock.now())
    session.add(receipt)
    session.flush()
    journal.add(
        session, chain, actor=actor.id, act="attest", object=f"procedure:{found.procedure.code}",
        content=f"{text.number} {text.blob}", at=receipt.at,
    )
    return receipt


def _given(session: Session, actor: Actor, procedure: Procedure, version: int) -> Receipt | None:
    return session.scalar(
        select(Receipt).where(
            Receipt.procedure_id == procedure.id, Receipt.person_id == actor.id, Receipt.version == version
        )
    )


def _checked(procedure: Procedure, asking: Asking, version: int) -> Text:
    text = asking.present
    if text is None:
        raise Conflict(N_("Nothing is in force under this code now."), field="version", present={"code": procedure.code, "version": None})
    if text.number != version:
        raise Conflict(
            N_("Version %(number)s is in force now. Read what it says, then say so."),
            field="version", present={"code": procedure.code, "version": text.number}, number=text.number,
        )
    return text
