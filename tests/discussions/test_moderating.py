"""Locking, pinning, hiding, reporting, merging, attaching, asking somebody: who may, what follows, what is told."""

import pytest
from sqlalchemy import select

from core.errors import Conflict, Denied, Invalid, NotFound
from core.journal import Act, findings
from discussions import attaching, citations, hiding, lists, merging, moderating, panel, posts, reporting, routing, telling, threads
from discussions.models import Post, Thread
from tests.discussions.conftest import QUOTE, RULE
from wiki import procedures

SECRET = "quokkazebra"


def acts_of(talk, object):
    with talk.world.database.reading() as session:
        return list(session.scalars(select(Act.act).where(Act.object == object).order_by(Act.sequence)))


def told(talk, thread):
    with talk.world.database.reading() as session:
        return [(one.act, one.person, one.reason) for one in telling.told_of(session, [thread]).get(thread.id, ())]


def post_row(talk, id):
    with talk.world.database.reading() as session:
        return session.get(Post, id)


def panel_of(talk, who):
    with talk.world.database.reading() as session:
        actor = talk.world.actor(session, who)
        found = procedures.readable(session, actor, "KYC-001")
        return panel.panel(session, actor, found, procedures.standing_of(session, found.procedure, talk.world.library), RULE)


VERBS = {
    "lock": lambda talk, who, thread: talk.do(who, moderating.lock, thread),
    "pin": lambda talk, who, thread: talk.world.act(who, moderating.pin, thread, talk.world.day(3)),
    "hide": lambda talk, who, thread: talk.do(who, moderating.hide, thread, "Because"),
    "attach": lambda talk, who, thread: talk.world.act(who, attaching.attach, thread, None),
    "merge": lambda talk, who, thread: talk.do(who, merging.merge, thread, talk.ask(body="Another?").id),
    "ask": lambda talk, who, thread: talk.do(who, routing.ask_somebody, thread, talk.answerer),
}


@pytest.mark.parametrize("verb", VERBS)
def test_only_animators_do_this(talk, verb):
    thread = talk.ask()

    for who, refusal in ((talk.asker, Denied), (talk.author, Denied), (talk.auditor, Denied), (talk.guest, NotFound)):
        with pytest.raises(refusal):
            VERBS[verb](talk, who, thread)
    VERBS[verb](talk, talk.animator, thread)


def test_a_locked_thread_takes_no_post_no_edit_and_no_end_until_it_is_unlocked(talk):
    thread = talk.ask()
    mine = talk.reply(thread)
    talk.do(talk.animator, moderating.lock, thread)

    assert talk.thread(thread).state == "locked"
    for act in (
        lambda: talk.reply(thread, "More."), lambda: talk.do(talk.answerer, posts.edit, mine.id, "Other words."),
        lambda: talk.do(talk.asker, threads.accept, thread, mine.id), lambda: talk.do(talk.asker, threads.close, thread),
    ):
        with pytest.raises(Conflict, match="locked"):
            act()
    talk.do(talk.answerer, posts.erase, mine.id, "Mine to erase.")
    talk.do(talk.animator, moderating.unlock, thread)
    talk.reply(thread, "More.")
    assert [act for act, *_ in told(talk, thread)] == ["lock_thread", "unlock_thread"]


def test_a_pinned_thread_stands_on_top_through_its_day(talk):
    old = talk.ask(body="Old?")
    talk.ask(body="New?")
    talk.world.act(talk.animator, moderating.pin, old, talk.world.day(0))

    assert [voice.thread.id for voice in panel_of(talk, talk.asker).others][0] == old.id
    with talk.world.database.reading() as session:
        actor = talk.world.actor(session, talk.asker)
        assert [one.id for one in lists.pinned(session, actor, talk.world.day(0), talk_space(session))] == [old.id]
        assert lists.pinned(session, actor, talk.world.day(1), talk_space(session)) == []
    for days in (-1, 400):
        with pytest.raises(Invalid):
            talk.world.act(talk.animator, moderating.pin, old, talk.world.day(days))
    talk.do(talk.animator, moderating.unpin, old)
    assert talk.thread(old).pinned_until is None


def talk_space(session):
    from accounts.models import Space

    return session.scalar(select(Space).where(Space.slug == "kyc"))


def test_a_hidden_message_is_nowhere_but_before_the_auditor_and_animators(talk):
    thread = talk.ask()
    answer = talk.reply(thread, f"Yes, {SECRET}.")
    talk.do(talk.answerer, posts.edit, answer.id, f"No, {SECRET}.")
    talk.do(talk.asker, threads.accept, thread, answer.id)
    talk.do(talk.animator, hiding.hide, answer.id, "It names a customer.")

    hidden = post_row(talk, answer.id)
    assert (hidden.body, hidden.html, hidden.hidden_because, hidden.hidden_by) == ("", "", "It names a customer.", talk.animator)
    assert talk.thread(thread).accepted_post_id is None and talk.thread(thread).replied_at is None
    for who, sees in ((talk.asker, {}), (talk.answerer, {}), (talk.auditor, {answer.id: f"No, {SECRET}."}), (talk.animator, {answer.id: f"No, {SECRET}."})):
        assert talk.look(who, lambda session, actor: hiding.words_behind(session, actor, talk_space(session), [hidden])) == sees
    with talk.world.database.reading() as session:
        assert posts.edits_of(session, hidden) == [] and lists.answers_of(session, [thread.id]) == {}
    with pytest.raises(Conflict):
        talk.do(talk.answerer, posts.edit, answer.id, "Words again.")
    with pytest.raises(Conflict):
        talk.do(talk.asker, posts.mark_useful, answer.id)

    talk.do(talk.animator, hiding.unhide, answer.id)
    assert SECRET in post_row(talk, answer.id).body and SECRET in post_row(talk, answer.id).html
    assert acts_of(talk, f"post:{answer.id}")[-2:] == ["hide_post", "unhide_post"]


def test_a_hidden_message_can_be_erased_and_then_its_words_are_nowhere(talk):
    thread = talk.ask()
    answer = talk.reply(thread, SECRET)
    talk.do(talk.animator, hiding.hide, answer.id, "No")
    talk.do(talk.answerer, posts.erase, answer.id, "Mine")

    assert talk.look(talk.auditor, lambda session, actor: hiding.words_behind(session, actor, talk_space(session), [post_row(talk, answer.id)])) == {}


def test_a_hidden_thread_is_not_found_counted_or_listed_except_for_opener_animators_and_auditors(talk):
    thread = talk.ask(body=f"Is it {SECRET}?")
    first = talk.first(thread)
    talk.do(talk.animator, hiding.hide, first.id, "It names a customer.")

    for who in (talk.answerer, talk.author, talk.guest):
        with pytest.raises(NotFound):
            talk.look(who, threads.readable, thread.id)
        with pytest.raises(NotFound):
            talk.look(who, posts.readable, first.id)
    for who in (talk.asker, talk.animator, talk.auditor):
        assert talk.look(who, threads.readable, thread.id).thread.hidden_because == "It names a customer."
    assert panel_of(talk, talk.answerer).total == 0 and panel_of(talk, talk.animator).total == 0
    assert talk.look(talk.answerer, lists.recent) == [] and talk.look(talk.answerer, lists.unanswered) == []
    with pytest.raises(Conflict):
        talk.reply(thread, person=talk.asker)
    talk.do(talk.animator, hiding.unhide, first.id)
    assert talk.look(talk.answerer, threads.readable, thread.id).thread.hidden_at is None
    assert told(talk, thread)[0] == ("hide_thread", "Claire Animator", "It names a customer.")


@pytest.mark.parametrize("reason", ["", "  ", "x" * 501, "\u202eno"])
def test_hiding_needs_a_reason(talk, reason):
    thread = talk.ask()
    answer = talk.reply(thread)

    for act in (lambda: talk.do(talk.animator, hiding.hide, answer.id, reason), lambda: talk.do(talk.animator, moderating.hide, thread, reason)):
        with pytest.raises(Invalid):
            act()
    assert post_row(talk, answer.id).hidden_at is None


def test_anybody_who_takes_part_reports_a_message_once_and_an_animator_settles_it(talk):
    answer = talk.reply(talk.ask())

    def report(session, actor, word):
        post, place = posts.readable(session, actor, answer.id)
        return reporting.report(session, actor, post, place.space, word).id

    for word in ("Rude.", "Very rude.", "Very rude."):
        made = talk.do(talk.asker, report, word)
    with talk.world.database.reading() as session:
        waiting = reporting.open_reports(session, talk_space(session))
    assert [(one.reporter, one.report.word, one.author) for one in waiting] == [("Awa Asker", "Very rude.", "Sofia Answerer")]
    for who, refusal in ((talk.auditor, Denied), (talk.guest, NotFound)):
        with pytest.raises(refusal):
            talk.do(who, report, "x")
    with pytest.raises(Invalid):
        talk.do(talk.asker, report, " ")
    with pytest.raises(Denied):
        talk.do(talk.asker, reporting.settle, made)
    talk.do(talk.animator, reporting.settle, made)
    with talk.world.database.reading() as session:
        assert reporting.open_reports(session, talk_space(session)) == []
    assert acts_of(talk, f"post:{answer.id}") == ["post", "report_post", "report_post", "settle_report"]


def test_hiding_what_was_reported_settles_the_report(talk):
    answer = talk.reply(talk.ask())

    def report(session, actor):
        post, place = posts.readable(session, actor, answer.id)
        return reporting.report(session, actor, post, place.space, "Rude.")

    talk.do(talk.asker, report)
    talk.do(talk.animator, hiding.hide, answer.id, "Rude")
    with talk.world.database.reading() as session:
        assert reporting.open_reports(session, talk_space(session)) == []


def test_merged_posts_keep_authors_dates_and_order_and_the_old_address_leads_on(talk):
    old, new = talk.ask(body="Phone bill?"), talk.ask(talk.answerer, body="Does a bill of a phone count?")
    first, answer = talk.first(old), talk.reply(old, "Yes.")
    below = talk.reply(old, "Why?", talk.asker, parent=answer.id)
    there = talk.reply(new, "It does.", talk.asker)
    before = {post.id: (post.author_id, post.created_at) for post in (first, answer, below, there)}

    talk.do(talk.animator, merging.merge, old, f"http://127.0.0.1/threads/{new.id}#p1")

    place = talk.look(talk.asker, threads.readable, old.id)
    assert place.thread.id == new.id
    with talk.world.database.reading() as session:
        rows = list(session.scalars(select(Post).where(Post.thread_id == new.id).order_by(Post.number)))
    assert [post.id for post in rows][1:] == [there.id, first.id, answer.id, below.id] and [post.number for post in rows] == [1, 2, 3, 4, 5]
    assert {post.id: (post.author_id, post.created_at) for post in rows[1:]} == before
    assert {post.id: post.parent_id for post in rows[1:]} == {there.id: None, first.id: None, answer.id: first.id, below.id: answer.id}
    assert acts_of(talk, f"thread:{old.id}")[-1] == "merge_thread" and acts_of(talk, f"thread:{new.id}")[-1] == "join_thread"
    assert [act for act, *_ in told(talk, old)] == ["merge_thread"] and [act for act, *_ in told(talk, new)] == ["join_thread"]
    assert talk.reply(old, "Here too.").thread_id == new.id
    assert panel_of(talk, talk.asker).total == 1
    with talk.world.database.reading() as session:
        assert list(findings(session)) == []


def test_a_chain_of_merges_leads_to_the_last(talk):
    one, two, three = (talk.ask(body=f"Number {n}?") for n in (1, 2, 3))
    talk.do(talk.animator, merging.merge, one, two.id)
    talk.do(talk.animator, merging.merge, two, three.id)

    assert {talk.look(talk.asker, threads.readable, thread.id).thread.id for thread in (one, two, three)} == {three.id}


def test_a_thread_goes_into_no_hidden_walled_missing_or_own_thread(talk):
    thread, hidden = talk.ask(), talk.ask(body="Hidden?")
    talk.do(talk.animator, moderating.hide, hidden, "No")
    talk.world.space("vault", visibility="restricted", approvals=0)
    talk.world.grant("vault", talk.author, "author", "animator")
    walled = talk.do(talk.author, open_in, talk.world.library, "vault")

    for into in (thread.id, walled.id, "none", "", "a\x00b", "x" * 300):
        with pytest.raises(Invalid) as refused:
            talk.do(talk.animator, merging.merge, thread, into)
        assert refused.value.field == "into"
    with pytest.raises(Conflict):
        talk.do(talk.animator, merging.merge, thread, hidden.id)


def open_in(session, actor, library, slug):
    from accounts.models import Space

    space = session.scalar(select(Space).where(Space.slug == slug))
    return threads.open_thread(session, library, actor, space, None, kind="question", body="Walled?")


def test_what_a_change_cites_stays_cited_when_threads_are_merged(talk):
    from wiki.drafts import DraftText

    old, new = talk.ask(body="One?"), talk.ask(body="Two?")
    change = talk.world.open(talk.author, "kyc", DraftText(code="KYC-001", markdown=RULE + "\nMore.\n"))
    talk.do(talk.author, citations.cite, change.id, [old.id])

    talk.do(talk.animator, merging.merge, old, new.id)

    assert [thread.id for thread in talk.look(talk.author, citations.threads_of, change.id)] == [new.id]


def test_a_thread_moves_to_a_procedure_and_keeps_its_words_where_they_stand_too(talk):
    from wiki.drafts import DraftText

    talk.world.submit(talk.author, talk.world.open(talk.author, "kyc", DraftText(markdown=f"# Another\n\nBring {QUOTE} with you.\n")))
    thread, free = talk.ask(quote=QUOTE), talk.ask(code=None, body="Where?")

    moved = talk.world.act(talk.animator, attaching.attach, thread, "kyc-002")
    assert (moved.quote, moved.copies, moved.version) == (QUOTE, 1, 1)
    assert panel_of(talk, talk.asker).total == 0
    back = talk.world.act(talk.animator, attaching.attach, thread, None)
    assert (back.procedure_id, back.quote, back.position) == (None, "", None)
    talk.world.act(talk.animator, attaching.attach, free, "KYC-001")
    assert panel_of(talk, talk.asker).total == 1
    assert told(talk, free)[0][0] == "attach_thread"
    for code in ("VAULT-001", "NONE-001", "x\x00"):
        with pytest.raises(Invalid):
            talk.world.act(talk.animator, attaching.attach, free, code)


def test_who_answered_well_is_suggested_who_left_or_cannot_take_part_is_not(talk):
    knows, thanked, left = talk.world.person("Kim Knows"), talk.world.person("Tom Thanked"), talk.world.person("Lea Left")
    for who, body in ((knows, "One?"), (left, "Two?"), (talk.auditor, None)):
        if body:
            thread = talk.ask(body=body)
            talk.do(talk.asker, threads.accept, thread, talk.reply(thread, person=who).id)
    talk.do(talk.asker, posts.mark_useful, talk.reply(thread, "Look there.", thanked).id)
    with talk.world.database.transaction() as session:
        from accounts.models import Person
        from core import clock

        session.get(Person, left).disabled_at = clock.now()

    with talk.world.database.reading() as session:
        found = routing.helpers(session, talk_space(session), [thread.procedure_id])[thread.procedure_id]
    assert [(one.name, one.accepted, one.useful) for one in found] == [("Kim Knows", 1, 0), ("Tom Thanked", 0, 1)]


def test_who_is_asked_finds_it_until_they_answer(talk):
    thread = talk.ask()
    talk.do(talk.animator, routing.ask_somebody, thread, talk.answerer)

    assert [one.id for one in talk.look(talk.answerer, routing.asked_of)] == [thread.id]
    assert talk.look(talk.asker, routing.asked_of) == []
    talk.reply(thread)
    assert talk.look(talk.answerer, routing.asked_of) == []
    for nobody in (talk.guest, talk.auditor, "none"):
        with pytest.raises(Invalid):
            talk.do(talk.animator, routing.ask_somebody, thread, nobody)


@pytest.mark.parametrize("body", ["👍🎉", "مرحبا، هل تكفي فاتورة الهاتف؟", "שלום", "@" + "a " * 1000])
def test_emoji_right_to_left_and_a_thousand_names_are_words_like_others(talk, body):
    thread = talk.ask(body=body)

    assert talk.reply(thread, body).body == body.strip("\n") and isinstance(talk.thread(thread), Thread)
