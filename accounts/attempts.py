"""Failed tries at a password, counted in SQL so that every process sees them: they slow the next ones down."""

import hashlib
from datetime import timedelta

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from accounts.models import Attempt
from core import clock
from core.errors import TooMany

WINDOW = timedelta(minutes=15)
PER_ACCOUNT = 10
PER_ADDRESS = 60
FORGOTTEN_PER_ACCOUNT = 3
FORGOTTEN_PER_ADDRESS = 20


def account(email: str) -> str:
    """Return the subject under which tries at an account are counted, whether the account exists or not."""
    return _subject("account", email)


def own(person_id: str) -> str:
    """Return the subject under which tries of somebody signed in at their own password are counted: no stranger adds to them."""
    return _subject("own", person_id)


def address(remote: str) -> str:
    """Return the subject under which tries from a network address are counted."""
    return _subject("address", remote)


def forgotten(email: str) -> str:
    """Return the subject under which askings for a forgotten password are counted, whether the account exists or not."""
    return _subject("forgotten", email)


def forgotten_from(remote: str) -> str:
    """Return the subject under which such askings from a network address are counted."""
    return _subject("forgotten from", remote)


def _subject(kind: str, value: str) -> str:
    return hashlib.sha256(f"{kind}:{value}".encode("utf-8", "replace")).hexdigest()


def check(session: Session, limits: dict[str, int]) -> None:
    """Go on only while each subject has failed less often than its limit in the last quarter of an hour.

    Raises: TooMany.
    """
    since = clock.now() - WINDOW
    for subject, limit in limits.items():
        tries, first = session.execute(
            select(func.count(), func.min(Attempt.at)).where(Attempt.subject == subject, Attempt.at > since)
        ).one()
        if tries >= limit:
            raise TooMany(max(1, int((first + WINDOW - clock.now()).total_seconds()) + 1))


def add(session: Session, *subjects: str) -> list[int]:
    """Count one try against each subject, forget what is older than the window, and return the rows' ids."""
    now = clock.now()
    session.execute(delete(Attempt).where(Attempt.at <= now - WINDOW))
    rows = [Attempt(subject=subject, at=now) for subject in subjects]
    session.add_all(rows)
    session.flush()
    return [row.id for row in rows]


def forget(session: Session, subject: str, ids: list[int]) -> None:
    """Forget every try at an account whose password was right, and the rows `ids` that this try had counted."""
    session.execute(delete(Attempt).where((Attempt.subject == subject) | Attempt.id.in_(ids)))
