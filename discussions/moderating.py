"""What animators do with a whole thread: lock it, pin it, hide it, and take each of these back."""

from datetime import date, timedelta

from sqlalchemy.orm import Session

from accounts.actors import Actor
from accounts.permissions import Permission
from accounts.policy import require
from core import clock, journal
from core.errors import Invalid, N_
from core.journal import Chain
from discussions import reporting, words
from discussions.models import Thread
from discussions.telling import tell
from discussions.threads import Place, readable
from wiki.repository import Library

LONGEST_PIN = timedelta(days=366)


def moderated(session: Session, actor: Actor, thread_id: str) -> tuple[Place, Chain]:
    """Return a thread that the actor animates, read again under its space's lock.

    Raises: NotFound, Unauthenticated or Denied if they may not.
    """
    place = readable(session, actor, thread_id)
    require(actor, Permission.MODERATE, place.space)
    chain = journal.lock(session, place.space.id)
    session.refresh(place.thread)
    return place, chain


def lock(session: Session, actor: Actor, thread: Thread) -> Thread:
    """Lock a thread: it takes no post and no edit until it is unlocked. Raises: as `moderated`."""
    place, chain = moderated(session, actor, thread.id)
    if place.thread.locked_at is None:
        place.thread.locked_by, place.thread.locked_at = actor.id, clock.now()
        tell(session, chain, actor, place.thread, "lock_thread")
    return place.thread


def unlock(session: Session, actor: Actor, thread: Thread) -> Thread:
    """Take a lock off. Raises: as `moderated`."""
    place, chain = moderated(session, actor, thread.id)
    if place.thread.locked_at is not None:
        place.thread.locked_by, place.thread.locked_at = None, None
        tell(session, chain, actor, place.thread, "unlock_thread")
    return place.thread


def pin(session: Session, library: Library, actor: Actor, thread: Thread, until: date) -> Thread:
    """Keep a thread on top of its lists through a day. Raises: as `moderated`; Invalid for a day gone by or too far away."""
    place, chain = moderated(session, actor, thread.id)
    check_until(until, clock.today(library.zone))
    if place.thread.pinned_until != until:
        pinned(place.thread, actor, until)
        tell(session, chain, actor, place.thread, "pin_thread", until=until.isoformat())
    return place.thread


def unpin(session: Session, actor: Actor, thread: Thread) -> Thread:
    """Let a thread take its place again. Raises: as `moderated`."""
    place, chain = moderated(session, actor, thread.id)
    if place.thread.pinned_at is not None:
        place.thread.pinned_by = place.thread.pinned_at = place.thread.pinned_until = None
        tell(session, chain, actor, place.thread, "unpin_thread")
    return place.thread


def pinned(thread: Thread, actor: Actor, until: date) -> None:
    """Record that a thread is pinned."""
    thread.pinned_by, thread.pinned_at, thread.pinned_until = actor.id, clock.now(), until


def check_until(until: date, today: date) -> None:
    """Go on only with a day on which a pin can end. Raises: Invalid."""
    if until < today:
        raise Invalid(N_("This day has passed."), field="until")
    if until > today + LONGEST_PIN:
        raise Invalid(N_("A thread is pinned for a year at most."), field="until")


def hide(session: Session, actor: Actor, thread: Thread, reason: str) -> Thread:
    """Hide a thread from everybody but the space's animators and auditors, and who opened it; who, when and why stay.

    Raises: as `moderated`; Invalid without a reason.
    """
    place, chain = moderated(session, actor, thread.id)
    if place.thread.hidden_at is None:
        reason = words.reason(reason)
        place.thread.hidden_by, place.thread.hidden_at, place.thread.hidden_because = actor.id, clock.now(), reason
        reporting.settle_of_thread(session, actor, place.thread)
        tell(session, chain, actor, place.thread, "hide_thread", reason=reason)
    return place.thread


def unhide(session: Session, actor: Actor, thread: Thread) -> Thread:
    """Show a hidden thread again. Raises: as `moderated`."""
    place, chain = moderated(session, actor, thread.id)
    if place.thread.hidden_at is not None:
        place.thread.hidden_by, place.thread.hidden_at, place.thread.hidden_because = None, None, ""
        tell(session, chain, actor, place.thread, "unhide_thread")
    return place.thread
