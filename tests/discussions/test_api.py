"""The practice over the JSON API, to the letter of design section 6."""

import pytest
from sqlalchemy import select

from core.journal import Chain
from tests.discussions.conftest import QUOTE, RULE
from tests.site import site_of

THREAD = {
    "id", "kind", "title", "state", "code", "space", "version", "quote", "anchor", "needs_check", "accepted", "pinned_until", "changes", "posts",
}
POST = {"id", "parent", "author", "body", "html", "created_at", "edited_at", "erased", "hidden", "useful", "pictures"}


def asked(office, who: str = "asker", **more) -> dict:
    body = {"kind": "question", "body": "Does a phone bill count?"} | more
    answer = office.caller(who).post("/procedures/KYC-001/threads", body)
    assert answer.status_code == 201, answer.text
    return answer.json


def test_a_thread_has_its_shape(office):
    thread = asked(office, quote=QUOTE)

    assert set(thread) == THREAD and set(thread["posts"][0]) == POST
    assert (thread["code"], thread["space"], thread["version"], thread["anchor"]) == ("KYC-001", "kyc", 1, "exact")
    assert thread["posts"][0]["author"]["name"] == "Asker Martin"
    assert office.caller("answerer").get(f"/threads/{thread['id']}").json == thread


def test_threads_of_a_procedure_are_listed(office):
    thread = asked(office)

    page = office.caller("auditor").get("/procedures/KYC-001/threads").json
    assert (page["total"], page["page"], page["page_size"]) == (1, 1, 50) and page["items"] == [thread]
    assert office.caller("asker").get("/procedures/KYC-001/threads?page=9").json["items"] == []


def test_answer_accept_and_close(office):
    thread, who = asked(office), office.caller("asker")

    reply = office.caller("answerer").post(f"/threads/{thread['id']}/posts", {"body": "Yes."})
    nested = who.post(f"/threads/{thread['id']}/posts", {"body": "Thanks.", "parent": reply.json["id"]})
    accepted = who.post(f"/threads/{thread['id']}/accept", {"post": reply.json["id"]})
    closed = who.post(f"/threads/{thread['id']}/close")

    assert (reply.status_code, nested.status_code, nested.json["parent"]) == (201, 201, reply.json["id"])
    assert (accepted.status_code, accepted.json["state"], accepted.json["accepted"]) == (200, "answered", reply.json["id"])
    assert (closed.status_code, closed.json["state"]) == (200, "closed")
    assert office.caller("answerer").post(f"/threads/{thread['id']}/posts", {"body": "Late."}).status_code == 409
    assert who.post(f"/threads/{thread['id']}/reopen").json["state"] == "answered"


def test_edit_erase_and_useful(office):
    thread = asked(office)
    first = thread["posts"][0]["id"]

    assert office.caller("answerer").post(f"/posts/{first}/useful").json["useful"] == 1
    assert office.caller("answerer").post(f"/posts/{first}/useful").json["useful"] == 1
    assert office.caller("asker").post(f"/posts/{first}/useful").status_code == 403
    edited = office.caller("asker").put(f"/posts/{first}", {"body": "Does **this** count?"}).json
    assert "<strong>this</strong>" in edited["html"] and edited["edited_at"]
    assert office.caller("answerer").get(f"/posts/{first}/history").json["items"][0]["body"] == "Does a phone bill count?"
    assert office.caller("asker").delete(f"/posts/{first}", {"reason": ""}).status_code == 422
    erased = office.caller("animator").delete(f"/posts/{first}", {"reason": "Names a customer"}).json
    assert (erased["body"], erased["html"], erased["erased"]["reason"]) == ("", "", "Names a customer")
    assert erased["erased"]["by"]["name"] == "Animator Martin"


def test_the_space_takes_questions_and_announcements(office):
    news = {"kind": "announcement", "body": "A new law."}

    assert office.caller("asker").post("/spaces/kyc/threads", news).status_code == 403
    assert office.caller("animator").post("/spaces/kyc/threads", news).json["code"] is None
    assert office.caller("asker").post("/spaces/kyc/threads", {"kind": "question", "body": "Who knows?"}).status_code == 201
    assert office.caller("asker").get("/spaces/kyc/threads?kind=announcement").json["total"] == 1


def test_a_tip_asks_for_a_check_when_its_words_change_and_two_members_settle_it(office):
    thread = asked(office, kind="tip", body="A tax notice does.", quote=QUOTE)
    office.publish(RULE.replace("three months", "six months"), code="KYC-001")

    shown = office.caller("answerer").get(f"/threads/{thread['id']}").json
    assert (shown["anchor"], shown["needs_check"], shown["version"], shown["quote"]) == ("altered", True, 1, QUOTE)
    once = office.caller("answerer").post(f"/threads/{thread['id']}/check", {"verdict": "still_true"})
    assert (once.status_code, once.json["needs_check"]) == (200, True)
    assert office.caller("author").post(f"/threads/{thread['id']}/check", {"verdict": "still_true"}).json["needs_check"] is False
    assert office.caller("asker").post(f"/threads/{thread['id']}/check", {"verdict": "still_true"}).status_code == 409


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("POST", "/procedures/KYC-001/threads", {"kind": "question"}),
        ("POST", "/procedures/KYC-001/threads", {"kind": "rumour", "body": "x"}),
        ("POST", "/procedures/KYC-001/threads", {"kind": "question", "body": " "}),
        ("POST", "/procedures/KYC-001/threads", {"kind": "question", "body": "x", "author": "me"}),
        ("POST", "/procedures/KYC-001/threads", {"kind": "question", "body": 7}),
        ("POST", "/procedures/KYC-001/threads", {"kind": "question", "body": "x" * 20_001}),
        ("POST", "/procedures/KYC-001/threads", {"kind": "question", "body": "a\x00b"}),
        ("POST", "/threads/{thread}/posts", {"body": "x", "parent": "nosuchpost"}),
        ("POST", "/threads/{thread}/accept", {"post": "nosuchpost"}),
        ("POST", "/threads/{thread}/accept", {}),
        ("POST", "/threads/{thread}/check", {"verdict": "perhaps"}),
        ("PUT", "/posts/{post}", {"body": ""}),
        ("DELETE", "/posts/{post}", {"reason": "x" * 501}),
    ],
)
def test_bad_input_says_which_field(office, method, path, body):
    thread = asked(office)
    path = path.format(thread=thread["id"], post=thread["posts"][0]["id"])

    answer = office.caller("asker")._call(method, path, json=body)

    assert answer.status_code == 422 and answer.json["field"] and answer.json["detail"]


def test_what_is_behind_a_wall_is_not_found_by_anybody_outside(office):
    secret = office.caller("author").post("/procedures/VAULT-001/threads", {"kind": "tip", "body": "Behind the picture."}).json
    post, change = secret["posts"][0]["id"], {"body": "x"}
    calls = [
        ("GET", "/procedures/VAULT-001/threads", None),
        ("POST", "/procedures/VAULT-001/threads", {"kind": "tip", "body": "x"}),
        ("GET", "/spaces/vault/threads", None),
        ("POST", "/spaces/vault/threads", {"kind": "tip", "body": "x"}),
        ("GET", f"/threads/{secret['id']}", None),
        ("POST", f"/threads/{secret['id']}/posts", change),
        ("POST", f"/threads/{secret['id']}/accept", {"post": post}),
        ("POST", f"/threads/{secret['id']}/close", None),
        ("POST", f"/threads/{secret['id']}/reopen", None),
        ("POST", f"/threads/{secret['id']}/check", {"verdict": "still_true"}),
        ("PUT", f"/posts/{post}", change),
        ("DELETE", f"/posts/{post}", {"reason": "x"}),
        ("POST", f"/posts/{post}/useful", None),
        ("DELETE", f"/posts/{post}/useful", None),
        ("GET", f"/posts/{post}/history", None),
    ]
    for who in ("asker", "auditor", "guest"):
        there = office.caller(who)
        for method, path, body in calls:
            nowhere = path.replace(secret["id"], "nosuchthing").replace(post, "nosuchpost").replace("VAULT", "NONE")
            answer = there._call(method, path, json=body)
            elsewhere = there._call(method, nowhere.replace("vault", "none"), json=body)
            assert (answer.status_code, answer.json) == (404, elsewhere.json), (who, method, path)
    assert office.caller("author").get(f"/threads/{secret['id']}").status_code == 200


def test_auditors_read_and_write_nothing_and_no_token_writes_nothing(office):
    thread = asked(office)
    post = thread["posts"][0]["id"]
    writes = [
        ("POST", "/procedures/KYC-001/threads", {"kind": "tip", "body": "x"}),
        ("POST", "/spaces/kyc/threads", {"kind": "tip", "body": "x"}),
        ("POST", f"/threads/{thread['id']}/posts", {"body": "x"}),
        ("POST", f"/threads/{thread['id']}/accept", {"post": None}),
        ("POST", f"/threads/{thread['id']}/close", None),
        ("POST", f"/threads/{thread['id']}/check", {"verdict": "still_true"}),
        ("PUT", f"/posts/{post}", {"body": "x"}),
        ("DELETE", f"/posts/{post}", {"reason": "x"}),
        ("POST", f"/posts/{post}/useful", None),
    ]
    for method, path, body in writes:
        assert office.caller("auditor")._call(method, path, json=body).status_code == 403, path
        assert office.app.test_client().open(f"/api/v1{path}", method=method, json=body).status_code == 401, path
    assert office.caller("auditor").get(f"/threads/{thread['id']}").json == thread


def test_a_change_that_grew_out_of_a_thread_is_named_to_those_who_see_it(office):
    thread = asked(office, kind="gap", body="We take six months.")
    body = {"space": "kyc", "texts": [{"code": "KYC-001", "markdown": RULE.replace("three", "six")}], "threads": [thread["id"]]}

    change = office.caller("author").post("/changes", body)

    assert change.status_code == 201 and change.json["threads"] == [thread["id"]]
    assert office.caller("author").get(f"/threads/{thread['id']}").json["changes"] == [change.json["id"]]
    assert office.caller("asker").get(f"/threads/{thread['id']}").json["changes"] == []
    secret = office.caller("author").post("/procedures/VAULT-001/threads", {"kind": "tip", "body": "x"}).json
    refused = office.caller("author").post("/changes", body | {"threads": [secret["id"]]})
    assert (refused.status_code, refused.json["field"]) == (422, "threads")


@pytest.fixture
def following(office):
    """Run the followers, from the moment that they have caught up."""
    site = site_of(office.app)
    site.loop.start()
    with site.database.reading() as session:
        acts = session.execute(select(Chain.name, Chain.sequence)).all()
    assert site.loop.wait(acts, timeout_s=20)
    yield
    site.loop.stop()


def found(caller, words: str) -> list[tuple[str, str]]:
    answer = caller.get(f"/search?q={words}")
    assert answer.status_code == 200, answer.text
    return [(one["kind"], one["url"]) for one in answer.json["items"]]


def test_what_is_said_is_found_at_once_within_the_walls_and_not_once_erased(office, following):  # ISO-12
    thread = asked(office, body="Is a zebraquokka an identity document?")
    reply = office.caller("answerer").post(f"/threads/{thread['id']}/posts", {"body": "A zebraquokka is not."}).json
    first = thread["posts"][0]["id"]

    for who in ("asker", "auditor"):
        hits = set(found(office.caller(who), "zebraquokka"))
        assert hits == {("question", f"/threads/{thread['id']}#p{first}"), ("answer", f"/threads/{thread['id']}#p{reply['id']}")}
    assert found(office.caller("guest"), "zebraquokka") == []
    assert office.app.test_client().get("/api/v1/search?q=zebraquokka").json["total"] == 0
    for post in (first, reply["id"]):
        assert office.caller("animator").delete(f"/posts/{post}", {"reason": "Not about us"}).status_code == 200
    assert found(office.caller("asker"), "zebraquokka") == []
    edited = asked(office, body="Is a wombatlynx one?")["posts"][0]["id"]
    office.caller("asker").put(f"/posts/{edited}", {"body": "Is a lynxwombat one?"})
    assert found(office.caller("asker"), "wombatlynx") == [] and len(found(office.caller("asker"), "lynxwombat")) == 1
