"""Who has which role in a space, and who let them in."""

from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from accounts.actors import Actor
from accounts.models import ROLES, Grant, Invitation, Person, Space
from accounts.policy import require_acquaintance
from core import clock


@dataclass(frozen=True)
class Member:
    """Somebody with roles in a space: until when, if there is an end, and who recommended or invited them, if anybody."""

    person: Person
    roles: tuple[str, ...]
    ends_at: datetime | None
    brought_by: Person | None


def standing(now: datetime):
    """Return the condition on `grants` that keeps those which count at this instant."""
    return or_(Grant.ends_at.is_(None), Grant.ends_at > now)


def seen(session: Session, actor: Actor, space: Space) -> list[Member]:
    """Return the people of a space as somebody of it sees them: a guest sees no other guest unless the space says so.

    Raises: Unauthenticated; Denied for somebody who is not of it.
    """
    require_acquaintance(actor, space)
    return [
        replace(one, brought_by=None) if one.brought_by and _is_hidden(actor, space, one.brought_by) else one
        for one in of_space(session, space) if not _is_hidden(actor, space, one.person)
    ]


def _is_hidden(actor: Actor, space: Space, person: Person) -> bool:
    return actor.is_guest and person.guest_since is not None and person.id != actor.id and space.guests_meet_since is None


def of_space(session: Session, space: Space) -> list[Member]:
    """Return everybody who holds a role in a space today, by name."""
    rows = session.execute(
        select(Person, Grant)
        .join(Grant, Grant.person_id == Person.id)
        .where(Grant.space_id == space.id, Person.disabled_at.is_(None), standing(clock.now()))
        .order_by(Person.name, Person.id)
    ).all()
    held: dict[Person, list[Grant]] = {}
    for person, grant in rows:
        held.setdefault(person, []).append(grant)
    brought = _brought(session, space)
    return [_member(person, grants, brought.get(person.id)) for person, grants in held.items()]


def _member(person: Person, grants: list[Grant], brought_by: Person | None) -> Member:
    roles = sorted((grant.role for grant in grants), key=ROLES.index)
    ends = [grant.ends_at for grant in grants]
    return Member(person, tuple(roles), None if None in ends else max(ends), brought_by)


def _brought(session: Session, space: Space) -> dict[str, Person]:
    rows = session.execute(
        select(Invitation.person_id, Person)
        .join(Person, Person.id == Invitation.inviter)
        .where(Invitation.space_id == space.id, Invitation.used_at.is_not(None))
        .order_by(Invitation.used_at)
    )
    return {person_id: inviter for person_id, inviter in rows}
