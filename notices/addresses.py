"""Addresses at which a mail server said for good that nobody is there: marked, shown to administrators, taken back by them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from accounts.actors import Actor
from accounts.models import Person
from accounts.policy import may_administer
from core import clock, journal
from core.errors import Denied, N_, NotFound, Unauthenticated
from notices.models import Outgoing, RefusedAddress


@dataclass(frozen=True)
class Outbox:
    """What waits to be sent: how many letters, since when the oldest waits, and what the server last said of it."""

    waiting: int
    since: datetime | None
    said: str


def refused_addresses(session: Session, actor: Actor) -> Sequence:
    """Return rows (person, mark) of the addresses that are marked and still somebody's, the newest first. Raises: Denied."""
    _require_administrator(actor)
    rows = select(Person, RefusedAddress).join(RefusedAddress, RefusedAddress.person_id == Person.id)
    return session.execute(rows.where(RefusedAddress.email == Person.email).order_by(RefusedAddress.at.desc(), Person.id)).all()


def outbox(session: Session, actor: Actor) -> Outbox:
    """Return what waits to be sent. Raises: Denied."""
    _require_administrator(actor)
    waiting, since = session.execute(select(func.count(), func.min(Outgoing.made_at)).where(Outgoing.due_at.is_not(None))).one()
    said = select(Outgoing.said).where(Outgoing.due_at.is_not(None), Outgoing.said != "").order_by(Outgoing.made_at).limit(1)
    return Outbox(waiting, since, session.scalar(said) or "")


def take_back(session: Session, actor: Actor, person_id: str) -> None:
    """Let letters go to somebody's address again. Raises: Denied; NotFound if it is not marked."""
    _require_administrator(actor)
    chain = journal.lock(session, journal.SITE)
    marked = session.get(RefusedAddress, person_id)
    if marked is None:
        raise NotFound()
    session.delete(marked)
    journal.add(session, chain, actor=actor.id, act="mail_again", object=f"person:{person_id}")


def mark(session: Session, person: Person, said: str) -> None:
    """Mark the address of a person."""
    session.merge(RefusedAddress(person_id=person.id, email=person.email, at=clock.now(), said=said[:500]))


def _require_administrator(actor: Actor) -> None:
    if may_administer(actor):
        return
    if not actor.is_somebody:
        raise Unauthenticated(N_("Sign in to do this."))
    raise Denied(N_("Only administrators can do this."))
