"""The rule of approval of a space: read, checked, changed and put into words."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from accounts import seats
from accounts.actors import Actor
from accounts.models import ROLES, Grant, Person, Space
from accounts.policy import require_manager
from accounts.seats import Candidate, Rule, Seat
from core import journal
from core.errors import Invalid, N_
from core.text import folded, line

MOST_SEATS = 5
_TAKEN_BY_NOBODY = {
    seats.TEAM: N_("No approver of this space is in the team %(name)s."),
    seats.ROLE: N_("No approver of this space also holds the role %(name)s."),
}


def seats_of(space: Space) -> tuple[Seat, ...]:
    """Return the seats that a space asks for: the ones it names, else as many as it says, for any approver."""
    if space.seats is not None:
        return seats.seats_from_data(space.seats)
    return (Seat(seats.ANY),) * space.approvals_required


def checked(session: Session, space: Space, given: Sequence[Seat]) -> tuple[Seat, ...]:
    """Return seats as they can be kept: people as ids of approvers of the space, teams as written.

    People may be given by id, by e-mail address or by full name.

    Raises: Invalid for a seat that nobody of the space's approvers could take for want of such a person, role or team, and
    for seats that there are too few of them for. Where a space has no approver yet, teams and roles are taken as they are.
    """
    if len(given) > MOST_SEATS:
        raise Invalid(N_("Between 0 and %(most)s approvals can be required."), field="seats", most=MOST_SEATS)
    wanted = tuple(_checked(session, space, seat) for seat in given)
    if approvers := _candidates(session, space):
        _check_takers(wanted, approvers)
    return wanted


def _check_takers(wanted: Sequence[Seat], approvers: Sequence[Candidate]) -> None:
    """Go on only if these approvers could take every seat that says by whom; the owner's side is another for each procedure."""
    named = tuple(seat for seat in wanted if seat.who not in (seats.ANY, seats.OWNER))
    for seat in named:
        if seats.open_seats(Rule((seat,)), approvers):
            raise Invalid(_TAKEN_BY_NOBODY[seat.who], field="seats", name=", ".join(seat.of))
    if seats.open_seats(Rule(named), approvers):
        raise Invalid(N_("Too few people could give these approvals: whoever gives one of them gives no other."), field="seats")


def _candidates(session: Session, space: Space) -> list[Candidate]:
    held: dict[str, set[str]] = {}
    for person_id, role in session.execute(select(Grant.person_id, Grant.role).where(Grant.space_id == space.id)):
        held.setdefault(person_id, set()).add(role)
    return [Candidate(one.id, one.name, one.team, frozenset(held[one.id])) for one in approvers_of(session, space)]


def _checked(session: Session, space: Space, seat: Seat) -> Seat:
    if seat.who in (seats.ANY, seats.OWNER):
        return Seat(seat.who)
    if seat.who not in seats.KINDS:
        raise Invalid(N_("Say who may approve: any approver, people, a team, a role or the owner’s side."), field="seats")
    of = tuple(words for raw in seat.of if (words := line(raw, field="seats", limit=254, required=False)))
    if not of:
        raise Invalid(N_("Say which people, which team or which role."), field="seats")
    if seat.who == seats.PEOPLE:
        return Seat(seat.who, tuple(_approver(session, space, words) for words in of))
    if seat.who == seats.ROLE and not set(of) <= set(ROLES) - {"auditor", "member"}:
        raise Invalid(N_("A role beside approver is author or animator."), field="seats")
    return Seat(seat.who, of)


def _approver(session: Session, space: Space, words: str) -> str:
    rows = approvers_of(session, space)
    found = [person for person in rows if words in (person.id, person.email) or folded(words) == folded(person.name)]
    if len(found) != 1:
        raise Invalid(N_("%(name)s is not the name of one approver of this space."), field="seats", name=words)
    return found[0].id


def approvers_of(session: Session, space: Space) -> list[Person]:
    """Return the people who are approvers of a space today, by name."""
    return list(
        session.scalars(
            select(Person)
            .join(Grant, (Grant.person_id == Person.id) & (Grant.space_id == space.id) & (Grant.role == "approver"))
            .where(Person.disabled_at.is_(None))
            .order_by(Person.name, Person.id)
        )
    )


def set_seats(session: Session, by: Actor | None, space: Space, given: Sequence[Seat]) -> bool:
    """Set how many approvals a space asks for and from whom, and say whether that is new; open changes keep theirs.

    `by` is the administrator who does it, None for the command line. Raises: Denied; Invalid.
    """
    require_manager(by, space)
    chain = journal.lock(session, space.id)
    session.refresh(space)
    wanted = checked(session, space, given)
    if wanted == seats_of(space):
        return False
    space.approvals_required, space.seats = len(wanted), seats.seats_as_data(wanted)
    journal.add(
        session, chain, actor=by.id if by else None, act="set_approvals", object=f"space:{space.id}",
        content=str(seats.seats_as_data(wanted)),
    )
    return True


def names_in(session: Session, given: Sequence[Seat]) -> dict[str, str]:
    """Return, by id, the names of the people that these seats name."""
    ids = {id for seat in given if seat.who == seats.PEOPLE for id in seat.of}
    return dict(session.execute(select(Person.id, Person.name).where(Person.id.in_(ids))).all()) if ids else {}
