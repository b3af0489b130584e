"""The manual of a space: every procedure in force on a day, in the order of their codes."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from accounts.models import Space
from wiki import procedures
from wiki.models import Procedure, Version
from wiki.procedures import Listed
from wiki.standing import Standing, standing

MOST = 10_000       # procedures that a manual lists


@dataclass(frozen=True)
class Chapter:
    """A procedure of a manual: the version in force on the manual's day, and how the procedure stands today."""

    code: str
    version: Version
    standing: Standing


def contents(session: Session, space: Space, day: date) -> list[Listed]:
    """Return what was, or will be, in force in a space on a day, by code. The right to read it was asked before."""
    return procedures.listed(session, space, states=("in_force",), day=day, page_size=MOST)[0]


def chapters(session: Session, listed: Sequence[Listed], today: date) -> list[Chapter]:
    """Return these procedures with the versions that were listed, in the same order, in one statement."""
    rows = session.execute(
        select(Procedure.code, Version)
        .join(Version, Version.procedure_id == Procedure.id)
        .where(Procedure.code.in_([one.code for one in listed]))
    )
    versions: dict[str, list[Version]] = {}
    for code, version in rows:
        versions.setdefault(code, []).append(version)
    return [_chapter(one, versions[one.code], today) for one in listed]


def first_day(session: Session, space: Space) -> date | None:
    """Return the first day on which anything was in force in a space, None if nothing ever was."""
    return session.scalar(
        select(func.min(Version.in_force_from))
        .join(Procedure, Procedure.id == Version.procedure_id)
        .where(Procedure.space_id == space.id, Version.cancelled_by.is_(None))
    )


def _chapter(listed: Listed, versions: Sequence[Version], today: date) -> Chapter:
    version = next(one for one in versions if one.number == listed.version)
    return Chapter(listed.code, version, standing(versions, today))
