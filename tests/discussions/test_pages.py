"""The practice on its pages: every form without JavaScript, nothing typed lost, walls, and hostile words."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import event

from core import clock
from tests.discussions.conftest import QUOTE, RULE
from tests.site import post, site_of, token_of


PLACES = ("/procedures/KYC-001", "/procedures/KYC-001/threads", "/spaces/kyc/threads")


def asked(client, body: str = "Does a phone bill count?", kind: str = "question", **more) -> str:
    """Open a thread on the procedure's page and return its id."""
    answer = post(client, "/procedures/KYC-001/threads", {"kind": kind, "body": body} | more)
    assert answer.status_code == 303, answer.text
    where, _, anchor = answer.location.partition("#t")
    assert where == "/procedures/KYC-001"
    return anchor


def first_post(client, thread: str) -> str:
    return re.search(r'id="p(\w{16})"', client.get(f"/threads/{thread}").text).group(1)


def test_a_question_is_asked_on_the_page_of_the_rule_and_stands_there(office):
    thread = asked(office.client("asker"), quote=QUOTE)

    page = office.client("answerer").get("/procedures/KYC-001").text
    assert f'id="t{thread}"' in page and "Does a phone bill count?" in page
    assert "1 thread, 1 without an answer" in page and "no answer yet" in page
    assert f'<a href="#at-g{thread}">{QUOTE}</a>' in page


def test_what_was_typed_is_kept_when_it_cannot_be_taken(office):
    client, long = office.client("asker"), "word " * 5000

    answer = post(client, "/procedures/KYC-001/threads", {"kind": "tip", "body": long, "quote": QUOTE})

    assert answer.status_code == 422
    assert "At most 20,000 characters; these are 25,000." in answer.text and long.strip() in answer.text and QUOTE in answer.text
    thread = asked(client)
    answer = post(client, f"/threads/{thread}/posts", {"body": long})
    assert answer.status_code == 422 and long.strip() in answer.text


def test_answering_an_answer_accepting_and_closing(office):
    asker, answerer = office.client("asker"), office.client("answerer")
    thread = asked(asker)
    answer = post(answerer, f"/threads/{thread}/posts", {"body": "Yes, a paper one."})
    assert answer.status_code == 303
    reply = answerer.get(answer.location)
    assert reply.status_code == 303 and reply.location.startswith(f"/threads/{thread}#p")
    reply_id = reply.location.split("#p")[1]

    box = asker.get(f"/threads/{thread}?answer={reply_id}").text
    assert f'name="parent" value="{reply_id}"' in box and "Answer Answerer Martin" in box
    assert post(asker, f"/threads/{thread}/posts", {"body": "Thanks.", "parent": reply_id}).status_code == 303
    assert post(asker, f"/threads/{thread}/accept", {"post": reply_id}).location == f"/threads/{thread}#p{reply_id}"
    page = answerer.get(f"/threads/{thread}").text
    assert page.count("Answer accepted by Asker Martin") == 1 and "Thanks." in page
    assert "1 more answer" in answerer.get("/procedures/KYC-001").text
    assert post(asker, f"/threads/{thread}/close").status_code == 303
    late = post(answerer, f"/threads/{thread}/posts", {"body": "Too late?"})
    assert late.status_code == 409 and "Closed by Asker Martin" in late.text
    assert post(asker, f"/threads/{thread}/reopen").status_code == 303


def test_an_accepted_answer_stands_on_top_where_others_came_before_it(office):
    asker, answerer = office.client("asker"), office.client("answerer")
    thread = asked(asker)
    post(answerer, f"/threads/{thread}/posts", {"body": "I do not know."})
    made = answerer.get(post(answerer, f"/threads/{thread}/posts", {"body": "A paper one."}).location)
    post(asker, f"/threads/{thread}/accept", {"post": made.location.split("#p")[1]})

    page = answerer.get(f"/threads/{thread}").text
    assert page.count("Answer accepted by Asker Martin") == 2
    assert page.index("A paper one.") < page.index("I do not know.") < page.rindex("A paper one.")


def test_editing_keeps_a_history_and_erasing_leaves_who_when_and_why(office):
    asker = office.client("asker")
    thread = asked(asker, "My first words.")
    first = first_post(asker, thread)

    assert "My first words." in asker.get(f"/posts/{first}/edit").text
    assert office.client("answerer").get(f"/posts/{first}/edit").status_code == 403
    assert post(asker, f"/posts/{first}/edit", {"body": "My second words."}).status_code == 303
    assert "edited" in asker.get(f"/threads/{thread}").text
    assert "My first words." in office.client("answerer").get(f"/posts/{first}/history").text
    assert office.client("answerer").get(f"/posts/{first}/erase").status_code == 403
    assert post(asker, f"/posts/{first}/erase", {"reason": " "}).status_code == 422
    assert post(office.client("animator"), f"/posts/{first}/erase", {"reason": "Names a <b>customer</b>"}).status_code == 303
    page = asker.get(f"/threads/{thread}").text
    assert "Erased by Animator Martin on" in page and "Names a &lt;b&gt;customer&lt;/b&gt;" in page
    for place in (f"/threads/{thread}", f"/posts/{first}/history", *PLACES):
        assert "My first words" not in (text := asker.get(place).text) and "My second words" not in text


def test_useful_leads_back_to_where_it_was_pressed(office):
    asker, answerer = office.client("asker"), office.client("answerer")
    thread = asked(asker)
    first = first_post(asker, thread)

    assert post(answerer, f"/posts/{first}/useful", {"back": "procedure"}).location == f"/procedures/KYC-001#t{thread}"
    assert "Useful, said 1 person" in asker.get("/procedures/KYC-001").text
    assert post(answerer, f"/posts/{first}/useful", {"back": "https://evil.example"}).location == f"/posts/{first}"
    assert post(answerer, f"/posts/{first}/useful", {"useful": "0"}).status_code == 303
    assert "said 1 person" not in asker.get("/procedures/KYC-001").text
    assert post(asker, f"/posts/{first}/useful").status_code == 403


def test_ones_own_words_are_not_useful_to_oneself_and_no_page_answers_with_a_refusal(office):
    asker, answerer = office.client("asker"), office.client("answerer")
    thread = asked(asker, "A tax notice does.", kind="tip")
    first = first_post(asker, thread)
    button = f'action="/posts/{first}/useful"'
    assert button in answerer.get("/procedures/KYC-001/threads").text and button not in asker.get("/procedures/KYC-001/threads").text

    # The page of the rule is the same for everybody, so it has the button; a press says why not, in its place.
    pressed = post(asker, f"/posts/{first}/useful", {"back": "procedure"})
    assert (pressed.status_code, pressed.location) == (303, f"/procedures/KYC-001#t{thread}")
    page = asker.get("/procedures/KYC-001").text
    assert "Others say whether your message was useful." in page and "said 1 person" not in page
    assert post(office.client("auditor"), f"/posts/{first}/useful", {"back": "procedure"}).status_code == 403


@pytest.mark.parametrize("ahead", [0, 9])
def test_nothing_becomes_the_rule_of_a_procedure_that_is_retired_or_will_be(office, ahead):
    thread = asked(office.client("asker"), "A tax notice does.", kind="tip")
    places = ("/procedures/KYC-001", "/procedures/KYC-001/threads", f"/threads/{thread}")
    offered = "This should be the rule"
    readers = [office.client(who) for who in ("author", "answerer")]
    assert all(offered in reader.get(place).text for reader in readers for place in places)

    retire(office, ahead)

    assert not any(offered in reader.get(place).text for reader in readers for place in places)


def retire(office, ahead: int) -> None:
    """Retire KYC-001 so many days from now."""
    change = {"space": "kyc", "reason": "No more.", "texts": [{"action": "retire", "code": "KYC-001"}]}
    day = {"in_force_from": (clock.now().date() + timedelta(days=ahead)).isoformat()} if ahead else {}
    made = office.caller("author").post("/changes", change | day).json
    assert office.caller("author").post(f"/changes/{made['id']}/submit").json["state"] == "published"


def test_a_closed_thread_offers_nobody_to_ask(office):
    thread, animator = asked(office.client("asker")), office.client("animator")
    page, offered = f"/threads/{thread}/moderate", "Ask somebody who may know"
    assert offered in animator.get(page).text
    assert post(animator, f"/threads/{thread}/close").status_code == 303

    assert offered not in animator.get(page).text
    refused = post(animator, f"/threads/{thread}/route", {"name": "Answerer Martin"})
    assert refused.status_code == 409 and "This thread takes no answers." in refused.text and 'value="Answerer Martin"' in refused.text


def test_changed_words_ask_for_a_second_look_on_the_page(office):
    asker = office.client("asker")
    thread = asked(asker, "A tax notice does.", kind="tip", quote=QUOTE)
    office.publish(RULE.replace("three months", "six months"), code="KYC-001")

    page = office.client("answerer").get("/procedures/KYC-001").text
    assert "Written for version 1: check" in page and "dated within six months" in page
    assert post(office.client("answerer"), f"/threads/{thread}/check", {"verdict": "no_longer_true"}).status_code == 303
    for place in (f"/threads/{thread}", "/procedures/KYC-001"):
        assert "Answerer Martin says that it is no longer true." in office.client("author").get(place).text
    answer = post(asker, f"/threads/{thread}/check", {"verdict": "still_true", "back": "procedure"})
    assert answer.location == f"/procedures/KYC-001#t{thread}"
    page = office.client("answerer").get("/procedures/KYC-001").text
    assert "Written for version 1: check" not in page and "still true" in page


def test_the_same_words_are_asked_about_without_selecting_them(office):
    asker = office.client("asker")
    thread = asked(asker, quote=QUOTE)

    page = asker.get(f"/procedures/KYC-001/threads?about={thread}").text

    assert f'name="quote" value="{QUOTE}"' in page


def test_a_search_that_found_nothing_becomes_a_question(office):
    asker, author = office.client("asker"), office.client("author")

    answer = post(asker, "/ask", {"body": "Who has the key?"})
    assert answer.status_code == 303 and "Who has the key?" in asker.get(answer.location).text
    choose = post(author, "/ask", {"body": "Who has the key?"})
    assert choose.status_code == 200 and "Who has the key?" in choose.text and 'value="vault"' in choose.text
    assert post(author, "/ask", {"body": "Who has the key?", "space": "vault"}).status_code == 303
    assert post(asker, "/ask", {"body": "Does a bill count?", "code": "KYC-001"}).location.startswith("/procedures/KYC-001#t")
    assert post(asker, "/ask", {"body": "x", "space": "vault"}).status_code == 404
    assert post(asker, "/ask", {"body": "x", "code": "VAULT-001"}).status_code == 404
    assert post(asker, "/ask", {"body": "  "}).status_code == 422
    assert office.client().post("/ask", data={"body": "x", "csrf_token": "x"}).status_code in (400, 401)


def test_animators_announce_and_members_cannot(office):
    assert office.client("asker").get("/spaces/kyc/announce").status_code == 403
    assert office.client("animator").get("/spaces/kyc/announce").status_code == 200
    news = {"kind": "announcement", "title": "New law", "body": "Read it."}
    answer = post(office.client("animator"), "/spaces/kyc/announce", news)
    assert "New law" in office.client("auditor").get(answer.location).text
    assert post(office.client("asker"), "/spaces/kyc/announce", {"kind": "announcement", "body": "x"}).status_code == 403
    page = office.client("asker").get("/spaces/kyc/threads?kind=announcement&state=open").text
    assert "New law" in page and office.client("asker").get("/spaces/kyc/threads?kind=rumour").status_code == 422


def test_auditors_see_no_form_and_nobody_sees_no_thread(office):
    thread = asked(office.client("asker"))

    for place in (f"/threads/{thread}", *PLACES):
        page = office.client("auditor").get(place)
        main = page.text.split("<main")[1].split("</main>")[0]
        assert page.status_code == 200 and "<textarea" not in main and 'method="post"' not in main, place
        assert office.client().get(place).status_code == 401
        assert office.client("guest").get(place).status_code == 404


def test_the_page_is_the_same_for_two_people_and_each_has_their_own_token(office):
    asked(office.client("asker"))
    one, other = office.client("asker"), office.client("answerer")

    first, second = one.get("/procedures/KYC-001"), other.get("/procedures/KYC-001")

    assert token_of(first) != token_of(second)
    mine, theirs = (re.search(r'<section class="practice".*?\n</section>', page.text, re.S).group() for page in (first, second))
    assert mine.replace(token_of(first), "") == theirs.replace(token_of(second), "")


def statements(office, path: str) -> int:
    """Return how many statements a page takes."""
    made = []
    count = lambda *given: made.append(given[2])     # noqa: E731
    engine, client = site_of(office.app).database.engine, office.client("answerer")
    event.listen(engine, "before_cursor_execute", count)
    assert client.get(path).status_code == 200
    event.remove(engine, "before_cursor_execute", count)
    return len(made)


def test_the_number_of_statements_does_not_grow_with_the_threads(office):
    asker = office.client("asker")
    thread = asked(asker, "Number 0?", quote=QUOTE)
    post(office.client("answerer"), f"/threads/{thread}/posts", {"body": "Answer"})
    places = ("/procedures/KYC-001", "/procedures/KYC-001/threads", f"/threads/{thread}", "/spaces/kyc/threads", "/spaces/kyc")
    asker.get("/procedures/KYC-001")       # the rule's text is rendered once and kept
    post(asker, f"/threads/{thread}/posts", {"body": "So that the page is made again"})
    few = [statements(office, place) for place in places]

    for number in range(1, 15):
        asked(asker, f"Number {number}?", quote=QUOTE)
        post(asker, f"/threads/{thread}/posts", {"body": f"Answer {number}"})

    assert [statements(office, place) for place in places] == few


@pytest.mark.parametrize(
    "words",
    ["<script>alert(1)</script>", "<img src=x onerror=alert(1)>", "[x](javascript:alert(1))", "{{7*7}}", "\u202eevil", "%s %(a)s"],
)
def test_hostile_words_are_words(office, words):
    asker = office.client("asker")

    thread = asked(asker, words, quote=words, prefix=words)

    for place in (f"/threads/{thread}", *PLACES):
        page = asker.get(place).text
        assert "<script>alert" not in page and "<img src=x" not in page and 'href="javascript' not in page and ">49<" not in page


@pytest.mark.parametrize(("done", "sentence"), [("lock", "An animator locked this thread"), ("close", "This thread is closed")])
def test_an_answer_to_a_thread_that_ended_meanwhile_is_refused_in_words_and_kept(office, done, sentence):
    asker = office.client("asker")
    thread = asked(asker)
    assert post(asker, f"/threads/{thread}/posts", {"body": "It does, for us."}).status_code == 303
    assert post(office.client("animator"), f"/threads/{thread}/{done}", {}).status_code == 303

    answer = post(asker, f"/threads/{thread}/posts", {"body": "Long and <b>precious</b> words."})

    assert answer.status_code == 409 and sentence in answer.text
    assert "Long and &lt;b&gt;precious&lt;/b&gt; words." in answer.text
    assert "What you typed, to copy" not in asker.get(f"/threads/{thread}").text


def test_an_answer_to_a_thread_that_is_gone_is_given_back_and_says_no_more_than_before(office):
    asker, words = office.client("asker"), "Long and precious words."
    thread = asked(asker)
    hide = f"/threads/{thread}/hide"
    assert post(office.client("animator"), hide, {"reason": "It names a customer."}).status_code == 303

    gone, never = (post(office.client("answerer"), f"/threads/{id}/posts", {"body": words}) for id in (thread, "a" * 16))

    assert gone.status_code == never.status_code == 404
    assert words in gone.text and words in never.text and "customer" not in gone.text
    assert "What you typed" not in office.client("answerer").get(f"/threads/{thread}").text


@pytest.mark.parametrize("body", ["\u200b\u200d", "\u2066 \u2069", "\ufeff"])
def test_a_message_that_nobody_can_see_is_empty_and_one_sign_is_enough(office, body):
    thread = asked(office.client("asker"))

    assert post(office.client("answerer"), f"/threads/{thread}/posts", {"body": body}).status_code == 422
    assert post(office.client("answerer"), f"/threads/{thread}/posts", {"body": "👍🏽"}).status_code == 303
