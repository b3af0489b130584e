"""The roll of a procedure: who has said that they have read it, who has not and since when."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import func, literal, select
from sqlalchemy.orm import Session

from accounts.actors import Actor
from accounts.models import Person, Space
from accounts.permissions import Permission
from accounts.policy import require
from core.journal import SITE, Act
from core.text import folded
from receipts.asking import Asking, Reader
from receipts.audiences import asked_by
from receipts.models import Receipt, Reminder
from receipts.naming import people_of
from wiki import procedures
from wiki.procedures import Found
from wiki.repository import Library
from wiki.standing import Standing

STATES = ("missing", "attested", "past")


@dataclass(frozen=True)
class Line:
    """One person and one receipt, or the want of one. `past`: a receipt that asks nothing any more but stays.

    `version` and `at` are those of the receipt; of somebody missing, of the last one they gave.
    """

    state: str
    person: Person
    version: int | None = None
    at: datetime | None = None
    blob: str | None = None
    since: datetime | None = None
    reminded_at: datetime | None = None


@dataclass(frozen=True)
class Roll:
    """Every line, those missing first, the longest waiting first; then who has; then the past."""

    standing: Standing
    lines: tuple[Line, ...]

    def of(self, *states: str) -> list[Line]:
        """Return the lines of these states, in order."""
        return [line for line in self.lines if line.state in states]

    @property
    def asked(self) -> int:
        """How many people are asked."""
        return len(self.of("missing", "attested"))


def readable_roll(session: Session, library: Library, actor: Actor, code: str) -> tuple[Found, Roll]:
    """Return the roll of a procedure for whoever may see it. Raises: NotFound, Unauthenticated, Denied."""
    found = procedures.readable(session, actor, code)
    require(actor, Permission.SEE_RECEIPTS, found.space)
    return found, roll(session, library, found)


def roll(session: Session, library: Library, found: Found) -> Roll:
    """Return the roll of a procedure today, in a number of statements that does not grow."""
    standing = procedures.standing_of(session, found.procedure, library)
    asking = asked_by(session, library, found, standing)
    receipts = _receipts(session, found.procedure.id)
    last = {}
    for receipt, _ in receipts:
        last[receipt.person_id] = receipt
    lines = [] if asking is None else [
        _line(asking, reader, person, found.space, last.get(person.id), library)
        for person, reader in _asked(session, asking, found.space)
    ]
    standing_now = {line.person.id for line in lines if line.state == "attested"}
    past = [
        Line("past", person, receipt.version, receipt.at, receipt.blob) for receipt, person in receipts
        if receipt is not last[receipt.person_id] or receipt.person_id not in standing_now
    ]
    return Roll(standing, (*_reminded(session, found.procedure.id, _ordered(lines)), *reversed(past)))


def moves(session: Session, person_id: str | None = None) -> dict[str, dict[str, datetime]]:
    """Return when people last came into another team, or from being guests, by the name of the act; of one or of everybody."""
    rows = (
        select(Person.id, Act.act, func.max(Act.at))
        .join(Act, Act.object == literal("person:") + Person.id)
        .where(Act.chain == SITE, Act.act.in_(("choose_team", "make_employee")))
        .group_by(Person.id, Act.act)
    )
    found: dict[str, dict[str, datetime]] = {}
    for id, act, at in session.execute(rows.where(Person.id == person_id) if person_id else rows):
        found.setdefault(id, {})[act] = at
    return found


def reader_of(actor: Actor, person: Person, moved: Mapping[str, datetime]) -> Reader:
    """Return somebody who may be asked; `moved` is what `moves` says of them."""
    return Reader(actor, person.created_at, moved.get("choose_team"), moved.get("make_employee"))


def _receipts(session: Session, procedure_id: int) -> list[tuple[Receipt, Person]]:
    rows = (
        select(Receipt, Person)
        .join(Person, Person.id == Receipt.person_id)
        .where(Receipt.procedure_id == procedure_id)
        .order_by(Receipt.version, Receipt.id)
    )
    return [tuple(row) for row in session.execute(rows)]


def _asked(session: Session, asking: Asking, space: Space) -> Iterable[tuple[Person, Reader]]:
    kinds = {entry.kind for entry in asking.entries}
    only = [entry.person_id for entry in asking.entries] if kinds == {"person"} else None
    moved = moves(session) if "applies_to" in kinds or space.visibility == "internal" else {}
    for person, actor in people_of(session, space, only):
        if asking.present and asking.entries_for(actor, space):
            yield person, reader_of(actor, person, moved.get(person.id, {}))


def _line(asking: Asking, reader: Reader, person: Person, space: Space, last: Receipt | None, library: Library) -> Line:
    since = asking.since(reader, space, last.version if last else None, library.zone)
    given = {"version": last.version, "at": last.at, "blob": last.blob} if last else {}
    return Line("missing" if since else "attested", person, since=since, **given)


def _ordered(lines: Iterable[Line]) -> list[Line]:
    # Sorted twice: by name, then by how long somebody waits, which leaves the names in order.
    named = sorted(lines, key=lambda line: (folded(line.person.name), line.person.id))
    missing = sorted((line for line in named if line.state == "missing"), key=lambda line: line.since)
    return missing + [line for line in named if line.state == "attested"]


def _reminded(session: Session, procedure_id: int, lines: list[Line]) -> list[Line]:
    rows = select(Reminder.person_id, func.max(Reminder.at)).where(Reminder.procedure_id == procedure_id)
    latest = dict(session.execute(rows.group_by(Reminder.person_id)).all()) if lines else {}
    return [
        replace(line, reminded_at=at) if line.since and (at := latest.get(line.person.id)) and at >= line.since else line
        for line in lines
    ]
