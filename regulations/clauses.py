"""The clauses of a text: add, edit, say that one was amended, take out."""

from typing import NamedTuple

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from accounts.actors import Actor
from accounts.models import Person, Space
from accounts.permissions import Permission
from accounts.policy import require
from core import clock, journal
from core.database import new_id
from core.errors import Conflict, Invalid, N_, NotFound
from core.journal import Chain
from core.text import block, line
from regulations import texts
from regulations.models import Amendment, Clause, Regulation
from regulations.naming import label_of
from regulations.texts import check_unmoved
from wiki.repository import Library

LONGEST_WORDING = 4000
LONGEST_NOTE = 2000
MOST_CLAUSES = 5000


class Place(NamedTuple):
    """A clause the actor may read, and where it stands."""

    clause: Clause
    regulation: Regulation
    space: Space


class Amended(NamedTuple):
    """What somebody said of a clause, and who."""

    amendment: Amendment
    name: str


def readable(session: Session, actor: Actor, id: str) -> Place:
    """Return a clause, its text and its space. Raises: NotFound if it is not there, or not for this actor."""
    clause = session.scalar(select(Clause).where(Clause.id == id, Clause.dropped_at.is_(None)))
    if clause is None:
        raise NotFound()
    return Place(clause, *texts.readable(session, actor, clause.regulation_id))


def add(session: Session, actor: Actor, regulation_id: str, *, label: str, wording: str = "") -> Clause:
    """Add a clause to a text; one that was taken out comes back.

    Raises: NotFound, Unauthenticated or Denied if the actor may not; Invalid with the field; Conflict if it is there.
    """
    place, chain = texts.locked(session, actor, regulation_id)
    label, wording = clean(label, wording)
    known = by_label(session, place.regulation, label)
    if known is not None and known.dropped_at is None:
        raise Conflict(N_("This clause is in the register already."), field="label")
    clause = known or begun(place.regulation, last_position(session, place.regulation) + 1)
    session.add(clause)
    write(clause, label, wording)
    session.flush()
    _record(session, chain, actor, "add_clause", clause)
    return clause


def edit(session: Session, actor: Actor, id: str, *, label: str, wording: str, revision: int) -> Clause:
    """Change the label or the wording of a clause. `revision` is the one the actor was shown.

    Raises: as `add`; Conflict if somebody edited it meanwhile.
    """
    place, chain = locked(session, actor, id)
    label, wording = clean(label, wording)
    check_unmoved(place.clause.revision, revision)
    other = by_label(session, place.regulation, label)
    if other is not None and other.id != id:
        raise Conflict(N_("Another clause of this text has this label."), field="label")
    if write(place.clause, label, wording):
        session.flush()
        _record(session, chain, actor, "edit_clause", place.clause)
    return place.clause


def amend(session: Session, library: Library, actor: Actor, id: str, note: str) -> Amendment:
    """Say that a clause was amended, and how: from today the procedures that answer it are due for review.

    The same said again on the same day changes nothing.

    Raises: as `add`; Invalid without a note.
    """
    place, chain = locked(session, actor, id)
    note = block(note, field="note", limit=LONGEST_NOTE).strip()
    today = clock.today(library.zone)
    earlier = session.scalar(select(Amendment).where(Amendment.clause_id == id).order_by(Amendment.sequence.desc()).limit(1))
    if earlier is not None and (earlier.person_id, earlier.day, earlier.note) == (actor.id, today, note):
        return earlier
    act = journal.add(session, chain, actor=actor.id, act="amend_clause", object=f"clause:{id}", reason=note, content=place.clause.label)
    amendment = Amendment(
        id=new_id(), clause_id=id, note=note, person_id=actor.id, day=today, at=clock.now(), sequence=act.sequence
    )
    session.add(amendment)
    session.flush()
    return amendment


def drop(session: Session, actor: Actor, id: str) -> Place:
    """Take a clause out of the register. Raises: as `add`."""
    place, chain = locked(session, actor, id)
    place.clause.dropped_by, place.clause.dropped_at = actor.id, clock.now()
    session.flush()
    _record(session, chain, actor, "drop_clause", place.clause)
    return place


def amendments(session: Session, clause: Clause) -> list[Amended]:
    """Return what was said of a clause's amendments, the newest first."""
    rows = session.execute(
        select(Amendment, Person.name)
        .join(Person, Person.id == Amendment.person_id)
        .where(Amendment.clause_id == clause.id)
        .order_by(Amendment.sequence.desc())
    )
    return [Amended(*row) for row in rows]


def begun(regulation: Regulation, position: int) -> Clause:
    """Return the row of a new clause, without its words. Raises: Invalid where the text has too many."""
    if position > MOST_CLAUSES:
        raise Invalid(N_("A text holds at most %(most)s clauses."), field="label", most=MOST_CLAUSES)
    return Clause(id=new_id(), regulation_id=regulation.id, position=position, revision=0)


def last_position(session: Session, regulation: Regulation) -> int:
    """Return where the last clause of a text stands, 0 without any."""
    return session.scalar(select(func.max(Clause.position)).where(Clause.regulation_id == regulation.id)) or 0


def write(clause: Clause, label: str, wording: str) -> bool:
    """Write a clause's words into its row, back in the register if it was out of it, and say whether that changed anything."""
    if (clause.label, clause.wording, clause.dropped_at) == (label, wording, None):
        return False
    clause.label, clause.wording, clause.dropped_by, clause.dropped_at = label, wording, None, None
    clause.revision += 1
    return True


def locked(session: Session, actor: Actor, id: str) -> tuple[Place, Chain]:
    """Return a clause that the actor may change, read again under its space's lock. Raises: NotFound, Denied, Unauthenticated."""
    space = readable(session, actor, id).space
    require(actor, Permission.KEEP_REGISTER, space)
    chain = journal.lock(session, space.id)
    place = readable(session, actor, id)
    session.refresh(place.clause)
    return place, chain


def clean(label: str, wording: str) -> tuple[str, str]:
    """Return a label and a wording cleaned. Raises: Invalid with the field; a label holds a letter or a figure."""
    label = line(label, field="label", limit=80)
    if not label_of(label):
        raise Invalid(N_("A clause is named by figures or letters."), field="label")
    return label, block(wording, field="wording", limit=LONGEST_WORDING, required=False).strip()


def by_label(session: Session, regulation: Regulation, label: str) -> Clause | None:
    """Return the clause of a text that this label names, also one that was taken out."""
    return next((one for one in every(session, regulation) if label_of(one.label) == label_of(label)), None)


def every(session: Session, regulation: Regulation) -> list[Clause]:
    """Return every clause that a text ever had, also those that were taken out."""
    return list(session.scalars(select(Clause).where(Clause.regulation_id == regulation.id).order_by(Clause.position)))


def _record(session: Session, chain: Chain, actor: Actor, act: str, clause: Clause) -> None:
    journal.add(session, chain, actor=actor.id, act=act, object=f"clause:{clause.id}", content=f"{clause.label}\n{clause.wording}")
