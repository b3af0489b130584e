"""Wrong passwords, as the journal holds them: told to whose account it is, and to administrators."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from accounts import attempts
from accounts.actors import Actor
from accounts.models import Person
from accounts.policy import require_administrator
from core import clock
from core.journal import SITE, Act

TOLD_FROM = 3           # wrong passwords, to their owner at the next sign-in
LISTED_FROM = 5         # wrong passwords in a week, to administrators
WEEK = timedelta(days=7)
_REFUSED = ("refuse_sign_in", "refuse_password")


@dataclass(frozen=True)
class Alarm:
    """An account at which wrong passwords were tried; `person` None: nobody has that address."""

    person: Person | None
    tries: int
    last_at: datetime


def since_before(session: Session, person_id: str) -> int:
    """Return how many wrong passwords were tried between somebody's last two sign-ins, 0 if too few to speak of."""
    email = session.scalar(select(Person.email).where(Person.id == person_id))
    signed_in = select(Act.id).where(Act.chain == SITE, Act.object == f"person:{person_id}", Act.act == "sign_in")
    last = session.scalars(signed_in.order_by(Act.id.desc()).limit(2)).all()
    tried = select(func.count()).select_from(Act).where(Act.chain == SITE, Act.object == _account(email), Act.act.in_(_REFUSED))
    tries = session.scalar(tried.where(Act.id > last[1]) if len(last) > 1 else tried)
    return tries if tries >= TOLD_FROM else 0


def of_late(session: Session, by: Actor) -> list[Alarm]:
    """Return the accounts at which many wrong passwords were tried this week, the latest first. Raises: Denied."""
    require_administrator(by)
    rows = session.execute(
        select(Act.object, func.count().label("tries"), func.max(Act.at).label("last_at"))
        .where(Act.chain == SITE, Act.act.in_(_REFUSED), Act.at > clock.now() - WEEK)
        .group_by(Act.object)
        .having(func.count() >= LISTED_FROM)
        .order_by(func.max(Act.at).desc())
        .limit(50)
    ).all()
    people = {_account(person.email): person for person in session.scalars(select(Person))} if rows else {}
    return [Alarm(people.get(row.object), row.tries, row.last_at) for row in rows]


def _account(email: str) -> str:
    return f"account:{attempts.account(email)[:16]}"
