"""The acts of a space's journal as its auditors read them: the newest first, of some days, of somebody."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from accounts.actors import Actor
from accounts.models import Person, Space
from accounts.permissions import Permission
from accounts.policy import require
from audit.things import Thing, things
from core.errors import Invalid, N_
from core.journal import GENESIS, Act, Chain
from core.text import day, folded, line

PAGE_SIZE = 50


@dataclass(frozen=True)
class Wanted:
    """Which acts are asked for: from a day to a day, in UTC, of those whose name holds these words."""

    since: date | None = None
    until: date | None = None
    who: str = ""


@dataclass(frozen=True)
class Told:
    """An act, who did it, and what it was about; neither where there is nobody or nothing to name."""

    act: Act
    by: Thing | None
    about: Sequence[Thing]


def wanted(since: str, until: str, who: str) -> Wanted:
    """Return what was typed as what is asked for. Raises: Invalid with the field."""
    first = day(since, field="since") if since else None
    last = day(until, field="until") if until else None
    if first and last and last < first:
        raise Invalid(N_("The last day comes before the first."), field="until")
    return Wanted(first, last, line(who, field="who", limit=120, required=False))


def head(session: Session, actor: Actor, space: Space) -> tuple[int, str]:
    """Return the sequence number and the hash that a chain ends with. Raises: as `require`."""
    require(actor, Permission.SEE_JOURNAL, space)
    chain = session.get(Chain, space.id)
    return (chain.sequence, chain.hash) if chain else (0, GENESIS)


def page_of(session: Session, actor: Actor, space: Space, asked: Wanted, page: int = 1) -> tuple[list[Told], int]:
    """Return a page of acts, the newest first, and how many there are. Raises: as `require`; Invalid if nobody is meant."""
    conditions = _asked(session, actor, space, asked)
    # A chain without a gap ends with the number of its acts.
    total = session.scalar(select(func.count()).select_from(Act).where(*conditions)) if asked != Wanted() else head(session, actor, space)[0]
    newest = select(Act).where(*conditions).order_by(_newest_first(asked)).limit(PAGE_SIZE)
    found = list(session.scalars(newest.offset((page - 1) * PAGE_SIZE)))
    known = things(session, actor, space, {act.object for act in found} | {f"person:{act.actor}" for act in found if act.actor})
    return [Told(act, next(iter(known.get(f"person:{act.actor}", ())), None), known.get(act.object, ())) for act in found], total


def every(session: Session, actor: Actor, space: Space, asked: Wanted) -> Iterator[tuple[Act, str | None]]:
    """Return all acts that are asked for, each with the name of whoever did it. Raises: as `page_of`."""
    rows = (
        select(Act, Person.name).outerjoin(Person, Person.id == Act.actor)
        .where(*_asked(session, actor, space, asked)).order_by(_newest_first(asked))
    )
    return ((act, name) for act, name in session.execute(rows.execution_options(yield_per=1000)))


def _asked(session: Session, actor: Actor, space: Space, asked: Wanted) -> list[ColumnElement[bool]]:
    require(actor, Permission.SEE_JOURNAL, space)
    conditions = [Act.chain == space.id]
    if asked.since:
        conditions.append(Act.at >= datetime.combine(asked.since, time.min, UTC))
    if asked.until:
        conditions.append(Act.at <= datetime.combine(asked.until, time.max, UTC))
    if asked.who:
        conditions.append(Act.actor.in_(_meant(session, space, asked.who)))
    return conditions


def _newest_first(asked: Wanted) -> ColumnElement[int]:
    # Of somebody by an expression, which no index has in order: a database would go through the whole chain for that order.
    return (Act.sequence + 0 if asked.who else Act.sequence).desc()


def _meant(session: Session, space: Space, who: str) -> list[str]:
    # Only among those who did something here: whom the site knows besides is not told. One look into the index for each
    # person, however long the chain is.
    acted = select(Act.id).where(Act.chain == space.id, Act.actor == Person.id).exists()
    names = session.execute(select(Person.id, Person.name).where(acted))
    found = [id for id, name in names if all(word in folded(name) for word in folded(who).split())]
    if not found:
        raise Invalid(N_("Nobody of this name did anything in this space."), field="who")
    return found
