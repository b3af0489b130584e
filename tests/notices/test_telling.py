"""Who hears what: each act tells those it concerns, once, and nobody else."""

import pytest

from accounts import grants
from accounts.models import Person, Space
from core import clock
from core.followers import Cursor
from discussions import posts, threads
from notices.follower import NAME
from notices.mondays import waiting
from notices.starting import settle
from receipts.attesting import attest
from receipts.audiences import Chosen, choose
from receipts.reminding import remind
from tests.notices.conftest import QUOTE, RULE
from wiki import changes
from wiki.drafts import Draft, DraftText


def test_whoever_asks_hears_the_answer_and_whoever_answered_hears_the_next_one(told):
    thread = told.ask("asker")
    told.reply("helper", thread)
    told.reply("reader", thread, "And a gas bill too.")
    told.tell()

    assert told.told("asker") == ["answer", "answer"] and told.told("helper") == ["post"]
    assert told.told("reader") == told.told("stranger") == []


def test_an_answer_to_a_message_tells_its_author_and_the_others_that_follow(told):
    thread = told.ask("asker")
    first = told.reply("helper", thread)
    told.tell()
    told.reply("reader", thread, "Are you sure?", first.id)
    told.tell()

    assert told.told("helper") == ["answer"] and told.told("asker") == ["answer", "post"]


def test_nobody_is_told_of_their_own_act(told):
    told.follow("asker", "procedure", "KYC-001")
    thread = told.ask("asker")
    told.reply("asker", thread, "I found it myself.")
    told.act("asker", threads.accept, thread, told.reply("asker", thread, "It does.").id)
    told.tell()

    assert told.told("asker") == []


@pytest.mark.parametrize(("kind", "name"), [("procedure", "KYC-001"), ("space", "kyc")])
def test_whoever_follows_a_procedure_or_a_space_hears_of_threads_and_answers_there(told, kind, name):
    told.follow("reader", kind, name)
    told.reply("helper", told.ask("asker"))
    told.tell()

    assert told.told("reader") == ["thread", "post"] and told.told("stranger") == []


def test_animators_follow_their_space_and_writers_what_they_wrote(told):
    told.ask("asker")
    told.tell()

    assert told.told("animator") == told.told("author") == ["thread"] and told.told("approver") == []


def test_the_nearest_word_counts(told):
    told.follow("reader", "space", "kyc")
    told.follow("reader", "procedure", "KYC-001", follows=False)
    thread = told.ask("asker")
    told.tell()
    assert told.told("reader") == []

    told.follow("reader", "thread", thread.id)
    told.reply("helper", thread)
    told.tell()
    assert told.told("reader") == ["post"]


def test_no_longer_following_wins_for_ever_over_taking_part(told):
    thread = told.ask("asker")
    told.tell()
    told.follow("asker", "thread", thread.id, follows=False)
    told.reply("asker", thread, "Anybody?")
    told.reply("helper", thread, "@Asker Martin, nobody.")
    told.reply("reader", thread, "Somebody.")
    told.tell()
    # Being called by name is said to them; following is not begun again by it.
    assert told.told("asker") == ["mention"]

    told.follow("asker", "thread", thread.id)
    told.reply("helper", thread, "Well, me.")
    told.tell()
    assert told.told("asker") == ["mention", "answer"]


def test_an_animator_and_a_writer_may_have_their_quiet(told):
    told.follow("animator", "space", "kyc", follows=False)
    told.follow("author", "procedure", "KYC-001", follows=False)
    told.ask("asker")
    told.tell()

    assert told.told("animator") == told.told("author") == []


def test_an_accepted_answer_tells_its_author_and_those_in_the_thread(told):
    thread = told.ask("asker")
    answer = told.reply("helper", thread)
    told.reply("reader", thread, "Me too.")
    told.act("animator", threads.accept, thread, answer.id)
    told.tell()

    assert told.told("helper")[-1] == "accepted" and told.told("asker")[-1] == "settled" and told.told("reader") == ["settled"]


def test_an_announcement_reaches_everybody_who_was_let_in_but_those_who_asked_for_quiet(told):
    told.ask("animator", "From today on, new forms.", code=None, slug="vault", kind="announcement")
    told.tell()
    assert told.told("reader") == ["thread"] and told.told("stranger") == []

    told.follow("reader", "space", "vault", follows=False)
    told.ask("animator", "And new pens.", code=None, slug="vault", kind="announcement")
    told.tell()
    assert told.told("reader") == ["thread"]


def test_a_change_is_told_to_those_who_may_decide_it_and_its_end_to_its_writers(told):
    second = told.person("second", "author", "approver")
    change = told.world.submit(second, told.world.open(second, "kyc", DraftText(code="KYC-001", markdown=RULE + "\nMore.\n")))
    told.tell()
    assert told.told("approver") == ["to_decide"] and told.told("second") == told.told("author") == []

    told.act("approver", changes.decline, change.id, "Not like this.")
    told.tell()
    # What no longer waits for somebody is no longer said.
    assert told.told("approver") == [] and told.told("second") == ["declined"]


def test_a_version_in_force_is_told_to_its_writers_and_followers_and_a_later_one_again_on_its_day(told, later):
    told.follow("reader", "procedure", "KYC-001")
    told.world.publish(told.people["author"], told.people["approver"], "kyc", DraftText(code="KYC-001", markdown=RULE + "\nNow.\n"))
    told.days()
    assert told.told("reader") == ["in_force"] and told.told("author") == ["published"]

    told.world.publish(
        told.people["author"], told.people["approver"], "kyc", DraftText(code="KYC-001", markdown=RULE + "\nLater.\n"), in_force_from=told.world.day(3),
    )
    told.days()
    assert told.told("reader") == ["in_force", "scheduled"]

    later(days=3)
    told.days()
    told.days()
    assert told.told("reader") == ["in_force", "scheduled", "in_force"] and told.told("author")[-1] == "in_force"


def test_approvals_that_fall_are_told_to_who_gave_them_and_who_wrote(told):
    told.person("second", "approver")
    told.world.space("two", approvals=2)
    for who, role in (("author", "author"), ("approver", "approver"), ("second", "approver")):
        told.world.grant("two", told.people[who], role)
    other = told.person("other", "author", slug="two")
    change = told.world.submit(told.people["author"], told.world.open(told.people["author"], "two", DraftText(markdown=RULE)))
    change = told.world.approve(told.people["approver"], change)
    draft = Draft("Because", "material", (DraftText(code="TWO-001", markdown=RULE + "\nMore.\n"),))
    told.world.act(other, changes.save, change.id, change.digest, draft)
    told.tell()

    assert told.told("approver") == ["to_decide", "fell"] and told.told("author") == ["fell"] and "fell" not in told.told("second")


def test_a_tip_whose_words_changed_tells_its_author_and_who_follows_it(told):
    thread = told.ask("asker", "It may be a phone bill.", kind="tip", quote=QUOTE)
    told.tell()
    told.follow("reader", "thread", thread.id)
    changed = RULE.replace(QUOTE, "two letters that a bank or the tax office sent lately")
    told.world.publish(told.people["author"], told.people["approver"], "kyc", DraftText(code="KYC-001", markdown=changed))
    told.days()

    assert told.told("asker") == ["own_check"] and told.told("reader") == ["check"]


def test_who_is_asked_to_read_is_told_once_per_version_and_again_when_asked_again(told):
    told.world.act(told.people["author"], choose, "KYC-001", Chosen(people=(told.people["reader"],)))
    told.days()
    told.world.act(told.people["author"], choose, "KYC-001", Chosen(people=(told.people["reader"], told.people["helper"])))
    told.days()
    assert told.told("reader") == told.told("helper") == ["receipt"]

    told.world.act(told.people["author"], remind, "KYC-001")
    told.tell()
    assert told.told("reader") == ["receipt", "reminder"]


def test_what_was_attested_is_no_longer_asked_for(told):
    told.world.act(told.people["author"], choose, "KYC-001", Chosen(people=(told.people["reader"],)))
    told.tell()
    assert told.unread("reader") == 1

    told.world.act(told.people["reader"], attest, "KYC-001", 1)
    assert told.unread("reader") == 0 and told.told("reader") == []


def test_a_new_approver_is_told_to_approvers_and_auditors_and_being_let_in_to_whom_it_is(told):
    with told.world.database.transaction() as session:
        space = session.query(Space).filter_by(slug="kyc").one()
        grants.grant(session, None, space, session.get(Person, told.people["stranger"]), "approver")
    told.tell()

    assert told.told("approver") == told.told("auditor") == ["approver"]
    assert told.told("stranger") == ["let_in"] and told.told("author") == []


def test_a_review_that_comes_near_is_told_to_who_wrote_the_text_once_and_again_when_it_is_overdue(told, later):
    text = "---\ntitle: Opening\nreview_every: 1 month\n---\n\nWords.\n"
    told.world.publish(told.people["author"], told.people["approver"], "kyc", DraftText(markdown=text))
    told.days()
    before = told.told("author").count("review_due")
    for days in (20, 1, 20):
        later(days=days)
        told.days()

    assert (before, told.told("author").count("review_due")) == (0, 2) and "review_due" not in told.told("approver")


def test_acts_handled_again_after_a_crash_tell_nothing_twice(told):
    told.follow("reader", "space", "kyc")
    thread = told.ask("asker")
    told.reply("helper", thread, "@Reader Martin knows.")
    told.tell()
    before = [told.told(who) for who in told.people]

    with told.world.database.transaction() as session:
        for cursor in session.query(Cursor).filter_by(follower=NAME):
            cursor.sequence = 0
    told.tell()
    assert told.told("reader").count("mention") == 1 and told.told("asker").count("answer") == 1
    assert all(set(now) >= set(then) for now, then in zip((told.told(who) for who in told.people), before, strict=True))


def test_words_erased_before_anybody_was_told_tell_nothing_and_after_are_no_longer_said(told):
    thread = told.ask("asker")
    early, late = told.reply("helper", thread, "A secret."), told.reply("helper", thread, "Another.")
    told.act("helper", posts.erase, early.id, "It was a secret.")
    told.tell()
    assert told.told("asker") == ["answer"]

    told.act("helper", posts.erase, late.id, "This too.")
    assert told.told("asker") == [] and told.unread("asker") == 0


def test_telling_follows_the_order_of_acts_in_one_go(told):
    # Asking makes one follow: the answer that was written before the follower came round is heard all the same.
    thread = told.ask("asker")
    told.reply("asker", thread, "To be exact, from abroad.")
    told.reply("helper", thread)
    told.tell()

    assert told.told("asker") == ["answer"]


def test_notices_and_letters_are_kept_for_half_a_year(told, later):
    told.reply("helper", told.ask("asker"))
    told.days()
    later(days=179)
    told.days()
    assert "answer" in [one.kind for one in told.rows("asker")]

    later(days=2)
    told.days()
    assert "answer" not in [one.kind for one in told.rows("asker")]


def test_a_site_that_begins_with_a_story_tells_as_new_only_what_waits(told):
    told.follow("reader", "space", "kyc")
    told.reply("helper", told.ask("asker"))
    settle(told.world.database, told.world.library)

    assert told.unread("reader") == 0 and told.told("reader") == ["thread", "post"] and told.unread("asker") == 1
    assert [one.mail_at for who in ("reader", "asker") for one in told.rows(who)] == [None] * 3


def test_on_monday_animators_are_told_what_waits_on_their_desk_once_a_week(told, later):
    told.days()
    assert "desk" not in told.told("animator")
    told.ask("asker", "Nobody knows?")
    monday = 7 - clock.now().weekday()
    later(days=monday + 2)
    told.days()
    later(days=1)
    told.days()

    (notice,) = [row for row in told.rows("animator") if row.kind == "desk"]
    assert sum(waiting(notice.word)) == 1 and "desk" not in told.told("author") and "desk" not in told.told("auditor")
    later(days=7)
    told.days()
    assert told.told("animator").count("desk") == 2
    told.revoke("animator")
    assert "desk" not in told.told("animator")
