"""A page that is kept is the page that would be made now, whatever was done; and what is said beside one procedure spares the others."""

from datetime import timedelta

import pytest
from sqlalchemy import event, update

from accounts.models import Person
from core import clock
from tests.site import site_of
from tests.surface.bank import RULE
from tests.surface.conftest import bank  # noqa: F401

CODES = ("KYC-001", "KYC-002")
PAGES = [f"/procedures/{code}{rest}" for code in CODES for rest in ("", "/versions", "/compare/1...2")]
QUOTE = "First words."


@pytest.fixture
def written(bank):  # noqa: F811
    """A bank with two procedures of two versions, a thread beside each and one beside none; changes and posts by name."""
    for code in CODES:
        bank.publish({"markdown": RULE})
        bank.publish({"code": code, "markdown": RULE + "\nMore.\n"})
    bank.first = bank.ask(body="Is a passport enough?", quote=QUOTE)
    bank.second = bank.ask("/procedures/KYC-002/threads", body="Is it enough there too?", kind="gap")
    bank.loose = bank.ask("/spaces/kyc/threads", body="Where does this belong?")
    bank.answer = bank.write(f"/threads/{bank.first['id']}/posts", {"body": "It is."}, "second", 201)
    bank.another = bank.write(f"/threads/{bank.first['id']}/posts", {"body": "Perhaps."}, "second", 201)
    return bank


def settled(bank):  # noqa: F811
    """Let everything that follows an act be over."""
    site_of(bank.app).loop.catch_up()


def anew(bank, client, page):  # noqa: F811
    """Return a page as it is made now, whatever was kept of it."""
    bank.app.view_functions["wiki.procedure"].__wrapped__.__self__.fragments._kept.clear()
    bank.app.extensions["answers"]._kept.clear()
    return client.get(page).text


def opens_with(bank, code, body):  # noqa: F811
    return bank.ask(f"/procedures/{code}/threads", body=body)


def rename(bank):  # noqa: F811
    with site_of(bank.app).database.transaction() as session:
        session.execute(update(Person).where(Person.id == bank.people["second"].id).values(name="Sam Martin", renamed_at=bank.people["second"].created_at))


ACTS = {
    "ask": lambda b: opens_with(b, "KYC-001", "May it be expired?"),
    "ask beside the other": lambda b: opens_with(b, "KYC-002", "May it be expired there?"),
    "ask of the space": lambda b: b.ask("/spaces/kyc/threads", body="And in general?"),
    "answer": lambda b: b.write(f"/threads/{b.first['id']}/posts", {"body": "Quite so."}, "second", 201),
    "answer beside the other": lambda b: b.write(f"/threads/{b.second['id']}/posts", {"body": "Quite so."}, "second", 201),
    "answer beside none": lambda b: b.write(f"/threads/{b.loose['id']}/posts", {"body": "Here."}, "second", 201),
    "useful": lambda b: b.write(f"/posts/{b.answer['id']}/useful", None, "member"),
    "edit": lambda b: b.write(f"/posts/{b.first['posts'][0]['id']}", {"body": "Is a card enough?"}, "member", method="PUT"),
    "accept": lambda b: b.write(f"/threads/{b.first['id']}/accept", {"post": b.answer["id"]}, "member"),
    "pin": lambda b: b.write(f"/threads/{b.first['id']}/pin", {"until": (clock.now().date() + timedelta(days=30)).isoformat()}, "animator"),
    "say of a gap": lambda b: b.write(f"/threads/{b.second['id']}/gap", {"cause": "The printer."}, "author", method="PUT"),
    "open a change": lambda b: b.draft({"code": "KYC-001", "markdown": RULE + "\nEven more.\n"}),
    "publish": lambda b: b.publish({"code": "KYC-001", "markdown": RULE.replace("First", "Other")}),
    "publish the other": lambda b: b.publish({"code": "KYC-002", "markdown": RULE.replace("First", "Other")}),
    "rename": rename,
    "hide a message": lambda b: b.write(f"/posts/{b.answer['id']}/hide", {"reason": "Names a customer."}, "animator"),
    "erase": lambda b: b.write(f"/posts/{b.another['id']}", {"reason": "Too much."}, "second", method="DELETE"),
    "attach the loose one": lambda b: b.write(f"/threads/{b.loose['id']}/attach", {"code": "KYC-001"}, "animator"),
    "attach to the other": lambda b: b.write(f"/threads/{b.first['id']}/attach", {"code": "KYC-002"}, "animator"),
    "merge": lambda b: b.write(f"/threads/{b.second['id']}/merge", {"into": b.first["id"]}, "animator"),
    "close": lambda b: b.write(f"/threads/{b.first['id']}/close", None, "animator"),
    "lock": lambda b: b.write(f"/threads/{b.first['id']}/lock", None, "animator"),
    "hide": lambda b: b.write(f"/threads/{b.second['id']}/hide", {"reason": "Names a customer."}, "animator"),
}


def test_a_kept_page_is_the_page_that_would_be_made_now(written):
    client, seen = written.browser("member"), set()
    for name, act in ACTS.items():
        settled(written)
        before = {page: client.get(page).text for page in PAGES * 2}
        act(written)
        settled(written)
        now = {page: client.get(page).text for page in PAGES}
        assert now == {page: anew(written, client, page) for page in PAGES}, name
        seen |= {name} if now != before else set()
    assert {"ask", "answer", "edit", "erase", "accept", "hide", "attach the loose one", "merge", "publish"} <= seen


def test_what_is_said_elsewhere_makes_no_page_anew(written):
    client = written.browser("member")
    for name in ("ask beside the other", "answer beside the other", "answer beside none", "ask of the space"):
        settled(written)
        client.get("/procedures/KYC-001")
        ACTS[name](written)
        settled(written)
        assert asked(written, lambda: client.get("/procedures/KYC-001")) <= 5, name
    assert asked(written, lambda: anew(written, client, "/procedures/KYC-001")) > 5


def test_what_is_said_beside_a_procedure_makes_its_page_and_not_its_past_anew(written):
    settled(written)
    client = written.browser("member")
    for page in PAGES:
        client.get(page)
    ACTS["answer"](written)
    settled(written)

    assert asked(written, lambda: client.get("/procedures/KYC-001")) > 5
    assert asked(written, lambda: client.get("/procedures/KYC-001/versions")) <= 5


def asked(bank, act) -> int:  # noqa: F811
    """Return how many SQL statements an act takes."""
    engine, made = site_of(bank.app).database.engine, []
    count = lambda _connection, _cursor, words, *_: made.append(words)     # noqa: E731
    event.listen(engine, "before_cursor_execute", count)
    act()
    event.remove(engine, "before_cursor_execute", count)
    return sum("pg_current_snapshot" not in words for words in made)
