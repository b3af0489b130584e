"""The short lists of the front page and of a space. Every one keeps to what the actor may see."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import and_, func, or_, select
from sqlalchemy.orm import Session, aliased

from accounts.actors import Actor
from accounts.models import Grant, Person, Space
from accounts.permissions import Permission
from accounts.policy import may, may_decide, readable_spaces
from core import clock
from core.journal import Act
from wiki.approval_rules import approved_by, rules_of
from wiki.models import Change, ChangeText, Procedure, Save, Version

MOST = 8
TOLD_FOR = timedelta(days=14)
_NOT_ARCHIVED = Space.archived_at.is_(None)
_TOLD = ("set_approvals", "set_visibility", "archive_space", "reopen_space")


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
    proposed: bool = False          # by a reader
    waits: bool = False             # for an author to take it over
    end_reason: str = ""
    versions: tuple[int, ...] = ()  # that it made, once published


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
    waiting = {change.id: change for change in session.scalars(select(Change).where(Change.id.in_([row.id for row in rows])))}
    given = approved_by(session, waiting.values())
    return [
        row for row in rows
        if may_decide(
            actor, row.space, writers=row.writers, submitted=waiting[row.id].submitted_sequence,
            rules=rules_of(waiting[row.id]), given=given.get(row.id, ()),
        ).allowed
    ][:limit]


def own_changes(session: Session, actor: Actor, limit: int = MOST) -> list[ListedChange]:
    """Return the open changes that the actor opened as an author or took over, and can go on with, the newest first."""
    if not actor.is_somebody:
        return []
    own = or_(and_(Change.opened_by == actor.id, Change.proposed_at.is_(None)), Change.taken_over_by == actor.id)
    return _rows(session, actor, own, _NOT_ARCHIVED, Change.state.in_(("draft", "in_review")), order=Change.opened_at.desc(), limit=limit)


def own_proposals(session: Session, actor: Actor, limit: int = MOST) -> list[ListedChange]:
    """Return what the actor proposed, with what became of it, the newest first; what they took back is left out."""
    if not actor.is_somebody:
        return []
    own = (Change.opened_by == actor.id, Change.proposed_at.is_not(None), Change.state != "withdrawn")
    return _rows(session, actor, *own, order=Change.opened_at.desc(), limit=limit)


def proposed_to(session: Session, actor: Actor, limit: int = MOST) -> list[ListedChange]:
    """Return the proposals that the actor could take over as an author, the longest waiting first."""
    held = written_in(actor)
    if not held:
        return []
    waiting = (Change.state == "draft", Change.proposed_at.is_not(None), Change.taken_over_at.is_(None))
    return _rows(session, actor, Change.space_id.in_(held), _NOT_ARCHIVED, *waiting, order=Change.opened_at, limit=limit)


def written_in(actor: Actor) -> list[str]:
    """Return the ids of the spaces of which the actor is an author."""
    return [space_id for space_id, roles in actor.roles.items() if "author" in roles and not actor.is_guest]


def proposed_about(session: Session, actor: Actor, code: str) -> list[ListedChange]:
    """Return the actor's own open proposals about one procedure, the newest first."""
    about = Change.id.in_(select(ChangeText.change_id).where(ChangeText.code == code))
    own = (Change.opened_by == actor.id, Change.proposed_at.is_not(None), Change.state.in_(("draft", "in_review")))
    return _rows(session, actor, *own, about, order=Change.opened_at.desc(), limit=MOST)


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


def soon_in_force(session: Session, actor: Actor, day: date, limit: int = MOST) -> Sequence:
    """Return rows (code, version, space) of the versions that wait for their day where the actor may read, the next first."""
    return session.execute(
        select(Procedure.code, Version, Space)
        .join(Procedure, Procedure.id == Version.procedure_id)
        .join(Space, Space.id == Procedure.space_id)
        .where(readable_spaces(actor), Version.in_force_from > day, Version.cancelled_by.is_(None))
        .order_by(Version.in_force_from, Procedure.code)
        .limit(limit)
    ).all()


@dataclass(frozen=True)
class Told:
    """Something about who approves in a space or reads it, which its approvers and auditors are told of; `who` None: the command line."""

    space: Space
    at: datetime
    who: str | None
    approver: str | None        # who became one; None: the space changed, by `act`
    act: str = "grant"


def of_approval(session: Session, actor: Actor, limit: int = MOST) -> list[Told]:
    """Return what changed of late about who approves or reads, in the spaces whose approver or auditor the actor is."""
    held = [id for id, roles in actor.roles.items() if roles & {"approver", "auditor"}]
    if not held:
        return []
    since = clock.now() - TOLD_FOR
    by, named = aliased(Person), aliased(Person)
    grants = session.execute(
        select(Space, Grant.granted_at, by.name, named.name)
        .join(Space, Space.id == Grant.space_id)
        .join(named, named.id == Grant.person_id)
        .outerjoin(by, by.id == Grant.granted_by)
        .where(readable_spaces(actor), Space.id.in_(held), Grant.role == "approver", Grant.granted_at > since, named.id != actor.id)
    ).all()
    acts = session.execute(
        select(Space, Act.at, by.name, Act.act)
        .join(Space, Space.id == Act.chain)
        .outerjoin(by, by.id == Act.actor)
        .where(readable_spaces(actor), Space.id.in_(held), Act.act.in_(_TOLD), Act.at > since)
    ).all()
    found = [Told(*row) for row in grants] + [Told(space, at, who, None, act) for space, at, who, act in acts]
    return sorted(found, key=lambda told: told.at, reverse=True)[:limit]


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
    if not rows:
        return []
    ids = [change.id for change, _, _ in rows]
    codes, writers = _grouped(session, ChangeText.code, ChangeText, ids), _grouped(session, Save.person_id, Save, ids)
    titles = _titles(session, {code for found in codes.values() for code in found})
    versions = _versions(session, [change for change, _, _ in rows])
    return [
        ListedChange(
            id=change.id, state=change.state, space=space, codes=tuple(codes.get(change.id, ())),
            title=titles.get(next(iter(codes.get(change.id, ())), ""), ""), opener=name,
            at=change.submitted_at or change.opened_at, writers=frozenset(filter(None, writers.get(change.id, ()))),
            proposed=change.proposed_at is not None, waits=change.waits_for_an_author, end_reason=change.end_reason,
            versions=tuple(versions.get(change.id, ())),
        )
        for change, space, name in rows
    ]


def _grouped(session: Session, column, model, ids: Sequence[str]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for change_id, value in session.execute(select(model.change_id, column).where(model.change_id.in_(ids)).order_by(model.id)):
        found.setdefault(change_id, []).append(value)
    return found


def _versions(session: Session, changes: Sequence[Change]) -> dict[str, list[int]]:
    made = {change.commit: change.id for change in changes if change.commit}
    found: dict[str, list[int]] = {}
    if made:
        rows = select(Version.commit, Version.number).where(Version.commit.in_(made), Version.imported.is_(False))
        for commit, number in session.execute(rows.order_by(Version.id)):
            found.setdefault(made[commit], []).append(number)
    return found


def _titles(session: Session, codes: set[str]) -> dict[str, str]:
    rows = session.execute(
        select(Procedure.code, Version.title)
        .join(Version, Version.procedure_id == Procedure.id)
        .where(Procedure.code.in_(codes))
        .order_by(Version.number)
    )
    return dict(rows.all())
