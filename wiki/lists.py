"""The short lists of the front page and of a space. Every one keeps to what the actor may see."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from accounts.models import Person, Space
from accounts.policy import Actor, Permission, may, may_decide, readable_spaces
from wiki.models import Change, ChangeText, Procedure, Save, Version

MOST = 8


@dataclass(frozen=True)
class ListedChange:
    """A change in a list: what it is about, who opened it, and how it stands."""

    id: str
    state: str
    space: Space
    codes: tuple[str, ...]
    title: str
    opener: str | None
    at: datetime
    writers: frozenset[str]


@dataclass(frozen=True)
class CountedSpace:
    """A space with its number of procedures in force or waiting."""

    space: Space
    procedures: int


def to_decide(session: Session, actor: Actor, limit: int = MOST) -> list[ListedChange]:
    """Return the changes in review that the actor could decide, the longest waiting first."""
    held = [space_id for space_id, roles in actor.roles.items() if "approver" in roles]
    if not held:
        return []
    rows = _rows(session, actor, Change.space_id.in_(held), Change.state == "in_review", order=Change.submitted_at, limit=100)
    submitted = dict(session.execute(select(Change.id, Change.submitted_at).where(Change.id.in_([row.id for row in rows]))).all())
    return [
        row for row in rows
        if may_decide(actor, row.space, writers=row.writers, submitted_at=submitted[row.id]).allowed
    ][:limit]


def own_changes(session: Session, actor: Actor, limit: int = MOST) -> list[ListedChange]:
    """Return the actor's own open changes, the newest first."""
    if not actor.is_somebody:
        return []
    own = Change.opened_by == actor.id
    return _rows(session, actor, own, Change.state.in_(("draft", "in_review")), order=Change.opened_at.desc(), limit=limit)


def open_changes(session: Session, actor: Actor, space: Space, code: str | None = None, limit: int = 20) -> list[ListedChange]:
    """Return a space's open changes, or those about one procedure, for whoever may see changes."""
    if not may(actor, Permission.SEE_CHANGES, space):
        return []
    conditions = [Change.space_id == space.id, Change.state.in_(("draft", "in_review"))]
    if code:
        conditions.append(Change.id.in_(select(ChangeText.change_id).where(ChangeText.code == code)))
    return _rows(session, actor, *conditions, order=Change.opened_at.desc(), limit=limit)


def lately_published(session: Session, actor: Actor, limit: int = MOST) -> Sequence:
    """Return rows (code, version, space) of the newest publications the actor may read."""
    return session.execute(
        select(Procedure.code, Version, Space)
        .join(Procedure, Procedure.id == Version.procedure_id)
        .join(Space, Space.id == Procedure.space_id)
        .where(readable_spaces(actor), Version.imported.is_(False))
        .order_by(Version.id.desc())
        .limit(limit)
    ).all()


def spaces_with_counts(session: Session, actor: Actor, day: date) -> list[CountedSpace]:
    """Return the spaces the actor may read, by name, with how many procedures each has."""
    counts = select(Procedure.space_id, func.count().label("many")).group_by(Procedure.space_id).subquery()
    rows = session.execute(
        select(Space, func.coalesce(counts.c.many, 0))
        .outerjoin(counts, counts.c.space_id == Space.id)
        .where(readable_spaces(actor))
        .order_by(Space.name)
    )
    return [CountedSpace(space, many) for space, many in rows]


def _rows(session: Session, actor: Actor, *conditions, order, limit: int) -> list[ListedChange]:
    rows = session.execute(
        select(Change, Space, Person.name)
        .join(Space, Space.id == Change.space_id)
        .outerjoin(Person, Person.id == Change.opened_by)
        .where(readable_spaces(actor), *conditions)
        .order_by(order)
        .limit(limit)
    ).all()
    ids = [change.id for change, _, _ in rows]
    codes, writers = _grouped(session, ChangeText.code, ChangeText, ids), _grouped(session, Save.person_id, Save, ids)
    titles = _titles(session, {code for found in codes.values() for code in found})
    return [
        ListedChange(
            id=change.id, state=change.state, space=space, codes=tuple(codes.get(change.id, ())),
            title=titles.get(next(iter(codes.get(change.id, ())), ""), ""), opener=name,
            at=change.submitted_at or change.opened_at, writers=frozenset(filter(None, writers.get(change.id, ()))),
        )
        for change, space, name in rows
    ]


def _grouped(session: Session, column, model, ids: Sequence[str]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for change_id, value in session.execute(select(model.change_id, column).where(model.change_id.in_(ids)).order_by(model.id)):
        found.setdefault(change_id, []).append(value)
    return found


def _titles(session: Session, codes: set[str]) -> dict[str, str]:
    rows = session.execute(
        select(Procedure.code, Version.title)
        .join(Version, Version.procedure_id == Procedure.id)
        .where(Procedure.code.in_(codes))
        .order_by(Version.number)
    )
    return dict(rows.all())
