"""Inspections: asked for by an administrator or by the night, done once by a process of its own, kept with their result."""

from collections.abc import Sequence
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from accounts.actors import Actor
from accounts.policy import require_administrator
from core import clock, journal
from core.errors import Conflict, N_
from core.journal import Act
from running.models import Inspection

NIGHT = time(3)
KEPT_LINES = 100
_ACTS = {"verify": "ask_verify", "mail": "try_mail"}
_WORTH_WAITING = timedelta(minutes=1)


def ask(session: Session, by: Actor | None, kind: str) -> Inspection:
    """Ask for an inspection and return it, not begun; `by` is an administrator, None the site itself. Raises: Denied."""
    require_administrator(by)
    chain = journal.lock(session, journal.SITE)
    asked = Inspection(kind=kind, asked_by=by.id if by else None, asked_at=clock.now())
    session.add(asked)
    session.flush()
    journal.add(session, chain, actor=asked.asked_by, act=_ACTS[kind], object=f"inspection:{asked.id}")
    return asked


def ask_verify(session: Session, by: Actor | None, *, at_work: bool) -> Inspection:
    """Ask for a check of the whole record. `at_work` says that one is being done.

    Raises: Denied; Conflict while one is being done, or was asked for just now.
    """
    require_administrator(by)
    journal.lock(session, journal.SITE)
    if at_work or _is_waiting(session):
        raise Conflict(N_("The check is at work already. Its result will stand here."))
    return ask(session, by, "verify")


def claim(session: Session, id: str) -> bool:
    """Begin an inspection that nobody has begun; say whether it was us."""
    begun = session.execute(
        update(Inspection).where(Inspection.id == id, Inspection.begun_at.is_(None)).values(begun_at=clock.now())
    )
    return begun.rowcount == 1


def end(session: Session, id: str, findings: int, told: Sequence[str]) -> None:
    """Keep what an inspection found: how much, and the first lines of it."""
    session.execute(
        update(Inspection).where(Inspection.id == id)
        .values(ended_at=clock.now(), findings=findings, told=[line[:500] for line in told[:KEPT_LINES]])
    )


def last(session: Session, kind: str) -> Inspection | None:
    """Return the inspection of a kind that was asked for last."""
    return session.scalar(select(Inspection).where(Inspection.kind == kind).order_by(Inspection.asked_at.desc()).limit(1))


def last_ended(session: Session, kind: str) -> Inspection | None:
    """Return the inspection of a kind that was asked for last among those that came to an end."""
    ended = select(Inspection).where(Inspection.kind == kind, Inspection.ended_at.is_not(None))
    return session.scalar(ended.order_by(Inspection.asked_at.desc()).limit(1))


def waiting(session: Session) -> str | None:
    """Return the id of a check that was asked for a while ago and that nobody began."""
    late = clock.now() - _WORTH_WAITING
    found = select(Inspection.id).where(Inspection.kind == "verify", Inspection.begun_at.is_(None), Inspection.asked_at < late)
    return session.scalar(found.order_by(Inspection.asked_at.desc()).limit(1))


def is_due(session: Session, zone: ZoneInfo) -> bool:
    """Say whether no check was asked for since last night's hour, on a site that was there then."""
    night = _last_night(clock.now(), zone)
    asked = select(func.max(Inspection.asked_at)).where(Inspection.kind == "verify")
    first = select(Act.at).where(Act.chain == journal.SITE, Act.sequence == 1)
    began, latest = session.scalar(first), session.scalar(asked)
    return began is not None and began < night and (latest is None or latest < night)


def _last_night(now: datetime, zone: ZoneInfo) -> datetime:
    here = now.astimezone(zone)
    tonight = datetime.combine(here.date(), NIGHT, zone)
    return tonight if tonight <= here else tonight - timedelta(days=1)


def _is_waiting(session: Session) -> bool:
    found = last(session, "verify")
    return found is not None and found.begun_at is None and found.asked_at > clock.now() - _WORTH_WAITING
