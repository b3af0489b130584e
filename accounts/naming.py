"""Finding somebody by what an administrator types: an id, an address, a name, or a part of one."""

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from accounts import roster
from accounts.actors import Actor
from accounts.models import Person
from accounts.policy import require_administrator
from core.errors import Invalid, N_
from core.text import folded

MOST = 20


def candidates(session: Session, by: Actor, who: str) -> list[Person]:
    """Return the people whom these words could mean, by name, at most twenty. Raises: Denied."""
    require_administrator(by)
    ids = roster.found(session, who, roster.HERE)[:MOST]
    return list(session.scalars(select(Person).where(Person.id.in_(ids)).order_by(Person.name, Person.id)))


def meant(session: Session, by: Actor, who: str) -> Person:
    """Return the one person whom these words mean. Raises: Denied; Invalid where nobody or several are meant."""
    require_administrator(by)
    exact = session.scalar(select(Person).where(or_(Person.id == who, Person.email == who.strip().casefold())))
    if exact is not None:
        return exact
    found = candidates(session, by, who) if who.strip() else []
    same = [person for person in found if folded(person.name) == folded(who)]
    chosen = same if len(same) == 1 else found
    if not chosen:
        raise Invalid(N_("Nobody is called “%(name)s”. Write a name or an e-mail address."), field="who", name=who[:120])
    if len(chosen) > 1:
        raise Invalid(N_("Several people could be meant by “%(name)s”. Choose one of them below."), field="who", name=who[:120])
    return chosen[0]
