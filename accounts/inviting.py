"""What becomes of invitations: listed, asked about every six months, kept or ended."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session, aliased

from accounts import grants, people
from accounts.actors import Actor
from accounts.invitations import LONGEST, ROLE, end_of
from accounts.models import Grant, Invitation, Person, Space
from accounts.permissions import Permission
from accounts.policy import may, may_administer, readable_spaces, require_administrator, require_open, roles_in
from core import clock, journal
from core.errors import Conflict, Denied, Invalid, N_, NotFound
from core.journal import Chain

ASKED_AFTER = timedelta(days=182)
MOST = 200


@dataclass(frozen=True)
class Listed:
    """An invitation in a list: into what, by whom, who came, and whether it waits for its inviter's answer."""

    invitation: Invitation
    space: Space
    inviter: Person
    guest: Person | None
    state: str                  # open, expired, used, over (its last day has passed), ended, withdrawn
    asked_since: datetime | None


def of_space(session: Session, actor: Actor, space: Space) -> list[Listed]:
    """Return a space's invitations, the newest first: all of them for who may invite, one's own for who recommends."""
    sees_all = may(actor, Permission.INVITE, space) or may_administer(actor)
    more = () if sees_all else (Invitation.inviter == actor.id,)
    return _listed(session, Invitation.space_id == space.id, *more)


def asked(session: Session, actor: Actor) -> list[Listed]:
    """Return the guests that the actor invited and has not been heard of for six months: still needed?"""
    if not actor.is_somebody:
        return []
    due = _listed(session, Invitation.inviter == actor.id, readable_spaces(actor), *_due())
    return [one for one in due if one.asked_since]


def unanswered(session: Session, by: Actor) -> list[Listed]:
    """Return every guest for whom nobody has answered for six months, whoever invited them. Raises: Denied."""
    require_administrator(by)
    return [one for one in _listed(session, *_due()) if one.asked_since]


def _due() -> tuple:
    heard = func.coalesce(Invitation.kept_at, Invitation.used_at)
    return Invitation.used_at.is_not(None), Invitation.ended_at.is_(None), heard <= clock.now() - ASKED_AFTER


def _listed(session: Session, *conditions) -> list[Listed]:
    inviter, guest = aliased(Person), aliased(Person)
    rows = session.execute(
        select(Invitation, Space, inviter, guest)
        .join(Space, Space.id == Invitation.space_id)
        .join(inviter, inviter.id == Invitation.inviter)
        .outerjoin(guest, guest.id == Invitation.person_id)
        .where(*conditions)
        .order_by(Invitation.made_at.desc(), Invitation.id)
        .limit(MOST)
    )
    now = clock.now()
    return [Listed(*row, _state(row[0], now), _asked_since(row[0], row[3], now)) for row in rows]


def _state(one: Invitation, now: datetime) -> str:
    if one.ended_at is not None:
        return "ended" if one.used_at else "withdrawn"
    if one.used_at is None:
        return "open" if one.expires_at > now else "expired"
    return "used" if one.ends_on >= now.date() else "over"


def _asked_since(one: Invitation, guest: Person | None, now: datetime) -> datetime | None:
    if _state(one, now) != "used" or guest is None or guest.guest_since is None or guest.disabled_at is not None:
        return None
    since = (one.kept_at or one.used_at) + ASKED_AFTER
    return since if since <= now else None


def keep(session: Session, actor: Actor, id: str, *, zone: ZoneInfo, ends_on: date | None = None) -> Invitation:
    """Say that somebody invited is still needed, until another last day if one is given.

    Raises: NotFound; Denied; Invalid for a day that is none; Conflict for an invitation that was not used or has ended.
    """
    one, space, chain = _locked(session, actor, id)
    _check_alive(one)
    require_open(space)
    now = clock.now()
    one.kept_at, one.kept_by = now, actor.id
    if ends_on is not None and ends_on != one.ends_on:
        _prolong(session, actor, one, space, ends_on, zone)
    journal.add(session, chain, actor=actor.id, act="keep_invitation", object=f"invitation:{id}", content=str(one.ends_on))
    return one


def _prolong(session: Session, actor: Actor, one: Invitation, space: Space, ends_on: date, zone: ZoneInfo) -> None:
    today = clock.today(zone)
    if not today <= ends_on <= today + LONGEST:
        raise Invalid(N_("Access ends on a day from today on, at most three years ahead."), field="ends_on")
    one.ends_on = ends_on
    held = _grant(session, one)
    if held is not None and held.ends_at is not None:
        held.ends_at = end_of(ends_on, zone)
    elif held is None:
        grants.let_in(session, actor.id, space, session.get(Person, one.person_id), ROLE, ends_at=end_of(ends_on, zone))


def end(session: Session, by: Actor | None, id: str) -> Invitation:
    """Take an invitation back, or end at once the access that it gave; repeating it succeeds.

    `by` is who does it, None for the command line. Raises: NotFound; Denied.
    """
    one, _space, chain = _locked(session, by, id)
    if one.ended_at is not None:
        return one
    by_id = by.id if by else None
    one.ended_at, one.ended_by = clock.now(), by_id
    held = _grant(session, one) if one.person_id else None
    if held is not None:
        grants.take_out(session, by_id, chain, held)
    journal.add(session, chain, actor=by_id, act="end_invitation", object=f"invitation:{id}")
    return one


def alive(session: Session, space: Space, email: str) -> list[Listed]:
    """Return the invitations of an address into a space that wait or let somebody in, for the command line.

    Somebody who came and has another address by now is found by that one too. Raises: Invalid if there is none.
    """
    email = people.clean_email(email)
    came = select(Person.id).where(Person.email == email)
    theirs = or_(Invitation.email == email, Invitation.person_id.in_(came))
    found = [one for one in _listed(session, Invitation.space_id == space.id, theirs) if one.state in ("open", "used")]
    if not found:
        raise Invalid(N_("No invitation of %(email)s into %(slug)s is left to end."), field="email", email=email, slug=space.slug)
    return found


def _grant(session: Session, one: Invitation) -> Grant | None:
    return session.scalar(
        select(Grant).where(Grant.space_id == one.space_id, Grant.person_id == one.person_id, Grant.role == ROLE)
    )


def _check_alive(one: Invitation) -> None:
    if one.used_at is None or one.ended_at is not None:
        raise Conflict(N_("This invitation has ended, or nobody used it yet."))


def _locked(session: Session, by: Actor | None, id: str) -> tuple[Invitation, Space, Chain]:
    row = session.execute(
        select(Invitation, Space).join(Space, Space.id == Invitation.space_id).where(Invitation.id == id)
    ).first()
    if row is None or not (by is None or may_administer(by) or may(by, Permission.READ, row.Space)):
        raise NotFound()
    chain = journal.lock(session, row.Space.id)
    session.refresh(row.Space)
    session.refresh(row.Invitation)
    if by is not None:
        _require_host(by, row.Invitation, row.Space)
    return row.Invitation, row.Space, chain


def _require_host(actor: Actor, one: Invitation, space: Space) -> None:
    if "auditor" in roles_in(actor, space):
        raise Denied(N_("Auditors change nothing."))
    if not (actor.id == one.inviter or may(actor, Permission.INVITE, space) or may_administer(actor)):
        raise NotFound()
