"""Replying, editing, erasing, and saying that something was useful."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy import select, text

from core import clock, journal
from core.errors import Conflict, Denied, Invalid, NotFound
from core.journal import Act
from discussions import posts, threads
from discussions.models import Post, Thread

SECRET = "quokkazebra"


def test_posts_answer_posts(talk):
    thread = talk.ask()
    reply = talk.reply(thread)

    assert talk.reply(thread, "Only the paper one.", parent=reply.id).parent_id == reply.id
    assert talk.thread(thread).last_number == 3


def test_an_answer_to_a_post_of_another_thread_is_refused(talk):
    thread, other = talk.ask(), talk.ask(body="Something else?")

    with pytest.raises(Invalid) as invalid:
        talk.reply(thread, parent=talk.reply(other).id)
    assert invalid.value.field == "parent"


def test_auditors_and_guests_do_not_answer(talk):
    thread = talk.ask()

    with pytest.raises(Denied):
        talk.reply(thread, person=talk.auditor)
    with pytest.raises(NotFound):
        talk.reply(thread, person=talk.guest)


def test_a_reply_sent_twice_is_one_reply_and_not_after_a_minute(talk, monkeypatch):
    thread = talk.ask()
    first = talk.reply(thread)

    assert talk.reply(thread).id == first.id
    assert talk.reply(thread, parent=first.id).id != first.id
    later = clock.now() + timedelta(minutes=2)
    monkeypatch.setattr(clock, "now", lambda: later)
    assert talk.reply(thread).id != first.id


def test_a_closed_thread_takes_no_answer_and_an_open_one_does(talk):
    thread = talk.ask()
    talk.do(talk.asker, threads.close, thread)

    with pytest.raises(Conflict):
        talk.reply(thread)
    talk.do(talk.asker, threads.reopen, thread)
    assert talk.reply(thread).number == 2


def test_people_change_their_own_words_and_the_old_ones_stay_readable(talk):  # A11-5
    thread = talk.ask()
    first = talk.first(thread)

    for person in (talk.answerer, talk.animator):
        with pytest.raises(Denied):
            talk.do(person, posts.edit, first.id, "No.")
    talk.do(talk.asker, posts.edit, first.id, "Does a bill count? Hm.")
    talk.do(talk.asker, posts.edit, first.id, "Does a bill count? Hm.")
    assert talk.thread(thread).heading == "Does a bill count?"
    edits = talk.look(talk.answerer, lambda session, actor: posts.edits_of(session, first))
    assert [edit.body for edit in edits] == ["Does a phone bill count?"]


def test_an_erased_message_leaves_who_when_and_why(talk):  # A11-6
    thread = talk.ask()
    reply = talk.reply(thread)
    child = talk.reply(thread, "Thanks!", person=talk.asker, parent=reply.id)
    talk.do(talk.asker, threads.accept, thread, reply.id)

    with pytest.raises(Denied):
        talk.do(talk.asker, posts.erase, reply.id, "I do not like it")
    with pytest.raises(Invalid) as invalid:
        talk.do(talk.answerer, posts.erase, reply.id, "  ")
    assert invalid.value.field == "reason"
    erased = talk.do(talk.animator, posts.erase, reply.id, "Names a customer")

    assert (erased.body, erased.html, erased.erased_by, erased.erased_because) == ("", "", talk.animator, "Names a customer")
    assert talk.thread(thread).state == "open"
    assert talk.look(talk.asker, posts.readable, child.id).post.body == "Thanks!"
    with pytest.raises(Conflict):
        talk.do(talk.answerer, posts.edit, reply.id, "x")
    with pytest.raises(Conflict):
        talk.do(talk.asker, posts.mark_useful, reply.id)


def test_erased_words_are_nowhere_and_the_chain_stays_whole(talk, world):
    thread = talk.ask(body=f"{SECRET} one", title=f"{SECRET} title", quote=f"{SECRET} quote")
    first = talk.first(thread)
    talk.do(talk.asker, posts.edit, first.id, f"{SECRET} two")

    talk.do(talk.asker, posts.erase, first.id, "Mistake")

    with world.database.reading() as session:
        for table in ("threads", "posts", "post_edits", "journal"):
            assert SECRET not in repr(session.execute(text(f"select * from {table}")).all())
        told = (Act.object.in_([f"post:{first.id}", f"thread:{thread.id}"]), Act.content_digest.is_not(None))
        assert [act.content_salt for act in session.scalars(select(Act).where(*told))] == [None, None]
        assert list(journal.findings(session)) == []


def test_the_quoted_words_of_the_rule_stay_when_a_question_is_erased(talk):
    from tests.discussions.conftest import QUOTE

    thread = talk.ask(quote=QUOTE)

    talk.do(talk.asker, posts.erase, talk.first(thread).id, "Mistake")

    assert talk.thread(thread).quote == QUOTE


def test_others_say_once_that_a_message_was_useful(talk):
    first = talk.first(talk.ask())

    with pytest.raises(Denied):
        talk.do(talk.asker, posts.mark_useful, first.id)
    for _ in range(2):
        talk.do(talk.answerer, posts.mark_useful, first.id)
    assert talk.look(talk.asker, lambda session, actor: posts.useful_names(session, first)) == ["Sofia Answerer"]
    talk.do(talk.answerer, posts.mark_useful, first.id, useful=False)
    assert talk.look(talk.asker, lambda session, actor: posts.useful_names(session, first)) == []


def test_every_act_is_in_the_journal_of_the_space(talk, world):  # A11-10
    thread = talk.ask()
    reply = talk.reply(thread)
    talk.do(talk.answerer, posts.edit, reply.id, "Yes, on paper.")
    talk.do(talk.asker, posts.mark_useful, reply.id)
    talk.do(talk.asker, threads.accept, thread, reply.id)
    talk.do(talk.asker, threads.close, thread)
    talk.do(talk.animator, posts.erase, reply.id, "Names a customer")

    with world.database.reading() as session:
        chain = select(Act.act).where(Act.chain == thread.space_id).order_by(Act.sequence)
        acts = session.scalars(chain).all()
        assert acts[-7:] == ["open_thread", "post", "edit_post", "useful", "accept", "close", "erase_post"]
        assert list(journal.findings(session)) == []


def test_posts_of_unreadable_threads_are_not_found(talk):
    first = talk.first(talk.ask())

    for verb, more in ((posts.readable, ()), (posts.edit, ("x",)), (posts.erase, ("x",)), (posts.mark_useful, ())):
        for person, id in ((talk.guest, first.id), (talk.asker, "nosuchpost")):
            with pytest.raises(NotFound):
                talk.do(person, verb, id, *more)


def test_a_thread_remembers_whether_others_replied(talk):
    thread = talk.ask()
    talk.reply(thread, "Nobody?", person=talk.asker)
    assert talk.thread(thread).replied_at is None

    reply = talk.reply(thread)
    assert talk.thread(thread).replied_at == reply.created_at

    talk.do(talk.answerer, posts.erase, reply.id, "Wrong")
    assert talk.thread(thread).replied_at is None


@pytest.mark.both
def test_people_who_answer_at_once_all_stand_in_order(talk):
    thread = talk.ask()

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda number: talk.reply(thread, f"Answer {number}."), range(24)))

    def numbers(session, actor):
        return session.scalars(select(Post.number).where(Post.thread_id == thread.id).order_by(Post.number)).all()

    assert talk.look(talk.asker, numbers) == list(range(1, 26))


@pytest.mark.both
def test_the_same_words_sent_twice_at_once_are_one_reply(talk):
    thread = talk.ask()

    with ThreadPoolExecutor(8) as pool:
        made = set(pool.map(lambda _: talk.reply(thread).id, range(8)))

    assert len(made) == 1


def test_a_very_deep_thread_is_read_without_recursion(talk, world):
    from discussions.conversation import turns

    thread = talk.ask()
    with world.database.transaction() as session:
        parent = None
        row = session.get(Thread, thread.id)
        for number in range(2, 5002):
            id = f"deep{number:012}"
            more = {"author_id": talk.answerer, "body": "x", "html": "<p>x</p>", "created_at": clock.now()}
            session.add(Post(id=id, thread_id=thread.id, number=number, parent_id=parent, **more))
            parent, row.last_number = id, number
            if number % 500 == 0:
                session.flush()

    found = talk.look(talk.asker, turns, thread, 51)

    last = found.shown[-1]
    assert (found.total, len(found.shown), last.depth, last.indent, last.answers) == (5001, 1, 4999, 3, "Sofia Answerer")
