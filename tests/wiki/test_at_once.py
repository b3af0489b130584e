"""Two people decide about one change at the same instant: exactly one outcome, and both are told the truth about it.

Rules 1 and 2 of the design, P11-6, P11-7: each act looks again once it holds the lock of the space.
"""

import pytest
from sqlalchemy import func, select

from core import journal
from core.errors import Conflict
from tests.at_once import at_once
from tests.world import SECTIONS
from wiki import changes, verifying
from wiki.approving import approve
from wiki.drafts import Draft, DraftText
from wiki.models import Approval, Change, Version

pytestmark = [pytest.mark.both, pytest.mark.parametrize("_round", range(3))]


def approved(world, who, change):
    return world.act(who, approve, change.id, change.digest)


def edited(world, who, change):
    draft = Draft("Because", "material", (DraftText(markdown=SECTIONS + "More.\n"),))
    return world.act(who, changes.save, change.id, change.digest, draft)


def withdrawn(world, who, change):
    return world.act(who, lambda session, _, actor, id: changes.withdraw(session, actor, id), change.id)


def declined(world, who, change):
    return world.act(who, lambda session, _, actor, id: changes.decline(session, actor, id, "No"), change.id)



def in_review(world, people, approvals=1):
    world.space("two", approvals=approvals, prefix="TWO")
    for person, role in ((people.author, "author"), (people.approver, "approver"), (people.second, "approver")):
        world.grant("two", person, role)
    return world.submit(people.author, world.open(people.author, "two", DraftText(markdown=SECTIONS)))


def outcome(world, change):
    """Return the state of a change, its versions and its approvals that stand; nothing may be wrong in the record."""
    with world.database.reading() as session:
        assert list(journal.findings(session)) == [] and list(verifying.findings(session, world.library, [])) == []
        standing = select(func.count()).select_from(Approval).where(Approval.change_id == change.id, Approval.fell_at.is_(None))
        return session.get(Change, change.id).state, session.scalar(select(func.count()).select_from(Version)), session.scalar(standing)


def test_two_who_approve_where_one_is_enough_publish_once(world, people, _round):
    change = in_review(world, people)

    ends = at_once(lambda: approved(world, people.approver, change), lambda: approved(world, people.second, change))

    assert sorted(type(end).__name__ for end in ends) == ["Change", "Conflict"]
    assert outcome(world, change) == ("published", 1, 1)


def test_two_who_approve_where_two_must_publish_once_and_both_stand(world, people, _round):
    change = in_review(world, people, approvals=2)

    ends = at_once(lambda: approved(world, people.approver, change), lambda: approved(world, people.second, change))

    assert [type(end) for end in ends] == [Change, Change] and {end.state for end in ends} == {"in_review", "published"}
    assert outcome(world, change) == ("published", 1, 2)


@pytest.mark.parametrize(("undo", "by", "state"), [(edited, "author", "in_review"), (withdrawn, "author", "withdrawn"), (declined, "second", "declined")])
def test_an_approval_and_what_undoes_it_have_one_outcome(world, people, undo, by, state, _round):
    change = in_review(world, people)

    for_it, against = at_once(lambda: approved(world, people.approver, change), lambda: undo(world, getattr(people, by), change))

    assert isinstance(for_it, Conflict) is not isinstance(against, Conflict), (for_it, against)
    assert outcome(world, change) == (("published", 1, 1) if isinstance(against, Conflict) else (state, 0, 0))
