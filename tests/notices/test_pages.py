"""The pages and the calls: a count beside the name, the list, following and its end, the choice of mail, and what is hidden."""

from datetime import timedelta

import pytest

from core import clock
from core.followers import drain
from notices.follower import Notices
from notices.unsubscribing import token_for
from tests.site import post, site_of
from tests.surface.test_statements import Counter


@pytest.fixture
def office(app):
    from tests.discussions.office import open_office

    return open_office(app)


def tell(office):
    """Let the follower handle everything that waits."""
    site = site_of(office.app)
    drain(site.database, [Notices(site.database, site.library, mails=True).follower()])


def asked(office, who="asker", body="Does a phone bill count?"):
    """Open a thread and return its id."""
    return office.caller(who).post("/procedures/KYC-001/threads", {"kind": "question", "body": body}).json["id"]


def answered(office, thread, who="answerer", body="Yes."):
    """Answer a thread."""
    assert office.caller(who).post(f"/threads/{thread}/posts", {"body": body}).status_code == 201


def bell(page):
    """Return what stands beside one's name."""
    return page.text.split('class="bell"')[1].split("</a>")[0]


@pytest.mark.parametrize("place", ["/", "/procedures/KYC-001", "/spaces/kyc", "/account"])
def test_the_count_stands_beside_the_name_on_every_page_kept_or_not(office, place):
    client, thread = office.client("asker"), asked(office)
    assert "<b>" not in bell(client.get(place)) and 'class="bell"' not in office.client().get(place).text

    answered(office, thread)
    tell(office)
    assert bell(client.get(place)).endswith("1</b>")

    post(client, "/notices/read")
    assert "<b>" not in bell(client.get(place))


def test_a_retirement_to_come_is_said_to_be_one_with_its_day(office):
    client, day = office.client("asker"), clock.now().date() + timedelta(days=9)
    post(client, "/procedures/KYC-001/follow")
    body = {"space": "kyc", "reason": "No more.", "texts": [{"action": "retire", "code": "KYC-001"}], "in_force_from": day.isoformat()}
    made = office.caller("author").post("/changes", body).json
    assert office.caller("author").post(f"/changes/{made['id']}/submit").json["state"] == "published"
    tell(office)

    page = client.get("/notices").text
    assert f"KYC-001 Opening an account is retired from {day.day} {day:%B %Y}" in page and "takes force" not in page


def test_a_notice_is_said_in_words_leads_to_what_it_is_about_and_is_read_by_a_button(office):
    client, thread = office.client("asker"), asked(office)
    answered(office, thread)
    tell(office)
    page = client.get("/notices")
    assert "Answerer Martin answered you: Does a phone bill count?" in page.text and "/posts/" in page.text
    assert "Answerer Martin vous a répondu\u202f: Does a phone bill count?" in client.get("/notices", headers={"Accept-Language": "fr"}).text

    action = page.text.split('action="/notices/')[1].split('"')[0]
    assert post(client, f"/notices/{action}").status_code == 303
    assert "Mark as read" not in client.get("/notices").text and "Earlier" in client.get("/notices").text


def test_reading_everything_leaves_what_was_told_since_the_page_was_opened(office):
    client, thread = office.client("asker"), asked(office)
    answered(office, thread)
    tell(office)
    until = client.get("/notices").text.split('name="until" value="')[1].split('"')[0]
    answered(office, thread, body="And a gas bill.")
    tell(office)
    post(client, "/notices/read", {"until": until})

    assert office.caller("asker").get("/notices?unread=true").json["total"] == 1
    assert post(client, "/notices/read", {"until": "yesterday"}).status_code == 422


def test_a_thread_says_that_its_notices_can_be_read_only_where_there_are_some(office):
    client, thread = office.client("asker"), asked(office)
    assert "data-quiet" not in client.get(f"/threads/{thread}").text
    answered(office, thread)
    answered(office, asked(office, body="Another question?"))
    tell(office)
    assert "data-quiet" in client.get(f"/threads/{thread}").text

    assert post(client, "/notices/read", {"thread": thread, "quiet": "1"}).status_code == 204
    assert office.caller("asker").get("/notices?unread=true").json["total"] == 1


@pytest.mark.parametrize(("place", "call"), [("/procedures/KYC-001", "/procedures/KYC-001"), ("/spaces/kyc", "/spaces/kyc"), (None, None)])
def test_following_begins_and_ends_with_one_button_and_with_one_call(office, place, call):
    thread = asked(office, "animator")
    place, call = place or f"/threads/{thread}", call or f"/threads/{thread}"
    client, caller = office.client("answerer"), office.caller("answerer")
    page = client.get(place).text
    assert "Stop following" not in page and "Follow this" in page

    followed = post(client, f"{place}/follow", {"follow": "1"})
    assert followed.status_code == 303 and "You follow this from now on" in client.get(followed.location).text
    assert "Stop following" in client.get(place).text and caller.get("/me/follows").json["total"] == 1
    assert "Stop following" in client.get("/notices/following").text

    assert caller.delete(f"{call}/follow").json["follows"] is False
    assert "Stop following" not in client.get(place).text and caller.get("/me/follows").json["total"] == 0
    assert caller.put(f"{call}/follow").json["follows"] is True and "Stop following" in client.get(place).text


def test_the_button_says_what_taking_part_and_roles_make_true(office):
    thread = asked(office)
    tell(office)

    assert "Stop following" in office.client("asker").get(f"/threads/{thread}").text
    assert "Stop following" in office.client("animator").get("/spaces/kyc").text
    assert "Stop following" in office.client("author").get("/procedures/KYC-001").text
    assert "Follow this" not in office.client("auditor").get("/procedures/KYC-001").text


@pytest.mark.parametrize("who", ["guest", None])
def test_what_may_not_be_read_cannot_be_followed(office, who):
    caller = office.caller(who) if who else office.caller("guest")
    missing = caller.put("/procedures/NONE-001/follow")
    walled = caller.put("/procedures/VAULT-001/follow")

    assert walled.status_code == missing.status_code == 404 and walled.json == missing.json
    assert office.caller("auditor").put("/procedures/KYC-001/follow").status_code == 403


def test_somebody_elses_notice_is_not_there(office):
    thread = asked(office)
    answered(office, thread)
    tell(office)
    notice = office.caller("asker").get("/notices").json["items"][0]["id"]

    assert office.caller("animator").post(f"/notices/{notice}/read").status_code == 404
    assert post(office.client("animator"), f"/notices/{notice}/read").status_code == 404
    assert office.caller("asker").post(f"/notices/{notice}/read").json["read_at"]


def test_the_call_tells_what_the_page_tells(office):
    thread = asked(office)
    answered(office, thread)
    tell(office)
    (one,) = office.caller("asker").get("/notices").json["items"]

    assert (one["kind"], one["direct"], one["thread"], one["code"], one["space"]) == ("answer", True, thread, "KYC-001", "kyc")
    assert one["text"] == "Answerer Martin answered you: Does a phone bill count?" and one["url"].startswith("/posts/")
    assert office.caller("asker").post("/notices/read", {}).json == {"read": 1}
    assert office.caller("asker").get("/notices").json["unread"] == 0


@pytest.mark.parametrize("place", ["/notices", "/notices/following", "/notices/mail"])
def test_nobody_is_asked_to_sign_in(client, place):
    assert client.get(place).status_code == 401
    assert client.get("/api/v1/notices").status_code == client.get("/api/v1/me/follows").status_code == client.get("/api/v1/me/mail").status_code == 401


def test_how_mail_comes_is_chosen_on_a_page_and_by_a_call(office):
    client, caller = office.client("asker"), office.caller("asker")
    assert caller.get("/me/mail").json == {"direct": "at_once", "followed": "daily", "refused": None}

    assert post(client, "/notices/mail", {"direct": "weekly", "followed": "none"}).status_code == 303
    assert caller.get("/me/mail").json["direct"] == "weekly"
    refused = post(client, "/notices/mail", {"direct": "hourly", "followed": "none"})
    assert refused.status_code == 422 and caller.get("/me/mail").json["direct"] == "weekly"
    assert caller.put("/me/mail", {"direct": "hourly", "followed": "none"}).status_code == 422


def test_only_administrators_see_who_cannot_be_reached(office):
    assert office.client("author").get("/administration/mail").status_code == office.caller("author").get("/administration/mail").status_code == 403
    assert office.client().get("/administration/mail").status_code == 401


def test_the_link_of_one_person_ends_only_their_letters(office):
    path = f"/unsubscribe/{token_for(office.app.secret_key, office.people['asker'].id)}"
    assert "Send me no more mail" in office.client().get(path).text
    assert "No more notices" in post(office.client(), path).text

    assert office.caller("asker").get("/me/mail").json["direct"] == "none" and office.caller("author").get("/me/mail").json["direct"] == "at_once"


def test_what_is_new_in_an_open_thread_is_told_in_one_statement_and_not_at_all_where_nothing_is(office):
    client, thread = office.client("asker"), asked(office)
    place = f"/threads/{thread}/news?after=1"
    first = client.get(place)
    assert first.json == {"last": 1, "new": 0, "words": ""}
    assert client.get(place, headers={"If-None-Match": first.headers["ETag"]}).status_code == 304

    answered(office, thread)
    answered(office, thread, "asker", "Thank you.")
    again = client.get(place, headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.json) == (200, {"last": 3, "new": 1, "words": "1 new answer"})
    with Counter(office.app) as counter:
        client.get(place)
    assert counter.made <= 3        # who asks, the snapshot, and what is new
    assert office.client("guest").get(place).status_code == 404 and office.client().get(place).status_code == 401


def test_what_is_new_beside_an_open_procedure_is_told_too(office):
    client, thread = office.client("asker"), asked(office)
    assert 'data-last="1"' in client.get("/procedures/KYC-001").text
    answered(office, thread)

    assert client.get("/procedures/KYC-001/news?after=1").json == {"last": 2, "new": 1, "words": "1 new message"}
    assert client.get("/procedures/KYC-001/news?after=x").status_code == 422
    assert office.client("guest").get("/procedures/KYC-001/news").status_code == 404


def test_the_list_costs_the_same_with_thirty_notices_as_with_three(office):
    client, made = office.client("asker"), []
    for many in (3, 30):
        for number in range(many):
            answered(office, asked(office, body=f"Question {many} {number}?"))
        tell(office)
        with Counter(office.app) as counter:
            assert client.get("/notices").status_code == 200
        made.append(counter.made)

    assert made[0] == made[1] <= 10
