"""All rights, on one page. Every path asks here: pages, lists, searches, mails, the API, commands.

`may` answers for one space, `readable_spaces` answers for all of them as a condition of a query; both come from the
same facts about the actor. What depends on one change (who wrote it, when its approver was named) is in `may_decide`.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, and_, false, or_, select

from accounts.actors import Actor, seen_as
from accounts.models import Grant, Person, Space
from accounts.permissions import ARCHIVED, REASONS, Permission
from accounts.seats import Candidate, Rule, helps, owner_side
from core import clock
from core.errors import Denied, N_, NotFound, Unauthenticated
from core.text import folded

# What auditors may do, and what an archived space still allows: looking.
_OF_AUDITORS = (Permission.SEE_CHANGES, Permission.SEE_JOURNAL, Permission.SEE_RECEIPTS, Permission.SEE_INSIGHTS, Permission.SEE_HIDDEN)
_LOOKING = frozenset({Permission.READ, *_OF_AUDITORS})


def roles_in(actor: Actor, space: Space) -> frozenset[str]:
    """Return the roles of somebody that count in a space: a guest's only as member or auditor and never in an internal one."""
    held = actor.roles.get(space.id, frozenset())
    if not actor.is_guest:
        return held
    return frozenset() if space.visibility == "internal" else held & {"member", "auditor"}


def may(actor: Actor, permission: Permission, space: Space) -> bool:
    """Say whether the actor may do this in the space. No rule means no."""
    roles = roles_in(actor, space)
    if not _may_read(actor, space, roles):
        return False
    if permission is Permission.READ:
        return True
    if space.archived_at is not None and permission not in _LOOKING:
        return False
    if "auditor" in roles:
        return permission in _OF_AUDITORS
    match permission:
        case Permission.TAKE_PART | Permission.ATTEST | Permission.PROPOSE:
            return actor.is_somebody
        case Permission.WRITE | Permission.SET_AUDIENCE | Permission.KEEP_REGISTER:
            return "author" in roles
        case Permission.APPROVE:
            return "approver" in roles
        case Permission.SEE_CHANGES | Permission.SEE_RECEIPTS | Permission.REMIND:
            return bool(roles & {"author", "approver"})
        case Permission.MODERATE | Permission.SEE_HIDDEN:
            return "animator" in roles
        case Permission.ANSWER_GAP:
            return bool(roles & {"author", "approver", "animator"})
        case Permission.REVIEW:
            return bool(roles & {"author", "approver"})
        case Permission.INVITE:
            return space.visibility != "internal" and bool(roles & {"author", "animator"})
        case Permission.SEE_INSIGHTS:
            return bool(roles & {"author", "approver", "animator"})
    return False


def _may_read(actor: Actor, space: Space, roles: frozenset[str]) -> bool:
    if space.visibility == "public" or roles:
        return True
    return space.visibility == "internal" and actor.is_employee


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
    raise Denied(reason(permission, space))


def reason(permission: Permission, space: Space) -> str:
    """Return why somebody who reads the space may not do this in it."""
    return ARCHIVED if space.archived_at is not None and permission not in _LOOKING else REASONS[permission]


def require_open(space: Space) -> None:
    """Go on only where the space is still written in, for what asks no right of its own. Raises: Denied."""
    if space.archived_at is not None:
        raise Denied(ARCHIVED)


def has_role(actor: Actor, role: str, space: Space) -> bool:
    """Say whether somebody has a role in the space: granted, implied by another, or that of every employee."""
    held = roles_in(actor, space)
    if role != "member" or "auditor" in held:
        return role in held
    return bool(held) or (space.visibility == "internal" and actor.is_employee)


def readable_spaces(actor: Actor) -> ColumnElement[bool]:
    """Return the condition on `spaces` that keeps the ones the actor may read: `may(READ)` as SQL."""
    conditions = [Space.visibility == "public"]
    if actor.is_employee:
        conditions.append(Space.visibility == "internal")
    if actor.roles:
        let_in = Space.id.in_(list(actor.roles))
        conditions.append(and_(Space.visibility != "internal", let_in) if actor.is_guest else let_in)
    return or_(false(), *conditions)


def may_answer_gap(actor: Actor, space: Space, owner: str) -> bool:
    """Say whether the actor may answer a gap: by a role, or because the owner line of its procedure names them or their team."""
    if may(actor, Permission.ANSWER_GAP, space):
        return True
    return may(actor, Permission.TAKE_PART, space) and is_owner(actor, owner)


def is_owner(actor: Actor, owner: str) -> bool:
    """Say whether the owner line of a procedure names somebody or their team."""
    return actor.is_somebody and bool({folded(actor.name), folded(actor.team)} & set(owner_side(owner)))


def require_answer_gap(actor: Actor, space: Space, owner: str) -> None:
    """Go on only if the actor may answer a gap. Raises: as `require`."""
    if not may_answer_gap(actor, space, owner):
        require(actor, Permission.ANSWER_GAP, space)


def readers_of(space: Space) -> ColumnElement[bool]:
    """Return the condition on `people` that keeps those who may read a space: `may(READ)` as SQL, the disabled left out."""
    let_in = Person.id.in_(select(Grant.person_id).where(Grant.space_id == space.id, _counts()))
    who = {"public": Person.id.is_not(None), "internal": Person.guest_since.is_(None), "restricted": let_in}[space.visibility]
    return and_(Person.disabled_at.is_(None), who)


def known_to(actor: Actor) -> ColumnElement[bool]:
    """Return the condition on `people` that keeps those an actor may see: themselves, colleagues, and whoever was let into
    a space that the actor reads; for a guest, that they were let into as well, and of guests those of spaces where they meet."""
    if not actor.is_somebody:
        return false()
    shared = select(Grant.person_id).join(Space, Space.id == Grant.space_id).where(readable_spaces(actor), _counts())
    if actor.is_guest:
        shared = shared.where(Space.id.in_(list(actor.roles)))
        meeting = shared.where(Space.guests_meet_since.is_not(None))
        return or_(Person.id == actor.id, and_(Person.guest_since.is_(None), Person.id.in_(shared)), Person.id.in_(meeting))
    return or_(Person.guest_since.is_(None), Person.id.in_(shared))


def _counts() -> ColumnElement[bool]:
    return or_(Grant.ends_at.is_(None), Grant.ends_at > clock.now())


def spaces_where(actor: Actor, *roles: str) -> list[str]:
    """Return the ids of the spaces in which the actor holds one of these roles, as far as roles alone can tell: whether
    they may read the space is asked beside it."""
    counted = set(roles) & {"member", "auditor"} if actor.is_guest else set(roles)
    return [space_id for space_id, held in actor.roles.items() if held & counted]


def may_administer(actor: Actor) -> bool:
    """Say whether the actor manages people, spaces and grants. It gives no power over texts or the record."""
    return actor.is_administrator


def may_take_out(actor: Actor, space: Space) -> bool:
    """Say whether the actor may take out a space as a whole: its auditors, and administrators who may read it."""
    return may(actor, Permission.SEE_JOURNAL, space) or (actor.is_administrator and may(actor, Permission.READ, space))


def require_administrator(by: Actor | None) -> None:
    """Go on only for an administrator, or for the command line (None). Raises: Unauthenticated; Denied."""
    if by is None or may_administer(by):
        return
    raise Denied(N_("Only administrators can do this.")) if by.is_somebody else Unauthenticated(N_("Sign in to do this."))


def require_manager(by: Actor | None, space: Space) -> None:
    """Go on only for an administrator who may change this space's settings and grants: an auditor of it changes nothing.

    Raises: Unauthenticated; Denied.
    """
    require_administrator(by)
    if by is not None and "auditor" in roles_in(by, space):
        raise Denied(N_("You audit this space, so another administrator must do this."))


def may_meet(actor: Actor, space: Space) -> bool:
    """Say whether the actor sees who is of a space: employees who read it, and guests who were let into it."""
    return may(actor, Permission.READ, space) and (actor.is_employee or bool(roles_in(actor, space)))


def require_acquaintance(actor: Actor, space: Space) -> None:
    """Go on only if the actor sees who is of a space. Raises: Unauthenticated; Denied."""
    if not may_meet(actor, space):
        raise Denied(N_("Only people of this space can see who is in it.")) if actor.is_somebody else Unauthenticated(N_("Sign in to do this."))


@dataclass(frozen=True)
class Verdict:
    """Whether somebody may decide a change, and the reason if not."""

    allowed: bool
    reason: str = ""


INVITATION, RECOMMENDATION = "invitation", "recommendation"


def invites_as(actor: Actor, space: Space) -> str | None:
    """Say how the actor may bring somebody into a space: by invitation, by recommendation within a quota, or not at all."""
    if space.visibility == "internal" or space.archived_at is not None or "auditor" in roles_in(actor, space):
        return None
    if may(actor, Permission.INVITE, space) or may_administer(actor):
        return INVITATION
    return RECOMMENDATION if space.recommendations and roles_in(actor, space) else None


def require_inviter(actor: Actor, space: Space) -> str:
    """Return how the actor may bring somebody into a space. Raises: as `require`."""
    kind = invites_as(actor, space)
    if kind is None:
        require(actor, Permission.INVITE, space)
    return kind


AS_SEEN_BY = ("guest", "member", "author", "approver", "animator", "auditor")


def may_preview(actor: Actor, role: str, space: Space) -> Verdict:
    """Say whether the actor may look at a space as somebody with this role sees it: never more than they see themselves."""
    if not (may_administer(actor) or roles_in(actor, space) & {"author", "approver", "animator"}):
        return Verdict(False, N_("Only administrators, and authors, approvers and animators of the space, can see it as somebody else."))
    if role not in AS_SEEN_BY or (role == "guest" and space.visibility == "internal"):
        return Verdict(False, N_("Nobody reads this space in that role."))
    seen = seen_as(role, space)
    if any(may(seen, look, space) and not may(actor, look, space) for look in _LOOKING):
        return Verdict(False, N_("Somebody in that role reads more of this space than you may."))
    return Verdict(True)


def may_edit(actor: Actor, space: Space, *, proposer: str | None) -> bool:
    """Say whether the actor may save a change. `proposer` is who proposed it while no author took it over, else None."""
    own = proposer is not None and proposer == actor.id
    return may(actor, Permission.WRITE, space) or (own and may(actor, Permission.PROPOSE, space))


def may_refuse(actor: Actor, space: Space, *, proposer: str | None) -> Verdict:
    """Say whether the actor may decline a proposal before any review: its authors and approvers, not who proposed it."""
    if not (may(actor, Permission.WRITE, space) or may(actor, Permission.APPROVE, space)):
        return Verdict(False, reason(Permission.APPROVE, space))
    if actor.id == proposer:
        return Verdict(False, N_("You proposed this, so somebody else must decide. You can take it back."))
    return Verdict(True)


def may_decide(
    actor: Actor, space: Space, *, writers: Collection[str], submitted: int | None,
    rules: Collection[Rule] = (), given: Sequence[Candidate] = (),
) -> Verdict:
    """Say whether the actor may decide one change: the one function that knows the four-eyes rule and the seats.

    `writers` are the ids of everybody who saved any text of it; `submitted` is when its review began, as a
    sequence in the space's chain: clocks can disagree. With `rules`
    the question is whether they may approve: take a seat that those who approved already (`given`) leave empty.
    """
    if not may(actor, Permission.APPROVE, space):
        return Verdict(False, reason(Permission.APPROVE, space))
    if actor.id in writers:
        return Verdict(False, N_("You wrote part of this change, so somebody else must decide."))
    named = actor.named.get((space.id, "approver"))
    if submitted is None or named is None or named > submitted:
        return Verdict(False, N_("You became an approver after this review began, so somebody else must decide."))
    if rules and not helps(rules, given, candidate(actor, space)):
        return Verdict(False, N_("The approvals that are still missing are for somebody else to give."))
    return Verdict(True)


def candidate(actor: Actor, space: Space) -> Candidate:
    """Return the actor as the seats of approval see them."""
    return Candidate(actor.id, actor.name, actor.team, roles_in(actor, space))
