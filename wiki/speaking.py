"""What the version that speaks for each procedure says of its upkeep: for lists over many procedures at once."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from accounts.models import Space
from wiki.facts import Facts, facts_of
from wiki.models import Procedure, Version
from wiki.procedures import spoken_for
from wiki.repository import Library


@dataclass(frozen=True)
class Speaking:
    """A procedure with the version that speaks for it on a day, and what that version's text says of upkeep."""

    procedure_id: int
    space: Space
    code: str
    title: str
    owner: str
    state: str
    version: int
    in_force_from: date
    published_at: datetime
    commit: str
    review_every: str
    regulations: tuple[str, ...]


def speaking(
    session: Session, library: Library, spaces: Collection[Space], day: date, *, codes: Collection[str] | None = None
) -> list[Speaking]:
    """Return the procedures of these spaces, by code, as their texts speak on `day`, in one statement.

    The right to the spaces was asked before. `codes` keeps only these. A retired procedure says nothing of upkeep.
    """
    by_id = {space.id: space for space in spaces}
    state, spoken = spoken_for(day)
    rows = (
        select(
            Procedure.id, Procedure.space_id, Procedure.code, Version.title, Version.owner, state.label("state"), Version.number,
            Version.in_force_from, Version.published_at, Version.commit, Version.review_every, Version.regulations, Version.blob,
            Version.path,
        )
        .join(Version, Version.procedure_id == Procedure.id)
        .where(Procedure.space_id.in_(list(by_id)), spoken)
        .order_by(Procedure.code)
    )
    if codes is not None:
        rows = rows.where(Procedure.code.in_(list(codes)))
    return [_speaking(library, by_id[row.space_id], row) for row in session.execute(rows)]


def _speaking(library: Library, space: Space, row) -> Speaking:
    facts = _facts(library, space, row)
    return Speaking(
        procedure_id=row.id, space=space, code=row.code, title=row.title, owner=row.owner, state=row.state, version=row.number,
        in_force_from=row.in_force_from, published_at=row.published_at, commit=row.commit, review_every=facts.review_every,
        regulations=facts.regulations,
    )


def _facts(library: Library, space: Space, row) -> Facts:
    if row.state == "retired":
        return Facts(row.title)
    if row.review_every is None and row.blob:
        return facts_of(library.repository(space.slug).text(row.blob), row.path)
    return Facts(row.title, review_every=row.review_every or "", regulations=tuple(row.regulations or ()))
