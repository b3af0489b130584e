"""What administrators do to a person besides adding and disabling: names, guests, coming back, a way in."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from accounts import people, sign_ins
from accounts.actors import Actor
from accounts.models import Grant, Person
from accounts.policy import require_administrator
from core import clock, journal
from core.errors import Conflict, Denied, Invalid, N_, NotFound

GUEST_ROLES = ("member", "auditor")


def person(session: Session, by: Actor, person_id: str) -> Person:
    """Return a person whom an administrator looks after. Raises: Unauthenticated; Denied; NotFound."""
    require_administrator(by)
    found = session.get(Person, person_id)
    if found is None:
        raise NotFound()
    return found


def edit(session: Session, by: Actor | None, person: Person, *, name: object, email: object, team: object) -> bool:
    """Correct a name, an address and a team, and say whether anything is new; earlier signatures keep the old name.

    Raises: Denied; Invalid; Conflict if somebody else has this address.
    """
    require_administrator(by)
    name, email, team = people.clean_name(name), people.clean_email(email), people.clean_team(team)
    chain = journal.lock(session, journal.SITE)
    session.refresh(person)
    before = (person.name, person.email, person.team)
    if email != person.email:
        if session.scalar(select(Person.id).where(Person.email == email)) is not None:
            raise Conflict(N_("Somebody already has this e-mail address."), field="email")
        person.email = email
        people.end_links(session, person.id)
        journal.add(session, chain, actor=_id(by), act="choose_email", object=f"person:{person.id}", content=email)
    if name != person.name:
        people.put_name(session, chain, by, person, name)
    people.choose_team(session, by, person, team)
    return before != (name, email, team)


def enable(session: Session, by: Actor | None, person: Person) -> bool:
    """Let a disabled person in again and say whether they were; their tokens stay dead, their roles are as they were.

    Raises: Denied.
    """
    require_administrator(by)
    chain = journal.lock(session, journal.SITE)
    session.refresh(person)
    if person.disabled_at is None:
        return False
    person.disabled_at = None
    journal.add(session, chain, actor=_id(by), act="enable", object=f"person:{person.id}")
    return True


def make_guest(session: Session, by: Actor | None, person: Person) -> bool:
    """Make an employee a guest, who sees only the spaces they are let into, and say whether that is new.

    Raises: Denied; Conflict while they administer the site or hold a role that no guest can have.
    """
    require_administrator(by)
    chain = journal.lock(session, journal.SITE)
    session.refresh(person)
    if person.guest_since is not None:
        return False
    if person.administrator_since is not None:
        raise Conflict(N_("A guest cannot be an administrator."), field="guest")
    if session.scalar(_beyond_a_guest(person)) is not None:
        raise Conflict(N_("%(name)s holds roles that a guest cannot have. Revoke them first."), field="guest", name=person.name)
    person.guest_since = clock.now()
    journal.add(session, chain, actor=_id(by), act="make_guest", object=f"person:{person.id}")
    return True


def make_employee(session: Session, by: Actor | None, person: Person) -> bool:
    """Make a guest an employee, who reads every internal space, and say whether that is new. Raises: Denied."""
    require_administrator(by)
    chain = journal.lock(session, journal.SITE)
    session.refresh(person)
    if person.guest_since is None:
        return False
    person.guest_since = None
    journal.add(session, chain, actor=_id(by), act="make_employee", object=f"person:{person.id}")
    return True


def reset_password(session: Session, by: Actor | None, person: Person) -> str:
    """Forget a person's password, end every sign-in and unused link, and return the secret of a link with which they choose another.

    Raises: Denied for oneself; Invalid for somebody who was disabled.
    """
    require_administrator(by)
    if by is not None and by.id == person.id:
        raise Denied(N_("Change your own password on your account page."))
    if person.disabled_at is not None:
        raise Invalid(N_("%(name)s was disabled."), name=person.name)
    chain = journal.lock(session, journal.SITE)
    session.refresh(person)
    person.password_hash = person.password_set_at = None
    people.end_ways_in(session, person.id)
    journal.add(session, chain, actor=_id(by), act="reset_password", object=f"person:{person.id}")
    return sign_ins.add_link(session, by, person)


def _beyond_a_guest(person: Person):
    return select(Grant.id).where(Grant.person_id == person.id, Grant.role.not_in(GUEST_ROLES)).limit(1)


def _id(by: Actor | None) -> str | None:
    return by.id if by else None
