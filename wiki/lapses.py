"""Approvals that stand in the record and no longer count, because something about who gave them changed: which, and why."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from accounts.models import Person, Space
from accounts.seats import helps
from core.errors import N_
from wiki.approval_rules import rules_of
from wiki.approving import candidates, standing
from wiki.models import Approval, Change


@dataclass(frozen=True)
class Lapse:
    """Whose approval does not count, and why, as a sentence to be translated."""

    name: str
    because: str


def lapsed(session: Session, space: Space, change: Change, counted: Sequence[tuple[Approval, Person]]) -> list[Lapse]:
    """Return the approvals of a change in review that did not fall and yet count for nothing; `counted` are those that count.

    An approval is given only where it fills a seat. So one that fills none now lost it: its person's team or roles changed.
    """
    if change.state != "in_review":
        return []
    ids = {approval.id for approval, _ in counted}
    gone = [person for approval, person in standing(session, change) if approval.id not in ids]
    return [Lapse(person.name, _gone(person)) for person in gone] + _without_seat(session, space, change, counted)


def _gone(person: Person) -> str:
    if person.disabled_at is not None:
        return N_("This person can no longer sign in.")
    return N_("This person stopped being an approver of this space meanwhile.")


def _without_seat(session: Session, space: Space, change: Change, counted: Sequence[tuple[Approval, Person]]) -> list[Lapse]:
    given, rules = candidates(session, space, list(counted)), rules_of(change)
    return [
        Lapse(one.name, N_("It fills none of the places that are asked for any more: this person’s team or roles changed."))
        for one in given
        if not helps(rules, [other for other in given if other is not one], one)
    ]
