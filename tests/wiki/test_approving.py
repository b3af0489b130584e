"""Approvals: four eyes, exactly what was shown, one outcome."""

import pytest

from core.errors import Conflict, Denied, Invalid, NotFound
from tests.world import SECTIONS
from wiki import changes
from wiki.approving import approve
from wiki.drafts import Draft, DraftText


def in_review(world, people):
    return world.submit(people.author, world.open(people.author, "kyc", DraftText(markdown=SECTIONS)))


def saved(world, person, change, markdown):
    draft = Draft("Because", "material", (DraftText(markdown=markdown),))
    return world.act(person, changes.save, change.id, change.digest, draft)


def test_author_may_not_approve_what_they_wrote_and_another_may(world, people):
    change = world.submit(people.second, world.open(people.second, "kyc", DraftText(markdown=SECTIONS)))

    with pytest.raises(Denied):
        world.approve(people.second, change)

    assert world.approve(people.approver, change).state == "published"


def test_whoever_edits_in_review_becomes_a_writer_and_approvals_fall(world, people):
    world.space("two", approvals=2, prefix="TWO")
    for person, roles in ((people.author, ["author"]), (people.approver, ["approver"]), (people.second, ["author", "approver"])):
        world.grant("two", person, *roles)
    change = world.submit(people.author, world.open(people.author, "two", DraftText(markdown=SECTIONS)))
    world.approve(people.approver, change)

    change = saved(world, people.second, change, SECTIONS + "More.\n")

    assert change.state == "in_review"
    with world.database.reading() as session:
        from wiki.models import Approval

        fallen = session.query(Approval).one()
        assert fallen.fell_at and fallen.fell_by == "Chloé Second"
    with pytest.raises(Denied):
        world.approve(people.second, change)
    assert world.approve(people.approver, change).state == "in_review"


def test_saving_what_stands_there_writes_nothing_and_leaves_an_approval_as_it_is(world, people):
    world.space("two", approvals=2, prefix="TWO")
    for person, roles in ((people.author, ["author"]), (people.approver, ["approver"]), (people.second, ["author", "approver"])):
        world.grant("two", person, *roles)
    change = world.submit(people.author, world.open(people.author, "two", DraftText(markdown=SECTIONS)))
    world.approve(people.second, change)

    change = saved(world, people.second, change, SECTIONS)
    assert world.approve(people.approver, change).state == "published"

    other = world.submit(people.author, world.open(people.author, "two", DraftText(markdown=SECTIONS)))
    world.approve(people.second, other)
    other = saved(world, people.second, other, SECTIONS + "More.\n")       # and the same with one word more
    assert world.approve(people.approver, other).state == "in_review"


def test_approving_a_text_that_moved_answers_with_the_present_one(world, people):  # P11-14
    change = in_review(world, people)
    before = change.digest
    saved(world, people.author, change, SECTIONS + "More.\n")

    with pytest.raises(Conflict) as conflict:
        world.act(people.approver, approve, change.id, before)

    assert conflict.value.present.digest != before
    assert world.act(people.approver, approve, change.id, conflict.value.present.digest).state == "published"


def test_repeating_one_s_own_approval_changes_nothing(world, people):
    change = in_review(world, people)

    first, again = world.approve(people.approver, change), world.approve(people.approver, change)

    assert first.state == again.state == "published"
    assert len(world.standing("KYC-001").versions) == 1


@pytest.mark.parametrize("end", ["withdraw", "decline"])
def test_a_change_that_has_ended_cannot_be_approved(world, people, end):
    change = in_review(world, people)
    with world.database.transaction() as session:
        if end == "withdraw":
            changes.withdraw(session, world.actor(session, people.author), change.id)
        else:
            changes.decline(session, world.actor(session, people.approver), change.id, "Not yet")

    with pytest.raises(Conflict):
        world.approve(people.approver, change)


def test_a_draft_cannot_be_approved(world, people):
    change = world.open(people.author, "kyc", DraftText(markdown=SECTIONS))

    with pytest.raises(Denied):
        world.approve(people.approver, change)


def test_somebody_named_approver_after_the_review_began_cannot_decide(world, people):
    change = in_review(world, people)
    late = world.person("Late Approver")
    world.grant("kyc", late, "approver")

    with pytest.raises(Denied):
        world.approve(late, change)

    assert world.approve(people.approver, change).state == "published"


def test_the_approval_of_somebody_who_lost_the_role_no_longer_counts(world, people):  # P11-7
    from accounts.models import Grant

    world.space("two", approvals=2, prefix="TWO")
    for person in (people.approver, people.second):
        world.grant("two", person, "approver")
    world.grant("two", people.author, "author")
    change = world.submit(people.author, world.open(people.author, "two", DraftText(markdown=SECTIONS)))
    world.approve(people.approver, change)
    with world.database.transaction() as session:
        session.query(Grant).filter_by(person_id=people.approver, role="approver").delete()

    assert world.approve(people.second, change).state == "in_review"


def test_declining_takes_a_reason(world, people):
    change = in_review(world, people)

    with world.database.transaction() as session, pytest.raises(Invalid) as invalid:
        changes.decline(session, world.actor(session, people.approver), change.id, "  ")
    assert invalid.value.field == "reason"

    with world.database.transaction() as session:
        assert changes.decline(session, world.actor(session, people.approver), change.id, "Too long").state == "declined"


def test_a_member_sees_no_change_and_an_auditor_decides_none(world, people):
    change = in_review(world, people)

    with pytest.raises(NotFound):
        world.approve(people.member, change)
    with pytest.raises(Denied):
        world.approve(people.auditor, change)


def test_a_day_that_has_passed_is_asked_again(world, people, monkeypatch):
    from datetime import timedelta

    from core import clock

    change = world.submit(
        people.author, world.open(people.author, "kyc", DraftText(markdown=SECTIONS), in_force_from=world.day(1))
    )
    later = clock.now() + timedelta(days=3)
    monkeypatch.setattr(clock, "now", lambda: later)

    with pytest.raises(Conflict) as conflict:
        world.approve(people.approver, change)

    assert conflict.value.field == "in_force_from"
