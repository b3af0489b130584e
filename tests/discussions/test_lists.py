"""Lists of threads, the panel beside the rule, and the bridge to changes: in order, and within the walls."""

import pytest
from sqlalchemy import func, select

from accounts.models import Space
from accounts.policy import readable_spaces
from core.errors import Invalid, NotFound
from discussions import citations, lists, posts, threads
from discussions.panel import panel
from tests.discussions.conftest import QUOTE, RULE
from wiki import procedures
from wiki.drafts import DraftText

SCREENS = "screens the name the same day"


def panel_of(talk, person=None):
    with talk.world.database.reading() as session:
        actor = talk.world.actor(session, person or talk.asker)
        found = procedures.readable(session, actor, "KYC-001")
        standing = procedures.standing_of(session, found.procedure, talk.world.library)
        return panel(session, actor, found, standing, procedures.text_of(talk.world.library, found.space, standing.shown))


def test_threads_stand_under_the_words_they_are_about_in_the_order_of_the_rule(talk):
    whole = talk.ask(body="On the whole.")
    later = talk.ask(body="On screening.", quote=SCREENS)
    talk.ask(body="On proofs.", quote=QUOTE)
    talk.ask(body="On addresses.", quote="proof of address")

    shown = panel_of(talk)

    assert [(gloss.words, gloss.passage.count) for gloss in shown.glosses] == [(QUOTE, 2), (SCREENS, 1)]
    assert [voice.thread.id for voice in shown.others] == [whole.id]
    assert shown.passages[1].anchor_id == f"g{later.id}"
    assert (shown.total, shown.waiting, shown.shown) == (4, 4, 4)


def test_words_that_are_gone_leave_their_thread_among_the_others(talk):
    thread = talk.ask(quote=SCREENS)
    talk.amend(RULE.replace("The back office screens the name the same day.\n", ""))

    assert [voice.thread.id for voice in panel_of(talk).others] == [thread.id]


def test_ten_threads_are_shown_and_all_are_counted(talk):
    for number in range(12):
        talk.ask(body=f"Number {number}?", quote=QUOTE if number < 6 else "")

    shown = panel_of(talk)

    assert (shown.total, shown.shown, shown.glosses[0].passage.count, shown.glosses[0].more) == (12, 10, 6, 2)


def test_forms_are_for_those_who_may_take_part(talk):
    assert panel_of(talk).may_take_part and not panel_of(talk, talk.auditor).may_take_part
    assert panel_of(talk, talk.author).may_write and not panel_of(talk).may_write
    assert panel_of(talk).may_propose and not panel_of(talk, talk.auditor).may_propose


def test_unanswered_questions_of_others_the_longest_waiting_first(talk):
    first, second = talk.ask(body="First?"), talk.ask(body="Second?")
    talk.ask(kind="tip", body="A tip.")
    mine = talk.ask(talk.answerer, body="Mine?")

    def waiting(person):
        return [one.id for one in talk.look(person, lists.unanswered)]

    assert waiting(talk.answerer) == [first.id, second.id]
    assert waiting(talk.auditor) == waiting(talk.guest) == waiting(None) == []
    talk.reply(first)
    talk.do(talk.asker, threads.close, second)
    assert waiting(talk.answerer) == [] and waiting(talk.animator) == [mine.id]


def test_recent_threads_are_those_one_may_read(talk):
    first, second = talk.ask(body="First?"), talk.ask(body="Second?", code=None)
    talk.reply(first)

    found = talk.look(talk.auditor, lists.recent)
    assert [(one.id, one.answers, one.code) for one in found] == [(first.id, 1, "KYC-001"), (second.id, 0, None)]
    assert talk.look(talk.guest, lists.recent) == talk.look(None, lists.recent) == []


def test_a_change_cites_threads_of_its_space_that_its_author_reads(talk, world):
    thread = talk.ask(kind="gap", body="We take six months.", quote=QUOTE)
    change = world.open(talk.author, "kyc", DraftText(code="KYC-001", markdown=RULE.replace("three", "six")))

    for _ in range(2):
        talk.do(talk.author, citations.cite, change.id, [thread.id, thread.id])

    assert [one.id for one in talk.look(talk.author, citations.threads_of, change.id)] == [thread.id]
    assert [one.id for one in talk.look(talk.author, citations.changes_of, [thread.id])[thread.id]] == [change.id]
    assert talk.look(talk.asker, citations.changes_of, [thread.id]) == {}
    with pytest.raises(NotFound):
        talk.do(talk.asker, citations.cite, change.id, [thread.id])


def test_a_change_cites_no_thread_behind_another_wall(talk, world):
    from accounts.models import Space

    world.space("vault", visibility="restricted", prefix="VAULT")
    world.grant("vault", talk.answerer, "member")
    world.grant("vault", talk.author, "member")
    with world.database.transaction() as session:
        space = session.scalar(select(Space).where(Space.slug == "vault"))
        actor = world.actor(session, talk.answerer)
        hidden = threads.open_thread(session, world.library, actor, space, None, kind="tip", body="Hidden.")
    change = world.open(talk.author, "kyc", DraftText(code="KYC-001", markdown=RULE + "\nMore.\n"))

    for wrong in (hidden.id, "nosuchthread"):
        with pytest.raises(Invalid) as invalid:
            talk.do(talk.author, citations.cite, change.id, [wrong])
        assert invalid.value.field == "threads"


def test_what_search_finds_of_a_thread(talk, world):
    from core import clock
    from core.journal import Act
    from discussions.search_source import ThreadSource
    from search.engine import Hit

    source = ThreadSource(world.library)
    thread = talk.ask(body="Does a **phone bill** count?")
    reply, erased = talk.reply(thread), talk.reply(thread, "Wrong words.")
    talk.do(talk.answerer, posts.erase, erased.id, "Wrong")

    with world.database.reading() as session:
        acts = session.scalars(select(Act)).all()
        owners = source.touched(session, acts)
        assert owners == set(source.owners(session)) and {f"post:{reply.id}", f"post:{erased.id}"} < owners and len(owners) == 3
        documents = {document.key: document for document in source.documents(session, owners)}
        assert {(one.kind, one.body, one.code, one.language) for one in documents.values()} == {
            ("question", "Does a phone bill count?", "KYC-001", "en"), ("answer", "Yes, it does.", "KYC-001", "en"),
        }
        hits = [Hit(f"post:{id}", "answer", thread.space_id, "", "", "KYC-001", thread.id, 1.0) for id in (reply.id, erased.id)]
        day = clock.today(world.library.zone)
        asker, guest = (spaces_of(session, world.actor(session, person)) for person in (talk.asker, talk.guest))
        shown = source.present(session, asker, hits, day)
        assert [(one.url, one.kind, one.state, one.author) for one in shown.values()] == [
            (f"/threads/{thread.id}#p{reply.id}", "answer", "open", "Sofia Answerer")
        ]
        assert thread.space_id not in guest and source.present(session, guest, hits, day) == {}


def spaces_of(session, actor):
    return {space.id: space for space in session.scalars(select(Space).where(readable_spaces(actor)))}


def test_a_new_answer_makes_no_other_document_anew_and_other_first_words_make_all(talk, world):
    from core.journal import Act
    from discussions import hiding, merging, moderating
    from discussions.search_source import ThreadSource

    source, thread = ThreadSource(world.library), talk.ask()
    first, answer = talk.first(thread), talk.reply(thread)

    def touched(verb, who, *args):
        with world.database.reading() as session:
            before = session.scalar(select(func.max(Act.id)))
        talk.do(who, verb, *args)
        with world.database.reading() as session:
            return source.touched(session, session.scalars(select(Act).where(Act.id > before)).all())

    assert touched(posts.edit, talk.answerer, answer.id, "No, it does not.") == {f"post:{answer.id}"}
    assert touched(posts.edit, talk.asker, first.id, "Another question?") == {f"post:{first.id}", f"post:{answer.id}"}
    assert touched(hiding.hide, talk.animator, answer.id, "No") == {f"post:{answer.id}"}
    assert touched(moderating.hide, talk.animator, thread, "No") == {f"post:{first.id}", f"post:{answer.id}"}
    touched(moderating.unhide, talk.animator, thread)
    into = talk.ask(body="Into this?")
    moved = {f"post:{first.id}", f"post:{answer.id}", f"post:{talk.first(into).id}"}
    assert touched(merging.merge, talk.animator, thread, into.id) == moved
