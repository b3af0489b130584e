"""Remarks on a change that somebody left as they are: kept with the change, under their name."""

import re
from collections.abc import Collection

from sqlalchemy import select
from sqlalchemy.orm import Session

from accounts.actors import Actor
from accounts.models import Person
from accounts.permissions import Permission
from accounts.policy import require
from core import clock, journal
from core.errors import Conflict, Invalid, N_
from wiki.changes import OPEN, locked
from wiki.models import Change, LeftRemark

MOST_AT_ONCE = 500
_KEY = re.compile(r"[0-9a-f]{16}")


def leave(session: Session, actor: Actor, change_id: str, keys: Collection[str]) -> int:
    """Leave remarks on an open change as they are and return how many are new; one that was left stays its first leaver's.

    Raises: NotFound, Denied or Unauthenticated if the actor may not write there; Conflict if the change has ended;
    Invalid for what is no remark's key.
    """
    wanted = list(dict.fromkeys(keys))
    if not wanted:
        return 0
    if len(wanted) > MOST_AT_ONCE or not all(isinstance(key, str) and _KEY.fullmatch(key) for key in wanted):
        raise Invalid(N_("There is no such remark."), field="remark")
    change, space, chain = locked(session, actor, change_id)
    require(actor, Permission.WRITE, space)
    if change.state not in OPEN:
        raise Conflict(N_("This change has ended."), present=change)
    known = set(session.scalars(select(LeftRemark.key).where(LeftRemark.change_id == change.id)))
    fresh = [key for key in wanted if key not in known]
    for key in fresh:
        session.add(LeftRemark(change_id=change.id, key=key, person_id=actor.id, at=clock.now()))
        journal.add(session, chain, actor=actor.id, act="leave_remark", object=f"change:{change.id}", content=key)
    session.flush()
    return len(fresh)


def left_by(session: Session, change: Change) -> dict[str, str]:
    """Return, by key, the name of whoever left each remark on a change."""
    rows = select(LeftRemark.key, Person.name).join(Person, Person.id == LeftRemark.person_id).where(LeftRemark.change_id == change.id)
    return dict(session.execute(rows).all())
