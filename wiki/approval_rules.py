"""Who must approve a change: the seats of its space, and those that single procedures ask for beside them."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from accounts import seating, seats
from accounts.actors import Actor
from accounts.models import Grant, Person, Space
from accounts.permissions import Permission
from accounts.policy import require
from accounts.seats import Candidate, Rule, Seat
from core import clock, journal
from wiki.facts import facts_of
from wiki.models import Approval, ApprovalRule, Change, Procedure
from wiki.procedures import Found, Stood, stood
from wiki.proposals import UnderWay
from wiki.repository import Library

# Built once, as they run at every act on a change.
_OWN = select(ApprovalRule.procedure_id, ApprovalRule.seats).where(ApprovalRule.procedure_id.in_(bindparam("procedures", expanding=True)))
_OWN_BY_CODE = (
    select(ApprovalRule.seats)
    .join(Procedure, Procedure.id == ApprovalRule.procedure_id)
    .where(Procedure.code.in_(bindparam("codes", expanding=True)), Procedure.space_id == bindparam("space"))
)


def frozen(session: Session, library: Library, space: Space, change: Change, texts: Sequence) -> None:
    """Keep with a change who must approve it: what held for its texts so far stays, new texts bring what holds now.

    The owner of a new procedure is who its text names, however often that is written anew.
    """
    new_owners = {text.code: _owner(text, None) for text in texts if text.action == "create"}
    kept = [part for rule in _kept(change, [text.code for text in texts]) for part in _owned(rule, new_owners)]
    known = {code for rule in kept for code in rule.codes}
    new = [text for text in texts if text.code not in known]
    rules = [*kept, *_asked(session, space, UnderWay(new, stood(session, library, [text.code for text in new])))]
    change.rules = [seats.as_data(rule) for rule in rules]
    change.approvals_required = most(rules)


def required(session: Session, space: Space, codes: Iterable[str], change: Change | None = None) -> int:
    """Return how many approvals a change of these procedures takes, before it is kept: an empty code is a new procedure.

    A `change` keeps what it was asked, as in `frozen`; a draft will be asked for what holds now as well, as in `raised`.
    """
    kept = _kept(change, codes) if change else []
    known = {code for rule in kept for code in rule.codes} if change and change.state == "in_review" else set()
    new = [code for code in codes if code not in known]
    # Codes are as somebody typed them: of another space not even that it asks for approvals may be learnt here.
    own = session.connection().scalars(_OWN_BY_CODE, {"codes": new, "space": space.id}) if new else ()
    asked = [len(seats.seats_from_data(one)) for one in own]
    return max([most(kept), *asked, len(seating.seats_of(space)) if new else 0])


def _kept(change: Change, codes: Iterable[str]) -> list[Rule]:
    return [rule for rule in map(seats.from_data, change.rules) if set(rule.codes) & set(codes)]


def _owned(rule: Rule, owners: Mapping[str, str]) -> list[Rule]:
    """Return a rule as it is for each owner; `owners` are those of new procedures, by code."""
    if all(seat.who != seats.OWNER for seat in rule.seats):
        return [rule]
    by_owner: dict[str, list[str]] = {}
    for code in rule.codes:
        by_owner.setdefault(owners.get(code, rule.owner), []).append(code)
    return [replace(rule, owner=owner, codes=tuple(codes)) for owner, codes in by_owner.items()]


def raised(session: Session, space: Space, change: Change, present: UnderWay) -> None:
    """Ask, as a draft is sent, for what holds now as well, where that takes more approvals than when it was opened: a draft
    that was put aside in easier days is no way around the present rule."""
    asked = _asked(session, space, present)
    if most(asked) > change.approvals_required:
        kept = [rule for rule in map(seats.from_data, change.rules) if rule.seats and rule not in asked]
        change.rules = [seats.as_data(rule) for rule in (*kept, *asked)]
        change.approvals_required = most(asked)


def most(rules: Iterable[Rule]) -> int:
    """Return how many approvals the rule that asks for most takes."""
    return max((len(rule.seats) for rule in rules), default=0)


def rules_of(change: Change) -> list[Rule]:
    """Return who must approve a change; one from before seats were known asks any approver."""
    if change.rules:
        return [seats.from_data(kept) for kept in change.rules]
    return [Rule((Seat(seats.ANY),) * change.approvals_required)]


def approved_by(session: Session, changes: Iterable[Change]) -> dict[str, list[Candidate]]:
    """Return, by change, the people whose approval of what it is now has not fallen and who may still approve there."""
    digests = {change.id: change.digest for change in changes}
    rows = session.execute(
        select(Approval.change_id, Approval.digest, Person.id, Person.name, Person.team, Grant.role, Grant.sequence <= Change.submitted_sequence)
        .join(Change, Change.id == Approval.change_id)
        .join(Person, Person.id == Approval.person_id)
        .join(Grant, (Grant.person_id == Person.id) & (Grant.space_id == Change.space_id))
        .where(Approval.change_id.in_(list(digests)), Approval.fell_at.is_(None), Person.disabled_at.is_(None))
        .order_by(Approval.id)
    )
    found: dict[str, dict[str, Candidate]] = {}
    for change, digest, id, name, team, role, since_before in rows:
        if digest == digests[change] and (since_before or role != "approver"):
            people = found.setdefault(change, {})
            roles = people[id].roles if id in people else frozenset()
            people[id] = Candidate(id, name, team, roles | {role})
    return {change: [one for one in people.values() if "approver" in one.roles] for change, people in found.items()}


def _asked(session: Session, space: Space, present: UnderWay) -> list[Rule]:
    texts, found = present.texts, present.found
    own = _own(session, [one.procedure.id for one in found.values()])
    gathered: dict[tuple, list[str]] = {}
    for text in texts:
        owner = _owner(text, found.get(text.code))
        asked = [seating.seats_of(space), *([own[found[text.code].procedure.id]] if text.code in found and found[text.code].procedure.id in own else [])]
        for wanted in asked:
            key = (wanted, owner if any(seat.who == seats.OWNER for seat in wanted) else "")
            gathered.setdefault(key, []).append(text.code)
    return [Rule(wanted, owner, tuple(codes)) for (wanted, owner), codes in gathered.items()]


def _own(session: Session, ids: Sequence[int]) -> dict[int, tuple[Seat, ...]]:
    if not ids:
        return {}
    rows = session.connection().execute(_OWN, {"procedures": ids})
    return {procedure: seats.seats_from_data(own) for procedure, own in rows}


def _owner(text, found: Stood | None) -> str:
    # Of the published version, where there is one: a draft must not choose who approves it.
    latest = found.standing.latest if found else None
    return latest.owner if latest else facts_of(text.markdown or "", "").owner


def own_seats(session: Session, procedure: Procedure) -> tuple[Seat, ...]:
    """Return the seats that a procedure asks for beside those of its space."""
    return _own(session, [procedure.id]).get(procedure.id, ())


def set_own_seats(session: Session, actor: Actor, found: Found, given: Sequence[Seat]) -> bool:
    """Set the seats that a procedure asks for beside those of its space, and say whether that is new.

    They can only add to what the space asks. Open changes keep theirs.

    Raises: Denied or NotFound unless the actor is an approver of the space; Invalid.
    """
    require(actor, Permission.APPROVE, found.space)
    chain = journal.lock(session, found.space.id)
    wanted = seating.checked(session, found.space, given)
    row = session.get(ApprovalRule, found.procedure.id, populate_existing=True)
    if wanted == (seats.seats_from_data(row.seats) if row else ()):
        return False
    row = row or ApprovalRule(procedure_id=found.procedure.id)
    row.seats, row.set_by, row.set_at = seats.seats_as_data(wanted), actor.id, clock.now()
    session.add(row)
    journal.add(
        session, chain, actor=actor.id, act="set_own_approvals", object=f"procedure:{found.procedure.code}", content=str(row.seats)
    )
    return True
