"""Sending a draft on its way: into review, or straight to publication where nobody must approve."""

from dataclasses import dataclass

from sqlalchemy.orm import Session

from accounts.actors import Actor
from accounts.models import Space
from accounts.permissions import Permission
from accounts.policy import require
from core import journal, rows
from core.errors import Conflict, Invalid, N_
from core.journal import Chain
from wiki.approval_rules import raised
from wiki.changes import locked
from wiki.models import Change
from wiki.proposals import UnderWay, taken, under_way
from wiki.publishing import Ready, check_ready, publish
from wiki.repository import Library


@dataclass(frozen=True)
class Sent:
    """A change that was sent, its space, and what it would change or, if it was published at once, has changed."""

    change: Change
    space: Space
    present: UnderWay


def submit(session: Session, library: Library, actor: Actor, id: str) -> Change:
    """Send a draft for review; where no approval is required, publish it. Who submits a proposal takes it over.

    If the present version moved meanwhile, paragraphs that do not touch are merged.

    Raises: Invalid if the reason is missing or nothing would change; Conflict if the change is not a draft, with both
    texts if they touch; as `open_change`.
    """
    return sent(session, library, actor, id).change


def sent(session: Session, library: Library, actor: Actor, id: str) -> Sent:
    """Do what `submit` does, and return all that was read for it. Raises: as `submit`."""
    change, space, chain = locked(session, actor, id)
    require(actor, Permission.WRITE, space)
    if change.state in ("in_review", "published") and change.submitted_at:
        return Sent(change, space, under_way(session, library, change))
    if change.state != "draft":
        raise Conflict(N_("This change has ended."), present=change)
    if change.waits_for_an_author:
        taken(session, space, chain, change, person=actor.id)
    present = under_way(session, library, change)
    raised(session, space, change, present)
    if change.approvals_required and not change.reason:
        raise Invalid(N_("Say why: readers and auditors will see these words."), field="reason")
    ready = submitted(session, library, space, chain, change, present, person=actor.id)
    return Sent(change, space, UnderWay(ready.texts, ready.found))


def submitted(
    session: Session, library: Library, space: Space, chain: Chain, change: Change, present: UnderWay, *, person: str | None
) -> Ready:
    """Send an open draft on its way and return it as it was sent. The caller holds the lock and has asked rights.

    Raises: Conflict, Invalid.
    """
    ready = check_ready(session, library, space, change, present, person=person)
    if ready.was_merged:
        journal.add(session, chain, actor=person, act="save_change", object=f"change:{change.id}", content=change.digest)
    act = journal.add(session, chain, actor=person, act="submit", object=f"change:{change.id}", content=change.digest)
    rows.put(session, change, submitted_at=act.at, submitted_sequence=act.sequence, state="in_review")
    if change.approvals_required == 0:
        publish(session, library, space, chain, change, ready)
    return ready
