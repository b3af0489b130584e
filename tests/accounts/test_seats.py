"""Seats of approval: as many as possible are filled, each by one person, and a person fills one of each rule."""

from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accounts.seats import Candidate, Rule, Seat, are_filled, as_data, from_data, helps, open_seats

ANY, OWNER, COMPLIANCE = Seat("any"), Seat("owner"), Seat("team", ("Compliance",))


def person(id, team="", *roles, name=None):
    return Candidate(id, name or id, team, frozenset({"approver", *roles}))


@pytest.mark.parametrize(("seat", "takes", "takes_not"), [
    (ANY, person("a"), None),
    (Seat("people", ("a", "b")), person("b"), person("c")),
    (COMPLIANCE, person("a", "COMPLIANCE"), person("b", "Branches")),
    (Seat("team", ("Conformité",)), person("a", "conformite"), person("b")),
    (Seat("role", ("author",)), person("a", "", "author"), person("b", "", "animator")),
    (OWNER, person("a", "Compliance"), person("b", "Branches")),
    (OWNER, person("a", "Branches", name="Hélène Marchetti"), person("b", "Branches", name="Hélène")),
])
def test_a_seat_is_for_those_it_names_and_for_nobody_else(seat, takes, takes_not):
    rule = Rule((seat,), owner="Hélène Marchetti, Compliance")

    assert open_seats(rule, [takes]) == []
    assert takes_not is None or open_seats(rule, [takes_not]) == [seat]


def test_one_of_compliance_and_one_of_the_owners_side_are_two_people():
    rule = Rule((COMPLIANCE, OWNER), owner="Back office")

    assert are_filled([rule], [person("a", "Compliance"), person("b", "Back office")])
    assert not are_filled([rule], [person("a", "Compliance"), person("b", "Compliance")])
    assert not are_filled([rule], [person("a", "Back office")])


def test_somebody_moves_to_another_seat_where_that_makes_room():
    rule = Rule((ANY, COMPLIANCE))

    assert are_filled([rule], [person("a", "Compliance"), person("b")])
    assert are_filled([rule], [person("b"), person("a", "Compliance")])


def test_whoever_fills_no_empty_seat_helps_nobody():
    rules = [Rule((COMPLIANCE, COMPLIANCE)), Rule((Seat("people", ("z",)),))]

    assert helps(rules, [], person("a", "Compliance"))
    assert not helps(rules, [], person("b", "Branches"))
    assert helps(rules, [person("a", "Compliance")], person("z"))
    assert not helps([Rule((COMPLIANCE,))], [person("a", "Compliance")], person("c", "Compliance"))


def test_an_owner_line_that_says_nobody_seats_nobody():
    assert open_seats(Rule((OWNER,), owner=""), [person("a", "")]) == [OWNER]


@given(st.data())
def test_no_other_way_of_sitting_fills_more_seats(data):
    teams = st.sampled_from(["A", "B", ""])
    people = [person(str(n), data.draw(teams)) for n in range(data.draw(st.integers(0, 4)))]
    seats = tuple(data.draw(st.lists(st.sampled_from([ANY, Seat("team", ("A",)), Seat("team", ("B",)), Seat("people", ("0",))]), max_size=4)))
    best = 0
    for order in permutations(range(len(people))):
        best = max(best, sum(open_seats(Rule((seat,)), [people[who]]) == [] for seat, who in zip(seats, order, strict=False)))
    for order in permutations(range(len(seats))):
        best = max(best, sum(open_seats(Rule((seats[at],)), [one]) == [] for one, at in zip(people, order, strict=False)))

    assert len(seats) - len(open_seats(Rule(seats), people)) == best


def test_a_rule_is_kept_and_comes_back():
    rule = Rule((COMPLIANCE, ANY), "Back office", ("KYC-001",))

    assert from_data(as_data(rule)) == rule
