"""Approving a change: one person, one digest, one meaning; the approval that fills the last seat publishes."""

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from accounts.actors import Actor
from accounts.models import Grant, Person, Space
from accounts.policy import Verdict, candidate, may_decide
from accounts.seats import Candidate, Seat, are_filled, open_seats
from core import clock, journal, text
from core.errors import Conflict, Denied, Invalid, N_
from wiki.approval_rules import rules_of
from wiki.changes import check_may_decide, check_unmoved, locked
from wiki.models import Approval, Change, Save
from wiki.proposals import fell, under_way, writers_of
from wiki.publishing import Ready, check_ready, publish
from wiki.repository import Library
from wiki.trailers import Signature

APPROVE, REVIEW = "approve", "review"
MEANINGS = (APPROVE, REVIEW)
_STANDING = (
    select(Approval, Person)
    .join(Person, Person.id == Approval.person_id)
    .where(Approval.change_id == bindparam("change"), Approval.digest == bindparam("digest"), Approval.fell_at.is_(None))
    .order_by(Approval.id)
)
# Who lost the role and got it back is a new approver: what they gave before does not count again.
_COUNTED = (
    _STANDING.join(Grant, (Grant.person_id == Person.id) & (Grant.space_id == bindparam("space")) & (Grant.role == "approver"))
    .where(
        Grant.sequence <= bindparam("submitted"),
        Person.disabled_at.is_(None),
        ~select(Save.person_id).where(Save.change_id == bindparam("change"), Save.person_id == Person.id).exists(),
    )
)


def approve(
    session: Session, library: Library, actor: Actor, id: str, digest: str, *, comment: str = "", meaning: str = APPROVE
) -> Change:
    """Approve exactly what `digest` covers; the password was confirmed before.

    Both meanings fill a seat, "I approve it for use" and "I have reviewed it"; one at least must approve. Repeating
    one's own approval of the same digest changes nothing.

    Raises: Denied if the four-eyes rule, the roles or the seats say no; Conflict with the present change if it moved,
    is not in review, or its day has passed; a merge with a version published meanwhile is kept and answered with
    Conflict, so that nobody publishes a text they were not shown; Invalid for a meaning that is none, or that leaves
    nobody who approves.
    """
    if meaning not in MEANINGS:
        raise Invalid(N_("Say whether you approve it for use or have reviewed it."), field="meaning")
    change, space, chain = locked(session, actor, id)
    comment = text.block(comment, field="comment", limit=2000, required=False).strip()
    if _own(session, change, actor, digest):
        return change
    check_may_decide(session, actor, space, change)
    _check_seat(session, actor, space, change)
    check_unmoved(change, digest)
    if change.state != "in_review":
        raise Conflict(N_("This change is not in review."), present=change)
    ready = _check_nothing_moved(session, library, space, chain, change, actor)
    now = clock.now()
    given = counted(session, space, change)
    if are_filled(rules_of(change), [*candidates(session, space, given), candidate(actor, space)]):
        _check_somebody_approves(given, meaning)
        last = Signature(actor.id, actor.name, now, meaning)
        publish(session, library, space, chain, change, ready, approvals=(*map(_signature, given), last), comment=comment)
        return change
    session.add(Approval(change_id=id, person_id=actor.id, at=now, meaning=meaning, digest=digest, comment=comment))
    journal.add(session, chain, actor=actor.id, act="approve", object=f"change:{id}", content=digest, at=now)
    return change


def verdict(session: Session, actor: Actor, space: Space, change: Change) -> Verdict:
    """Say whether the actor may approve the change as it stands, and the reason if not."""
    writers = {person.id for person in writers_of(session, change)}
    given = candidates(session, space, counted(session, space, change))
    return may_decide(actor, space, writers=writers, submitted=change.submitted_sequence, rules=rules_of(change), given=given)


def missing(session: Session, space: Space, change: Change) -> list[Seat]:
    """Return the seats that still wait for somebody: those of the rule that waits for most."""
    given = candidates(session, space, counted(session, space, change))
    return max((open_seats(rule, given) for rule in rules_of(change)), key=len, default=[])


def counted(session: Session, space: Space, change: Change) -> list[tuple[Approval, Person]]:
    """Return the approvals that count: of the present digest, not fallen; in review, by people who have been approvers
    since it began and wrote no part of it. Those of a change that was decided stay, whatever becomes of who gave them."""
    if change.state != "in_review":
        return standing(session, change)
    rows = session.execute(
        _COUNTED, {"change": change.id, "space": space.id, "digest": change.digest, "submitted": change.submitted_sequence}
    )
    return [tuple(row) for row in rows]


def standing(session: Session, change: Change) -> list[tuple[Approval, Person]]:
    """Return the approvals of what a change is now that did not fall, whether they count or not."""
    return [tuple(row) for row in session.execute(_STANDING, {"change": change.id, "digest": change.digest})]


def candidates(session: Session, space: Space, given: list[tuple[Approval, Person]]) -> list[Candidate]:
    """Return who gave these approvals, as the seats look at them."""
    if not given:
        return []
    ids = [person.id for _, person in given]
    roles: dict[str, set[str]] = {}
    for id, role in session.execute(select(Grant.person_id, Grant.role).where(Grant.space_id == space.id, Grant.person_id.in_(ids))):
        roles.setdefault(id, set()).add(role)
    return [Candidate(person.id, person.name, person.team, frozenset(roles.get(person.id, ()))) for _, person in given]


def _check_seat(session: Session, actor: Actor, space: Space, change: Change) -> None:
    found = verdict(session, actor, space, change)
    if change.state == "in_review" and not found.allowed:
        raise Denied(found.reason)


def _check_somebody_approves(given: list[tuple[Approval, Person]], meaning: str) -> None:
    if APPROVE not in {meaning, *(approval.meaning for approval, _ in given)}:
        raise Invalid(N_("So far everybody has only reviewed it: one of you must approve it for use."), field="meaning")


def _own(session: Session, change: Change, actor: Actor, digest: str) -> bool:
    return change.state in ("in_review", "published") and change.digest == digest and session.scalar(
        select(Approval.id).where(
            Approval.change_id == change.id,
            Approval.person_id == actor.id,
            Approval.digest == digest,
            Approval.fell_at.is_(None),
        )
    ) is not None


def _check_nothing_moved(session, library, space, chain, change: Change, actor: Actor) -> Ready:
    ready = check_ready(session, library, space, change, under_way(session, library, change), person=None)
    if not ready.was_merged:
        return ready
    fell(session, change, N_("A version published meanwhile was merged into it."), "")
    journal.add(session, chain, actor=actor.id, act="save_change", object=f"change:{change.id}", content=change.digest)
    raise Conflict(
        N_("A version published meanwhile was merged into this change. Look at it again."), present=change
    ).kept()


def _signature(row: tuple[Approval, Person]) -> Signature:
    approval, person = row
    return Signature(person.id, person.name, approval.at, approval.meaning)
