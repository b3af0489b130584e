"""Invitations into a space: made by somebody of it for one address, used once, and answered for as long as they are used.

An author or animator invites somebody from outside; where a space lets its members recommend, a member does the same
within a quota. The access of a guest ends by itself on the last day that the invitation names.
"""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from accounts import actors, grants, people
from accounts.actors import Actor, hashed, new_secret
from accounts.models import Grant, Invitation, Person, Space
from accounts.policy import RECOMMENDATION, invites_as, require_inviter
from core import clock, journal
from core.errors import Conflict, Denied, Invalid, N_
from core.text import block

LINK_LASTS = timedelta(days=14)
LONGEST = timedelta(days=3 * 366)
ROLE = "member"


@dataclass(frozen=True)
class Open:
    """An invitation that still waits to be used, with what its page says."""

    invitation: Invitation
    space: Space
    inviter: Person
    known: Person | None        # who has the address already


def make(
    session: Session, by: Actor | None, space: Space, *, email: object, ends_on: date, zone: ZoneInfo, note: object = "",
    inviter: Actor | None = None,
) -> tuple[Invitation, str]:
    """Invite the owner of an address into a space until the end of a day; return the invitation and its secret.

    An open invitation of the same address into the same space ends by it. `by` is who does it and answers for it; None for
    the command line, which names the `inviter` who does.

    Raises: Denied, Unauthenticated, NotFound; Invalid; Conflict above the quota, or for somebody who is there already.
    """
    actor, by_id = (inviter, None) if by is None else (by, by.id)
    email, note = people.clean_email(email), block(note, field="note", limit=500, required=False).strip()
    chain = journal.lock(session, space.id)
    session.refresh(space)
    kind = require_inviter(actor, space)
    _check_day(session, actor, space, ends_on, kind, zone)
    _check_address(session, space, email)
    if kind == RECOMMENDATION and left(session, actor, space) <= 0:
        raise Conflict(N_("You have made every recommendation that this space gives you."), field="email")
    now = clock.now()
    for earlier in session.scalars(select(Invitation).where(Invitation.space_id == space.id, Invitation.email == email, *_unused(now))):
        earlier.ended_at, earlier.ended_by = now, by_id
    secret = new_secret()
    made = Invitation(
        token_hash=hashed(secret), space_id=space.id, kind=kind, email=email, note=note, inviter=actor.id, made_at=now,
        expires_at=now + LINK_LASTS, ends_on=ends_on,
    )
    session.add(made)
    session.flush()
    journal.add(session, chain, actor=by_id, act="invite", object=f"invitation:{made.id}", content=f"{email} {ends_on} {kind}")
    return made, secret


def left(session: Session, actor: Actor, space: Space) -> int:
    """Return how many recommendations the actor may still make; one that was never used gives its place back."""
    used_or_open = or_(Invitation.used_at.is_not(None), Invitation.ended_at.is_(None) & (Invitation.expires_at > clock.now()))
    made = select(func.count()).select_from(Invitation).where(
        Invitation.space_id == space.id, Invitation.inviter == actor.id, Invitation.kind == RECOMMENDATION, used_or_open
    )
    return space.recommendations - session.scalar(made)


def _check_day(session: Session, actor: Actor, space: Space, ends_on: date, kind: str, zone: ZoneInfo) -> None:
    today = clock.today(zone)
    if not today <= ends_on <= today + LONGEST:
        raise Invalid(N_("Access ends on a day from today on, at most three years ahead."), field="ends_on")
    if kind == RECOMMENDATION and actor.is_guest:
        own = session.scalar(select(func.max(Grant.ends_at)).where(Grant.space_id == space.id, Grant.person_id == actor.id))
        if own is not None and end_of(ends_on, zone) > own:
            raise Invalid(N_("Nobody whom you recommend stays longer than you."), field="ends_on")


def _check_address(session: Session, space: Space, email: str) -> None:
    person = session.scalar(select(Person).where(Person.email == email))
    if person is None:
        return
    if person.disabled_at is not None or (person.guest_since is None and not space.recommendations):
        raise Conflict(N_("Somebody with this address is here already. An administrator can let them in."), field="email")
    held = session.scalars(select(Grant).where(Grant.space_id == space.id, Grant.person_id == person.id))
    if any(grants.counts(grant) and grant.ends_at is None for grant in held):
        raise Conflict(N_("Whoever has this address is in the space already."), field="email")


def waiting(session: Session, secret: str) -> Open:
    """Return an invitation by its secret, while it can be used and its inviter could still make it.

    Raises: Invalid, in the same words for one that never was.
    """
    row = session.execute(
        select(Invitation, Space, Person)
        .join(Space, Space.id == Invitation.space_id)
        .join(Person, Person.id == Invitation.inviter)
        .where(Invitation.token_hash == hashed(secret), *_unused(clock.now()))
    ).first()
    if row is None or invites_as(actors.by_id(session, row.Invitation.inviter), row.Space) is None:
        raise Invalid(N_("This invitation was used already, was taken back, or is too old. Ask whoever invited you for another."))
    known = session.scalar(select(Person).where(Person.email == row.Invitation.email))
    return Open(*row, known)


def accept(session: Session, actor: Actor, secret: str, *, name: object = "", zone: ZoneInfo) -> Person:
    """Use an invitation and return who came: a new guest with this name, or the person whose address it is, signed in.

    Raises: Invalid; Denied where somebody else is signed in, or where the address has an owner who is not.
    """
    site = journal.lock(session, journal.SITE)
    found = waiting(session, secret)
    invitation, space = found.invitation, found.space
    if found.known is None and actor.is_somebody or found.known is not None and actor.id != found.known.id:
        raise Denied(N_("This invitation is for another address. Sign out, or sign in with the address it was sent to, and open it again."))
    person = found.known or people.enter(session, site, invitation.inviter, email=invitation.email, name=people.clean_name(name), guest=True)
    chain = journal.lock(session, space.id)
    ends_at = end_of(invitation.ends_on, zone) if person.guest_since is not None else None
    grants.let_in(session, invitation.inviter, space, person, ROLE, ends_at=ends_at)
    invitation.used_at, invitation.person_id = clock.now(), person.id
    journal.add(session, chain, actor=person.id, act="accept_invitation", object=f"invitation:{invitation.id}")
    return person


def end_of(day: date, zone: ZoneInfo) -> datetime:
    """Return the instant at which a day ends in a zone."""
    return datetime.combine(day + timedelta(days=1), time(), zone)


def _unused(now: datetime) -> tuple:
    return Invitation.used_at.is_(None), Invitation.ended_at.is_(None), Invitation.expires_at > now
