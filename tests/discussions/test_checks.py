"""A thread whose words changed waits for a second look, and who may settle it."""

import pytest

from core.errors import Conflict, Denied, Invalid
from discussions import threads
from discussions.checks import check
from discussions.placing import placements
from tests.discussions.conftest import QUOTE, RULE

CHANGED = RULE.replace("three months", "six months")


def waits(talk, thread) -> bool:
    with talk.world.database.reading() as session:
        found = session.get(threads.Thread, thread.id)
        return placements(session, talk.world.library, [found])[thread.id].needs_check


def say(talk, person, thread, verdict="still_true"):
    return talk.world.act(person, check, thread, verdict)


@pytest.fixture
def tip(talk):
    return talk.ask(kind="tip", body="A tax notice does.", quote=QUOTE)


def test_an_untouched_passage_asks_for_nothing(talk, tip):
    talk.amend(RULE.replace("five years", "ten years"))

    assert not waits(talk, tip)
    with pytest.raises(Conflict):
        say(talk, talk.answerer, tip)


def test_changed_words_make_a_tip_wait_and_an_open_question_not(talk, tip):
    question = talk.ask(quote=QUOTE)
    talk.amend(CHANGED)

    assert waits(talk, tip) and not waits(talk, question)
    talk.do(talk.asker, threads.accept, question, talk.reply(question).id)
    assert waits(talk, question)


@pytest.mark.parametrize("verdict", ["still_true", "needs_edit", "no_longer_true"])
def test_the_author_settles_it_alone(talk, tip, verdict):
    talk.amend(CHANGED)

    say(talk, talk.asker, tip, verdict)

    assert not waits(talk, tip)


def test_an_animator_settles_it_alone_and_two_members_together(talk, tip):
    other = talk.ask(talk.animator, kind="tip", body="Another tip.", quote=QUOTE)
    talk.amend(CHANGED)

    say(talk, talk.animator, tip)
    assert not waits(talk, tip)
    say(talk, talk.answerer, other)
    say(talk, talk.answerer, other)
    assert waits(talk, other)
    say(talk, talk.author, other)
    assert not waits(talk, other)


def test_two_members_who_disagree_settle_nothing(talk):
    tip = talk.ask(talk.animator, kind="tip", body="A tip.", quote=QUOTE)
    talk.amend(CHANGED)

    say(talk, talk.answerer, tip, "still_true")
    say(talk, talk.author, tip, "no_longer_true")

    assert waits(talk, tip)


def test_auditors_do_not_check_and_another_word_is_no_verdict(talk, tip):
    talk.amend(CHANGED)

    with pytest.raises(Denied):
        say(talk, talk.auditor, tip)
    with pytest.raises(Invalid) as invalid:
        say(talk, talk.answerer, tip, "perhaps")
    assert invalid.value.field == "verdict"


def test_a_settled_thread_waits_again_only_when_the_words_change_again(talk, tip):
    talk.amend(CHANGED)
    say(talk, talk.asker, tip)

    talk.amend(CHANGED.replace("five years", "ten years"))
    assert not waits(talk, tip)
    talk.amend(CHANGED.replace("six months", "nine months"))
    assert waits(talk, tip)
