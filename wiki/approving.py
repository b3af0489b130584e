"""Approving a change: one person, one digest, one meaning; the last approval that is required publishes."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from accounts.models import Grant, Person, Space
from accounts.policy import Actor
from core import clock, journal, text
from core.errors import Conflict, N_
from wiki.changes import check_may_decide, check_unmoved, locked
from wiki.models import Approval, Change
from wiki.proposals import fell, writers_of
from wiki.publishing import check_ready, publish
from wiki.repository import Library
from wiki.trailers import Signature

MEANING = "approve"


def approve(session: Session, library: Library, actor: Actor, id: str, digest: str, *, comment: str = "") -> Change:
    """Approve exactly what `digest` covers; the password was confirmed before.

    Repeating one's own approval of the same digest changes nothing.

    Raises: Denied if the four-eyes rule or the roles say no; Conflict with the present change if it moved, is not in
    review, or its day has passed; a merge with a version published meanwhile is kept and answered with Conflict, so
    that nobody publishes a text they were not shown.
    """
    change, space, chain = locked(session, actor, id)
    comment = text.block(comment, field="comment", limit=2000, required=False).strip()
    if _own(session, change, actor, digest):
        return change
    check_may_decide(session, actor, space, change)
    check_unmoved(change, digest)
    if change.state != "in_review":
        raise Conflict(N_("This change is not in review."), present=change)
    _check_nothing_moved(session, library, space, chain, change, actor)
    now = clock.now()
    standing = counted(session, space, change)
    if len(standing) + 1 >= change.approvals_required:
        last = Signature(actor.id, actor.name, now, MEANING)
        publish(session, library, space, chain, change, approvals=(*map(_signature, standing), last), comment=comment)
        return change
    session.add(Approval(change_id=id, person_id=actor.id, at=now, meaning=MEANING, digest=digest, comment=comment))
    journal.add(session, chain, actor=actor.id, act="approve", object=f"change:{id}", content=digest, at=now)
    return change


def counted(session: Session, space: Space, change: Change) -> list[tuple[Approval, Person]]:
    """Return the approvals that count: of the present digest, not fallen, by people who are still approvers and wrote
    no part of it."""
    writers = [person.id for person in writers_of(session, change)]
    rows = session.execute(
        select(Approval, Person)
        .join(Person, Person.id == Approval.person_id)
        .join(Grant, (Grant.person_id == Person.id) & (Grant.space_id == space.id) & (Grant.role == "approver"))
        .where(
            Approval.change_id == change.id,
            Approval.digest == change.digest,
            Approval.fell_at.is_(None),
            Person.disabled_at.is_(None),
            Person.id.not_in(writers),
        )
        .order_by(Approval.id)
    )
    return [tuple(row) for row in rows]


def _own(session: Session, change: Change, actor: Actor, digest: str) -> bool:
    return change.state in ("in_review", "published") and change.digest == digest and session.scalar(
        select(Approval.id).where(
            Approval.change_id == change.id,
            Approval.person_id == actor.id,
            Approval.digest == digest,
            Approval.fell_at.is_(None),
        )
    ) is not None


def _check_nothing_moved(session, library, space, chain, change: Change, actor: Actor) -> None:
    if not check_ready(session, library, space, change, person=None):
        return
    fell(session, change, N_("A version published meanwhile was merged into it."), "")
    journal.add(session, chain, actor=actor.id, act="save_change", object=f"change:{change.id}", content=change.digest)
    raise Conflict(
        N_("A version published meanwhile was merged into this change. Look at it again."), present=change
    ).kept()


def _signature(row: tuple[Approval, Person]) -> Signature:
    approval, person = row
    return Signature(person.id, person.name, approval.at, approval.meaning)
