"""The life of a change before it is decided: bad input says why, and nothing typed is lost."""

import pytest

from core.errors import Conflict, Denied, Invalid, NotFound
from tests.world import SECTIONS
from wiki import changes
from wiki.drafts import Draft, DraftText
from wiki.models import Save
from wiki.proposals import texts_of


def invalid_field(call) -> str:
    with pytest.raises(Invalid) as invalid:
        call()
    return invalid.value.field


@pytest.mark.parametrize(
    ("text", "field"),
    [
        (DraftText(), "markdown"),
        (DraftText(markdown="  \n"), "markdown"),
        (DraftText(markdown="a\x00b"), "markdown"),
        (DraftText(markdown="\ud800"), "markdown"),
        (DraftText(markdown="x" * (1024 * 1024 + 1)), "markdown"),
        (DraftText(markdown="---\nstatus: in force\n---\nText"), "markdown"),
        (DraftText(markdown="[a](b) " * 5_001), "markdown"),
        (DraftText(code="KYC-999", markdown="x"), "code"),
        (DraftText(action="create", code="KYC-999", markdown="x"), "code"),
        (DraftText(action="create", markdown="x", base=1), "base"),
        (DraftText(action="burn", markdown="x"), "action"),
        (DraftText(action="retire"), "code"),
    ],
)
def test_a_text_that_cannot_be_taken_names_its_field(world, people, text, field):
    assert invalid_field(lambda: world.open(people.author, "kyc", text)) == field


def test_kind_must_be_said_where_approvals_are_required(world, people):
    assert invalid_field(lambda: world.open(people.author, "kyc", DraftText(markdown="x"), kind=None)) == "kind"

    world.space("wiki", approvals=0, prefix="WIKI")
    world.grant("wiki", people.author, "author")
    assert world.open(people.author, "wiki", DraftText(markdown="x"), kind=None).kind == "editorial"


def test_submitting_takes_a_reason_where_approvals_are_required(world, people):
    change = world.open(people.author, "kyc", DraftText(markdown=SECTIONS), reason=" ")

    assert invalid_field(lambda: world.submit(people.author, change)) == "reason"


def test_members_open_no_change_and_authors_do(world, people):
    with pytest.raises(Denied):
        world.open(people.member, "kyc", DraftText(markdown=SECTIONS))

    assert world.open(people.author, "kyc", DraftText(markdown=SECTIONS)).state == "draft"


def test_a_change_is_not_found_by_members(world, people):
    change = world.open(people.author, "kyc", DraftText(markdown=SECTIONS))

    with world.database.reading() as session:
        with pytest.raises(NotFound):
            changes.readable(session, world.actor(session, people.member), change.id)
        assert changes.readable(session, world.actor(session, people.auditor), change.id)


def test_codes_count_up_and_are_kept_by_abandoned_drafts(world, people):
    first = world.open(people.author, "kyc", DraftText(markdown=SECTIONS))
    with world.database.transaction() as session:
        changes.withdraw(session, world.actor(session, people.author), first.id)

    second = world.open(people.author, "kyc", DraftText(markdown=SECTIONS))

    with world.database.reading() as session:
        assert [texts_of(session, change)[0].code for change in (first, second)] == ["KYC-001", "KYC-002"]


def test_two_new_procedures_of_one_change_get_two_codes(world, people):
    change = world.open(people.author, "kyc", DraftText(markdown="One"), DraftText(markdown="Two"))

    with world.database.reading() as session:
        assert [text.code for text in texts_of(session, change)] == ["KYC-001", "KYC-002"]


def test_the_same_procedure_cannot_stand_twice_in_a_change(world, people):
    world.publish(people.author, people.approver, "kyc", DraftText(markdown=SECTIONS))
    twice = (DraftText(code="KYC-001", markdown="a"), DraftText(code="KYC-001", markdown="b"))

    assert invalid_field(lambda: world.open(people.author, "kyc", *twice)) == "texts"


def test_saving_from_an_old_digest_answers_with_the_present_change(world, people):
    change = world.open(people.author, "kyc", DraftText(markdown=SECTIONS))
    mine = Draft("Because", "material", (DraftText(markdown="Mine"),))
    theirs = Draft("Because", "material", (DraftText(markdown="Theirs"),))
    world.act(people.second, changes.save, change.id, change.digest, theirs)

    with pytest.raises(Conflict) as conflict:
        world.act(people.author, changes.save, change.id, change.digest, mine)

    present = conflict.value.present
    assert world.act(people.author, changes.save, change.id, present.digest, mine).digest != present.digest


def test_every_save_is_kept_with_its_author(world, people):
    change = world.open(people.author, "kyc", DraftText(markdown="First words"))
    world.act(people.second, changes.save, change.id, change.digest, Draft("r", "material", (DraftText(markdown="Second words"),)))

    with world.database.reading() as session:
        saves = session.query(Save).order_by(Save.id).all()
    assert [(save.person_id, save.content["texts"][0]["file"]) for save in saves] == [
        (people.author, "First words"), (people.second, "Second words"),
    ]


def test_texts_that_touch_are_both_shown_and_the_draft_stays(world, people):
    world.publish(people.author, people.approver, "kyc", DraftText(markdown=SECTIONS))
    mine = world.open(people.author, "kyc", DraftText(code="KYC-001", markdown=SECTIONS.replace("First", "My first")))
    world.publish(people.second, people.approver, "kyc", DraftText(code="KYC-001", markdown=SECTIONS.replace("First", "Their first")))

    with pytest.raises(Conflict) as conflict:
        world.submit(people.author, mine)

    sides = conflict.value.sides
    assert "Their first" in sides.theirs and "My first" in sides.yours and sides.base == SECTIONS
    with world.database.reading() as session:
        assert "My first" in texts_of(session, session.get(changes.Change, mine.id))[0].markdown


def test_a_text_that_changes_nothing_is_not_published(world, people):
    world.publish(people.author, people.approver, "kyc", DraftText(markdown=SECTIONS))
    change = world.open(people.author, "kyc", DraftText(code="KYC-001", markdown=SECTIONS))

    assert invalid_field(lambda: world.submit(people.author, change)) == "markdown"


def test_only_the_opener_withdraws(world, people):
    change = world.open(people.author, "kyc", DraftText(markdown=SECTIONS))

    with world.database.transaction() as session, pytest.raises(Denied):
        changes.withdraw(session, world.actor(session, people.second), change.id)
    with world.database.transaction() as session:
        assert changes.withdraw(session, world.actor(session, people.author), change.id).state == "withdrawn"


def test_a_draft_of_a_procedure_that_is_there_never_becomes_one_that_creates_it(world, people):
    world.publish(people.author, people.approver, "kyc", DraftText(markdown=SECTIONS))
    change = world.open(people.author, "kyc", DraftText(code="KYC-001", markdown=SECTIONS + "more"))
    draft = lambda action: Draft("Because", "material", (DraftText(action=action, code="KYC-001", markdown="New"),))  # noqa: E731

    assert invalid_field(lambda: world.act(people.author, changes.save, change.id, change.digest, draft("create"))) == "code"
    assert world.act(people.author, changes.save, change.id, change.digest, draft("amend")).digest != change.digest
