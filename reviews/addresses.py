"""The private address of one's calendar: made, shown once, made again, ended. Whoever has it reads as its owner."""

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from accounts import actors
from accounts.actors import Actor, hashed, new_secret
from core import clock, journal
from core.errors import N_, NotFound, Unauthenticated
from reviews.models import CalendarAddress


def present(session: Session, actor: Actor) -> CalendarAddress | None:
    """Return the private address that the actor has now, if any."""
    if not actor.is_somebody:
        return None
    return session.scalar(select(CalendarAddress).where(*_held(actor)))


def make(session: Session, actor: Actor) -> str:
    """Make the actor's private address and return its secret, of which only a hash is kept; the one before ends.

    Raises: Unauthenticated.
    """
    chain = _locked(session, actor)
    _end(session, actor)
    secret = new_secret()
    session.add(CalendarAddress(token_hash=hashed(secret), person_id=actor.id, created_at=clock.now()))
    journal.add(session, chain, actor=actor.id, act="make_calendar_address", object=f"person:{actor.id}")
    return secret


def end(session: Session, actor: Actor) -> bool:
    """End the actor's private address and say whether there was one; repeating it succeeds. Raises: Unauthenticated."""
    chain = _locked(session, actor)
    if not _end(session, actor):
        return False
    journal.add(session, chain, actor=actor.id, act="end_calendar_address", object=f"person:{actor.id}")
    return True


def owner(session: Session, secret: str) -> Actor:
    """Return whose address this is, with the rights they have now. Raises: NotFound if it ended or they were disabled."""
    person_id = session.scalar(
        select(CalendarAddress.person_id).where(
            CalendarAddress.token_hash == hashed(secret), CalendarAddress.revoked_at.is_(None)
        )
    )
    actor = actors.by_id(session, person_id or "")
    if not actor.is_somebody:
        raise NotFound()
    return actor


def _locked(session: Session, actor: Actor):
    if not actor.is_somebody:
        raise Unauthenticated(N_("Sign in to do this."))
    return journal.lock(session, journal.SITE)


def _end(session: Session, actor: Actor) -> bool:
    return session.execute(update(CalendarAddress).where(*_held(actor)).values(revoked_at=clock.now())).rowcount > 0


def _held(actor: Actor) -> tuple:
    return CalendarAddress.person_id == actor.id, CalendarAddress.revoked_at.is_(None)
