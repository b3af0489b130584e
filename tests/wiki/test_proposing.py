"""Proposals from readers: who may, who decides, one outcome whoever comes first, and the proposer's name in the record."""

import pytest
from sqlalchemy import func, select

from accounts.models import Grant, Space
from core import journal
from core.errors import Conflict, Denied, Invalid, NotFound, Unauthenticated
from core.journal import Act
from tests.at_once import at_once
from tests.world import SECTIONS
from wiki import changes, lists, procedures, proposing
from wiki.drafts import Draft, DraftText
from wiki.models import Change
from wiki.proposals import texts_of

pytestmark = pytest.mark.both
OTHER = SECTIONS.replace("Second words.", "Other words.")


@pytest.fixture
def ruled(world, people):
    world.publish(people.author, people.approver, "kyc", DraftText(markdown=SECTIONS))
    return world


def propose(world, person, markdown=OTHER, *, slug="kyc", code="KYC-001", reason="It is clearer", **more):
    with world.database.transaction() as session:
        space = session.scalar(select(Space).where(Space.slug == slug))
        draft = Draft(reason, None, (DraftText(code=code, markdown=markdown, **more),))
        return proposing.propose(session, world.library, world.actor(session, person), space, draft)


def do(world, person, verb, *args):
    with world.database.transaction() as session:
        return verb(session, world.actor(session, person), *args)


def save(world, person, change, markdown, reason="It is clearer"):
    draft = Draft(reason, "material", (DraftText(markdown=markdown),))
    return world.act(person, changes.save, change.id, change.digest, draft)


def changes_there(world):
    with world.database.reading() as session:
        return session.scalar(select(func.count()).select_from(Change))


def test_a_member_s_proposal_is_a_draft_that_says_it_was_proposed(ruled, people):
    change = propose(ruled, people.member)

    assert (change.state, change.waits_for_an_author, change.opened_by) == ("draft", True, people.member)
    with ruled.database.reading() as session:
        assert texts_of(session, change)[0].markdown == OTHER
        assert session.scalar(select(Act.act).where(Act.actor == people.member)) == "propose"
        assert not list(journal.findings(session))


def test_auditors_and_nobody_propose_nothing_and_others_do(ruled, people):
    with pytest.raises(Denied):
        propose(ruled, people.auditor)
    ruled.space("open", visibility="public", prefix="OPEN")
    with pytest.raises(Unauthenticated):
        propose(ruled, None, slug="open")

    assert propose(ruled, people.approver).waits_for_an_author


def test_a_guest_proposes_where_they_were_let_in_and_elsewhere_finds_nothing(ruled, people):
    ruled.space("brokers", visibility="restricted", prefix="BRO")
    guest, outsider = ruled.guest("Anouk Guest"), ruled.guest("Gil Guest")
    for person, role in ((people.author, "author"), (people.approver, "approver"), (guest, "member")):
        ruled.grant("brokers", person, role)
    ruled.publish(people.author, people.approver, "brokers", DraftText(markdown=SECTIONS))

    for person, slug, code in ((outsider, "brokers", "BRO-001"), (guest, "kyc", "KYC-001"), (people.member, "brokers", "BRO-001")):
        with pytest.raises(NotFound):
            propose(ruled, person, slug=slug, code=code)
    assert propose(ruled, guest, slug="brokers", code="BRO-001").waits_for_an_author


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"markdown": SECTIONS}, "markdown"),
        ({"reason": " "}, "reason"),
        ({"code": "KYC-999"}, "code"),
        ({"markdown": "---\napproved_by: me\n---\n" + OTHER}, "markdown"),
        ({"base": 7}, "base"),
    ],
)
def test_a_proposal_that_cannot_be_taken_names_its_field(ruled, people, given, field):
    with pytest.raises(Invalid) as invalid:
        propose(ruled, people.member, **given)

    assert invalid.value.field == field
    assert changes_there(ruled) == 1


def test_what_the_rule_says_by_now_is_refused_too(ruled, people):
    ruled.publish(people.author, people.approver, "kyc", DraftText(code="KYC-001", markdown=OTHER))

    with pytest.raises(Invalid):
        propose(ruled, people.member, base=1)

    assert propose(ruled, people.member, SECTIONS + "More.\n", base=1).state == "draft"


@pytest.mark.parametrize("action", ["create", "retire"])
def test_only_authors_begin_or_end_a_procedure(ruled, people, action):
    with ruled.database.transaction() as session:
        space = session.scalar(select(Space).where(Space.slug == "kyc"))
        text = DraftText(action, None if action == "create" else "KYC-001", OTHER if action == "create" else None)
        with pytest.raises(Denied):
            proposing.propose(session, ruled.library, ruled.actor(session, people.member), space, Draft("Why", None, (text,)))
        session.rollback()

    assert ruled.open(people.author, "kyc", text).state == "draft"


def test_a_proposal_is_about_one_procedure(ruled, people):
    ruled.publish(people.author, people.approver, "kyc", DraftText(markdown=SECTIONS))
    texts = tuple(DraftText(code=code, markdown=OTHER) for code in ("KYC-001", "KYC-002"))

    with ruled.database.transaction() as session, pytest.raises(Invalid) as invalid:
        space = session.scalar(select(Space).where(Space.slug == "kyc"))
        proposing.propose(session, ruled.library, ruled.actor(session, people.member), space, Draft("Why", None, texts))

    assert invalid.value.field == "texts"


def test_the_same_click_twice_makes_one_proposal_and_another_person_s_makes_another(ruled, people):
    first, again = propose(ruled, people.member), propose(ruled, people.member)

    assert first.id == again.id
    assert propose(ruled, people.approver).id != first.id
    assert propose(ruled, people.member, OTHER + "More.\n").id != first.id


def test_members_see_their_own_proposals_and_authors_approvers_and_auditors_all(ruled, people):
    change = propose(ruled, people.member)
    other = ruled.person("Emil Member")

    for person in (people.member, people.author, people.approver, people.auditor):
        assert do(ruled, person, changes.readable, change.id)
    for person in (other, None):
        with pytest.raises(NotFound):
            do(ruled, person, changes.readable, change.id)


def test_the_proposer_edits_until_an_author_takes_it_over(ruled, people):
    change = propose(ruled, people.member)
    change = save(ruled, people.member, change, OTHER + "More.\n")
    assert change.waits_for_an_author

    taken = do(ruled, people.author, proposing.take_over, change.id)

    assert not taken.waits_for_an_author
    with pytest.raises(Conflict):
        save(ruled, people.member, taken, OTHER + "Even more.\n")
    assert save(ruled, people.author, taken, OTHER + "Even more.\n").state == "draft"


def test_a_proposer_s_save_stays_a_proposal(ruled, people):
    change = propose(ruled, people.member)

    for draft, problem in (
        (Draft("Why", "material", (DraftText(action="retire", code="KYC-001"),)), Denied),
        (Draft("Why", "material", (DraftText(markdown=OTHER), DraftText(markdown=OTHER))), Denied),
        (Draft("Why", "material", (DraftText(markdown=SECTIONS),)), Invalid),
        (Draft("", "material", (DraftText(markdown=OTHER),)), Invalid),
    ):
        with pytest.raises(problem):
            ruled.act(people.member, changes.save, change.id, change.digest, draft)
    assert save(ruled, people.member, change, OTHER, "Because").reason == "Because"


def test_a_member_does_not_edit_what_another_proposed(ruled, people):
    change = propose(ruled, people.member)

    with pytest.raises(Denied):
        save(ruled, people.approver, change, OTHER + "More.\n")
    with pytest.raises(NotFound):
        save(ruled, ruled.person("Emil Member"), change, OTHER + "More.\n")


@pytest.mark.parametrize("approvals", [0, 1])
def test_a_proposer_never_submits_and_an_author_does(ruled, people, approvals):
    slug, code = "kyc", "KYC-001"
    if approvals == 0:
        slug, code = ruled.space("wiki", approvals=0, prefix="WIKI"), "WIKI-001"
        ruled.grant("wiki", people.author, "author")
        ruled.submit(people.author, ruled.open(people.author, "wiki", DraftText(markdown=SECTIONS)))
    change = propose(ruled, people.member, slug=slug, code=code)

    with pytest.raises(Denied):
        ruled.submit(people.member, change)
    with pytest.raises(Denied):
        do(ruled, people.member, proposing.take_over, change.id)

    do(ruled, people.author, proposing.take_over, change.id)
    assert ruled.submit(people.author, change).state == ("in_review" if approvals else "published")


@pytest.mark.parametrize("way", ["take_over", "save", "submit"])
def test_the_record_names_who_proposed_and_who_took_it_over(ruled, people, way):
    change = propose(ruled, people.member)
    if way == "take_over":
        do(ruled, people.author, proposing.take_over, change.id)
    if way == "save":
        change = save(ruled, people.author, change, OTHER + "More.\n")
    change = ruled.submit(people.author, change)

    assert change.taken_over_by == people.author
    ruled.approve(people.approver, change)
    version = ruled.standing("KYC-001").in_force
    assert version.author == "Dora Member, Anne Author"
    commit = ruled.library.repository("kyc").commit_of(version.commit)
    assert f"Written-By: {people.member} Dora Member\nWritten-By: {people.author} Anne Author\n" in commit.message


def test_a_proposer_who_is_also_an_approver_may_not_approve_it(ruled, people):
    change = propose(ruled, people.approver)
    do(ruled, people.author, proposing.take_over, change.id)
    change = save(ruled, people.author, change, OTHER + "Quite other words.\n")
    change = ruled.submit(people.author, change)

    with pytest.raises(Denied):
        ruled.approve(people.approver, change)

    assert ruled.approve(people.second, change).state == "published"


def test_who_took_a_proposal_over_may_not_approve_it_either(ruled, people):
    change = propose(ruled, people.member)
    change = do(ruled, people.second, proposing.take_over, change.id)
    change = ruled.submit(people.author, change)

    with pytest.raises(Denied):
        ruled.approve(people.second, change)

    assert ruled.approve(people.approver, change).state == "published"


@pytest.mark.parametrize("who", ["author", "approver", "second"])
def test_authors_and_approvers_decline_a_proposal_with_a_reason(ruled, people, who):
    change = propose(ruled, people.member)

    with pytest.raises(Invalid) as invalid:
        do(ruled, getattr(people, who), changes.decline, change.id, " ")
    assert invalid.value.field == "reason"

    declined = do(ruled, getattr(people, who), changes.decline, change.id, "The law asks for it")
    assert (declined.state, declined.end_reason) == ("declined", "The law asks for it")
    with pytest.raises(Conflict):
        do(ruled, people.author, proposing.take_over, change.id)


def test_members_auditors_and_the_proposer_decline_nothing(ruled, people):
    change = propose(ruled, people.approver)

    for person in (people.approver, people.auditor):
        with pytest.raises(Denied):
            do(ruled, person, changes.decline, change.id, "No")
    with pytest.raises(NotFound):
        do(ruled, people.member, changes.decline, change.id, "No")


def test_an_author_s_own_draft_is_not_declined_and_once_in_review_an_author_decides_nothing(ruled, people):
    draft = ruled.open(people.author, "kyc", DraftText(code="KYC-001", markdown=OTHER))
    with pytest.raises(Denied):
        do(ruled, people.author, changes.decline, draft.id, "No")
    reviewed = ruled.submit(people.author, propose(ruled, people.member))
    with pytest.raises(Denied):
        do(ruled, people.author, changes.decline, reviewed.id, "No")

    assert do(ruled, people.approver, changes.decline, reviewed.id, "No").state == "declined"


def test_the_proposer_takes_back_what_nobody_took_over(ruled, people):
    change = propose(ruled, people.member)
    with pytest.raises(Denied):
        do(ruled, people.author, changes.withdraw, change.id)
    assert do(ruled, people.member, changes.withdraw, change.id).state == "withdrawn"

    taken = do(ruled, people.author, proposing.take_over, propose(ruled, people.member).id)
    with pytest.raises(Conflict):
        do(ruled, people.member, changes.withdraw, taken.id)
    assert do(ruled, people.author, changes.withdraw, taken.id).state == "withdrawn"


def test_taking_over_twice_is_one_act_and_a_second_author_is_told_who_was_first(ruled, people):
    change = propose(ruled, people.member)
    do(ruled, people.author, proposing.take_over, change.id)
    do(ruled, people.author, proposing.take_over, change.id)

    with pytest.raises(Conflict, match="Anne Author"):
        do(ruled, people.second, proposing.take_over, change.id)
    with ruled.database.reading() as session:
        assert session.scalar(select(func.count()).select_from(Act).where(Act.act == "take_over")) == 1


def test_a_change_by_an_author_is_not_taken_over(ruled, people):
    draft = ruled.open(people.author, "kyc", DraftText(code="KYC-001", markdown=OTHER))

    with pytest.raises(Conflict):
        do(ruled, people.second, proposing.take_over, draft.id)


def test_words_of_a_version_published_meanwhile_are_merged_or_both_shown(ruled, people):
    apart, touching = propose(ruled, people.member), propose(ruled, people.member, SECTIONS.replace("First", "1st"))
    ruled.publish(people.author, people.approver, "kyc", DraftText(code="KYC-001", markdown=SECTIONS.replace("First", "New")))

    merged = ruled.submit(people.author, apart)
    with pytest.raises(Conflict) as conflict:
        ruled.submit(people.author, touching)

    with ruled.database.reading() as session:
        assert texts_of(session, merged)[0].markdown == OTHER.replace("First", "New")
    assert "1st" in conflict.value.sides.yours and "New" in conflict.value.sides.theirs


def test_somebody_who_became_an_auditor_edits_their_proposal_no_more(ruled, people):
    change = propose(ruled, people.member)
    ruled.grant("kyc", people.member, "auditor")

    with pytest.raises(Denied):
        save(ruled, people.member, change, OTHER + "More.\n")


@pytest.mark.parametrize("_round", range(4))
def test_taking_over_and_taking_back_at_once_have_one_outcome(ruled, people, _round):
    change = propose(ruled, people.member)

    ends = at_once(
        lambda: do(ruled, people.author, proposing.take_over, change.id),
        lambda: do(ruled, people.member, changes.withdraw, change.id),
    )

    assert [isinstance(end, Conflict) for end in ends].count(True) == 1
    with ruled.database.reading() as session:
        present = session.get(Change, change.id)
        assert (present.state, present.taken_over_by) in (("draft", people.author), ("withdrawn", None))
        assert not list(journal.findings(session))


def test_of_two_authors_who_take_over_at_once_one_does(ruled, people):
    change = propose(ruled, people.member)

    ends = at_once(*(lambda who=who: do(ruled, who, proposing.take_over, change.id) for who in (people.author, people.second)))

    assert [isinstance(end, Conflict) for end in ends].count(True) == 1


def test_two_clicks_at_once_make_one_proposal(ruled, people):
    ends = at_once(*[lambda: propose(ruled, people.member)] * 3)

    assert len({end.id for end in ends}) == 1


def listed(world, person, list_of, *args):
    with world.database.reading() as session:
        return list_of(session, world.actor(session, person), *args)


def test_front_pages_show_proposals_to_those_they_concern(ruled, people):
    change = propose(ruled, people.member)

    assert [one.id for one in listed(ruled, people.author, lists.proposed_to)] == [change.id]
    assert [one.id for one in listed(ruled, people.member, lists.own_proposals)] == [change.id]
    for person in (people.member, people.approver, people.auditor, None):
        assert listed(ruled, person, lists.proposed_to) == []
    assert listed(ruled, people.member, lists.own_changes) == []

    do(ruled, people.author, proposing.take_over, change.id)
    assert listed(ruled, people.author, lists.proposed_to) == []
    assert [one.id for one in listed(ruled, people.author, lists.own_changes)] == [change.id]
    assert [one.id for one in listed(ruled, people.member, lists.proposed_about, "KYC-001")] == [change.id]


def test_the_proposer_is_told_which_version_it_became_or_why_it_was_declined(ruled, people):
    became, refused = propose(ruled, people.member), propose(ruled, people.member, OTHER + "More.\n")
    ruled.approve(people.approver, ruled.submit(people.author, became))
    do(ruled, people.author, changes.decline, refused.id, "Too long")

    told = {one.id: (one.state, one.versions, one.end_reason) for one in listed(ruled, people.member, lists.own_proposals)}

    assert told == {became.id: ("published", (2,), ""), refused.id: ("declined", (), "Too long")}


def test_who_lost_the_role_of_author_is_shown_no_proposals(ruled, people):
    propose(ruled, people.member)
    with ruled.database.transaction() as session:
        session.query(Grant).filter_by(person_id=people.author, role="author").delete()

    assert listed(ruled, people.author, lists.proposed_to) == []


def test_a_retired_procedure_takes_no_proposal(ruled, people):
    ruled.publish(people.author, people.approver, "kyc", DraftText(action="retire", code="KYC-001"))

    with pytest.raises(Invalid):
        propose(ruled, people.member)
    with ruled.database.reading() as session:
        assert procedures.readable(session, ruled.actor(session, people.member), "KYC-001")
