"""Naming people: from what somebody types to people who can be asked in a space. Nobody else is known here."""

from collections.abc import Collection

from sqlalchemy import and_, select
from sqlalchemy.orm import Session

from accounts.actors import Actor, actor_of
from accounts.models import Grant, Person, Space
from accounts.permissions import Permission
from accounts.policy import may, roles_in
from core.errors import Invalid, N_, TooLong
from core.text import folded

LONGEST_NAMES = 20_000


def people_of(session: Session, space: Space, only: Collection[str] | None = None) -> list[tuple[Person, Actor]]:
    """Return everybody who is not disabled with their rights in this space alone; `only` these ids if given."""
    rows = (
        select(Person, Grant)
        .outerjoin(Grant, and_(Grant.person_id == Person.id, Grant.space_id == space.id))
        .where(Person.disabled_at.is_(None))
    )
    if only is not None:
        rows = rows.where(Person.id.in_(only))
    grants: dict[Person, list[Grant]] = {}
    for person, grant in session.execute(rows):
        grants.setdefault(person, []).extend([grant] if grant else [])
    return [(person, actor_of(person, held)) for person, held in grants.items()]


def check_nameable(session: Session, space: Space, ids: Collection[str]) -> None:
    """Go on only if each of these people can be asked in the space. Raises: Invalid, in the same words for who is not there."""
    if ids and len(_nameable(people_of(session, space, ids), space)) < len(ids):
        raise Invalid(N_("One of these people is not there, or cannot be asked in this space."), field="people")


def named_in(session: Session, space: Space, typed: str) -> tuple[str, ...]:
    """Return the ids of the people whose full names or e-mail addresses are typed, one per line.

    Raises: Invalid for a line that means nobody who can be asked in this space, or several.
    """
    lines = [line.strip() for line in typed.replace(";", "\n").splitlines() if line.strip()]
    if not lines:
        return ()
    if len(typed) > LONGEST_NAMES:
        raise TooLong(field="people", limit=LONGEST_NAMES, length=len(typed))
    known = _nameable(people_of(session, space), space)
    return tuple(dict.fromkeys(_meant(known, line) for line in lines))


def _nameable(people: Collection[tuple[Person, Actor]], space: Space) -> list[Person]:
    # A guest who was not let into this very space is a stranger to its authors, even where anybody may read.
    return [
        person for person, actor in people
        if may(actor, Permission.ATTEST, space) and (not actor.is_guest or roles_in(actor, space))
    ]


def _meant(known: Collection[Person], line: str) -> str:
    asked = folded(line)
    found = [person for person in known if asked in (folded(person.name), folded(person.email))]
    if not found:
        raise Invalid(N_("Nobody who can be asked here is called “%(name)s”."), field="people", name=line[:120])
    if len(found) > 1:
        raise Invalid(N_("Several people are called “%(name)s”. Give the e-mail address instead."), field="people", name=line[:120])
    return found[0].id
