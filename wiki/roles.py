"""Everything asked of a role, over all procedures that somebody may read, on any day."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Select, and_, func, select
from sqlalchemy.orm import Session

from accounts.actors import Actor
from accounts.models import Space
from accounts.policy import readable_spaces
from core.errors import NotFound
from wiki.models import Duty, Procedure, Version


@dataclass(frozen=True)
class Role:
    """A role by its one name, as it is mostly written, with how much is asked of it."""

    slug: str
    name: str
    tasks: int
    procedures: int


@dataclass(frozen=True)
class Asking:
    """What one procedure asks of a role: the version that holds on the day, and its duties in order."""

    code: str
    version: Version
    space: Space
    duties: tuple[Duty, ...]


def listed(session: Session, actor: Actor, day: date, *, page: int = 1, page_size: int = 50) -> tuple[list[Role], int]:
    """Return a page of the roles that something is asked of on a day, by name, and how many there are."""
    counted = _holding(select(Duty.slug, func.count().label("tasks"), func.count(Duty.procedure_id.distinct())), day)
    counted = counted.where(readable_spaces(actor)).group_by(Duty.slug)
    total = session.scalar(select(func.count()).select_from(counted.subquery()))
    rows = session.execute(counted.order_by(Duty.slug).limit(page_size).offset((page - 1) * page_size)).all()
    names = _names(session, [readable_spaces(actor), Duty.slug.in_([row.slug for row in rows])], day) if rows else {}
    return [Role(slug, names[slug], tasks, many) for slug, tasks, many in rows], total


def name_of(session: Session, actor: Actor, slug: str) -> str:
    """Return a role's name as it is mostly written, on whatever day. Raises: NotFound if the actor reads nothing of it."""
    spelling = session.execute(
        select(Duty.role)
        .join(Space, Space.id == Duty.space_id)
        .where(Duty.slug == slug, readable_spaces(actor))
        .group_by(Duty.role)
        .order_by(func.count().desc(), Duty.role)
        .limit(1)
    ).scalar()
    if spelling is None:
        raise NotFound()
    return spelling


def asked_of(session: Session, actor: Actor, slug: str, day: date, *, page: int = 1, page_size: int = 50) -> tuple[list[Asking], int]:
    """Return a page of what is asked of a role on a day, by procedure, and how many tasks that is in all."""
    wanted = (readable_spaces(actor), Duty.slug == slug)
    among = select(Duty.procedure_id).where(Duty.slug == slug)
    total = session.scalar(_holding(select(func.count()), day, among).where(*wanted))
    rows = (
        _holding(select(Duty, Procedure.code, Version, Space), day, among)
        .join(Procedure, Procedure.id == Duty.procedure_id)
        .join(Version, and_(Version.procedure_id == Duty.procedure_id, Version.number == Duty.number))
        .where(*wanted)
        .order_by(func.length(Procedure.code), Procedure.code, Duty.position)
    )
    found = session.execute(rows.limit(page_size).offset((page - 1) * page_size)).all()
    return _by_procedure(found), total


@dataclass(frozen=True)
class Known:
    """A role that a space's procedures in force know: how it is written, and by which procedure if by one alone."""

    slug: str
    name: str
    only: int | None


def known_in(session: Session, space: Space, day: date) -> list[Known]:
    """Return the roles of a space's procedures in force, by name."""
    own = select(Procedure.id).where(Procedure.space_id == space.id)
    first, last = func.min(Duty.procedure_id), func.max(Duty.procedure_id)
    rows = _holding(select(Duty.slug, func.min(Duty.role), first, last), day, own)
    return [
        Known(slug, name, one if one == other else None)
        for slug, name, one, other in session.execute(rows.group_by(Duty.slug).order_by(Duty.slug))
    ]


def _holding(wanted: Select, day: date, among: Select | None = None) -> Select:
    """Keep, of a query of duties, those of the versions that hold on a day: the rule of `wiki.standing`, as SQL.

    `among` names the procedures that matter, which spares looking at the versions of all others.
    """
    few = [Version.procedure_id.in_(among)] if among is not None else []
    current = (
        select(Version.procedure_id, func.max(Version.number).label("number"))
        .where(Version.cancelled_by.is_(None), Version.in_force_from <= day, *few)
        .group_by(Version.procedure_id)
        .subquery()
    )
    return (
        wanted.select_from(Duty)
        .join(current, and_(current.c.procedure_id == Duty.procedure_id, current.c.number == Duty.number))
        .join(Space, Space.id == Duty.space_id)
    )


def _names(session: Session, conditions: Sequence, day: date) -> dict[str, str]:
    spellings = _holding(select(Duty.slug, Duty.role, func.count().label("many")), day).where(*conditions).group_by(Duty.slug, Duty.role)
    names: dict[str, str] = {}
    for slug, role, _ in sorted(session.execute(spellings), key=lambda row: (-row[2], row[1])):
        names.setdefault(slug, role)
    return names


def _by_procedure(rows: Sequence) -> list[Asking]:
    grouped: dict[str, list] = {}
    for row in rows:
        grouped.setdefault(row.code, []).append(row)
    return [Asking(code, own[0].Version, own[0].Space, tuple(row.Duty for row in own)) for code, own in grouped.items()]
