"""Administrators: who becomes one and who stops being one. There is always one."""

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from accounts.actors import Actor
from accounts.models import Person
from accounts.policy import require_administrator
from core import clock, journal
from core.errors import Conflict, Invalid, N_


def appoint(session: Session, by: Actor | None, person: Person) -> bool:
    """Make somebody an administrator and say whether that is new. `by` None: the command line.

    Raises: Denied; Invalid for a guest or somebody who was disabled.
    """
    require_administrator(by)
    chain = journal.lock(session, journal.SITE)
    session.refresh(person)
    if person.guest_since is not None:
        raise Invalid(N_("A guest cannot be an administrator."), field="administrator")
    if person.disabled_at is not None:
        raise Invalid(N_("%(name)s was disabled."), name=person.name)
    if person.administrator_since is not None:
        return False
    person.administrator_since = clock.now()
    journal.add(session, chain, actor=by.id if by else None, act="appoint_administrator", object=f"person:{person.id}")
    return True


def dismiss(session: Session, by: Actor | None, person: Person) -> bool:
    """Take the office of administrator from somebody, oneself included, and say whether they had it.

    Raises: Denied; Conflict for the last one.
    """
    require_administrator(by)
    chain = journal.lock(session, journal.SITE)
    session.refresh(person)
    if person.administrator_since is None:
        return False
    keep_one(session, person)
    person.administrator_since = None
    journal.add(session, chain, actor=by.id if by else None, act="dismiss_administrator", object=f"person:{person.id}")
    return True


def keep_one(session: Session, person: Person) -> None:
    """Go on only if somebody besides this person administers the site, or they do not either.

    Call it with the site's chain locked and the person read again: of two who dismiss each other at once, the second
    finds that the first is gone. Raises: Conflict.
    """
    if person.administrator_since is None or person.disabled_at is not None:
        return
    others = select(func.count()).select_from(Person).where(
        Person.id != person.id, Person.administrator_since.is_not(None), Person.disabled_at.is_(None)
    )
    if session.scalar(others) == 0:
        raise Conflict(N_("%(name)s is the last administrator. Name another one first."), name=person.name)
