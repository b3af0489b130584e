"""All rights, on one page. Every path asks here: pages, lists, searches, mails, the API, commands.

`may` answers for one space, `readable_spaces` answers for all of them as a condition of a query; both come from the
same facts about the actor. What depends on one change (who wrote it, when its approver was named) is in `may_decide`.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING

from sqlalchemy import ColumnElement, and_, false, or_

from accounts.models import Space
from core.errors import Denied, N_, NotFound, Unauthenticated

if TYPE_CHECKING:
    from accounts.models import Person


class Permission(StrEnum):
    """What somebody may do in a space."""

    READ = "read"                      # published texts and threads
    TAKE_PART = "take_part"            # ask, answer, tip, mark useful
    WRITE = "write"                    # open, edit and submit changes
    APPROVE = "approve"                # decide changes, four eyes permitting
    SEE_CHANGES = "see_changes"        # drafts and reviews
    SEE_JOURNAL = "see_journal"        # the acts of the space
    MODERATE = "moderate"              # close and erase what others wrote, announce


@dataclass(frozen=True)
class Actor:
    """Who is asking: a person with their roles per space id, or nobody."""

    id: str | None = None
    name: str = ""
    language: str | None = None
    is_guest: bool = False
    is_administrator: bool = False
    has_password: bool = False
    roles: Mapping[str, frozenset[str]] = field(default_factory=dict)
    granted_at: Mapping[tuple[str, str], datetime] = field(default_factory=dict)

    @property
    def is_somebody(self) -> bool:
        """Whether anybody is signed in."""
        return self.id is not None

    @property
    def is_employee(self) -> bool:
        """Whether this is a person of the company rather than a guest or nobody."""
        return self.is_somebody and not self.is_guest

    def roles_in(self, space: Space) -> frozenset[str]:
        """Return the roles that count in `space`: a guest's only as member or auditor and never in an internal one."""
        held = self.roles.get(space.id, frozenset())
        if not self.is_guest:
            return held
        return frozenset() if space.visibility == "internal" else held & {"member", "auditor"}


NOBODY = Actor()


def actor_of(person: "Person", grants: Collection) -> Actor:
    """Return a person as an actor; `grants` are rows with space_id, role and granted_at."""
    roles: dict[str, set[str]] = {}
    for grant in grants:
        roles.setdefault(grant.space_id, set()).add(grant.role)
    return Actor(
        id=person.id,
        name=person.name,
        language=person.language,
        is_guest=person.guest_since is not None,
        is_administrator=person.administrator_since is not None,
        has_password=person.password_hash is not None,
        roles={space: frozenset(held) for space, held in roles.items()},
        granted_at={(grant.space_id, grant.role): grant.granted_at for grant in grants},
    )


def may(actor: Actor, permission: Permission, space: Space) -> bool:
    """Say whether the actor may do this in the space. No rule means no."""
    roles = actor.roles_in(space)
    if not _may_read(actor, space, roles):
        return False
    if permission is Permission.READ:
        return True
    if "auditor" in roles:
        return permission in (Permission.SEE_CHANGES, Permission.SEE_JOURNAL)
    match permission:
        case Permission.TAKE_PART:
            return actor.is_somebody
        case Permission.WRITE:
            return "author" in roles
        case Permission.APPROVE:
            return "approver" in roles
        case Permission.SEE_CHANGES:
            return bool(roles & {"author", "approver"})
        case Permission.MODERATE:
            return "animator" in roles
    return False


def _may_read(actor: Actor, space: Space, roles: frozenset[str]) -> bool:
    if space.visibility == "public" or roles:
        return True
    return space.visibility == "internal" and actor.is_employee


_REASONS = {
    Permission.TAKE_PART: N_("Only people who are signed in, and not auditors of the space, can take part."),
    Permission.WRITE: N_("Only authors of this space can write changes."),
    Permission.APPROVE: N_("Only approvers of this space can decide changes."),
    Permission.SEE_CHANGES: N_("Only authors, approvers and auditors of this space can see its changes."),
    Permission.SEE_JOURNAL: N_("Only auditors of this space can read its journal."),
    Permission.MODERATE: N_("Only animators of this space can do this."),
}


def require(actor: Actor, permission: Permission, space: Space) -> None:
    """Go on only if the actor may.

    Raises: NotFound if they may not even read the space; Unauthenticated if nobody is signed in; Denied with the
    reason otherwise.
    """
    if may(actor, permission, space):
        return
    if not may(actor, Permission.READ, space):
        raise NotFound()
    if not actor.is_somebody:
        raise Unauthenticated(N_("Sign in to do this."))
    raise Denied(_REASONS[permission])


def readable_spaces(actor: Actor) -> ColumnElement[bool]:
    """Return the condition on `spaces` that keeps the ones the actor may read: `may(READ)` as SQL."""
    conditions = [Space.visibility == "public"]
    if actor.is_employee:
        conditions.append(Space.visibility == "internal")
    if actor.roles:
        let_in = Space.id.in_(list(actor.roles))
        conditions.append(and_(Space.visibility != "internal", let_in) if actor.is_guest else let_in)
    return or_(false(), *conditions)


def may_administer(actor: Actor) -> bool:
    """Say whether the actor manages people, spaces and grants. It gives no power over texts or the record."""
    return actor.is_administrator


@dataclass(frozen=True)
class Verdict:
    """Whether somebody may decide a change, and the reason if not."""

    allowed: bool
    reason: str = ""


def may_decide(actor: Actor, space: Space, *, writers: Collection[str], submitted_at: datetime | None) -> Verdict:
    """Say whether the actor may approve or decline one change: the one function that knows the four-eyes rule.

    `writers` are the ids of everybody who saved any text of it; `submitted_at` is when its review began.
    """
    if not may(actor, Permission.APPROVE, space):
        return Verdict(False, _REASONS[Permission.APPROVE])
    if actor.id in writers:
        return Verdict(False, N_("You wrote part of this change, so somebody else must decide."))
    named_at = actor.granted_at.get((space.id, "approver"))
    if submitted_at is None or named_at is None or named_at > submitted_at:
        return Verdict(False, N_("You became an approver after this review began, so somebody else must decide."))
    return Verdict(True)
