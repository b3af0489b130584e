"""Reading the rule: what a procedure is, which version holds on a day, and its text."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from sqlalchemy import and_, bindparam, case, func, select
from sqlalchemy.orm import Session, aliased, load_only

from accounts.actors import Actor
from accounts.models import Person, Space
from accounts.permissions import Permission
from accounts.policy import may, readable_spaces
from core import clock
from core.errors import NotFound
from core.journal import Chain
from wiki.difference import Difference, difference
from wiki.models import Procedure, Version
from wiki.repository import Library
from wiki.standing import Standing, standing

# Built once: the page that is read most runs it every time.
_HEADED = (
    select(Procedure, Space, Chain.shared, select(func.max(Person.renamed_at)).scalar_subquery().label("renamed_at"))
    .join(Space, Space.id == Procedure.space_id)
    .join(Chain, Chain.name == Space.id)
    .where(Procedure.code == bindparam("code"))
)
_STOOD = (
    select(Procedure, Version)
    .join(Version, Version.procedure_id == Procedure.id)
    .where(Procedure.code.in_(bindparam("codes", expanding=True)))
)
# What a change asks of each version of its procedures, of which there may be hundreds; the rest comes when somebody asks.
_STOOD_BRIEFLY = _STOOD.options(
    load_only(
        Version.procedure_id, Version.number, Version.owner, Version.path, Version.blob, Version.in_force_from, Version.attachments,
        Version.cancelled_by,
    )
)
STATES = ("in_force", "scheduled", "retired")


@dataclass(frozen=True)
class Found:
    """A procedure the actor may read, with its space."""

    procedure: Procedure
    space: Space


@dataclass(frozen=True)
class Stood:
    """A procedure and how it stands."""

    procedure: Procedure
    standing: Standing


@dataclass(frozen=True)
class Listed:
    """A procedure in a list."""

    code: str
    title: str
    state: str
    version: int
    in_force_from: date
    owner: str


def readable(session: Session, actor: Actor, code: str) -> Found:
    """Return a procedure and its space. Raises: NotFound if it is not there or not for this actor."""
    row = session.execute(
        select(Procedure, Space)
        .join(Space, Space.id == Procedure.space_id)
        .where(Procedure.code == code.upper(), readable_spaces(actor))
    ).first()
    if row is None:
        raise NotFound()
    return Found(*row)


def headed(session: Session, actor: Actor, code: str) -> tuple[Found, tuple]:
    """Return a procedure with its space, and what pages that are kept are kept by: the last act in the space that they may
    show, and when somebody last took another name. What is said beside the procedure alone is `procedure.said`.

    Raises: NotFound as `readable`.
    """
    row = session.execute(_HEADED, {"code": code.upper()}).first()
    if row is None or not may(actor, Permission.READ, row.Space):
        raise NotFound()
    return Found(row.Procedure, row.Space), (row.shared, row.renamed_at)


def versions_of(session: Session, procedure: Procedure) -> list[Version]:
    """Return every version of a procedure, newest first."""
    return list(
        session.scalars(select(Version).where(Version.procedure_id == procedure.id).order_by(Version.number.desc()))
    )


def stood(session: Session, library: Library, codes: Collection[str], *, briefly: bool = False) -> dict[str, Stood]:
    """Return the procedures of these codes and how they stand today, in one statement; codes that nobody has are left out.

    `briefly` leaves out of the versions what their words and signatures are until it is asked for.
    """
    rows = session.execute(_STOOD_BRIEFLY if briefly else _STOOD, {"codes": list(codes)}).all()
    versions: dict[Procedure, list[Version]] = {}
    for procedure, version in rows:
        versions.setdefault(procedure, []).append(version)
    today = clock.today(library.zone)
    return {procedure.code: Stood(procedure, standing(made, today)) for procedure, made in versions.items()}


def standing_of(session: Session, procedure: Procedure, library: Library, day: date | None = None) -> Standing:
    """Return how a procedure stands on `day`, today by default."""
    return standing(versions_of(session, procedure), day or clock.today(library.zone))


def version(session: Session, procedure: Procedure, number: int) -> Version:
    """Return one version by its number. Raises: NotFound."""
    found = session.scalar(select(Version).where(Version.procedure_id == procedure.id, Version.number == number))
    if found is None:
        raise NotFound()
    return found


def numbered(standing: Standing, number: str) -> Version:
    """Return the version of a number as an address gives it. Raises: NotFound."""
    found = next((one for one in standing.versions if str(one.number) == number), None)
    if found is None:
        raise NotFound()
    return found


def text_of(library: Library, space: Space, version: Version) -> str | None:
    """Return the whole file of a version, None if it retired the procedure."""
    return library.repository(space.slug).text(version.blob) if version.blob else None


def compare(library: Library, space: Space, older: Version, newer: Version) -> Difference:
    """Return the difference between two versions of a procedure, word by word."""
    return difference(text_of(library, space, older) or "", text_of(library, space, newer) or "")


def listed(
    session: Session, space: Space, *, states: Collection[str], day: date, page: int = 1, page_size: int = 50
) -> tuple[list[Listed], int]:
    """Return a page of a space's procedures by code, and how many there are in these states on `day`."""
    state, shown = spoken_for(day)
    rows = (
        select(Procedure.code, Version.title, state, Version.number, Version.in_force_from, Version.owner)
        .join(Version, Version.procedure_id == Procedure.id)
        .where(Procedure.space_id == space.id, shown, state.in_(list(states)))
    )
    total = session.scalar(select(func.count()).select_from(rows.subquery()))
    ordered = rows.order_by(func.length(Procedure.code), Procedure.code)
    page_rows = session.execute(ordered.limit(page_size).offset((page - 1) * page_size))
    return [Listed(*row) for row in page_rows], total


def spoken_for(day: date):
    """Return, as SQL over `procedures` and `versions`, the state on `day` and which version speaks for it.

    The same rule as `standing`, for lists: the highest number whose day has come, else the first that waits, else
    the last that had a text.
    """
    v = aliased(Version)
    counted = and_(v.procedure_id == Procedure.id, v.cancelled_by.is_(None))
    current = select(func.max(v.number)).where(counted, v.in_force_from <= day).correlate(Procedure).scalar_subquery()
    w = aliased(Version)
    has_text = select(w.blob.is_not(None)).where(w.procedure_id == Procedure.id, w.number == current).scalar_subquery()
    waiting = (
        select(v.number).where(counted, v.in_force_from > day).order_by(v.in_force_from, v.number).limit(1).scalar_subquery()
    )
    last_text = select(func.max(v.number)).where(counted, v.blob.is_not(None)).scalar_subquery()
    any_text = select(func.max(v.number)).where(v.procedure_id == Procedure.id, v.blob.is_not(None)).scalar_subquery()
    last = select(func.max(v.number)).where(v.procedure_id == Procedure.id).scalar_subquery()
    state = case(
        (and_(current.is_not(None), has_text), "in_force"),
        (and_(current.is_(None), waiting.is_not(None)), "scheduled"),
        else_="retired",
    )
    spoken = case(
        (and_(current.is_not(None), has_text), current),
        (and_(current.is_(None), waiting.is_not(None)), waiting),
        else_=func.coalesce(last_text, any_text, last),
    )
    return state, Version.number == spoken
