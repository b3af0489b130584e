"""Opening, accepting and closing: every refusal beside what is taken."""

import pytest

from core.errors import Denied, Invalid, NotFound, Unauthenticated
from discussions import posts, threads
from tests.discussions.conftest import QUOTE


def invalid_field(call) -> str:
    with pytest.raises(Invalid) as invalid:
        call()
    return invalid.value.field


def test_a_question_needs_one_sentence_and_keeps_the_version_it_was_asked_about(talk):
    thread = talk.ask(body="Does a phone bill count? A student brings one.")

    assert (thread.heading, thread.version, thread.state) == ("Does a phone bill count?", 1, "open")


def test_a_title_heads_a_thread_where_one_is_given(talk):
    assert talk.ask(title="Phone bills").heading == "Phone bills"


def test_the_quoted_words_are_kept_with_their_surroundings(talk):
    thread = talk.ask(quote=QUOTE)

    assert thread.quote == QUOTE
    assert thread.prefix.endswith("The adviser obtains ") and thread.suffix.startswith(".")
    assert thread.copies == 1 and thread.position is not None


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"body": ""}, "body"),
        ({"body": " \n\t "}, "body"),
        ({"body": "x" * 20_001}, "body"),
        ({"body": "a\x00b"}, "body"),
        ({"body": "\ud800"}, "body"),
        ({"body": 7}, "body"),
        ({"title": "x" * 201}, "title"),
        ({"quote": "x" * 2_001}, "quote"),
        ({"quote": QUOTE, "prefix": "x" * 201}, "prefix"),
        ({"quote": QUOTE, "suffix": "x" * 201}, "suffix"),
        ({"kind": "rumour"}, "kind"),
        ({"kind": "announcement"}, "kind"),
        ({"code": None, "quote": QUOTE}, "quote"),
    ],
)
def test_what_cannot_be_taken_names_its_field(talk, given, field):
    assert invalid_field(lambda: talk.ask(talk.animator, **given)) == field


def test_the_longest_body_is_taken(talk):
    assert talk.ask(body="x" * 20_000).id


def test_animators_announce_in_a_space_and_members_do_not(talk):
    with pytest.raises(Denied):
        talk.ask(kind="announcement", code=None)

    assert talk.ask(talk.animator, kind="announcement", code=None).procedure_id is None


def test_members_ask_in_the_inbox_of_a_space(talk):
    assert talk.ask(code=None).version is None


def test_auditors_and_guests_open_nothing_and_nobody_signs_in_first(talk):
    with pytest.raises(Denied):
        talk.ask(talk.auditor)
    with pytest.raises(NotFound):
        talk.ask(talk.guest)


def test_in_a_public_space_nobody_is_asked_to_sign_in(talk, world):
    world.space("open", visibility="public", prefix="OPEN")

    with world.database.reading() as session:
        from sqlalchemy import select

        from accounts.models import Space
        from accounts.actors import NOBODY

        space = session.scalar(select(Space).where(Space.slug == "open"))
        with pytest.raises(Unauthenticated):
            threads.open_thread(session, world.library, NOBODY, space, None, kind="question", body="Who?")


def test_a_thread_sent_twice_is_one_thread(talk):
    assert talk.ask().id == talk.ask().id

    assert talk.ask().id != talk.ask(body="Another question?").id
    assert talk.ask().id != talk.ask(talk.answerer).id


def test_guests_and_nobody_find_no_thread_and_auditors_read_it(talk):
    thread = talk.ask()

    for person in (talk.guest, None):
        with pytest.raises(NotFound):
            talk.look(person, threads.readable, thread.id)
    with pytest.raises(NotFound):
        talk.look(talk.asker, threads.readable, "nosuchthread")
    assert talk.look(talk.auditor, threads.readable, thread.id).thread.id == thread.id


def test_who_asked_and_animators_accept_an_answer_and_others_do_not(talk):
    thread = talk.ask()
    reply = talk.reply(thread)

    for person in (talk.answerer, talk.auditor):
        with pytest.raises(Denied):
            talk.do(person, threads.accept, thread, reply.id)
    assert talk.do(talk.asker, threads.accept, thread, reply.id).state == "answered"
    assert talk.do(talk.asker, threads.accept, thread, reply.id).accepted_by == talk.asker
    assert talk.do(talk.animator, threads.accept, thread, None).state == "open"


def test_only_a_standing_reply_of_the_thread_is_accepted(talk):
    thread, other = talk.ask(), talk.ask(body="Something else?")
    erased = talk.reply(thread, "Wrong.")
    talk.do(talk.answerer, posts.erase, erased.id, "Wrong")

    for post in (talk.first(thread).id, talk.reply(other).id, erased.id, "nosuchpost"):
        assert invalid_field(lambda: talk.do(talk.asker, threads.accept, thread, post)) == "post"
    assert talk.do(talk.asker, threads.accept, thread, talk.reply(thread).id).state == "answered"


def test_an_announcement_has_no_accepted_answer(talk):
    thread = talk.ask(talk.animator, kind="announcement", code=None)
    reply = talk.reply(thread)

    assert invalid_field(lambda: talk.do(talk.animator, threads.accept, thread, reply.id)) == "post"


def test_who_opened_a_thread_and_animators_close_and_reopen_it(talk):
    thread = talk.ask()

    with pytest.raises(Denied):
        talk.do(talk.answerer, threads.close, thread)
    assert talk.do(talk.asker, threads.close, thread).state == "closed"
    with pytest.raises(Denied):
        talk.do(talk.answerer, threads.reopen, thread)
    assert talk.do(talk.animator, threads.reopen, thread).state == "open"


def test_people_ask_about_a_retired_procedure(talk, world):
    from wiki.drafts import DraftText

    world.submit(talk.author, world.open(talk.author, "kyc", DraftText(code="KYC-001", action="retire")))

    assert talk.reply(talk.ask(body="What do we do now?")).number == 2
