"""What asks one person to read, over every procedure they may read."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Date, and_, bindparam, exists, false, func, or_, select
from sqlalchemy.orm import Session, aliased

from accounts.actors import PREVIEWER, Actor
from accounts.models import Person, Space
from accounts.policy import readable_spaces, spaces_where
from core import clock
from receipts.asking import IMPLYING_MEMBER, asking_of
from receipts.models import ROLES, AudienceEntry, Receipt, Reminder
from receipts.rolls import moves, reader_of
from receipts.teams import teams_of
from wiki.models import Procedure, Version
from wiki.procedures import Stood, stood
from wiki.repository import Library

Waiting = tuple[Procedure, Space, list[AudienceEntry]]


@dataclass(frozen=True)
class AskedAgain:
    """Somebody asked again: who and when."""

    person_id: str
    name: str
    at: datetime


@dataclass(frozen=True)
class ToRead:
    """A procedure that waits for this person's receipt."""

    code: str
    title: str
    space: Space
    version: int
    attested: int | None            # the version they attested last
    since: datetime
    reminders: tuple[AskedAgain, ...]       # newest first


def may_ask(actor: Actor) -> ColumnElement[bool]:
    """Return the condition on `spaces` that keeps those of which some procedure may ask the actor for a receipt now.

    For statements about much else: it goes by the audience and by what was attested, more than what is asked and never less.
    """
    text, later = aliased(Version), aliased(Version)
    holds = and_(text.procedure_id == Procedure.id, text.blob.is_not(None), text.cancelled_by.is_(None), text.in_force_from <= _at_most_today())
    last = _attested_of(actor)
    retired = exists().where(
        later.procedure_id == Procedure.id, later.number > text.number, later.blob.is_(None), later.cancelled_by.is_(None),
        later.in_force_from <= _at_most_today(),
    )
    return exists().where(
        Procedure.space_id == Space.id, AudienceEntry.procedure_id == Procedure.id, AudienceEntry.ended_at.is_(None),
        _may_mean(actor), holds, ~retired, or_(last.is_(None), and_(text.number > last, text.kind == "material")),
    )


def _may_mean(actor: Actor) -> ColumnElement[bool]:
    roles = [and_(AudienceEntry.role == role, Space.id.in_(spaces_where(actor, *(IMPLYING_MEMBER if role == "member" else (role,))))) for role in ROLES]
    if actor.is_employee:
        roles.append(and_(AudienceEntry.role == "member", Space.visibility == "internal"))
    team = AudienceEntry.kind == "applies_to" if actor.team and not actor.is_guest else false()
    return or_(AudienceEntry.person_id == actor.id, and_(AudienceEntry.kind == "role", or_(*roles)), team)


def _at_most_today():
    # Asked when the statement runs, which may be kept; no zone of the earth is further ahead.
    return bindparam("day", callable_=lambda: (clock.now() + timedelta(hours=14)).date(), type_=Date, unique=True)


def _attested_of(actor: Actor):
    of = select(func.max(Receipt.version)).where(Receipt.procedure_id == Procedure.id, Receipt.person_id == actor.id)
    return of.correlate(Procedure).scalar_subquery()


def to_read(session: Session, library: Library, actor: Actor) -> list[ToRead]:
    """Return what asks the actor for a receipt today, the longest waiting first.

    The number of statements does not grow with what is asked, and is one where nothing is.
    """
    # In a preview one looks as nobody, of whom nothing can be asked.
    is_askable = actor.is_somebody and actor.id != PREVIEWER
    waiting = _waiting(session, library, actor) if is_askable else {}
    if not waiting:
        return []
    standings = stood(session, library, [procedure.code for procedure, _, _ in waiting.values()])
    person, last = session.get(Person, actor.id), _last(session, actor, waiting)
    reader = reader_of(actor, person, moves(session, actor.id).get(actor.id, {}))
    again, teams = _again(session, actor, waiting), _teams(session, library, waiting, standings)
    found = []
    for id, (procedure, space, entries) in waiting.items():
        standing = standings[procedure.code].standing
        if standing.in_force is None:
            continue
        asking = asking_of(id, entries, standing, teams.get(standing.in_force.blob, frozenset()))
        since = asking.since(reader, space, last.get(id), library.zone)
        if since is not None:
            counted = tuple(one for one in again.get(id, ()) if one.at >= since)
            found.append(ToRead(procedure.code, standing.in_force.title, space, asking.present.number, last.get(id), since, counted))
    return sorted(found, key=lambda one: (one.since, one.code))


def to_read_in(session: Session, library: Library, actor: Actor, space: Space) -> list[ToRead]:
    """Return the same of one space that was found readable."""
    return [one for one in to_read(session, library, actor) if one.space.id == space.id]


def _waiting(session: Session, library: Library, actor: Actor) -> dict[int, Waiting]:
    """Return the procedures whose audience could mean the actor and that hold a text newer than their last receipt.

    More than what is asked, never less: `Asking` decides.
    """
    newer = exists().where(
        Version.procedure_id == Procedure.id, Version.blob.is_not(None), Version.cancelled_by.is_(None),
        Version.in_force_from <= clock.today(library.zone), Version.number > func.coalesce(_attested_of(actor), 0),
    )
    rows = session.execute(
        select(Procedure, Space, AudienceEntry)
        .join(AudienceEntry, and_(AudienceEntry.procedure_id == Procedure.id, AudienceEntry.ended_at.is_(None)))
        .join(Space, Space.id == Procedure.space_id)
        .where(readable_spaces(actor), or_(AudienceEntry.kind != "person", AudienceEntry.person_id == actor.id), newer)
    )
    found: dict[int, Waiting] = {}
    for procedure, space, entry in rows:
        found.setdefault(procedure.id, (procedure, space, []))[2].append(entry)
    return found


def _teams(session: Session, library: Library, waiting: Mapping[int, Waiting], standings: Mapping[str, Stood]) -> dict[str, frozenset[str]]:
    texts = [
        (space, present) for procedure, space, entries in waiting.values()
        if (present := standings[procedure.code].standing.in_force) and any(entry.kind == "applies_to" for entry in entries)
    ]
    return teams_of(session, library, texts) if texts else {}


def _last(session: Session, actor: Actor, ids: Iterable[int]) -> dict[int, int]:
    rows = select(Receipt.procedure_id, func.max(Receipt.version)).where(Receipt.person_id == actor.id, Receipt.procedure_id.in_(ids))
    return dict(session.execute(rows.group_by(Receipt.procedure_id)).all())


def _again(session: Session, actor: Actor, ids: Iterable[int]) -> dict[int, list[AskedAgain]]:
    rows = session.execute(
        select(Reminder.procedure_id, Person.id, Person.name, Reminder.at)
        .join(Person, Person.id == Reminder.asked_by)
        .where(Reminder.person_id == actor.id, Reminder.procedure_id.in_(ids))
        .order_by(Reminder.id.desc())
    )
    found: dict[int, list[AskedAgain]] = {}
    for procedure_id, *one in rows:
        found.setdefault(procedure_id, []).append(AskedAgain(*one))
    return found
