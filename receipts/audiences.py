"""Whom a procedure asks to say that they have read it. Off until somebody chooses an audience."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from accounts.actors import Actor
from accounts.models import Person
from accounts.permissions import Permission
from accounts.policy import require
from core import clock, journal
from core.errors import Conflict, Invalid, N_
from receipts.asking import Asking, asking_of
from receipts.models import ROLES, AudienceEntry
from receipts.naming import check_nameable
from receipts.teams import teams_of
from wiki import procedures
from wiki.procedures import Found
from wiki.repository import Library
from wiki.standing import Standing

MOST_PEOPLE = 500


@dataclass(frozen=True)
class Chosen:
    """A whole audience, as somebody wants it."""

    roles: tuple[str, ...] = ()
    people: tuple[str, ...] = ()        # ids
    applies_to: bool = False


@dataclass(frozen=True)
class Audience:
    """A whole audience, as it is. `digest` moves with it."""

    roles: tuple[str, ...]
    people: tuple[Person, ...]
    applies_to: bool
    digest: str

    @property
    def is_empty(self) -> bool:
        """Whether the procedure asks nobody."""
        return not (self.roles or self.people or self.applies_to)


def entries_of(session: Session, procedure_id: int) -> list[AudienceEntry]:
    """Return the entries of a procedure's audience that hold now."""
    rows = select(AudienceEntry).where(AudienceEntry.procedure_id == procedure_id, AudienceEntry.ended_at.is_(None))
    return list(session.scalars(rows.order_by(AudienceEntry.id)))


def asked_by(session: Session, library: Library, found: Found, standing: Standing | None = None) -> Asking | None:
    """Return what a procedure asks today, None if it asks nobody."""
    entries = entries_of(session, found.procedure.id)
    if not entries:
        return None
    standing = standing or procedures.standing_of(session, found.procedure, library)
    return asking_of(found.procedure.id, entries, standing, _teams(session, library, found, entries, standing))


def audience(session: Session, found: Found) -> Audience:
    """Return the audience of a procedure. The right to see it was asked before."""
    entries = entries_of(session, found.procedure.id)
    ids = [entry.person_id for entry in entries if entry.person_id]
    people = session.scalars(select(Person).where(Person.id.in_(ids)).order_by(Person.name, Person.id)) if ids else ()
    return Audience(
        roles=tuple(role for role in ROLES if ("role", role) in _keys(entries)),
        people=tuple(people),
        applies_to=("applies_to", None) in _keys(entries),
        digest=digest_of(entries),
    )


def choose(session: Session, library: Library, actor: Actor, code: str, chosen: Chosen, digest: str | None = None) -> Audience:
    """Say whom a procedure asks; what is chosen replaces the audience, and who was asked before stays asked since then.

    `digest` is the one the actor started from, None for whatever is there.

    Raises: NotFound, Unauthenticated or Denied if the actor may not; Invalid with the field; Conflict if somebody else
    chose meanwhile.
    """
    found = procedures.readable(session, actor, code)
    require(actor, Permission.SET_AUDIENCE, found.space)
    chain = journal.lock(session, found.space.id)
    held = entries_of(session, found.procedure.id)
    if digest not in (None, digest_of(held)):
        raise Conflict(N_("Somebody changed this meanwhile. Look at it again."), field="digest", present={"digest": digest_of(held)})
    wanted = _wanted(chosen)
    before = _keys(held)
    check_nameable(session, found.space, [id for kind, id in wanted if kind == "person" and (kind, id) not in before])
    _replace(session, actor, found.procedure.id, held, wanted)
    if set(wanted) != set(before):
        written = json.dumps(sorted(map(list, wanted), key=str), ensure_ascii=False, separators=(",", ":"))
        journal.add(session, chain, actor=actor.id, act="set_audience", object=f"procedure:{found.procedure.code}", content=written)
    return audience(session, found)


def digest_of(entries: Sequence[AudienceEntry]) -> str:
    """Return what tells one audience from another: SHA-256 over its entries in order."""
    return hashlib.sha256(json.dumps(sorted(map(str, _keys(entries)))).encode()).hexdigest()


def _keys(entries: Sequence[AudienceEntry]) -> list[tuple[str, str | None]]:
    return [(entry.kind, entry.role or entry.person_id) for entry in entries]


def _wanted(chosen: Chosen) -> list[tuple[str, str | None]]:
    if any(role not in ROLES for role in chosen.roles):
        raise Invalid(N_("An audience is made of members, authors, approvers or animators; auditors only look."), field="roles")
    if len(chosen.people) > MOST_PEOPLE:
        raise Invalid(N_("At most %(most)s people can be named. Name a role or a team instead."), field="people", most=MOST_PEOPLE)
    named = [("role", role) for role in chosen.roles] + [("person", id) for id in chosen.people]
    return list(dict.fromkeys(named + [("applies_to", None)] * chosen.applies_to))


def _replace(session: Session, actor: Actor, procedure_id: int, held: Sequence[AudienceEntry], wanted: Sequence[tuple]) -> None:
    now = clock.now()
    for entry, key in zip(held, _keys(held), strict=True):
        if key not in wanted:
            entry.ended_by, entry.ended_at = actor.id, now
    for kind, value in wanted:
        if (kind, value) not in _keys(held):
            named = {"role": value} if kind == "role" else {"person_id": value} if kind == "person" else {}
            session.add(AudienceEntry(procedure_id=procedure_id, kind=kind, added_by=actor.id, added_at=now, **named))
    session.flush()


def _teams(session: Session, library: Library, found: Found, entries: Sequence[AudienceEntry], standing: Standing) -> frozenset[str]:
    present = standing.in_force
    if present is None or all(entry.kind != "applies_to" for entry in entries):
        return frozenset()
    return teams_of(session, library, [(found.space, present)])[present.blob]
