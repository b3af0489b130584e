"""Proposals from readers: other words for one procedure, which an author takes over or declines with a reason."""

from dataclasses import dataclass, replace

from sqlalchemy import select
from sqlalchemy.orm import Session

from accounts.actors import Actor
from accounts.models import Person, Space
from accounts.permissions import Permission
from accounts.policy import may_refuse, require
from core import journal
from core.errors import Conflict, N_
from wiki import changes
from wiki import digest as digests
from wiki.drafts import Draft, checked
from wiki.models import Change
from wiki.proposals import taken
from wiki.repository import Library
from wiki.wordings import check_wording


@dataclass(frozen=True)
class Proposal:
    """Who proposed a change, who took it over and who ended it, by name; and whether the reader of it may decline it."""

    proposer: str
    taker: str | None
    ender: str | None
    may_refuse: bool


def propose(session: Session, library: Library, actor: Actor, space: Space, draft: Draft) -> Change:
    """Open a proposal for other words of one procedure: a draft that its opener edits until an author takes it over.

    Proposing the same again while it is open answers with the one there is.

    Raises: Invalid with the field, and as `check_wording`; NotFound, Denied or Unauthenticated if the actor may not
    propose there.
    """
    require(actor, Permission.PROPOSE, space)
    chain = journal.lock(session, space.id)
    session.refresh(space)
    draft = checked(session, library, space, _with_kind(draft), approvals_required=space.approvals_required)
    check_wording(session, library, space, draft)
    return _same(session, actor, space, draft) or changes.opened(
        session, library, space, chain, draft, person=actor.id, proposed=True
    )


def take_over(session: Session, actor: Actor, id: str) -> Change:
    """Make a proposal one's own draft; who proposed it stays one of its writers. Repeating it changes nothing.

    Raises: NotFound, Denied; Conflict if somebody else took it, or it is no proposal that waits.
    """
    change, space, chain = changes.locked(session, actor, id)
    require(actor, Permission.WRITE, space)
    if change.taken_over_by == actor.id and change.state in changes.OPEN:
        return change
    if change.state not in changes.OPEN:
        raise Conflict(N_("This change has ended."), present=change)
    if change.proposed_at is None:
        raise Conflict(N_("This is a change by an author, not a proposal."), present=change)
    if change.taken_over_by:
        name = session.scalar(select(Person.name).where(Person.id == change.taken_over_by))
        raise Conflict(N_("%(name)s has taken it over already."), present=change, name=name)
    taken(session, space, chain, change, person=actor.id)
    return change


def told(session: Session, actor: Actor, change: Change, space: Space) -> Proposal:
    """Return what the page of a change says of its being a proposal."""
    ids = {change.opened_by, change.taken_over_by, change.ended_by} - {None}
    names = dict(session.execute(select(Person.id, Person.name).where(Person.id.in_(ids))).all())
    return Proposal(
        proposer=names.get(change.opened_by, ""),
        taker=names.get(change.taken_over_by),
        ender=names.get(change.ended_by),
        may_refuse=change.state == "draft" and may_refuse(actor, space, proposer=change.opened_by).allowed,
    )


def _with_kind(draft: Draft) -> Draft:
    # A reader is not asked; the author who takes it over says.
    return draft if draft.kind else replace(draft, kind="material")


def _same(session: Session, actor: Actor, space: Space, draft: Draft) -> Change | None:
    covered = digests.content(
        space.slug, kind=draft.kind, reason=draft.reason, in_force_from=draft.in_force_from,
        replaces_scheduled=draft.replaces_scheduled, texts=draft.texts,
    )
    own = (Change.space_id == space.id, Change.opened_by == actor.id, Change.state.in_(changes.OPEN))
    return session.scalar(
        select(Change).where(*own, Change.proposed_at.is_not(None), Change.digest == digests.digest(covered)).limit(1)
    )
