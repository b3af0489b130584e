"""The lists that go along when people leave: people, roles, acts, receipts, reviews, as tables for a spreadsheet.

No secret is in any of them: no password, no link, no token, not even as the hash that we keep.
"""

from collections.abc import Iterator

from sqlalchemy import select
from sqlalchemy.orm import Session

from accounts.models import Grant, Person, Space
from core import clock
from core.journal import Act
from core.tables import csv_of
from receipts.models import Receipt
from reviews.models import Review
from wiki.models import Procedure


def people(session: Session) -> str:
    """Return everybody whom the site knows."""
    rows = session.scalars(select(Person).order_by(Person.name, Person.id))
    head = ("id", "name", "email", "team", "language", "guest_since", "administrator_since", "created_at", "disabled_at")
    return csv_of(head, (
        (one.id, one.name, one.email, one.team, one.language, *map(_at, (one.guest_since, one.administrator_since, one.created_at, one.disabled_at)))
        for one in rows
    ))


def roles(session: Session, space: Space) -> str:
    """Return who holds which role in a space."""
    rows = session.execute(
        select(Grant, Person.name).join(Person, Person.id == Grant.person_id).where(Grant.space_id == space.id).order_by(Person.name, Grant.role)
    )
    return csv_of(("person", "name", "role", "granted_at"), ((grant.person_id, name, grant.role, _at(grant.granted_at)) for grant, name in rows))


def acts(session: Session, chain: str) -> Iterator[bytes]:
    """Yield the acts of a chain with their hashes, piece by piece."""
    head = ("sequence", "at", "actor", "name", "act", "object", "reason_digest", "content_digest", "previous", "hash")
    rows = session.execute(
        select(Act, Person.name).outerjoin(Person, Person.id == Act.actor).where(Act.chain == chain).order_by(Act.sequence)
        .execution_options(yield_per=1000)
    )
    yield csv_of(head, ()).encode()
    for part in rows.partitions():
        lines = [
            (act.sequence, _at(act.at), act.actor, name, act.act, act.object, act.reason_digest, act.content_digest, act.previous, act.hash)
            for act, name in part
        ]
        yield csv_of(lines[0], lines[1:]).encode()


def receipts(session: Session, space: Space) -> str:
    """Return who attested which version of which procedure."""
    rows = session.execute(
        select(Procedure.code, Receipt.version, Receipt.person_id, Person.name, Receipt.at, Receipt.blob)
        .join(Procedure, Procedure.id == Receipt.procedure_id).join(Person, Person.id == Receipt.person_id)
        .where(Procedure.space_id == space.id).order_by(Procedure.code, Receipt.id)
    )
    head = ("code", "version", "person", "name", "at", "text")
    return csv_of(head, ((code, version, person, name, _at(at), blob) for code, version, person, name, at, blob in rows))


def reviews(session: Session, space: Space) -> str:
    """Return what reviewers said of which version."""
    rows = session.execute(
        select(Procedure.code, Review, Person.name)
        .join(Procedure, Procedure.id == Review.procedure_id).join(Person, Person.id == Review.person_id)
        .where(Procedure.space_id == space.id).order_by(Procedure.code, Review.sequence)
    )
    head = ("code", "version", "verdict", "note", "person", "name", "at")
    return csv_of(head, ((code, one.version, one.verdict, one.note, one.person_id, name, _at(one.at)) for code, one, name in rows))


def _at(at) -> str:
    return clock.rfc3339(at) if at else ""
