"""The register on its pages, over the API and on the command line."""

import io
import re

import pytest

from tests.discussions.office import open_office
from tests.discussions.test_pages import statements
from tests.reviews.conftest import rule
from tests.site import post

LAW = "Code monétaire et financier"
LIST = f"text,clause,wording\n{LAW},L. 561-5,Identify.\n{LAW},L. 561-8,Refuse.\n"


@pytest.fixture
def office(app):
    made = open_office(app)
    made.publish(rule(regulations=f'["{LAW}, article L. 561-5", "Règlement 2015/847"]'))
    return made


@pytest.fixture
def text(office) -> dict:
    """A text of the register with two clauses, as the API tells it."""
    made = office.caller("author").post("/spaces/kyc/regulations", {"title": LAW, "source": "https://law.example/<b>", "next_check": "2020-01-01"})
    assert made.status_code == 201, made.text
    for label in ("L. 561-5", "L. 561-8"):
        office.caller("author").post(f"/regulations/{made.json['id']}/clauses", {"label": label, "wording": "Identify."})
    return office.caller("author").get(f"/regulations/{made.json['id']}").json


def test_an_author_adds_a_text_and_its_clauses_on_the_pages(office):
    author = office.client("author")
    made = post(author, "/spaces/kyc/regulations/new", {"title": LAW, "short": "CMF", "source": "javascript:alert(1)", "dated": "2026-01-01"})
    page = made.location
    assert re.fullmatch(r"/spaces/kyc/regulations/\w{16}", page)
    added = post(author, page, {"label": "L. 561-5", "wording": "Identify <b>the customer</b>."})
    assert added.location.startswith(page + "#c")

    shown = office.client("asker").get(page).text
    assert "Identify &lt;b&gt;the customer&lt;/b&gt;." in shown and 'href="javascript' not in shown
    assert "KYC-002" in shown and "version 1, in force" in shown and '<form method="post"' not in shown.split("<main")[1].split("</main>")[0]


def test_holes_and_late_checks_and_strange_names_are_said_in_words(office, text):
    reader = office.client("asker")
    page = reader.get(f"/spaces/kyc/regulations/{text['id']}").text
    assert page.count("No procedure answers this clause.") == 1 and "Its check was due by 1 January 2020" in page
    register = reader.get("/spaces/kyc/regulations").text
    assert "1 that no procedure answers" in register and "Règlement 2015/847" in register
    assert "Aucune procédure ne répond à cet article." in reader.get(f"/spaces/kyc/regulations/{text['id']}", headers={"Accept-Language": "fr"}).text


def test_what_was_typed_is_kept_when_it_cannot_be_taken(office, text):
    author, page = office.client("author"), f"/spaces/kyc/regulations/{text['id']}"
    tries = [
        ("/spaces/kyc/regulations/new", {"title": "", "source": "What I typed"}, 422),
        ("/spaces/kyc/regulations/new", {"title": LAW, "source": "What I typed"}, 409),
        ("/spaces/kyc/regulations/new", {"title": "Law", "source": "What I typed", "dated": "soon"}, 422),
        (page, {"label": "", "wording": "What I typed"}, 422),
        (page, {"label": "L 561-5", "wording": "What I typed"}, 409),
        (f"/regulations/{text['id']}/edit", {"title": "Law", "source": "What I typed", "revision": "7"}, 409),
        (f"/regulations/{text['id']}/edit", {"title": "Law", "source": "What I typed", "revision": "x"}, 422),
        (f"/clauses/{text['clauses'][0]['id']}", {"then": "save", "label": "L. 561-8", "wording": "What I typed", "revision": "1"}, 409),
        (f"/clauses/{text['clauses'][0]['id']}", {"then": "amend", "note": " "}, 422),
        (f"/clauses/{text['clauses'][0]['id']}", {"then": "perhaps", "wording": ""}, 422),
        (f"/regulations/{text['id']}/checked", {"next_check": "2020-01-01"}, 422),
        ("/spaces/kyc/regulations/list", {"csv": "text,clause\n,What I typed\n"}, 422),
    ]
    for address, fields, status in tries:
        answer = post(author, address, fields)
        assert answer.status_code == status, (address, fields)
        assert ("What I typed" in answer.text) is ("What I typed" in str(fields)), (address, fields)


def test_a_list_comes_from_a_file_or_as_pasted_and_a_refused_file_is_kept_on_the_page(office):
    author, address = office.client("author"), "/spaces/kyc/regulations/list"
    refused = post(author, address, {"file": (io.BytesIO(LIST.replace("L. 561-8", "").replace(LAW + ",,", ",x,").encode("cp1252")), "list.csv")})
    assert refused.status_code == 422 and "Line 3 names no text." in refused.text and "L. 561-5,Identify." in refused.text

    taken = post(author, address, {"file": (io.BytesIO(LIST.encode()), "list.csv")})
    assert taken.location == "/spaces/kyc/regulations"
    assert "New texts: 1, new clauses: 2" in author.get(taken.location).text
    assert "Nothing in this list is new." in author.get(post(author, address, {"csv": LIST}).location).text
    assert post(author, address, {"file": (io.BytesIO(b"PK\x00\x03"), "list.xlsx")}).status_code == 422
    assert post(author, address, {"file": (io.BytesIO(b"x" * 1_100_000), "list.csv")}).status_code == 422


def test_an_amended_clause_is_told_to_readers_and_leads_the_reviewer(office, text):
    clause = text["clauses"][0]["id"]
    assert "Overdue" not in office.client("asker").get("/procedures/KYC-002").text
    answer = post(office.client("author"), f"/clauses/{clause}", {"then": "amend", "note": "Now also <i>at a distance</i>."})
    assert answer.location == f"/clauses/{clause}"

    page = office.client("asker").get("/procedures/KYC-002").text
    assert f"{LAW}, L. 561-5, was amended" in page and "Review due by" in page
    review = office.client("author").get("/procedures/KYC-002/review").text
    assert f'href="/clauses/{clause}"' in review and "Now also &lt;i&gt;at a distance&lt;/i&gt;." in review
    assert "L. 561-5 was amended" in office.client("asker").get("/spaces/kyc/calendar").text
    told = office.caller("asker").get("/procedures/KYC-002/due").json
    assert [one["label"] for one in told["amended"]] == ["L. 561-5"] and not told["overdue"]
    post(office.client("author"), "/procedures/KYC-002/review", {"verdict": "still_right", "version": "1"})
    assert "was amended" not in office.client("asker").get("/procedures/KYC-002").text


def test_edit_check_and_take_out_on_the_pages(office, text):
    author, page = office.client("author"), f"/spaces/kyc/regulations/{text['id']}"
    clause = f"/clauses/{text['clauses'][1]['id']}"
    assert post(author, f"/regulations/{text['id']}/edit", {"title": "The Code", "revision": "1", "then": "save"}).location == page
    assert post(author, f"/regulations/{text['id']}/checked", {"next_check": "2199-01-01"}).location == page
    shown = author.get(page).text
    assert "The Code" in shown and "to be checked by 1 January 2199" in shown and "by Author Martin" in shown
    assert post(author, clause, {"then": "save", "label": "L. 561-8", "wording": "Refuse.", "revision": "1"}).location == page
    assert "Refuse." in author.get(page).text
    assert post(author, clause, {"then": "drop"}).location == page
    assert author.get(clause).status_code == 404 and "Refuse." not in author.get(page).text
    assert post(author, f"/regulations/{text['id']}/edit", {"then": "drop"}).location == "/spaces/kyc/regulations"
    assert author.get(page).status_code == 404 and "The register is empty." in author.get("/spaces/kyc/regulations").text


def test_the_register_goes_out_as_a_spreadsheet(office, text):
    answer = office.client("asker").get("/spaces/kyc/regulations.csv")

    assert answer.mimetype == "text/csv" and "attachment" in answer.headers["Content-Disposition"]
    assert answer.data.decode("utf-8-sig").startswith("text,short,clause,") and "KYC-002 (1)" in answer.text
    assert office.client("guest").get("/spaces/kyc/regulations.csv").status_code == 404


def test_readers_read_and_only_authors_write(office, text):
    clause = f"/clauses/{text['clauses'][0]['id']}"
    writes = [
        ("/spaces/kyc/regulations/new", {"title": "x"}), ("/spaces/kyc/regulations/list", {"csv": LIST}),
        (f"/spaces/kyc/regulations/{text['id']}", {"label": "9"}), (f"/regulations/{text['id']}/edit", {"title": "x", "revision": "1"}),
        (f"/regulations/{text['id']}/edit", {"then": "drop"}), (f"/regulations/{text['id']}/checked", {}),
        (clause, {"then": "amend", "note": "x"}), (clause, {"then": "drop"}), (clause, {"then": "save", "label": "9", "revision": "1"}),
    ]
    for address, fields in writes:
        for who, status in (("asker", 403), ("auditor", 403), ("guest", 404)):
            assert post(office.client(who), address, fields).status_code == status, (who, address)
        assert office.client("author").post(address, data=fields).status_code == 400
    reads = ("/spaces/kyc/regulations", f"/spaces/kyc/regulations/{text['id']}", clause)
    for address in reads:
        for who, status in (("asker", 200), ("auditor", 200), ("guest", 404), (None, 401)):
            assert office.client(who).get(address).status_code == status, (who, address)
    assert office.client("author").get(f"/spaces/vault/regulations/{text['id']}").status_code == 404
    assert office.caller("author").get(f"/regulations/{text['id']}").json == text


def test_the_api_does_what_the_pages_do(office, text):
    author, clause = office.caller("author"), text["clauses"][0]
    assert (text["clauses_total"], text["holes"], text["check_overdue"]) == (2, 1, True)
    assert clause["procedures"] == [{"code": "KYC-002", "title": "Opening an account", "state": "in_force", "version": 1}]
    listed = author.get("/spaces/kyc/regulations").json
    assert listed["total"] == 1 and listed["items"][0] == {name: value for name, value in text.items() if name != "clauses"}
    assert author.get("/spaces/kyc/regulations/unknown").json["items"] == [{"code": "KYC-002", "version": 1, "words": "Règlement 2015/847"}]
    saved = author.put(f"/regulations/{text['id']}", {"title": "The Code", "short": LAW, "revision": 1}).json
    assert (saved["title"], saved["revision"], saved["holes"], saved["source"]) == ("The Code", 2, 1, "")
    moved = author.put(f"/regulations/{text['id']}", {"title": "Other", "revision": 1})
    assert (moved.status_code, moved.json["present"]) == (409, {"revision": 2})
    assert author.post(f"/regulations/{text['id']}/checked", {"next_check": "2199-01-01"}).json["checked_by"] == "Author Martin"
    assert author.put(f"/clauses/{clause['id']}", {"label": "L. 561-5", "wording": "Know.", "revision": 1}).json["wording"] == "Know."
    amended = author.post(f"/clauses/{clause['id']}/amended", {"note": "Shorter."}).json
    assert (amended["amended"]["note"], amended["amended"]["by"]) == ("Shorter.", "Author Martin")
    assert author.get(f"/clauses/{clause['id']}/amendments").json["total"] == 1
    brought = author.post("/spaces/kyc/regulations/list", {"csv": "text,clause\nThe Code,L. 561-9\n"}).json
    assert (brought["new_texts"], brought["new_clauses"]) == (0, 1)
    assert "L. 561-9" in author.get("/spaces/kyc/regulations/list").json["csv"]
    assert author.delete(f"/clauses/{clause['id']}").json == {"id": clause["id"]} and author.get(f"/clauses/{clause['id']}").status_code == 404
    assert author.delete(f"/regulations/{text['id']}").status_code == 200
    assert author.get("/spaces/kyc/regulations").json["total"] == 0


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("POST", "/spaces/kyc/regulations", {"title": ""}), ("POST", "/spaces/kyc/regulations", {"title": "x", "dated": "soon"}),
        ("POST", "/spaces/kyc/regulations", {"title": "x", "by": "me"}), ("PUT", "/regulations/{text}", {"title": "x"}),
        ("POST", "/regulations/{text}/clauses", {"label": "§"}), ("POST", "/regulations/{text}/checked", {"next_check": "2020-01-01"}),
        ("PUT", "/clauses/{clause}", {"label": "x", "wording": 7, "revision": 1}), ("POST", "/clauses/{clause}/amended", {"note": ""}),
        ("POST", "/clauses/{clause}/amended", {"note": "x" * 2001}), ("POST", "/spaces/kyc/regulations/list", {"csv": "text,clause\n,1"}),
    ],
)
def test_bad_input_says_which_field(office, text, method, path, body):
    path = path.format(text=text["id"], clause=text["clauses"][0]["id"])

    answer = office.caller("author")._call(method, path, json=body)

    assert answer.status_code == 422 and answer.json["field"] and answer.json["detail"]
    for who, status in (("asker", 403), ("auditor", 403), ("guest", 404)):
        if answer.json["field"] in ("next_check", "note", "csv", "label") and len(str(body)) < 200:
            assert office.caller(who)._call(method, path, json=body).status_code == status


def test_the_command_brings_a_list_or_names_the_bad_line(office, tmp_path):
    run, file = office.app.test_cli_runner().invoke, tmp_path / "list.csv"
    file.write_bytes(LIST.encode("cp1252"))
    done = run(args=["regulations", "import", "kyc", str(file)])
    assert done.exit_code == 0 and "1 texts and 2 clauses are new" in done.output
    assert office.caller("author").get("/spaces/kyc/regulations").json["items"][0]["title"] == LAW

    file.write_text("text,clause\nLaw,1\n,2\n")
    refused = run(args=["regulations", "import", "kyc", str(file)])
    assert refused.exit_code == 1 and "Line 3 names no text." in refused.output
    assert office.caller("author").get("/spaces/kyc/regulations").json["total"] == 1
    assert run(args=["regulations", "import", "nowhere", str(file)]).exit_code == 1
    assert run(args=["regulations", "import", "kyc", str(tmp_path / "none.csv")]).exit_code == 2


def test_the_register_takes_as_many_statements_with_many_procedures_and_clauses_as_with_few(office, text):
    clause = f"/clauses/{text['clauses'][0]['id']}"
    post(office.client("author"), clause, {"then": "amend", "note": "x"})
    places = ("/spaces/kyc/regulations", f"/spaces/kyc/regulations/{text['id']}", clause, "/spaces/kyc", "/spaces/kyc/calendar")
    for place in places:
        office.client("answerer").get(place)
    few = [statements(office, place) for place in places]
    for number in range(10):
        office.caller("author").post(f"/regulations/{text['id']}/clauses", {"label": f"L. 56{number}"})
        office.publish(rule("6 months", title=f"Number {number}", regulations=f'["{LAW}, L. 561-5"]'))

    assert [statements(office, place) for place in places] == few
