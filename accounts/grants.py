"""Who is let into which space with which role: given by an administrator, or written by a verb that asked the right to."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from accounts.actors import Actor
from accounts.models import ROLES, Grant, Person, Space
from accounts.policy import require_manager
from core import clock, journal
from core.errors import Conflict, Denied, Invalid, N_
from core.journal import Chain


def grant(session: Session, by: Actor | None, space: Space, person: Person, role: str) -> bool:
    """Give a person a role in a space and say whether it is new; repeating one succeeds.

    `by` is the administrator who does it, None for the command line.
    Raises: Denied; Invalid for a role that this person cannot have there; Conflict where auditing excludes it.
    """
    _require_other(by, person, space)
    return let_in(session, _id(by), space, person, role)


def let_in(session: Session, by: str | None, space: Space, person: Person, role: str, *, ends_at: datetime | None = None) -> bool:
    """Write a role of a person into a space until `ends_at`, for a verb that has asked the right to; say whether it is new.

    A role that they hold for longer stays as it is. Raises: Invalid; Conflict, as `grant`.
    """
    if role not in ROLES:
        raise Invalid(N_("A role is member, author, approver, animator or auditor."), field="role")
    chain = journal.lock(session, space.id)
    held = _held(session, space, person)
    if role in held and (held[role].ends_at is None or (ends_at is not None and ends_at <= held[role].ends_at)):
        return False
    _check_role(space, person, role, {one for one, grant in held.items() if one != role and counts(grant)})
    if role in held:
        session.delete(held[role])
        session.flush()
    act = journal.add(session, chain, actor=by, act="grant", object=f"person:{person.id}", content=role)
    session.add(
        Grant(
            space_id=space.id, person_id=person.id, role=role, granted_at=act.at, granted_by=by, sequence=act.sequence,
            ends_at=ends_at,
        )
    )
    session.flush()
    return True


def counts(grant: Grant) -> bool:
    """Say whether a grant has not ended."""
    return grant.ends_at is None or grant.ends_at > clock.now()


def _check_role(space: Space, person: Person, role: str, held: set[str]) -> None:
    if person.disabled_at is not None:
        raise Invalid(N_("%(name)s was disabled."), field="person", name=person.name)
    if person.guest_since is not None:
        if space.visibility == "internal":
            raise Invalid(N_("A guest cannot be let into an internal space."), field="person")
        if role not in ("member", "auditor"):
            raise Invalid(N_("A guest can only be a member or an auditor."), field="role")
    if role == "auditor" and held:
        raise Conflict(N_("An auditor of a space has no other role in it. Revoke the others first."), field="role")
    if "auditor" in held:
        raise Conflict(N_("%(name)s audits this space and so has no other role in it."), field="role", name=person.name)


def revoke(session: Session, by: Actor | None, space: Space, person: Person, role: str) -> bool:
    """Take a role from a person and say whether they had it; repeating it succeeds.

    Raises: Denied; Invalid for a word that is no role.
    """
    _require_other(by, person, space)
    if role not in ROLES:
        raise Invalid(N_("A role is member, author, approver, animator or auditor."), field="role")
    chain = journal.lock(session, space.id)
    found = _held(session, space, person).get(role)
    if found is None:
        return False
    take_out(session, _id(by), chain, found)
    return True


def take_out(session: Session, by: str | None, chain: Chain, grant: Grant) -> None:
    """End a grant now, for a verb that has asked the right to. The caller holds the lock."""
    session.delete(grant)
    journal.add(session, chain, actor=by, act="revoke", object=f"person:{grant.person_id}", content=grant.role)


def _require_other(by: Actor | None, person: Person, space: Space) -> None:
    require_manager(by, space)
    if by is not None and by.id == person.id:
        raise Denied(N_("Another administrator must change your own roles."))


def _held(session: Session, space: Space, person: Person) -> dict[str, Grant]:
    rows = session.scalars(select(Grant).where(Grant.space_id == space.id, Grant.person_id == person.id))
    return {row.role: row for row in rows}


def _id(by: Actor | None) -> str | None:
    return by.id if by else None
