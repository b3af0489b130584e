"""An approval that no longer counts is named, with the reason: whatever moves is said (ISO-3, P11-7)."""

import pytest
from sqlalchemy import delete, update

from accounts.models import Grant, Person, Space
from core import clock
from tests.wiki.test_approval_rules import in_review, join, office  # noqa: F401
from wiki.approving import counted, missing
from wiki.lapses import lapsed
from wiki.models import Change

pytestmark = pytest.mark.both


def told(world, change):
    """Return who is said not to count any more, with the reason, and how many seats are empty."""
    with world.database.reading() as session:
        change = session.get(Change, change.id)
        space = session.get(Space, change.space_id)
        found = lapsed(session, space, change, counted(session, space, change))
        return [(one.name, one.because) for one in found], len(missing(session, space, change))


def moved(world, statement):
    with world.database.transaction() as session:
        session.execute(statement)


@pytest.fixture
def approved(world, office):  # noqa: F811
    """A change that needs one of compliance and one of the owner's side, approved by the first."""
    change = in_review(world, office)
    world.approve(office.approver, change)
    assert told(world, change) == ([], 1)
    return change


def test_whoever_changes_team_fills_no_seat_and_the_page_says_so(world, office, approved):  # noqa: F811
    join(world, office.approver, "Branches")

    ((name, because),), empty = told(world, approved)
    assert name == "Boris Approver" and "team" in because and empty == 2

    join(world, office.approver, "Compliance")
    assert told(world, approved) == ([], 1)


def test_whoever_is_no_approver_any_more_does_not_count_and_the_page_says_so(world, office, approved):  # noqa: F811
    moved(world, delete(Grant).where(Grant.person_id == office.approver, Grant.role == "approver"))

    assert told(world, approved) == ([("Boris Approver", "This person stopped being an approver of this space meanwhile.")], 2)


def test_whoever_was_taken_the_role_and_given_it_back_is_a_new_approver(world, office, approved):  # noqa: F811
    moved(world, delete(Grant).where(Grant.person_id == office.approver, Grant.role == "approver"))
    world.grant("kyc", office.approver, "approver")

    assert told(world, approved) == ([("Boris Approver", "This person stopped being an approver of this space meanwhile.")], 2)
    assert world.approve(office.second, approved).state == "in_review"
    assert world.approve(office.third, approved).state == "published"


def test_whoever_was_disabled_does_not_count_and_the_page_says_so(world, office, approved):  # noqa: F811
    moved(world, update(Person).where(Person.id == office.approver).values(disabled_at=clock.now()))

    assert told(world, approved) == ([("Boris Approver", "This person can no longer sign in.")], 2)


def test_a_change_that_was_published_keeps_its_approvals_whoever_leaves(world, office, approved):  # noqa: F811
    assert world.approve(office.second, approved).state == "published"
    moved(world, update(Person).where(Person.id == office.approver).values(disabled_at=clock.now()))

    assert told(world, approved)[0] == []
    with world.database.reading() as session:
        change = session.get(Change, approved.id)
        given = counted(session, session.get(Space, change.space_id), change)
    assert [person.name for _, person in given][:1] == ["Boris Approver"]
