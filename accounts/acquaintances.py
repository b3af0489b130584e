"""People as others see them: which of them an actor may see, and what of them."""

from dataclasses import dataclass, field

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from accounts.actors import Actor
from accounts.models import Grant, Invitation, Person, Space
from accounts.policy import readable_spaces
from core import clock
from core.errors import NotFound


@dataclass(frozen=True)
class Acquaintance:
    """A person as another one sees them: who, and the spaces both know."""

    person: Person
    spaces: list[Space]
    brought_by: dict[str, str] = field(default_factory=dict)       # by the id of a space: whose invitation they came with


def readable(session: Session, actor: Actor, person_id: str) -> Acquaintance:
    """Return a person that the actor may see: themselves, a colleague, or somebody of a space they share.

    Raises: NotFound.
    """
    person = session.get(Person, person_id) if actor.is_somebody else None
    shared = _shared(session, actor, person_id, person.guest_since is not None) if person else []
    if person is None or not _may_see(actor, person, shared):
        raise NotFound()
    return Acquaintance(person, shared, {} if actor.is_guest else _brought(session, person_id))


def _may_see(actor: Actor, person: Person, shared: list[Space]) -> bool:
    return person.id == actor.id or bool(shared) or (actor.is_employee and person.guest_since is None)


def _shared(session: Session, actor: Actor, person_id: str, is_guest: bool) -> list[Space]:
    """The spaces that the person was let into and the actor can read; for a guest, only those they were let into.

    Two guests share only the spaces which say that their guests see each other.
    """
    counts = or_(Grant.ends_at.is_(None), Grant.ends_at > clock.now())
    spaces = (
        select(Space)
        .where(Space.id.in_(select(Grant.space_id).where(Grant.person_id == person_id, counts)), readable_spaces(actor))
        .order_by(Space.name)
    )
    if actor.is_guest:
        spaces = spaces.where(Space.id.in_(list(actor.roles)))
    if actor.is_guest and is_guest and person_id != actor.id:
        spaces = spaces.where(Space.guests_meet_since.is_not(None))
    return list(session.scalars(spaces))


def _brought(session: Session, person_id: str) -> dict[str, str]:
    rows = session.execute(
        select(Invitation.space_id, Person.name)
        .join(Person, Person.id == Invitation.inviter)
        .where(Invitation.person_id == person_id, Invitation.used_at.is_not(None))
        .order_by(Invitation.used_at)
    )
    return {space_id: name for space_id, name in rows}
