"""The figures on their pages, over the API and as files: for whom they are, and that they never name a person."""

import csv
import io

import pytest
from sqlalchemy import event

from core import clock
from tests.discussions.office import Office, open_office
from tests.discussions.test_pages import QUOTE
from tests.reviews.conftest import rule
from tests.site import grant, make_person, site_of

PAGES = ("/spaces/kyc/insights", "/spaces/kyc/insights.csv", "/spaces/kyc/insights/procedures.csv", "/procedures/KYC-001/insights", "/procedures/KYC-001/insights.csv")


@pytest.fixture
def office(app) -> Office:
    made = open_office(app)
    made.people["approver"] = make_person(app, "Approver Martin", password=False)
    grant(app, "kyc", made.people["approver"], "approver")
    return made


def ask(office: Office, body: str, kind: str = "question", quote: str = "") -> str:
    """Have somebody open a thread on KYC-001."""
    made = office.caller("asker").post("/procedures/KYC-001/threads", {"kind": kind, "body": body, "quote": quote})
    assert made.status_code == 201, made.text
    return made.json["id"]


def statements(office: Office, path: str) -> int:
    """Return how many statements a page takes."""
    made = []
    count = lambda *given: made.append(given[2])     # noqa: E731
    engine, client = site_of(office.app).database.engine, office.client("author")
    event.listen(engine, "before_cursor_execute", count)
    assert client.get(path).status_code == 200
    event.remove(engine, "before_cursor_execute", count)
    return len(made)


def table(answer) -> list[list[str]]:
    assert answer.status_code == 200 and answer.mimetype == "text/csv"
    return list(csv.reader(io.StringIO(answer.text.removeprefix("\ufeff"))))


@pytest.mark.parametrize("path", PAGES)
def test_figures_are_for_those_who_look_after_the_space(office, path):
    for role in ("author", "approver", "animator", "auditor"):
        assert office.client(role).get(path).status_code == 200, role
    assert office.client("asker").get(path).status_code == 403
    assert office.app.test_client().get(path).status_code == 401


def test_the_space_says_where_rule_and_work_part_company(office):
    office.publish(rule(words="Nobody speaks of this."))
    ask(office, "We do it on Tuesdays.", "gap")
    ask(office, "How long?", "question")
    page = office.client("author").get("/spaces/kyc/insights").text

    apart, silent = page.split('id="apart"')[1].split('id="silent"')
    assert "KYC-001" in apart and "1 open: done differently" in apart and "1 question" in apart
    assert "KYC-002" not in apart and "KYC-002" in silent.split("by-month")[0]
    assert "KYC-001" not in silent.split("by-month")[0]


def test_a_thread_that_is_closed_parts_nothing(office):
    thread = ask(office, "We do it on Tuesdays.", "gap")
    told = office.caller("author").get("/spaces/kyc/insights").json["procedures"][0]
    assert (told["code"], told["open_gaps"]) == ("KYC-001", 1)
    assert office.caller("animator").post(f"/threads/{thread}/close").status_code == 200
    assert office.caller("author").get("/spaces/kyc/insights").json["procedures"][0]["open_gaps"] == 0


def test_what_was_hidden_is_counted_nowhere_and_what_was_looked_for_in_vain_is_told(office):
    thread = ask(office, "Something bad.", "gap", QUOTE)
    assert office.client("asker").get("/search?q=xyzzyx").status_code == 200
    told = office.caller("author").get("/spaces/kyc/insights").json
    assert told["months"][-1]["gaps"] == 1 and [one["words"] for one in told["missed"]] == ["xyzzyx"]
    assert "xyzzyx" in office.client("author").get("/spaces/kyc/insights").text

    assert office.caller("animator").post(f"/threads/{thread}/hide", {"reason": "It names a customer."}).status_code == 200
    told = office.caller("author").get("/spaces/kyc/insights").json
    assert told["months"][-1]["gaps"] == 0 and told["procedures"][0]["open_gaps"] == 0
    assert office.caller("author").get("/procedures/KYC-001/insights").json["passages"] == []


def test_words_that_people_ask_about_are_counted_since_the_version_in_force(office):
    ask(office, "How long?", "question", QUOTE)
    ask(office, "How much?", "question", QUOTE)
    ask(office, "It is long.", "tip")
    told = office.caller("author").get("/procedures/KYC-001/insights").json
    (passage,) = told["passages"]
    assert (passage["words"], passage["questions"], passage["questions_since"], passage["tips"]) == (QUOTE, 2, 2, 0) and told["elsewhere"] == 1
    assert QUOTE in office.client("author").get("/procedures/KYC-001/insights").text


def test_the_files_hold_the_same_figures_as_the_page_and_name_nobody(office):
    thread = ask(office, "How long?", "question")
    assert office.caller("answerer").post(f"/threads/{thread}/posts", {"body": "A day."}).status_code == 201
    author = office.client("author")
    months = table(author.get("/spaces/kyc/insights.csv"))
    by_procedure = table(author.get("/spaces/kyc/insights/procedures.csv"))
    api = office.caller("author").get("/spaces/kyc/insights").json

    assert len(months) == 13 and months[-1][0] == f"{clock.now():%Y-%m}" and months[-1][1:3] == ["1", "0"]
    assert int(months[-1][1]) == api["months"][-1]["questions"] and "KYC-001@1" in months[-1][-1]
    assert [row[0] for row in by_procedure[1:]] == [one["code"] for one in api["procedures"]]
    for path in PAGES:
        told = author.get(path).text
        main = told.split("<main")[1].split("</main>")[0] if "<main" in told else told
        assert "Asker" not in main and "Answerer" not in main, path


def test_the_number_of_statements_does_not_grow(office):
    before = {path: statements(office, path) for path in PAGES}
    for number in range(6):
        office.publish(rule(words=f"Text {number}."))
        ask(office, f"How {number}?", "question", QUOTE)
    for path in PAGES:
        assert statements(office, path) <= before[path] + 1, path
