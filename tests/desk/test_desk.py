"""What stands on an animator's desk, and what does not."""

from datetime import timedelta

import pytest
from sqlalchemy import select, update

from accounts.models import Space
from core import clock
from core.errors import Denied, NotFound
from desk.desk import desk, desks_of, hidden_of
from desk.inbox import Proposed
from discussions import hiding, moderating, posts, reporting, threads
from discussions.checks import check
from discussions.models import Post, Thread
from tests.discussions.conftest import QUOTE, RULE
from tests.site import grant, post

CHANGED = RULE.replace(QUOTE, "two proofs of address, whatever their date")


def space_in(session, slug="kyc"):
    return session.scalar(select(Space).where(Space.slug == slug))


def on(talk, who=None, propose=None):
    with talk.world.database.reading() as session:
        return desk(session, talk.world.library, talk.world.actor(session, who or talk.animator), space_in(session), propose)


def older(talk, thread, **back):
    """Let a thread have been opened earlier."""
    with talk.world.database.transaction() as session:
        at = clock.now() - timedelta(**back)
        session.execute(update(Thread).where(Thread.id == thread.id).values(opened_at=at))
        session.execute(update(Post).where(Post.thread_id == thread.id, Post.number == 1).values(created_at=at))


@pytest.fixture
def settled(talk):
    """The asker wrote here long ago, and was answered."""
    thread = talk.ask(body="Long ago?")
    talk.reply(thread)
    talk.do(talk.asker, threads.close, thread)
    with talk.world.database.transaction() as session:
        session.execute(update(Post).values(created_at=clock.now() - timedelta(days=90)))
    return thread


@pytest.mark.parametrize("who, refusal", [("asker", Denied), ("author", Denied), ("auditor", Denied), ("guest", NotFound)])
def test_the_desk_is_for_animators(talk, who, refusal):
    with pytest.raises(refusal):
        on(talk, getattr(talk, who))
    assert on(talk).is_clear


def test_a_question_waits_after_two_days_without_a_reply(talk, settled):
    late, fresh, answered, closed = (talk.ask(body=f"{word}?") for word in ("Late", "Fresh", "Answered", "Closed"))
    talk.reply(answered)
    talk.do(talk.asker, threads.close, closed)
    for thread in (late, answered, closed):
        older(talk, thread, days=2, minutes=1)
    older(talk, fresh, days=1, hours=23)

    assert [one.id for one in on(talk).unanswered] == [late.id]


def test_a_newcomer_waits_until_somebody_answers_or_thanks(talk, settled):
    new, other = talk.world.person("Nia New"), talk.world.person("Max More")
    first = talk.ask(new, body="My first?")
    second = talk.reply(settled_open(talk), "I do it so.", other)

    assert [one.name for one in on(talk).newcomers] == ["Nia New", "Max More"]
    talk.reply(first, "Welcome!", talk.asker)
    assert [one.name for one in on(talk).newcomers] == ["Max More"]
    talk.do(talk.asker, posts.mark_useful, second.id)
    assert on(talk).newcomers == []


def test_an_answer_that_was_accepted_is_one_that_somebody_answered(talk, settled):
    question = settled_open(talk)
    answer = talk.reply(question, "I do it so.", talk.world.person("Nia New"))
    assert [one.name for one in on(talk).newcomers] == ["Nia New"]

    talk.do(talk.asker, threads.accept, question, answer.id)
    assert on(talk).newcomers == []


def test_a_newcomers_first_answer_is_listed_in_its_own_words_and_answered_where_it_stands(office):
    asker, newcomer, animator = office.client("asker"), office.client("answerer"), office.client("animator")
    thread = post(asker, "/procedures/KYC-001/threads", {"kind": "question", "body": "Which paper?"}).location.partition("#t")[2]
    said = post(newcomer, f"/threads/{thread}/posts", {"body": "The bill. I always do."}).location.partition("/posts/")[2]

    desk = animator.get("/spaces/kyc/desk").text.split('id="d-newcomers"')[1].split("</section>")[0]
    assert f'<a href="/posts/{said}">The bill.</a>' in desk and "Answerer Martin</a>, in the thread “Which paper?”, opened by Asker Martin" in desk
    (line,) = [one for one in office.caller("animator").get("/spaces/kyc/desk").json["newcomers"] if one["post"] == said]
    assert (line["words"], line["opened"], line["heading"]) == ("The bill.", False, "Which paper?")
    box = animator.get(animator.get(f"/posts/{said}?answer=here").location).text
    assert f'name="parent" value="{said}"' in box
    assert post(animator, f"/threads/{thread}/posts", {"body": "Welcome!", "parent": said}).status_code == 303
    assert said not in animator.get("/spaces/kyc/desk").text


def settled_open(talk):
    thread = talk.ask(body="An open one?")
    older(talk, thread, days=40)
    return thread


def test_a_person_who_wrote_before_is_no_newcomer_and_no_late_question_is_told_twice(talk, settled):
    again, new = talk.ask(body="Again?"), talk.ask(talk.world.person("Nia New"), body="First?")
    for thread in (again, new):
        older(talk, thread, days=3)

    found = on(talk)
    assert [one.thread.id for one in found.newcomers] == [new.id] and [one.id for one in found.unanswered] == [again.id]


def test_opposite_verdicts_are_a_disagreement_and_equal_ones_are_not(talk):
    tip = talk.ask(kind="tip", body="Ask for a phone bill.", quote=QUOTE)
    talk.amend(CHANGED)
    other = talk.world.person("Kim Clerk")
    talk.world.act(talk.answerer, check, tip, "still_true")
    assert on(talk).disagreements == []

    talk.world.act(other, check, tip, "no_longer_true")
    (found,) = on(talk).disagreements
    assert (found.thread.id, found.one, found.other, found.by_verdict) == (tip.id, "Sofia Answerer", "Kim Clerk", True)
    talk.do(talk.asker, threads.close, tip)
    assert on(talk).disagreements == []


def test_two_people_who_answer_each_other_twice_disagree_until_an_answer_is_accepted(talk):
    thread = talk.ask()
    one = talk.reply(thread, "Yes.")
    two = talk.reply(thread, "No.", talk.author, parent=one.id)
    three = talk.reply(thread, "Yes!", parent=two.id)
    assert on(talk).disagreements == []

    talk.reply(thread, "No!", talk.author, parent=three.id)
    (found,) = on(talk).disagreements
    assert {found.one, found.other} == {"Sofia Answerer", "Anne Author"} and not found.by_verdict
    talk.do(talk.asker, threads.accept, thread, three.id)
    assert on(talk).disagreements == []


def test_what_waits_for_a_check_stands_there_until_it_is_settled(talk):
    tip = talk.ask(kind="tip", body="Ask for a phone bill.", quote=QUOTE)
    talk.ask(kind="tip", body="Be kind.", quote="The back office screens the name the same day.")
    assert on(talk).checks.items == []

    talk.amend(CHANGED)
    assert [(one.thread.id, one.version) for one in on(talk).checks.items] == [(tip.id, 1)]
    talk.world.act(talk.animator, check, tip, "no_longer_true")
    assert on(talk).checks.items == []


def test_reports_and_the_inbox_stand_there_with_a_proposal(talk):
    answer = talk.reply(talk.ask())
    free = talk.ask(code=None, body="Where does this belong?")
    talk.do(talk.asker, lambda session, actor: reporting.report(session, actor, posts.readable(session, actor, answer.id).post, space_in(session), "Rude."))

    found = on(talk, propose=lambda space, words: Proposed("KYC-001", "Opening an account"))

    assert [one.report.word for one in found.reports] == ["Rude."]
    assert [(one.thread.id, one.proposed.code) for one in found.inbox] == [(free.id, "KYC-001")] and found.inbox_total == 1


def test_nothing_hidden_stands_on_the_desk_but_in_its_own_list(talk, settled):
    thread, other = talk.ask(code=None, body="Hidden?"), talk.ask(body="Stays?")
    answer = talk.reply(other, "Hidden too.")
    older(talk, thread, days=3)
    talk.do(talk.animator, moderating.hide, thread, "One")
    talk.do(talk.animator, hiding.hide, answer.id, "Two")

    found = on(talk)
    assert found.unanswered == [] and found.inbox == []
    assert [(one.thread_id, one.post_id, one.reason) for one in found.hidden] == [(other.id, answer.id, "Two"), (thread.id, None, "One")]
    assert len(talk.look(talk.auditor, lambda session, actor: hidden_of(session, actor, space_in(session)))) == 2
    with pytest.raises(Denied):
        talk.look(talk.asker, lambda session, actor: hidden_of(session, actor, space_in(session)))


def test_a_person_gets_the_desk_of_each_space_they_animate_and_of_no_other(talk):
    talk.world.space("vault", visibility="restricted")

    def desks(who):
        return [one.space.slug for one in talk.look(who, lambda session, actor: desks_of(session, talk.world.library, actor))]

    assert desks(talk.animator) == ["kyc"] and desks(talk.asker) == desks(None) == []


def test_the_desk_counts_gaps_in_its_first_sentence_and_asks_nobody_to_ask_themselves(office):
    asker, animator = office.client("asker"), office.client("animator")
    gap = post(asker, "/procedures/KYC-001/threads", {"kind": "gap", "body": "We take one paper."})
    question = post(asker, "/procedures/KYC-001/threads", {"kind": "question", "body": "Which paper?"}).location.partition("#t")[2]
    helped = post(animator, f"/threads/{question}/posts", {"body": "The bill."}).location.partition("/posts/")[2]
    assert gap.status_code == 303 and post(asker, f"/posts/{helped}/useful", {}).status_code == 303

    assert "1 gap that needs somebody" in animator.get("/spaces/kyc/desk").text
    ask = f'name="person" value="{office.people["animator"].id}"'
    assert ask not in animator.get(f"/threads/{question}/moderate").text
    grant(office.app, "kyc", office.people["answerer"], "animator")
    assert ask in office.client("answerer").get(f"/threads/{question}/moderate").text
