"""The days that matter: by when reviews are due, and when versions that wait take force."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from accounts.actors import Actor
from accounts.models import Space
from accounts.policy import readable_spaces, roles_in
from core import clock
from reviews.due import Due
from reviews.dues import dues
from wiki.models import Procedure, Version
from wiki.repository import Library
from wiki.speaking import Speaking


@dataclass(frozen=True)
class Entry:
    """One day that matters for a procedure. `kind` is review, takes_force or retires."""

    day: date
    kind: str
    code: str
    title: str
    owner: str
    version: int
    space: Space
    is_overdue: bool = False
    amended: str = ""       # the label of the clause that brought a review forward


@dataclass(frozen=True)
class Month:
    """The entries of one month; `first` is its first day, None for what is overdue."""

    first: date | None
    entries: Sequence[Entry]


@dataclass(frozen=True)
class Days:
    """What some spaces' calendar holds: its entries, the earliest first, and the procedures in force that have no date."""

    entries: Sequence[Entry]
    dateless: Sequence[Speaking]


def own_spaces(session: Session, actor: Actor) -> list[Space]:
    """Return the spaces that the actor may read and has a role in, by name."""
    held = select(Space).where(readable_spaces(actor), Space.id.in_(list(actor.roles))).order_by(Space.name, Space.slug)
    return [space for space in session.scalars(held) if roles_in(actor, space)]


def days(session: Session, library: Library, spaces: Sequence[Space]) -> Days:
    """Return the days of these spaces. The right to the spaces was asked before."""
    found = dues(session, library, spaces)
    reviews = [_review(one.speaking, one.due) for one in found if one.due]
    entries = [*reviews, *_waiting(session, spaces, clock.today(library.zone))]
    ordered = sorted(entries, key=lambda one: (one.day, one.code, one.kind, one.version))
    return Days(ordered, [one.speaking for one in found if one.due is None])


def _review(said: Speaking, due: Due) -> Entry:
    return Entry(
        due.day, "review", said.code, said.title, said.owner, said.version, said.space, due.is_overdue,
        due.amended.label if due.amended else "",
    )


def by_month(listed: Sequence[Entry]) -> list[Month]:
    """Gather entries by month, those that are overdue before all."""
    months: dict[date | None, list[Entry]] = {}
    for entry in sorted(listed, key=lambda one: not one.is_overdue):
        months.setdefault(None if entry.is_overdue else entry.day.replace(day=1), []).append(entry)
    return [Month(first, found) for first, found in months.items()]


def _waiting(session: Session, spaces: Sequence[Space], today: date) -> list[Entry]:
    by_id = {space.id: space for space in spaces}
    rows = session.execute(
        select(Procedure.space_id, Procedure.code, Version)
        .join(Version, Version.procedure_id == Procedure.id)
        .where(Procedure.space_id.in_(list(by_id)), Version.in_force_from > today, Version.cancelled_by.is_(None))
    )
    return [
        Entry(
            version.in_force_from, "takes_force" if version.blob else "retires", code, version.title, version.owner,
            version.number, by_id[space_id],
        )
        for space_id, code, version in rows
    ]
