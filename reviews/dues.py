"""The due dates of many procedures at once, in a number of statements that does not grow with them."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Select, and_, func, select
from sqlalchemy.orm import Session

from accounts.models import Space
from core import clock
from regulations.amended import AmendedClause, amended_clauses
from reviews.due import Begun, Due, amended_since, begun, due, publications
from reviews.reviewing import last_still_right
from wiki.models import Procedure, Version
from wiki.repository import Library
from wiki.speaking import Speaking, speaking


@dataclass(frozen=True)
class DueProcedure:
    """A procedure in force and when its review is due; None where nothing gives a date."""

    speaking: Speaking
    due: Due | None


def dues(
    session: Session, library: Library, spaces: Sequence[Space], *, codes: Collection[str] | None = None
) -> list[DueProcedure]:
    """Return the procedures in force of these spaces, by code, and when the review of each is due. `codes` keeps only these.

    The right to the spaces was asked before.
    """
    today = clock.today(library.zone)
    spoken = [one for one in speaking(session, library, spaces, today, codes=codes) if one.state == "in_force"]
    since = _since(session, _wanted(spaces, codes), spoken, today)
    amended = _amended(session, spaces, spoken, since)
    return [
        DueProcedure(one, due(one.review_every, since[one.procedure_id], today, amended.get(one.procedure_id, ())))
        for one in spoken
    ]


def _since(session: Session, wanted: Select, spoken: Sequence[Speaking], today: date) -> dict[int, Begun]:
    reviews, material = last_still_right(session, wanted), _material(session, wanted, today)
    found = {}
    for one in spoken:
        said = reviews.get(one.procedure_id)
        in_force = Begun(one.in_force_from, one.published_at, one.commit)
        found[one.procedure_id] = begun(in_force, material.get(one.procedure_id), said.review if said else None)
    return found


def _amended(
    session: Session, spaces: Sequence[Space], spoken: Sequence[Speaking], since: dict[int, Begun]
) -> dict[int, list[AmendedClause]]:
    """Return the clauses amended since, by procedure; nothing is asked of the versions where nothing was amended."""
    clauses = amended_clauses(session, spaces)
    touched = {one.procedure_id: clauses.of(one.space, one.regulations) for one in spoken}
    touched = {id: found for id, found in touched.items() if found}
    published = publications(session, {since[id].commit for id in touched} - {""})
    return {id: amended_since(found, since[id], published) for id, found in touched.items()}


def _wanted(spaces: Sequence[Space], codes: Collection[str] | None) -> Select:
    ids = select(Procedure.id).where(Procedure.space_id.in_([space.id for space in spaces]))
    return ids if codes is None else ids.where(Procedure.code.in_(list(codes)))


def _material(session: Session, wanted: Select, today: date) -> dict[int, Begun]:
    """Return the last material version of each procedure that has taken force, as `due.material_in` does for one."""
    held = (
        select(Version.procedure_id, func.max(Version.number).label("number"))
        .where(
            Version.procedure_id.in_(wanted), Version.kind == "material", Version.blob.is_not(None),
            Version.cancelled_by.is_(None), Version.in_force_from <= today,
        )
        .group_by(Version.procedure_id)
        .subquery()
    )
    rows = session.execute(
        select(Version.procedure_id, Version.in_force_from, Version.published_at, Version.commit).join(
            held, and_(held.c.procedure_id == Version.procedure_id, held.c.number == Version.number)
        )
    )
    return {id: Begun(day, at, commit) for id, day, at, commit in rows}
