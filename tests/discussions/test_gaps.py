"""A gap gets a cause, an answer, an action and a day to close it by: named and dated, an act each, by the owner's side. FR-5."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from accounts.models import Space
from core import clock
from core.errors import Conflict, Denied, Invalid, NotFound
from core.journal import Act
from discussions import gaps, moderating, threads
from tests.discussions.conftest import RULE

OWNED = "---\nowner: Hélène Owner, Branch desk\n---\n" + RULE


def say(talk, who, thread, part, value):
    return talk.world.act(who, gaps.say, thread, part, value)


def day(talk, days):
    return talk.world.day(days)


def of_space(talk):
    with talk.world.database.reading() as session:
        return gaps.of_space(session, talk.world.library, session.scalar(select(Space).where(Space.slug == "kyc")))


def parts(talk, thread):
    with talk.world.database.reading() as session:
        return gaps.parts_of(session, thread)


@pytest.fixture
def gap(talk):
    return talk.ask(kind="gap", body="We do it on Fridays.")


@pytest.mark.parametrize("who", ["author", "animator"])
def test_each_part_is_named_dated_and_an_act(talk, gap, who):
    for part, value in (("cause", "Fridays are quiet."), ("answer", "The rule is right."), ("action", "The desk asks daily."), ("close_by", day(talk, 9))):
        say(talk, getattr(talk, who), gap, part, value)

    said = parts(talk, gap)
    assert {part: one.person_id for part, one in said.items()} == dict.fromkeys(("cause", "answer", "action", "close_by"), getattr(talk, who))
    assert said["cause"].words == "Fridays are quiet." and said["close_by"].day == day(talk, 9)
    with talk.world.database.reading() as session:
        acts = list(session.scalars(select(Act.act).where(Act.object == f"thread:{gap.id}").order_by(Act.sequence)))
    assert acts == ["open_thread", "gap_cause", "gap_answer", "gap_action", "gap_close_by"]


def test_what_was_said_before_stays_counted_and_saying_it_again_changes_nothing(talk, gap):
    for words in ("One", "Two", "Two"):
        say(talk, talk.author, gap, "cause", words)

    assert (parts(talk, gap)["cause"].words, parts(talk, gap)["cause"].before) == ("Two", 1)


def test_members_auditors_and_guests_do_not_answer_a_gap_and_whom_the_owner_line_names_does(talk, gap):
    talk.amend(OWNED)
    owner = talk.world.person("Hélène Owner")
    colleague = talk.world.person("Kim Clerk", team="branch  DESK")

    for who, refusal in ((talk.asker, Denied), (talk.auditor, Denied), (talk.guest, NotFound)):
        with pytest.raises(refusal):
            say(talk, who, gap, "cause", "x")
    say(talk, owner, gap, "cause", "Mine.")
    say(talk, colleague, gap, "answer", "Ours.")
    assert set(parts(talk, gap)) == {"cause", "answer"}


@pytest.mark.parametrize("value, field", [("", "cause"), (" \n", "cause"), ("x" * 2001, "cause"), ("a\x00b", "cause")])
def test_words_that_say_nothing_or_too_much_are_refused(talk, gap, value, field):
    with pytest.raises(Invalid) as refused:
        say(talk, talk.author, gap, "cause", value)
    assert refused.value.field == field
    say(talk, talk.author, gap, "cause", "ok")


def test_a_day_gone_by_and_a_question_are_refused(talk, gap):
    with pytest.raises(Invalid):
        say(talk, talk.author, gap, "close_by", day(talk, -1))
    with pytest.raises(Invalid):
        say(talk, talk.author, talk.ask(), "cause", "x")
    say(talk, talk.author, gap, "close_by", day(talk, 0))


def test_a_locked_gap_is_not_answered(talk, gap):
    talk.do(talk.animator, moderating.lock, gap)

    with pytest.raises(Conflict):
        say(talk, talk.author, gap, "cause", "x")
    talk.do(talk.animator, moderating.unlock, gap)
    say(talk, talk.author, gap, "cause", "x")


def test_the_list_of_a_space_holds_the_open_ones_the_nearest_day_first(talk, gap, monkeypatch):
    soon, closed, hidden = (talk.ask(kind="gap", body=words) for words in ("Soon.", "Closed.", "Hidden."))
    say(talk, talk.author, soon, "close_by", day(talk, 3))
    talk.do(talk.animator, threads.close, closed)
    talk.do(talk.animator, moderating.hide, hidden, "No")

    assert [one.thread.heading for one in of_space(talk)] == ["Soon.", "We do it on Fridays."]
    assert not of_space(talk)[0].is_overdue
    later = clock.now() + timedelta(days=5)
    monkeypatch.setattr(clock, "now", lambda: later)
    assert of_space(talk)[0].is_overdue


def ended(talk, **page):
    with talk.world.database.reading() as session:
        space = session.scalar(select(Space).where(Space.slug == "kyc"))
        return gaps.ended_in(session, talk.world.library, space, **{"page_size": 50} | page)


def test_the_closed_ones_are_a_list_of_their_own_the_last_one_first(talk, gap):
    made = [talk.ask(kind="gap", body=f"Number {number}.") for number in range(5)]
    say(talk, talk.author, made[0], "cause", "It was quicker.")
    say(talk, talk.author, made[0], "close_by", day(talk, 3))
    for one in made[:3]:
        talk.do(talk.animator, threads.close, one)
    talk.do(talk.animator, moderating.lock, made[3])
    talk.do(talk.animator, threads.close, made[4])
    talk.do(talk.animator, moderating.hide, made[4], "No")
    question = talk.ask(body="No gap?")
    talk.do(talk.asker, threads.close, question)

    found, total = ended(talk)
    assert [one.thread.heading for one in found] == [f"Number {number}." for number in (3, 2, 1, 0)] and total == 4
    assert found[3].parts["cause"].words == "It was quicker." and found[3].ender == "Claire Animator" and not found[3].is_overdue
    assert [one.was_closed for one in found] == [False, True, True, True]
    assert [one.thread.heading for one in of_space(talk)] == ["We do it on Fridays."]
    assert [[one.thread.heading for one in ended(talk, page=page, page_size=3)[0]] for page in (1, 2, 3)] == [
        ["Number 3.", "Number 2.", "Number 1."], ["Number 0."], [],
    ]


def test_a_gap_opened_again_goes_back_to_the_open_ones(talk, gap):
    talk.do(talk.animator, threads.close, gap)
    assert ended(talk)[1] == 1 and of_space(talk) == []
    talk.do(talk.animator, threads.reopen, gap)
    assert ended(talk)[1] == 0 and [one.thread.id for one in of_space(talk)] == [gap.id]


def test_an_owner_has_a_list_of_their_own(talk, gap):
    talk.amend(OWNED)
    owner = talk.world.person("Hélène Owner")

    def owned(who):
        with talk.world.database.reading() as session:
            return [one.thread.id for one in gaps.of_owner(session, talk.world.library, talk.world.actor(session, who))]

    assert owned(owner) == [gap.id]
    assert owned(talk.asker) == owned(talk.guest) == owned(None) == []


def test_pages_csv_and_api_say_the_same(office):
    author, reader = office.caller("author"), office.client("asker")
    thread = office.caller("asker").post("/procedures/KYC-001/threads", {"kind": "gap", "body": "=We do it on Fridays."}).json["id"]

    assert author.put(f"/threads/{thread}/gap", {}).status_code == 422
    said = author.put(f"/threads/{thread}/gap", {"cause": "Quiet.", "close_by": "2999-01-31"})
    assert said.status_code == 200 and said.json["cause"]["by"] == "Author Martin" and said.json["close_by"]["value"] == "2999-01-31"
    assert office.caller("asker").get(f"/threads/{thread}/gap").json == said.json
    listed = office.caller("asker").get("/spaces/kyc/gaps").json
    assert listed["total"] == 1 and listed["items"][0]["cause"]["value"] == "Quiet."
    assert office.caller("guest").get("/spaces/kyc/gaps").status_code == 404
    page, table = reader.get("/spaces/kyc/gaps").text, reader.get("/spaces/kyc/gaps.csv").text
    assert "Quiet." in page and "'=We do it on Fridays." in table and "2999-01-31" in table
    assert "Quiet." in reader.get(f"/threads/{thread}").text


def test_the_list_says_of_a_gap_which_day_it_has_or_lacks(office):
    thread = office.caller("asker").post("/procedures/KYC-001/threads", {"kind": "gap", "body": "We do it on Fridays."}).json["id"]
    reader = office.client("asker")

    assert "no closing date yet" in reader.get("/spaces/kyc/gaps").text
    office.caller("author").put(f"/threads/{thread}/gap", {"close_by": "2999-01-31"})
    page = reader.get("/spaces/kyc/gaps").text
    assert "to be closed by 31 January 2999" in page and "no closing date yet" not in page


def test_page_table_and_call_of_the_closed_ones_say_the_same(office):
    thread = office.caller("asker").post("/procedures/KYC-001/threads", {"kind": "gap", "body": "We do it on Fridays."}).json["id"]
    office.caller("author").put(f"/threads/{thread}/gap", {"action": "The desk asks daily."})
    reader = office.client("asker")
    assert "Fridays" not in reader.get("/spaces/kyc/gaps?state=closed").text and "No gap was closed here yet." in reader.get("/spaces/kyc/gaps?state=closed").text
    assert office.caller("asker").post(f"/threads/{thread}/close").status_code == 200

    listed = office.caller("answerer").get("/spaces/kyc/gaps?state=closed").json
    assert listed["total"] == 1 and listed["items"][0]["closed_by"] == "Asker Martin" and listed["items"][0]["closed_at"]
    assert listed["items"][0]["action"]["value"] == "The desk asks daily."
    page, table = reader.get("/spaces/kyc/gaps?state=closed").text, reader.get("/spaces/kyc/gaps.csv?state=closed").text
    assert "by Asker Martin" in page and "The desk asks daily." in page and "Asker Martin" in table.splitlines()[1]
    assert "Fridays" not in reader.get("/spaces/kyc/gaps").text and "Fridays" not in reader.get("/spaces/kyc/gaps.csv").text
    assert office.caller("asker").get("/spaces/kyc/gaps").json["total"] == office.caller("asker").get("/spaces/kyc/gaps?state=open").json["total"] == 0


def test_another_word_for_the_state_is_refused_and_whom_the_space_is_not_for_finds_nothing(office):
    assert office.client("asker").get("/spaces/kyc/gaps?state=gone").status_code == 422
    assert office.client("asker").get("/spaces/kyc/gaps.csv?state=gone").status_code == 422
    assert office.caller("asker").get("/spaces/kyc/gaps?state=gone").status_code == 422
    assert office.client("asker").get("/spaces/kyc/gaps?state=closed&page=2").status_code == 200
    assert office.caller("guest").get("/spaces/kyc/gaps?state=closed").status_code == office.client("guest").get("/spaces/kyc/gaps.csv?state=closed").status_code == 404


def test_a_refused_form_keeps_what_was_typed_and_records_nothing(office):
    from tests.site import post

    thread = office.caller("asker").post("/procedures/KYC-001/threads", {"kind": "gap", "body": "Fridays."}).json["id"]
    client = office.client("author")

    refused = post(client, f"/threads/{thread}/gap", {"cause": "Kept words", "close_by": "2001-01-01"})

    assert refused.status_code == 422 and "Kept words" in refused.text and "This day has passed." in refused.text
    assert office.caller("author").get(f"/threads/{thread}/gap").json["cause"] is None
    assert post(client, f"/threads/{thread}/gap", {"cause": "Kept words", "close_by": "2999-01-01"}).status_code == 303
    assert office.client("asker").get(f"/threads/{thread}/gap").status_code == 403
