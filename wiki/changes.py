"""The life of a change: open, save, decline, withdraw. Sending it is in `sending`, approving in `approving`, publishing in `publishing`.

A draft is rows, every save kept with its author; nothing reaches git before the last approval.
"""

from sqlalchemy import Row, bindparam, select
from sqlalchemy.orm import Session

from accounts.actors import Actor
from accounts.models import Space
from accounts.permissions import Permission
from accounts.policy import may, may_decide, may_edit, may_refuse, require, require_open, roles_in
from core import clock, journal, text
from core.errors import Conflict, Denied, N_, NotFound
from core.journal import Chain
from wiki.approval_rules import frozen, required
from wiki.drafts import Draft, checked, gone_on_from
from wiki.models import Change
from wiki.proposals import fell, keep, taken, texts_of, under_way, writers_of
from wiki.publishing import check_ready
from wiki.repository import Library
from wiki.wordings import check_wording

OPEN = ("draft", "in_review")
# Built once, as others below: they run at every act on a change.
_WITH_SPACE = select(Change, Space).join(Space, Space.id == Change.space_id).where(Change.id == bindparam("id"))
_ITS_SPACE = (
    select(Change.opened_by, Space.id, Space.slug, Space.visibility, Space.archived_at, Space.recorded_tip)
    .join(Space, Space.id == Change.space_id)
    .where(Change.id == bindparam("id"))
)
_CHAIN_OF = journal.head_of(select(Change.space_id).where(Change.id == bindparam("id")).scalar_subquery())
TAKEN_OVER = N_("An author has taken your proposal over, so it is theirs to go on with.")


def space_of(session: Session, actor: Actor, id: str) -> Row:
    """Return the space of a change, as much of it as `publishing` asks. Raises: NotFound if the change is not there or not for this actor."""
    row = session.connection().execute(_ITS_SPACE, {"id": id}).first()
    if row is None or not may_see(actor, row, row):        # the opener of the change, and the rest of the space
        raise NotFound()
    return row


def readable(session: Session, actor: Actor, id: str, *, again: bool = False) -> tuple[Change, Space]:
    """Return a change and its space, as they stand now if they are read `again`.

    Raises: NotFound if it is not there or not for this actor.
    """
    row = session.execute(_WITH_SPACE, {"id": id}, execution_options={"populate_existing": again}).first()
    if row is None or not may_see(actor, *row):
        raise NotFound()
    return row.Change, row.Space


def may_see(actor: Actor, change: Change | Row, space: Space | Row) -> bool:
    """Say whether the actor sees this change: authors, approvers and auditors do, and whoever opened it."""
    own = actor.is_somebody and change.opened_by == actor.id
    return may(actor, Permission.SEE_CHANGES, space) or (own and may(actor, Permission.READ, space))


def open_change(session: Session, library: Library, actor: Actor, space: Space, draft: Draft) -> Change:
    """Open a draft over one or more procedures of a space; new procedures get their codes now and keep them.

    Raises: NotFound, Denied or Unauthenticated if the actor may not write there; Invalid with the field.
    """
    require(actor, Permission.WRITE, space)
    chain = journal.lock(session, space.id)
    session.refresh(space)
    return opened(session, library, space, chain, draft, person=actor.id)


def opened(
    session: Session, library: Library, space: Space, chain: Chain, draft: Draft, *, person: str | None,
    source: str | None = None, proposed: bool = False,
) -> Change:
    """Write the rows of a new draft. `person` None: an import from the commit `source`. The caller holds the lock."""
    asked = required(session, space, [text.code or "" for text in draft.texts]) if source is None else space.approvals_required
    draft = checked(session, library, space, draft, approvals_required=asked, imported=source is not None)
    change = Change(
        space_id=space.id, state="draft", reason=draft.reason, kind=draft.kind, for_you=list(draft.for_you),
        in_force_from=draft.in_force_from, replaces_scheduled=draft.replaces_scheduled,
        approvals_required=space.approvals_required, digest="", opened_by=person, opened_at=clock.now(), source=source,
        proposed_at=clock.now() if proposed else None,
    )
    session.add(change)
    session.flush()
    frozen(session, library, space, change, draft.texts)
    keep(session, space, change, draft.texts, person=person)
    act = "propose" if proposed else "open_change"
    journal.add(session, chain, actor=person, act=act, object=f"change:{change.id}", content=change.digest)
    return change


def save(session: Session, library: Library, actor: Actor, id: str, digest: str, draft: Draft) -> Change:
    """Save a change that is a draft or in review. In review the approvals given so far fall, and the page says why.

    If nothing in it asks for an approval any more it is a draft again, to be sent as any other.

    `digest` is the one the actor started from; whoever saves something else becomes a writer. Who proposed a change saves it until an
    author takes it over, which an author does by saving it.

    Raises: Conflict with the present change if it moved or has ended, and in review with both texts if a version published
    meanwhile touches the same words; Invalid with the field; as `open_change`.
    """
    change, space, chain = locked(session, actor, id)
    check_may_edit(actor, space, change)
    check_unmoved(change, digest)
    if change.waits_for_an_author and may(actor, Permission.WRITE, space):
        taken(session, space, chain, change, person=actor.id)
    before = texts_of(session, change)
    gone_on = gone_on_from(draft.texts, before)
    codes = [given.code or (its.code if its else "") for given, its in zip(draft.texts, gone_on, strict=True)]
    asked = required(session, space, codes, change)
    draft = checked(session, library, space, draft, approvals_required=asked, before=before)
    if not may(actor, Permission.WRITE, space):
        check_wording(session, library, space, draft)
    change.reason, change.kind, change.for_you = draft.reason, draft.kind, list(draft.for_you)
    change.in_force_from, change.replaces_scheduled = draft.in_force_from, draft.replaces_scheduled
    frozen(session, library, space, change, draft.texts)
    saved = keep(session, space, change, draft.texts, person=actor.id)
    if change.digest == digest:
        session.delete(saved)       # nothing was written, so nobody becomes a writer
        session.flush()
    if change.state == "in_review":     # what was published meanwhile is met here: who approves could not do anything about it
        check_ready(session, library, space, change, under_way(session, library, change), person=actor.id)
    if change.digest == digest:
        return change
    if change.state == "in_review":
        fell(session, change, N_("%(name)s changed it afterwards."), actor.name)
        if change.approvals_required == 0:      # what asked for approvals was taken out: nobody could approve the rest
            change.state, change.submitted_at, change.submitted_sequence = "draft", None, None
    journal.add(session, chain, actor=actor.id, act="save_change", object=f"change:{id}", content=change.digest)
    return change


def decline(session: Session, actor: Actor, id: str, reason: str) -> Change:
    """End a review, or a proposal before any review, with a no and a reason. Raises: Denied, Conflict, Invalid, NotFound."""
    change, space, chain = locked(session, actor, id)
    was_proposed = change.proposed_at is not None and change.submitted_at is None
    if was_proposed:
        _check_may_refuse(actor, space, change)
    else:
        check_may_decide(session, actor, space, change)
    reason = text.block(reason, field="reason", limit=2000)
    if change.state == "declined" and change.ended_by == actor.id:
        return change
    if change.state != ("draft" if was_proposed else "in_review"):
        raise Conflict(N_("This change has ended.") if was_proposed else N_("This change is not in review."), present=change)
    _end(session, chain, change, "declined", actor, act="decline", reason=reason)
    return change


def withdraw(session: Session, actor: Actor, id: str) -> Change:
    """Take one's own change back; one that an import opened can be withdrawn by any author.

    A proposal that was taken over is withdrawn by who took it.

    Raises: Denied, Conflict if it has ended otherwise or was taken over, NotFound.
    """
    change, space, chain = locked(session, actor, id)
    require(actor, Permission.READ, space)
    if change.opened_by == actor.id != change.holder and change.state in OPEN:
        raise Conflict(TAKEN_OVER, present=change)
    if change.holder != actor.id if change.holder else not may(actor, Permission.WRITE, space):
        raise Denied(N_("Only the person who opened a change can withdraw it."))
    if change.state == "withdrawn":
        return change
    if change.state not in OPEN:
        raise Conflict(N_("This change has ended."), present=change)
    if "auditor" in roles_in(actor, space):
        raise Denied(N_("Auditors change nothing."))
    require_open(space)
    _end(session, chain, change, "withdrawn", actor, act="withdraw", reason=None)
    return change


def locked(session: Session, actor: Actor, id: str) -> tuple[Change, Space, Chain]:
    """Return a change, its space and the space's chain, locked and read again. Raises: NotFound."""
    chain = journal.lock_of(session, _CHAIN_OF, {"id": id})
    if chain is None:
        raise NotFound()
    change, space = readable(session, actor, id, again=True)
    return change, space, chain


def is_own_proposal(actor: Actor, change: Change) -> bool:
    """Say whether the actor proposed this change."""
    return change.proposed_at is not None and change.opened_by == actor.id


def check_may_edit(actor: Actor, space: Space, change: Change) -> None:
    """Go on only if the actor may save this change.

    Raises: Conflict if it is their proposal and was taken over or has ended; as `require`.
    """
    if may_edit(actor, space, proposer=change.opened_by if change.waits_for_an_author else None):
        return
    if is_own_proposal(actor, change) and may(actor, Permission.PROPOSE, space):
        raise Conflict(TAKEN_OVER if change.state in OPEN else N_("This change has ended."), present=change)
    require(actor, Permission.WRITE, space)


def check_unmoved(change: Change, digest: str) -> None:
    """Go on only if the change is open and still what the actor saw. Raises: Conflict with the present change."""
    if change.state not in OPEN:
        raise Conflict(N_("This change has ended."), present=change)
    if change.digest != digest:
        raise Conflict(N_("Somebody changed this meanwhile. Look at it again."), field="digest", present=change)


def check_may_decide(session: Session, actor: Actor, space: Space, change: Change) -> None:
    """Go on only if the actor may decide this change. Raises: Denied with the reason, or as `require`."""
    require(actor, Permission.SEE_CHANGES, space)
    writers = {person.id for person in writers_of(session, change)}
    verdict = may_decide(actor, space, writers=writers, submitted=change.submitted_sequence)
    if not verdict.allowed:
        raise Denied(verdict.reason)


def _check_may_refuse(actor: Actor, space: Space, change: Change) -> None:
    verdict = may_refuse(actor, space, proposer=change.opened_by)
    if not verdict.allowed:
        raise Denied(verdict.reason)


def _end(session, chain: Chain, change: Change, state: str, actor: Actor, *, act: str, reason: str | None) -> None:
    change.state, change.ended_by, change.ended_at = state, actor.id, clock.now()
    change.end_reason = reason or ""
    journal.add(session, chain, actor=actor.id, act=act, object=f"change:{change.id}", reason=reason, content=change.digest)
