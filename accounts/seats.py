"""Seats of approval: how many approvals a rule asks for, and who may give each. Pure: people in, seats filled out.

Whoever takes a seat is an approver of the space all the same; a seat only says which of them.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from core.text import folded

ANY, PEOPLE, TEAM, ROLE, OWNER = "any", "people", "team", "role", "owner"
KINDS = (ANY, PEOPLE, TEAM, ROLE, OWNER)


@dataclass(frozen=True)
class Seat:
    """One approval: by `any` approver, one of the `people` (ids), of a `team`, with another `role`, or of the owner's side."""

    who: str
    of: tuple[str, ...] = ()


@dataclass(frozen=True)
class Candidate:
    """Somebody who approved, or who would: what the seats look at."""

    id: str
    name: str
    team: str
    roles: frozenset[str]


@dataclass(frozen=True)
class Rule:
    """The seats that some procedures of a change ask for; `owner` is what their front matter says of their owner."""

    seats: tuple[Seat, ...]
    owner: str = ""
    codes: tuple[str, ...] = ()


def open_seats(rule: Rule, given: Sequence[Candidate]) -> list[Seat]:
    """Return the seats that stay empty when as many as possible are taken by these people, each taking one."""
    taken: dict[int, int] = {}      # seat -> person
    for person in range(len(given)):
        _seat(rule, given, person, taken, set())
    return [seat for number, seat in enumerate(rule.seats) if number not in taken]


def _seat(rule: Rule, given: Sequence[Candidate], person: int, taken: dict[int, int], tried: set[int]) -> bool:
    """Find a seat for one more person, moving others where that frees one: augmenting paths, each seat tried once."""
    for number, seat in enumerate(rule.seats):
        if number in tried or not _takes(seat, given[person], rule.owner):
            continue
        tried.add(number)
        if number not in taken or _seat(rule, given, taken[number], taken, tried):
            taken[number] = person
            return True
    return False


def helps(rules: Collection[Rule], given: Sequence[Candidate], person: Candidate) -> bool:
    """Say whether one more person fills a seat that stayed empty, under at least one of the rules."""
    return any(len(open_seats(rule, (*given, person))) < len(open_seats(rule, given)) for rule in rules)


def are_filled(rules: Collection[Rule], given: Sequence[Candidate]) -> bool:
    """Say whether these people fill every seat of every rule."""
    return not any(open_seats(rule, given) for rule in rules)


def _takes(seat: Seat, person: Candidate, owner: str) -> bool:
    match seat.who:
        case "people":
            return person.id in seat.of
        case "team":
            return folded(person.team) in {folded(name) for name in seat.of}
        case "role":
            return bool(person.roles & set(seat.of))
        case "owner":
            return bool({folded(person.name), folded(person.team)} & set(owner_side(owner)))
    return True


def owner_side(owner: str) -> list[str]:
    """Return the names and teams that the owner line of a procedure holds, such as "Hélène Marchetti, Compliance"."""
    return [part for part in map(folded, owner.replace(";", ",").split(",")) if part]


def as_data(rule: Rule) -> dict:
    """Return a rule as JSON keeps it."""
    return {"owner": rule.owner, "codes": list(rule.codes), "seats": seats_as_data(rule.seats)}


def seats_as_data(seats: Sequence[Seat]) -> list[dict]:
    """Return seats as JSON keeps them."""
    return [{"who": seat.who, "of": list(seat.of)} for seat in seats]


def from_data(kept: dict) -> Rule:
    """Return the rule that `as_data` kept."""
    return Rule(seats_from_data(kept["seats"]), kept["owner"], tuple(kept["codes"]))


def seats_from_data(kept: Sequence[dict]) -> tuple[Seat, ...]:
    """Return the seats that `seats_as_data` kept."""
    return tuple(Seat(one["who"], tuple(one["of"])) for one in kept)
