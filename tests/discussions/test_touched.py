"""The bridge: the threads on the passages that a change touches, and what became of the threads that a change cites."""

import re
from datetime import date

from sqlalchemy import inspect

from accounts.models import Space
from core.database import new_id
from discussions import citations, moderating
from discussions.models import Post, Thread
from discussions.touched import touched
from tests.discussions.conftest import QUOTE, RULE
from tests.site import site_of
from wiki import changes
from wiki.drafts import DraftText

SAME_DAY = "The back office screens the name the same day."


def on(talk, text):
    change = talk.world.open(talk.author, "kyc", DraftText(code="KYC-001", markdown=text))
    with talk.world.database.reading() as session:
        space = session.get(Space, change.space_id)
        return [(one.thread.id, one.anchor, one.words) for one in touched(session, talk.world.library, space, change)]


def test_a_thread_is_shown_where_its_passage_would_read_otherwise_or_be_gone(talk):
    changes_here, stays = talk.ask(quote=QUOTE, kind="tip"), talk.ask(quote=SAME_DAY, body="Always?")
    talk.ask(body="Of nothing in particular?")

    assert on(talk, RULE.replace("three months", "six months")) == [(changes_here.id, "altered", QUOTE.replace("three", "six"))]
    assert on(talk, RULE.replace(f"The adviser obtains {QUOTE}.\n\n", "")) == [(changes_here.id, "gone", "")]
    assert [id for id, *_ in on(talk, RULE.replace("the same day", "within the hour"))] == [stays.id]


def test_a_thread_is_shown_where_only_the_paragraph_around_its_words_changes_and_not_where_another_does(talk):
    thread = talk.ask(quote=QUOTE)

    assert [(id, words) for id, _, words in on(talk, RULE.replace("The adviser obtains", "The branch manager obtains"))] == [(thread.id, QUOTE)]
    assert on(talk, RULE.replace("five years", "ten years")) == []
    talk.do(talk.animator, moderating.hide, thread, "No")
    assert on(talk, RULE.replace("The adviser obtains", "The branch manager obtains")) == []


def test_a_thread_tells_every_reader_which_version_it_became(talk):
    thread = talk.ask(kind="tip")
    change = talk.world.open(talk.author, "kyc", DraftText(code="KYC-001", markdown=RULE + "\nMore.\n"))
    talk.do(talk.author, citations.cite, change.id, [thread.id])
    became = lambda: talk.look(talk.asker, lambda session, actor: citations.became_of(session, [thread.id], today=date(2000, 1, 1)))  # noqa: E731
    assert became() == {}

    talk.world.submit(talk.author, change)
    assert [(one.code, one.version, one.is_coming) for one in became()[thread.id]] == [("KYC-001", 2, True)]
    later = talk.look(talk.asker, lambda session, actor: citations.became_of(session, [thread.id], today=date(2200, 1, 1)))
    assert [one.is_coming for one in later[thread.id]] == [False]


def test_the_page_says_so_in_words_and_the_api_lists_what_is_touched(office):
    asker, author = office.caller("asker"), office.caller("author")
    thread = asker.post("/procedures/KYC-001/threads", {"kind": "tip", "body": "Ask for a phone bill.", "quote": QUOTE}).json["id"]
    body = {"space": "kyc", "reason": "Why", "texts": [{"code": "KYC-001", "markdown": RULE.replace("three months", "six months")}], "threads": [thread]}
    change = author.post("/changes", body).json["id"]

    listed = author.get(f"/changes/{change}/touched").json["items"]
    assert [(one["thread"], one["anchor"]) for one in listed] == [(thread, "altered")]
    assert asker.get(f"/changes/{change}/touched").status_code == 404
    assert "Ask for a phone bill." in office.client("author").get(f"/changes/{change}").text.split("touched")[1]
    assert author.post(f"/changes/{change}/submit").status_code == 200
    assert "Became version 2 of KYC-001 on" in office.client("asker").get(f"/threads/{thread}").text
    assert "Became version 2 of KYC-001 on" in office.client("asker").get("/procedures/KYC-001").text


def test_why_a_change_was_declined_is_told_to_whoever_sees_it(talk):
    thread = talk.ask(kind="tip")
    talk.world.space("slow", approvals=1)
    change = talk.world.open(talk.author, "kyc", DraftText(code="KYC-001", markdown=RULE + "\nMore.\n"))
    talk.do(talk.author, citations.cite, change.id, [thread.id])
    with talk.world.database.transaction() as session:
        row = session.get(changes.Change, change.id)
        row.state, row.end_reason = "declined", "Too early."

    seen = lambda who: talk.look(who, citations.changes_of, [thread.id])  # noqa: E731
    assert [one.reason for one in seen(talk.author)[thread.id]] == ["Too early."] and seen(talk.asker) == {}


def test_nothing_that_hangs_on_a_passage_is_left_out_however_much_it_is(office):
    asker, author = office.caller("asker"), office.caller("author")
    first = asker.post("/procedures/KYC-001/threads", {"kind": "tip", "body": "Ask for a phone bill.", "quote": QUOTE}).json["id"]
    crowd(office.app, first, 260)
    body = {"space": "kyc", "reason": "Why", "texts": [{"code": "KYC-001", "markdown": RULE.replace("three months", "six months")}]}
    change = author.post("/changes", body).json["id"]

    page = office.client("author").get(f"/changes/{change}").text.split('id="touched"')[1]
    assert len(author.get(f"/changes/{change}/touched").json["items"]) == 261
    assert "261 threads hang on passages that would change." in page and len(set(re.findall(r"Heading [0-9]+", page))) == 260
    assert "261" in office.client("asker").get("/procedures/KYC-001").text.split('class="rule')[1].split("</article>")[0]


def crowd(app, thread_id, many):
    """Let there be as many threads more on the passage of one."""
    with site_of(app).database.transaction() as session:
        kept = session.get(Thread, thread_id)
        columns = {c.key: getattr(kept, c.key) for c in inspect(Thread).mapper.column_attrs}
        threads = [Thread(**columns | {"id": new_id(), "heading": f"Heading {number}"}) for number in range(many)]
        session.add_all(threads)
        session.flush()
        session.add_all(Post(thread_id=one.id, number=1, author_id=one.opened_by, body=one.heading, html=f"<p>{one.heading}</p>", created_at=one.opened_at) for one in threads)
