"""Upkeep on its pages and over the API: words for readers, three buttons for reviewers, a feed for calendar programs."""

from datetime import date, timedelta

import pytest
from icalendar import Calendar

from core import clock
from tests.discussions.office import open_office
from tests.discussions.test_pages import statements
from tests.reviews.conftest import rule
from tests.site import grant, make_person, make_space, post, site_of
from tests.world import World
from wiki.drafts import DraftText

DAY = timedelta(days=1)


@pytest.fixture
def office(app):
    made = open_office(app)
    made.people["approver"] = make_person(app, "Approver Martin", password=False)
    grant(app, "kyc", made.people["approver"], "approver")
    made.publish(rule("12 months"))
    return made


@pytest.fixture
def later(office, monkeypatch):
    """Let 400 days pass."""
    real = clock.now
    monkeypatch.setattr(clock, "now", lambda: real() + 400 * DAY)


def review(office, who, verdict="still_right", version="1", **more):
    return post(office.client(who), "/procedures/KYC-002/review", {"verdict": verdict, "version": version} | more)


def test_readers_are_told_by_when_it_is_reviewed(office):
    page = office.client("asker").get("/procedures/KYC-002").text
    assert "Review due by" in page and "Overdue" not in page
    assert "Revue attendue le" in office.client("asker").get("/procedures/KYC-002", headers={"Accept-Language": "fr"}).text
    assert "Review due by" not in office.client("asker").get("/procedures/KYC-001").text


def test_overdue_is_said_in_words_on_the_page_and_in_the_list(office, later):
    for address in ("/procedures/KYC-002", "/spaces/kyc"):
        page = office.client("asker").get(address).text
        assert "Overdue for review since <time" in page
    assert "Overdue for review" not in office.client("asker").get("/procedures/KYC-001").text


def test_a_kept_page_says_overdue_as_soon_as_the_day_has_come(office, monkeypatch):
    client = office.client("asker")
    assert "Overdue" not in client.get("/procedures/KYC-002").text
    real = clock.now
    monkeypatch.setattr(clock, "now", lambda: real() + 380 * DAY)
    assert "Overdue" in office.client("asker").get("/procedures/KYC-002").text


def test_still_right_leads_back_and_says_the_next_day(office, later):
    answer = review(office, "approver", note="Read it with the branch.")

    assert answer.location == "/procedures/KYC-002"
    page = office.client("asker").get("/procedures/KYC-002").text
    assert "Overdue" not in page and "Approver Martin: version 1 is still right" in page
    history = office.client("auditor").get("/procedures/KYC-002/review").text
    assert "Read it with the branch." in history and 'name="verdict"' not in history
    assert "Read it with the branch." not in page


def test_needs_a_change_leads_to_the_editor_with_the_reason_begun(office):
    answer = review(office, "author", "needs_change", note="The form is <b>gone</b>.")

    assert answer.location.startswith("/procedures/KYC-002/edit?review=")
    change = {"space": "kyc", "reason": "x", "texts": [{"code": "KYC-002", "markdown": rule("12 months", "Other.")}]}
    assert office.caller("author").post("/changes", change).status_code == 201
    assert office.client("author").get(answer.location).status_code == 200


def test_the_reason_begun_is_shown_where_a_reason_is_asked_and_only_to_who_wrote_it(app):
    office = open_office(app)
    make_space(app, "four", approvals=1, prefix="FOUR")
    for who in ("author", "animator"):
        grant(app, "four", office.people[who], "author")
    grant(app, "four", office.people["asker"], "approver")
    world = World(site_of(app).database, site_of(app).library)
    world.publish(office.people["author"].id, office.people["asker"].id, "four", DraftText(markdown=rule()))
    note = {"verdict": "needs_change", "version": "1", "note": "The form is <b>gone</b>."}
    for verdict in ("needs_change", "retire"):
        editor = post(office.client("author"), "/procedures/FOUR-001/review", note | {"verdict": verdict}).location
        assert "The form is &lt;b&gt;gone&lt;/b&gt;." in office.client("author").get(editor).text
        assert "The form is" not in office.client("animator").get(editor).text


def test_before_a_retirement_the_page_offers_what_can_be_done_and_no_more(office):
    change = {
        "space": "kyc", "reason": "No more.", "texts": [{"action": "retire", "code": "KYC-002"}],
        "in_force_from": (clock.now().date() + 9 * DAY).isoformat(),
    }
    made = office.caller("author").post("/changes", change).json
    assert office.caller("author").post(f"/changes/{made['id']}/submit").json["state"] == "published"

    page = office.client("author").get("/procedures/KYC-002/review").text
    assert 'value="still_right"' in page and 'value="needs_change"' not in page and 'value="retire"' not in page
    assert "there is nothing to change or to retire" in page
    for verdict in ("needs_change", "retire"):
        refused = review(office, "author", verdict, note="What I typed.")
        assert refused.status_code == 409 and "still right until then" in refused.text and "What I typed." in refused.text
    assert "Nobody has reviewed it yet." in office.client("author").get("/procedures/KYC-002/review").text
    assert review(office, "author").location == "/procedures/KYC-002"


def test_an_approver_who_writes_nothing_is_told_who_does(office):
    answer = review(office, "approver", "needs_change")

    assert answer.location == "/procedures/KYC-002"
    client = office.client("approver")
    post(client, "/procedures/KYC-002/review", {"verdict": "retire", "version": "1"})
    assert "An author of this space proposes it." in client.get("/procedures/KYC-002").text


def test_a_version_that_moved_is_a_conflict_and_the_note_is_kept(office):
    office.publish(rule("12 months", "Otherwise."), code="KYC-002")

    answer = review(office, "author", note="What I typed.")

    assert answer.status_code == 409 and "Version 2 is in force by now" in answer.text
    assert "What I typed." in answer.text and 'name="version" value="2"' in answer.text


@pytest.mark.parametrize("given", [{"verdict": "perhaps"}, {"version": "x"}, {"version": ""}, {"note": "x" * 2001}])
def test_what_cannot_be_taken_keeps_what_was_typed(office, given):
    answer = review(office, "author", **({"note": "What I typed."} | given))

    assert answer.status_code == 422 and ("What I typed." in answer.text or "x" * 2001 in answer.text)
    assert "Nobody has reviewed it yet." in office.client("author").get("/procedures/KYC-002/review").text


def test_a_period_that_cannot_be_read_is_said_to_the_author(office):
    office.publish(rule("now and then"), code="KYC-002")

    page = office.client("author").get("/procedures/KYC-002/review").text

    assert "in words that cannot be read, “now and then”" in page
    assert "does not say how often" in office.client("author").get("/procedures/KYC-001/review").text


def test_members_and_outsiders_cannot_review(office):
    assert office.client("asker").get("/procedures/KYC-002/review").status_code == 403
    assert review(office, "asker").status_code == 403
    assert review(office, "auditor").status_code == 403
    for who, status in (("guest", 404), (None, 401)):
        assert office.client(who).get("/procedures/KYC-002/review").status_code == status
    assert review(office, "guest").status_code == 404
    missing = post(office.client("guest"), "/procedures/NONE-001/review", {"verdict": "still_right", "version": "1"})
    main = lambda page: page.text.split("<main")[1].split("</main>")[0]     # noqa: E731
    assert main(missing) == main(review(office, "guest"))
    assert "Nobody has reviewed it yet." in office.client("author").get("/procedures/KYC-002/review").text


def test_the_calendar_of_a_space_is_read_by_its_readers(office, later):
    assert office.caller("asker").get("/spaces/kyc/calendar").json["dateless"] == ["KYC-001"]
    page = office.client("asker").get("/spaces/kyc/calendar").text
    assert "Without a date" in page and "KYC-001" in page
    assert "Overdue" in page and "KYC-002" in page and "Review it now" not in page
    assert "Review it now" in office.client("author").get("/spaces/kyc/calendar").text
    assert office.client("asker").get("/spaces/vault/calendar").status_code == 404
    assert office.client().get("/spaces/kyc/calendar").status_code == 401


def test_a_private_address_is_shown_once_and_feeds_a_calendar_program(office):
    author = office.client("author")
    made = post(author, "/calendar/address", {"then": "make"})
    address = made.text.split('class="secret">')[1].split("<")[0]
    assert address not in author.get("/calendar").text and "made on" in author.get("/calendar").text
    path = address.split("//")[1].partition("/")[2]

    feed = office.app.test_client().get("/" + path)

    assert feed.mimetype == "text/calendar" and feed.headers["Cache-Control"] == "no-store"
    event = Calendar.from_ical(feed.data).walk("VEVENT")[0]
    assert str(event["SUMMARY"]) == "KYC-002 Opening an account: its review is due"
    assert event["DTSTART"].dt > date.today() and str(event["URL"]).endswith("/procedures/KYC-002")
    assert office.app.test_client().head("/" + path).status_code == 200
    assert post(author, "/calendar/address", {"then": "end"}).status_code == 303
    ended, guessed = (office.app.test_client().get(f"/{one}") for one in (path, "calendar/guessed.ics"))
    assert (ended.status_code, ended.data, ended.mimetype) == (guessed.status_code, guessed.data, guessed.mimetype) == (404, b"Not found.\n", "text/plain")
    assert office.client("author").get("/calendar/guessed.ics").data == ended.data


def test_nobody_and_a_foreign_form_make_no_address(office):
    assert office.client().get("/calendar").status_code == 401
    assert office.client("author").post("/calendar/address", data={"then": "make"}).status_code == 400
    assert post(office.client("author"), "/calendar/address", {"then": "keep"}).status_code == 422
    assert "made on" not in office.client("author").get("/calendar").text


def test_the_api_does_what_the_pages_do(office):
    author = office.caller("author")
    due = office.caller("asker").get("/procedures/KYC-002/due").json
    assert (due["version"], due["review_every"], due["readable"], due["overdue"], due["last_still_right"]) == (1, "12 months", True, False, None)
    assert author.get("/procedures/KYC-002/review").json["since"]
    said = author.post("/procedures/KYC-002/review", {"version": 1, "verdict": "still_right", "note": "Fine."})
    assert said.status_code == 200 and said.json["by"]["name"] == "Author Martin"
    assert author.post("/procedures/KYC-002/review", {"version": 1, "verdict": "still_right"}).json["id"] == said.json["id"]
    assert author.get("/procedures/KYC-002/reviews").json["total"] == 1
    moved = author.post("/procedures/KYC-002/review", {"version": 2, "verdict": "still_right"})
    assert (moved.status_code, moved.json["present"]) == (409, {"version": 1})
    told = office.caller("asker").get("/procedures/KYC-002/due").json["last_still_right"]
    assert told["by"]["name"] == "Author Martin" and "note" not in told
    entry = author.get("/spaces/kyc/calendar").json["items"][0]
    assert (entry["code"], entry["kind"], entry["space"], entry["day"]) == ("KYC-002", "review", "kyc", due["due"])
    assert author.get("/calendar").json["total"] == 1 and office.caller("asker").get("/calendar").json["total"] == 0
    made = author.post("/calendar/address")
    assert made.status_code == 201 and office.app.test_client().get("/" + made.json["url"].split("/", 3)[3]).status_code == 200
    assert author.delete("/calendar/address").json == {"url": None}


def test_the_api_refuses_as_the_pages_do(office):
    body = {"version": 1, "verdict": "still_right"}
    for who, status in (("asker", 403), ("auditor", 403), ("guest", 404)):
        assert office.caller(who).post("/procedures/KYC-002/review", body).status_code == status
        assert office.caller(who).get("/procedures/KYC-002/review").status_code == (200 if who == "auditor" else status)
    for wrong in ({"verdict": "perhaps"}, {"version": 0}, {"note": "x" * 2001}, {"by": "me"}):
        assert office.caller("author").post("/procedures/KYC-002/review", body | wrong).status_code == 422
    assert office.app.test_client().get("/api/v1/calendar").status_code == 401
    assert office.app.test_client().post("/api/v1/procedures/KYC-002/review", json=body).status_code == 401


def test_a_page_and_a_list_take_as_many_statements_with_many_procedures_as_with_few(office):
    places = ("/procedures/KYC-002", "/spaces/kyc", "/spaces/kyc/calendar", "/calendar")
    for place in places:
        office.client("answerer").get(place)
    few = [statements(office, place) for place in places[1:]]
    for number in range(12):
        office.publish(rule("6 months", title=f"Number {number}"))
        office.caller("author").post(f"/procedures/KYC-{number + 3:03d}/review", {"version": 1, "verdict": "still_right"})

    assert [statements(office, place) for place in places[1:]] == few
