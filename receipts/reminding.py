"""Asking again those who have not said that they have read a procedure."""

from datetime import datetime, time

from sqlalchemy import select
from sqlalchemy.orm import Session

from accounts.actors import Actor
from accounts.permissions import Permission
from accounts.policy import require
from core import clock, journal
from core.errors import Conflict, N_
from receipts.models import Reminder
from receipts.rolls import roll
from wiki import procedures
from wiki.repository import Library


def remind(session: Session, library: Library, actor: Actor, code: str) -> list[Reminder]:
    """Ask those again who have not, each at most once a day, and return the reminders that are new.

    Raises: NotFound, Unauthenticated or Denied if the actor may not; Conflict if nobody is missing.
    """
    found = procedures.readable(session, actor, code)
    require(actor, Permission.REMIND, found.space)
    chain = journal.lock(session, found.space.id)
    known = roll(session, library, found)
    missing = [line.person.id for line in known.of("missing")]
    if not missing:
        raise Conflict(N_("Nobody is missing: there is no one to ask again."))
    version = known.standing.in_force.number
    asked, now = _asked_today(session, library, found.procedure.id), clock.now()
    made = [
        Reminder(procedure_id=found.procedure.id, version=version, person_id=id, asked_by=actor.id, at=now)
        for id in missing if id not in asked
    ]
    if made:
        session.add_all(made)
        session.flush()
        told = " ".join([str(version), *(reminder.person_id for reminder in made)])
        journal.add(session, chain, actor=actor.id, act="remind", object=f"procedure:{found.procedure.code}", content=told, at=now)
    return made


def _asked_today(session: Session, library: Library, procedure_id: int) -> set[str]:
    morning = datetime.combine(clock.today(library.zone), time(), library.zone)
    rows = select(Reminder.person_id).where(Reminder.procedure_id == procedure_id, Reminder.at >= morning)
    return set(session.scalars(rows))
