"""A thread in pages: order and depth hold across them, names stand where the indent cannot, statements stay few."""

import pytest
from sqlalchemy import event

from core import clock
from discussions import posts
from discussions.conversation import PAGE_SIZE, page_of_post, turns
from discussions.models import Post, Thread


def grown(talk, many, depth):
    """Return a thread with so many posts, in chains of a depth."""
    thread, ids = talk.ask(body=f"With {many} posts?"), []
    with talk.world.database.transaction() as session:
        row = session.get(Thread, thread.id)
        for number in range(2, many + 1):
            id = f"p{many:05}{number:010}"
            parent = ids[-1] if (number - 2) % depth else None
            session.add(Post(id=id, thread_id=thread.id, number=number, parent_id=parent, author_id=talk.answerer, body=f"Number {number}.", html="<p>x</p>", created_at=clock.now()))
            session.flush()
            ids.append(id)
            row.last_number = number
    return talk.thread(thread), ids


def statements(talk, thread, page):
    made = []
    listen = lambda *_given: made.append(1)  # noqa: E731
    event.listen(talk.world.database.engine, "before_cursor_execute", listen)
    try:
        talk.look(talk.asker, turns, thread, page)
    finally:
        event.remove(talk.world.database.engine, "before_cursor_execute", listen)
    return len(made)


def test_every_post_stands_on_one_page_under_what_it_answers(talk):
    thread, ids = grown(talk, 2 * PAGE_SIZE + 30, 200)

    pages = [talk.look(talk.asker, turns, thread, page) for page in (1, 2, 3, 4)]
    assert [len(page.shown) for page in pages] == [PAGE_SIZE, PAGE_SIZE, 30, 0] and {page.total for page in pages} == {2 * PAGE_SIZE + 30}
    assert [turn.said.post.id for page in pages for turn in page.shown][1:] == ids
    assert max(turn.indent for page in pages for turn in page.shown) == 3
    first = pages[1].shown[0]
    assert first.depth > 3 and first.answers == "Sofia Answerer"
    assert talk.look(talk.asker, page_of_post, thread, ids[150]) == 2


def test_a_long_thread_takes_as_many_statements_as_a_short_one(talk):
    short, _ = grown(talk, 5, 2)
    few = statements(talk, short, 1)
    long, _ = grown(talk, 350, 40)

    assert statements(talk, long, 1) == statements(talk, long, 4) == few


def test_the_first_people_are_named_and_the_others_counted(talk):
    thread = talk.ask()
    answer = talk.reply(thread)
    fans = [talk.world.person(f"{letter} Fan") for letter in "ABCDE"]
    for fan in fans:
        talk.do(fan, posts.mark_useful, answer.id)

    turn = talk.look(talk.asker, turns, thread).shown[1]
    assert (turn.useful_to, turn.said.useful) == (["A Fan", "B Fan", "C Fan"], 5)


@pytest.mark.parametrize("who, sees", [("asker", True), ("guest", False)])
def test_the_names_are_in_the_api_for_whoever_reads_the_thread(office, who, sees):
    thread = office.caller("asker").post("/procedures/KYC-001/threads", {"kind": "tip", "body": "A tip."}).json
    id = thread["posts"][0]["id"]
    office.caller("answerer").post(f"/posts/{id}/useful")

    answer = office.caller(who).get(f"/posts/{id}/useful")
    assert (answer.json["items"] == ["Answerer Martin"]) if sees else answer.status_code == 404


def test_a_quotation_is_ready_to_be_written_under(office):
    thread = office.caller("asker").post("/procedures/KYC-001/threads", {"kind": "tip", "body": "One.\nTwo <b>."}).json
    first = thread["posts"][0]["id"]

    page = office.client("answerer").get(f"/threads/{thread['id']}?answer={first}&quote=1").text

    assert "&gt; One.\n&gt; Two &lt;b&gt;.\n\n</textarea>" in page
    assert "&gt; One." not in office.client("answerer").get(f"/threads/{thread['id']}?answer={first}").text
