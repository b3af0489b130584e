"""The list of people as administrators see it: searched, page by page, and as a table."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from accounts.actors import Actor
from accounts.models import Grant, OneTimeLink, Person, Space
from accounts.policy import require_administrator
from core import clock
from core.errors import Invalid, N_
from core.journal import SITE, Act
from core.tables import csv_of
from core.text import folded, line

KINDS = ("", "administrators", "guests", "disabled", "waiting")
HERE = "here"
COLUMNS = ("name", "email", "team", "guest", "administrator", "language", "disabled", "roles")


@dataclass(frozen=True)
class Listed:
    """A person in the list: when they last signed in, if ever, and until when a link waits for them."""

    person: Person
    seen_at: datetime | None
    link_until: datetime | None


@dataclass(frozen=True)
class Held:
    """A role that somebody holds in a space."""

    space: Space
    grant: Grant


def listed(session: Session, by: Actor, *, q: str = "", kind: str = "", page: int, page_size: int) -> tuple[list[Listed], int]:
    """Return a page of the people whose name, address or team holds these words, and how many there are.

    `kind` is one of KINDS: everybody, the disabled too, administrators, guests, the disabled alone, those who never came.
    Raises: Denied; Invalid.
    """
    require_administrator(by)
    if kind not in KINDS:
        raise Invalid(N_("A kind is administrators, guests, disabled or waiting."), field="kind")
    ids = found(session, q, kind)
    shown = ids[(page - 1) * page_size : page * page_size]
    return _rows(session, shown), len(ids)


def found(session: Session, q: str, kind: str = "") -> list[str]:
    """Return the ids of the people in whose name, address or team every one of these words stands, by name.

    `kind` is one of KINDS, or HERE: everybody who is not disabled.
    """
    words = folded(line(q, field="q", limit=200, required=False)).split()
    # Compared here and not in SQL: what is the same letter without its accent, only one of the databases knows.
    rows = session.execute(select(Person.id, Person.name, Person.email, Person.team).where(*_of(kind)).order_by(Person.name, Person.id))
    return [row.id for row in rows if all(word in folded(f"{row.name} {row.email} {row.team}") for word in words)]


def _of(kind: str) -> Sequence:
    here = Person.disabled_at.is_(None)
    came = select(Act.object).where(Act.chain == SITE, Act.act == "sign_in")
    return {
        "": (), HERE: (here,), "disabled": (Person.disabled_at.is_not(None),),
        "administrators": (here, Person.administrator_since.is_not(None)), "guests": (here, Person.guest_since.is_not(None)),
        "waiting": (here, ("person:" + Person.id).not_in(came)),
    }[kind]


def _rows(session: Session, ids: Sequence[str]) -> list[Listed]:
    people = {person.id: person for person in session.scalars(select(Person).where(Person.id.in_(ids)))}
    came = select(Act.object, func.max(Act.at)).where(Act.chain == SITE, Act.act == "sign_in", Act.object.in_([f"person:{id}" for id in ids]))
    seen = dict(session.execute(came.group_by(Act.object)).all())
    links = select(OneTimeLink.person_id, func.max(OneTimeLink.expires_at)).where(
        OneTimeLink.person_id.in_(ids), OneTimeLink.used_at.is_(None), OneTimeLink.expires_at > clock.now()
    )
    waiting = dict(session.execute(links.group_by(OneTimeLink.person_id)).all())
    return [Listed(people[id], seen.get(f"person:{id}"), waiting.get(id)) for id in ids]


def one(session: Session, person: Person) -> Listed:
    """Return one person as they stand in the list."""
    return _rows(session, [person.id])[0]


def roles_of(session: Session, person: Person) -> list[Held]:
    """Return the roles that somebody holds, by space, those that have ended left out."""
    rows = session.execute(
        select(Space, Grant)
        .join(Grant, Grant.space_id == Space.id)
        .where(Grant.person_id == person.id, (Grant.ends_at.is_(None)) | (Grant.ends_at > clock.now()))
        .order_by(Space.name, Grant.role)
    )
    return [Held(*row) for row in rows]


def table(session: Session, by: Actor) -> str:
    """Return everybody as CSV, without any secret: what a list that is brought in may hold, and their roles. Raises: Denied."""
    require_administrator(by)
    roles: dict[str, list[str]] = {}
    held = select(Grant.person_id, Space.slug, Grant.role).join(Space, Space.id == Grant.space_id)
    for person_id, slug, role in session.execute(held.order_by(Space.slug, Grant.role)):
        roles.setdefault(person_id, []).append(f"{slug}:{role}")
    people = session.scalars(select(Person).order_by(Person.name, Person.id))
    return csv_of(COLUMNS, (_line(person, roles.get(person.id, ())) for person in people))


def _line(person: Person, roles: Sequence[str]) -> tuple:
    says = lambda at: "yes" if at else ""  # noqa: E731
    return (
        person.name, person.email, person.team, says(person.guest_since), says(person.administrator_since),
        person.language, says(person.disabled_at), " ".join(roles),
    )
