"""Whatever was published, cancelled or retired meanwhile, there is a way on from it, and what is said of it is true."""

import pytest

from core.errors import Conflict, Invalid
from tests.world import SECTIONS
from wiki import changes, verifying
from wiki.drafts import Draft, DraftText
from wiki.proposals import texts_of

MINE, THEIRS = (SECTIONS.replace("First", word) for word in ("My first", "Their first"))


def publish(world, people, text, **more):
    return world.publish(people.author, people.approver, "kyc", text, **more)


def in_review(world, people, text, **more):
    return world.submit(people.author, world.open(people.author, "kyc", text, **more))


def saved(world, people, change, text, **more):
    draft = Draft(**{"reason": "Because", "kind": "material", "texts": (text,)} | more)
    return world.act(people.author, changes.save, change.id, change.digest, draft)


def is_whole(world) -> bool:
    with world.database.reading() as session:
        return list(verifying.findings(session, world.library, [])) == []


def test_what_was_retired_before_its_first_day_is_restored_with_the_text_it_had(world, people):
    publish(world, people, DraftText(markdown=SECTIONS), in_force_from=world.day(30))
    publish(world, people, DraftText(action="retire", code="KYC-001"), replaces_scheduled=True)
    assert world.standing("KYC-001").state == "retired" and world.standing("KYC-001").shown.number == 1

    publish(world, people, DraftText(action="restore", code="KYC-001"))

    assert world.text("kyc", "KYC-001") == SECTIONS and is_whole(world)


@pytest.mark.parametrize("versions", [1, 2])
def test_what_has_no_version_left_is_restored_with_the_last_text_it_had(world, people, versions):
    """Each version was cancelled, or replaced by one that was."""
    publish(world, people, DraftText(markdown=MINE), in_force_from=world.day(30))
    if versions == 2:
        publish(world, people, DraftText(code="KYC-001", markdown=THEIRS), in_force_from=world.day(30), replaces_scheduled=True)
    publish(world, people, DraftText(action="cancel", code="KYC-001"))
    assert world.standing("KYC-001").latest is None

    for action in ("amend", "retire"):
        with pytest.raises(Invalid):
            world.open(people.author, "kyc", DraftText(action=action, code="KYC-001", markdown=SECTIONS if action == "amend" else None))
    publish(world, people, DraftText(action="restore", code="KYC-001"))
    assert world.text("kyc", "KYC-001") == (MINE if versions == 1 else THEIRS)
    publish(world, people, DraftText(code="KYC-001", markdown=SECTIONS))
    assert world.text("kyc", "KYC-001") == SECTIONS and is_whole(world)


def test_in_review_an_author_meets_what_was_published_meanwhile_and_goes_on_from_there(world, people):
    publish(world, people, DraftText(markdown=SECTIONS))
    change = in_review(world, people, DraftText(code="KYC-001", markdown=MINE))
    publish(world, people, DraftText(code="KYC-001", markdown=THEIRS))

    for text in (DraftText(code="KYC-001", markdown=MINE + "More.\n", base=1), DraftText(code="KYC-001", markdown=MINE, base=1)):
        with pytest.raises(Conflict) as met:
            saved(world, people, change, text)
        assert met.value.sides.theirs == THEIRS and met.value.sides.version == 2
    both = saved(world, people, change, DraftText(code="KYC-001", markdown=MINE + "And theirs.\n", base=2))

    assert world.approve(people.approver, both).state == "published"
    assert world.text("kyc", "KYC-001") == MINE + "And theirs.\n"


def test_in_review_what_does_not_touch_is_brought_together_as_it_is_saved(world, people):
    publish(world, people, DraftText(markdown=SECTIONS))
    change = in_review(world, people, DraftText(code="KYC-001", markdown=MINE))
    publish(world, people, DraftText(code="KYC-001", markdown=SECTIONS.replace("Third", "Their third")))

    together = saved(world, people, change, DraftText(code="KYC-001", markdown=MINE.replace("Second", "My second"), base=1))

    with world.database.reading() as session:
        (text,) = texts_of(session, together)
    assert text.base == 2 and all(words in text.markdown for words in ("My first", "My second", "Their third"))
    assert world.approve(people.approver, together).state == "published"


def test_in_review_a_retirement_is_looked_at_again_after_a_new_version(world, people):
    publish(world, people, DraftText(markdown=SECTIONS))
    change = in_review(world, people, DraftText(action="retire", code="KYC-001"))
    publish(world, people, DraftText(code="KYC-001", markdown=THEIRS))

    with pytest.raises(Conflict, match="was published meanwhile. Look at it"):
        saved(world, people, change, DraftText(action="retire", code="KYC-001", base=1))
    looked = saved(world, people, change, DraftText(action="retire", code="KYC-001", base=2))

    assert world.approve(people.approver, looked).state == "published" and world.standing("KYC-001").state == "retired"


def test_in_review_an_author_hears_that_another_version_waits_and_may_replace_it(world, people):
    publish(world, people, DraftText(markdown=SECTIONS))
    change = in_review(world, people, DraftText(code="KYC-001", markdown=MINE))
    publish(world, people, DraftText(code="KYC-001", markdown=SECTIONS.replace("Third", "Their third")), in_force_from=world.day(9))

    text = DraftText(code="KYC-001", markdown=MINE + "More.\n", base=2)
    with pytest.raises(Conflict) as met:
        saved(world, people, change, text)
    assert met.value.field == "replaces_scheduled"
    assert world.approve(people.approver, saved(world, people, change, text, replaces_scheduled=True)).state == "published"


@pytest.mark.parametrize("text", [DraftText(code="KYC-001", markdown=MINE), DraftText(action="retire", code="KYC-001")])
def test_who_comes_after_a_retirement_hears_of_it(world, people, text):
    publish(world, people, DraftText(markdown=SECTIONS))
    late = world.open(people.author, "kyc", text)
    publish(world, people, DraftText(action="retire", code="KYC-001"))

    with pytest.raises(Conflict, match="was retired meanwhile, by version"):
        world.submit(people.author, late)


def test_a_version_is_cancelled_at_once_and_from_no_day(world, people):
    publish(world, people, DraftText(markdown=SECTIONS), in_force_from=world.day(9))

    with pytest.raises(Invalid) as refused:
        world.open(people.author, "kyc", DraftText(action="cancel", code="KYC-001"), in_force_from=world.day(3))
    assert refused.value.field == "in_force_from"
    assert publish(world, people, DraftText(action="cancel", code="KYC-001")).state == "published"


def test_a_change_goes_on_from_its_own_texts_in_whatever_order_they_come(world, people):
    """By their codes; one without a code goes on from the one in its place, unless another names that, or is new."""
    publish(world, people, DraftText(markdown=SECTIONS))
    change = world.open(people.author, "kyc", DraftText(code="KYC-001", markdown=MINE), DraftText(markdown="# New\n"))

    turned = saved(world, people, change, DraftText(), texts=(DraftText(code="KYC-002", markdown="# Newer\n"), DraftText(code="KYC-001", markdown=MINE)))
    alone = saved(world, people, turned, DraftText(action="create", code="KYC-002", markdown="# Newest\n"))
    more = saved(world, people, alone, DraftText(), texts=(DraftText(code="KYC-002", markdown="# Newest\n"), DraftText(action="create", markdown="# Third\n")))
    in_place = saved(world, people, more, DraftText(), texts=(DraftText(markdown="# Second\n"), DraftText(markdown="# Third\n")))
    behind = saved(world, people, in_place, DraftText(), texts=(DraftText(code="KYC-003", markdown="# Third\n"), DraftText(action="create", markdown="# Fourth\n")))

    with world.database.reading() as session:
        assert [(text.code, text.action, text.markdown) for text in texts_of(session, behind)] == [
            ("KYC-003", "create", "# Third\n"), ("KYC-004", "create", "# Fourth\n"),
        ]
