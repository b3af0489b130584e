"""A page that was answered is answered again only while it would be made the same: whatever is written, ends or differs ends it."""

from datetime import timedelta

import pytest
from sqlalchemy import delete, event, select, update

from accounts.actors import NOBODY, Actor
from accounts.answered import Answer, Answers
from accounts.models import Grant, Person, SignIn, Space
from core import clock
from tests.site import post, site_of
from tests.surface.bank import RULE
from tests.surface.conftest import bank  # noqa: F401

PATH = "/procedures/KYC-001"
PAGES = (PATH, f"{PATH}/versions", f"{PATH}/compare/1...2")


@pytest.fixture
def written(bank):  # noqa: F811
    """A bank with a procedure of two versions, everything about it told."""
    bank.publish({"markdown": RULE})
    bank.publish({"code": "KYC-001", "markdown": RULE + "\nMore.\n"})
    site_of(bank.app).loop.catch_up()
    return bank


def reader(bank, who="member", **headers):  # noqa: F811
    """Return the browser of somebody who has seen each page."""
    client = bank.browser(who)
    client.environ_base |= headers
    for page in PAGES * 2:
        assert client.get(page).status_code == 200
    return client


def statements(bank, act):  # noqa: F811
    """Return what an act answers and how many SQL statements it took, the stamp's own on PostgreSQL left out."""
    engine, made = site_of(bank.app).database.engine, []
    count = lambda _connection, _cursor, words, *_: made.append(words)     # noqa: E731
    event.listen(engine, "before_cursor_execute", count)
    answer = act()
    event.remove(engine, "before_cursor_execute", count)
    return answer, sum("pg_current_snapshot" not in words for words in made)


def change(bank, statement):  # noqa: F811
    """Change a row as nobody's act, so that nothing but the database itself can tell."""
    with site_of(bank.app).database.transaction() as session:
        session.execute(statement)


@pytest.mark.parametrize("page", PAGES)
def test_a_page_seen_before_is_the_same_and_asks_nothing(written, page):
    client, other = reader(written), reader(written, "second")
    assert client.get(page).text == client.get(page).text       # signing in is written down: it ended what was kept

    again, asked = statements(written, lambda: client.get(page))

    assert asked == 0 and again.status_code == 200 and again.mimetype == "text/html"
    assert "Member Martin" in again.text and "Member Martin" not in other.get(page).text
    assert again.headers["Cache-Control"] == "no-store" and "default-src 'none'" in again.headers["Content-Security-Policy"]


def test_what_anybody_writes_is_on_the_page_at_once(written):
    client = reader(written)

    written.ask(who="animator", body="Is a passport enough?")

    assert "Is a passport enough?" in client.get(PATH).text


def test_a_name_that_changes_is_on_the_page_at_once(written):
    client = reader(written)
    change(written, update(Person).where(Person.id == written.people["member"].id).values(name="Mia Martin"))

    assert "Mia Martin" in client.get(PATH).text


def test_who_may_not_read_any_more_does_not(written):
    client, other = reader(written, "auditor"), reader(written)
    with site_of(written.app).database.transaction() as session:
        space = session.scalar(select(Space).where(Space.slug == "kyc"))
        space.visibility = "restricted"
        session.execute(delete(Grant).where(Grant.space_id == space.id, Grant.person_id == written.people["auditor"].id))
    for page in PAGES:
        assert client.get(page).status_code == 404
    assert other.get(PATH).status_code == 404
    assert written.browser("author").get(PATH).status_code == 200


def test_a_sign_in_that_ended_shows_nothing(written):
    client, other = reader(written), reader(written, "second")
    change(written, delete(SignIn).where(SignIn.person_id == written.people["member"].id))

    assert client.get(PATH).status_code == 401 and other.get(PATH).status_code == 200


def test_whoever_is_disabled_sees_nothing(written):
    client = reader(written)
    change(written, update(Person).where(Person.id == written.people["member"].id).values(disabled_at=clock.now()))

    assert client.get(PATH).status_code == 401


@pytest.mark.parametrize("passed, status", [(timedelta(seconds=59), 200), (timedelta(seconds=61), 401)])
def test_a_sign_in_ends_by_itself_to_the_second(written, monkeypatch, passed, status):
    begun = clock.now()
    ends = update(SignIn).where(SignIn.person_id == written.people["member"].id).values(expires_at=begun + timedelta(minutes=1))
    client = written.browser("member")
    change(written, ends)
    for page in PAGES * 2:
        client.get(page)

    monkeypatch.setattr(clock, "now", lambda: begun + passed)

    assert client.get(PATH).status_code == status


def test_a_right_that_has_an_end_ends_by_itself(written, monkeypatch):
    begun = clock.now()
    with site_of(written.app).database.transaction() as session:
        space = session.scalar(select(Space).where(Space.slug == "kyc"))
        space.visibility = "restricted"
        held = Grant.space_id == space.id, Grant.person_id == written.people["auditor"].id
        session.execute(update(Grant).where(*held).values(ends_at=begun + timedelta(minutes=1)))
    client = reader(written, "auditor")

    monkeypatch.setattr(clock, "now", lambda: begun + timedelta(seconds=61))

    assert client.get(PATH).status_code == 404


def test_the_day_a_version_takes_over_it_is_on_the_page(written, monkeypatch):
    begun = clock.now()
    tomorrow = clock.today(site_of(written.app).settings.timezone) + timedelta(days=1)
    written.publish({"code": "KYC-001", "markdown": RULE + "\nFrom tomorrow on.\n"}, in_force_from=tomorrow.isoformat())
    client = reader(written)
    assert "From tomorrow on." not in client.get(PATH).text

    monkeypatch.setattr(clock, "now", lambda: begun + timedelta(days=1))

    assert "From tomorrow on." in client.get(PATH).text


def test_each_reads_in_their_own_language(written):
    english = reader(written)
    assert 'lang="fr"' in english.get(PATH, headers={"Accept-Language": "fr"}).text.split("<head>")[0]
    assert 'lang="en"' in english.get(PATH).text.split("<head>")[0]

    post(english, "/language", {"language": "fr", "next": PATH})
    assert 'lang="fr"' in english.get(PATH).text.split("<head>")[0]


def test_nobody_reads_what_somebody_was_answered(written):
    reader(written)

    assert written.browser().get(PATH).status_code == 401


def test_a_preview_is_never_answered_with_what_its_owner_saw(written):
    client = reader(written, "author")
    post(client, "/spaces/kyc/seen-as", {"role": "member"})

    assert "Leave the preview" in client.get(PATH).text


def test_what_is_said_once_is_said_once(written):
    client = reader(written)
    with client.session_transaction() as cookie:
        cookie["_flashes"] = [("message", "Said once.")]

    assert "Said once." in client.get(PATH).text and "Said once." not in client.get(PATH).text


def test_a_token_in_a_page_answered_again_still_sends_its_forms(written):
    client = reader(written)
    page = client.get(PATH)
    token = page.text.split('name="csrf_token" value="')[1].split('"')[0]

    assert client.post(f"{PATH}/follow", data={"csrf_token": token, "follow": "1"}).status_code == 303
    assert client.post(f"{PATH}/follow", data={"csrf_token": "made up", "follow": "1"}).status_code == 400


def test_the_log_of_a_page_answered_again_says_whose_it_was(written, caplog):
    client = reader(written)
    with caplog.at_level("INFO", logger="procedures.requests"):
        client.get(PATH)

    assert caplog.records[-1].facts["person"] == written.people["member"].id


def test_the_store_lets_go_of_what_was_asked_for_longest_ago():
    answers = Answers(most_bytes=10)
    answers.keep("a", Answer(1, NOBODY, b"12345", 5))
    answers.keep("b", Answer(1, NOBODY, b"12345", 5))
    answers.get("a")
    answers.keep("c", Answer(1, NOBODY, b"12345", 5))

    assert answers.get("a") and answers.get("c") and answers.get("b") is None


def test_an_answer_holds_for_its_stamp_and_until_its_reader_ends():
    now = clock.now()
    answer = Answer("stamp", Actor(id="x", until=now + timedelta(seconds=1)), b"", 0)

    assert answer.holds("stamp", now)
    assert not answer.holds("another", now) and not answer.holds("stamp", now + timedelta(seconds=1))


def test_what_is_not_finished_is_made_again(written, monkeypatch):
    client = written.browser("member")
    client.get(f"{PATH}/versions")
    from wiki import steps

    monkeypatch.setattr(steps, "steps", lambda *_given: {})
    change(written, update(Person).where(Person.id == written.people["member"].id).values(team="Front"))
    post(client, "/language", {"language": "fr"})
    client.get(f"{PATH}/versions")
    monkeypatch.undo()

    _, asked = statements(written, lambda: client.get(f"{PATH}/versions"))
    assert asked > 0
    assert statements(written, lambda: client.get(f"{PATH}/versions"))[1] == 0
