"""What an act about roles, or about who is asked to read, tells: being let in and what asks then to be read, who became an
approver, receipts asked for."""

from collections import Counter
from collections.abc import Iterator
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from accounts.actors import Actor, by_id
from accounts.models import ROLES, Person, Space
from core import journal
from core.journal import Act
from notices.recipients import readers, with_role
from notices.told import Told, cause_of, first_of
from receipts.models import Reminder
from receipts.rolls import roll
from receipts.to_read import to_read, to_read_in
from wiki.models import Procedure
from wiki.procedures import Found
from wiki.repository import Library

ACTS = ("add_person", "make_employee", "grant", "set_approvals", "remind", "set_audience")


def told_by(session: Session, library: Library, act: Act) -> Iterator[Told]:
    """Yield what an act about roles or receipts tells."""
    if act.act in ("add_person", "make_employee"):
        yield from _came(session, library, act)
        return
    space = session.get(Space, act.chain)
    if space is None:
        return
    match act.act:
        case "grant":
            yield from _granted(session, library, act, space)
        case "set_approvals":
            people = first_of(("approvals", with_role(session, space, "approver", "auditor")), leave_out={act.actor})
            yield Told(cause_of(act), act.at, space.id, people, act.actor)
        case "remind":
            yield from _reminded(session, act, space)
        case "set_audience":
            yield from receipts_asked(session, library, space, _procedure(session, act), act.at, act.actor)


def receipts_asked(
    session: Session, library: Library, space: Space, procedure: Procedure, at: datetime, actor: str | None = None, *, until: datetime | None = None
) -> Iterator[Told]:
    """Yield who is asked to read the version of a procedure that is in force, each once per version.

    Whoever is asked only since after `until`, by default the instant of telling, is so by something else, which tells them.
    """
    found = roll(session, library, Found(procedure, space))
    if found.standing.in_force is None:
        return
    version = found.standing.in_force.number
    missing = {line.person.id for line in found.of("missing") if line.since <= (until or at)}
    about = {"procedure_id": procedure.id, "version": version}
    yield Told(f"receipt:{procedure.id}:{version}", at, space.id, first_of(("receipt", missing), leave_out={actor}), None, about)


def _granted(session: Session, library: Library, act: Act, space: Space) -> Iterator[Told]:
    # The journal keeps no words; that the role is one of five lets its digest tell which.
    role = next((one for one in ROLES if act.content_salt and journal.digest(act.content_salt, one) == act.content_digest), None)
    person = act.object.removeprefix("person:")
    if role is None:
        return
    about = {"subject_id": person, "word": role}
    people = {person: "let_in"} if person in readers(session, space, [person]) else {}
    if role == "approver":
        people |= first_of(("approver", with_role(session, space, "approver", "auditor")), leave_out={act.actor, person})
    yield Told(cause_of(act), act.at, space.id, people, act.actor, about)
    asked = _asked_by_it(session, library, by_id(session, person), space, role, act)
    if asked:
        yield Told(cause_of(act, "to_read"), act.at, space.id, {person: "to_read"}, None, {"word": str(asked)})


def _asked_by_it(session: Session, library: Library, actor: Actor, space: Space, role: str, act: Act) -> int:
    """Count the procedures of a space that ask whoever was given a role to read them, because they were given it.

    What began to ask later tells them by itself; what asked before tells them only if they could not read it then.
    """
    if actor.granted_at.get((space.id, role)) != act.at:
        return 0        # it was taken back, or given anew
    earlier = any(id == space.id and at < act.at for (id, _), at in actor.granted_at.items())
    read_before = earlier or space.visibility == "public" or (space.visibility == "internal" and actor.is_employee)
    waits = [one.since for one in to_read_in(session, library, actor, space)]
    return sum(since == act.at or (since < act.at and not read_before) for since in waits)


def _came(session: Session, library: Library, act: Act) -> Iterator[Told]:
    """Yield, by space, how many procedures asked all employees already when one more came, or was no longer a guest.

    Guests are let in space by space.
    """
    person = session.get(Person, act.object.removeprefix("person:"))
    actor = by_id(session, person.id)
    if not actor.is_employee:
        return
    came_at = person.created_at if act.act == "add_person" else act.at
    asked = Counter(one.space.id for one in to_read(session, library, actor) if one.since == came_at)
    for space_id, many in sorted(asked.items()):
        yield Told(cause_of(act, space_id), act.at, space_id, {person.id: "to_read"}, None, {"word": str(many)})


def _reminded(session: Session, act: Act, space: Space) -> Iterator[Told]:
    procedure = _procedure(session, act)
    rows = session.execute(
        select(Reminder.person_id, Reminder.version).where(Reminder.procedure_id == procedure.id, Reminder.at == act.at)
    ).all()
    if rows:
        asked = readers(session, space, [person for person, _ in rows])
        about = {"procedure_id": procedure.id, "version": rows[0].version}
        yield Told(cause_of(act), act.at, space.id, dict.fromkeys(asked, "reminder"), act.actor, about)


def _procedure(session: Session, act: Act) -> Procedure:
    return session.scalars(select(Procedure).where(Procedure.code == act.object.removeprefix("procedure:"))).one()
