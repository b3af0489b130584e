"""Read and understood on its pages: what is asked, the one button, the owner's lists, and what is never recorded."""

import csv
import io
import re

import pytest

from tests.receipts.conftest import RULE
from tests.site import grant, post, site_of

PAGE, RECEIPT, AUDIENCE = "/procedures/KYC-001", "/procedures/KYC-001/receipt", "/procedures/KYC-001/audience"
ASKS = "This procedure asks you to say that you have read version"


def digest(client) -> str:
    return re.search(r'name="digest" value="(\w{64})"', client.get(AUDIENCE).text).group(1)


def choose(office, who: str = "author", **fields):
    client = office.client(who)
    return post(client, AUDIENCE, {"digest": digest(office.client("author"))} | fields)


def test_a_procedure_without_an_audience_shows_nothing_new(office):
    page, front = office.client("ines").get(PAGE).text, office.client("ines").get("/").text

    assert "attest" not in page and ASKS not in page and AUDIENCE not in page and "To read" not in front
    assert "does not ask you" in office.client("ines").get(RECEIPT).text


def test_reading_is_never_recorded_only_the_button_is(office):
    """Nothing that is looked at leaves a trace: neither rows nor acts, whoever looks and however often."""
    office.ask("ines", roles=["member"])
    office.amend("A new duty.")
    places = [PAGE, RECEIPT, f"{RECEIPT}?whole=1", f"{PAGE}/versions", f"{PAGE}/versions/2", f"{PAGE}/compare/1...2", "/", "/api/v1/me/receipts",
              "/api/v1/procedures/KYC-001", "/api/v1/procedures/KYC-001/compare?from=1&to=2"]
    client, caller = office.client("ines"), office.caller("ines")
    before = office.kept()

    for place in places * 2:
        answer = caller.get(place.removeprefix("/api/v1")) if place.startswith("/api") else client.get(place)
        assert answer.status_code == 200

    assert office.kept() == before
    assert post(client, RECEIPT, {"version": "2"}).status_code == 303
    assert office.kept() == [before[0], before[1] + 1, before[2], before[3] + 1]


def test_who_never_attested_reads_the_whole_text_and_says_so(office):
    office.ask("ines")
    client = office.client("ines")

    assert f"{ASKS} 1." in client.get(PAGE).text and "To read" in client.get("/").text
    page = client.get(RECEIPT).text
    assert "The adviser obtains one proof of address." in page and "I have read and understood version 1" in page
    assert "only the button does" in page
    answer = post(client, RECEIPT, {"version": "1"})
    assert (answer.status_code, answer.location) == (303, PAGE)
    page = client.get(PAGE).text
    assert "Thank you. It is recorded that you have read and understood version 1." in page
    assert re.search(r"You attested on <time[^>]*>[^<]+</time> that you have read and understood version 1\.", page)
    assert ASKS not in page and "To read" not in client.get("/").text
    assert post(client, RECEIPT, {"version": "1"}).status_code == 303
    assert "Nothing more is asked of you." in client.get(RECEIPT).text


def test_who_attested_an_older_version_reads_the_difference_and_the_whole_on_demand(office):
    office.ask("ines")
    client = office.client("ines")
    post(client, RECEIPT, {"version": "1"})
    office.publish(RULE.replace("one proof", "two proofs"), "KYC-001", reason="One proof was too little.")

    page = client.get(RECEIPT).text
    assert "What changed from version 1 to version 2" in page and "<del>one proof</del><ins>two proofs</ins>" in page.replace("</del> <ins>", "</del><ins>")
    assert "One proof was too little." in page and "I have read and understood version 2" in page
    whole = client.get(f"{RECEIPT}?whole=1").text
    assert "The adviser obtains two proofs of address." in whole and "<del>" not in whole
    assert "I have read and understood version 2" in whole and "See only what changed" in whole
    shown = client.get(PAGE).text
    assert f"{ASKS} 2." in shown and "understood version 1." in shown


def test_a_version_that_moved_while_the_page_was_open_answers_409_with_the_new_one(office):
    office.ask("ines")
    client = office.client("ines")
    client.get(RECEIPT)
    office.amend("A new duty.")

    answer = post(client, RECEIPT, {"version": "1"})

    assert answer.status_code == 409
    assert "Version 2 is in force now." in answer.text and "A new duty." in answer.text and 'name="version" value="2"' in answer.text
    assert post(client, RECEIPT, {"version": "2"}).status_code == 303


@pytest.mark.parametrize("typed", ["", "0x1", "-1", "1e3", "٣", "9" * 40])
def test_a_version_that_is_no_number_is_refused(office, typed):
    office.ask("ines")

    answer = post(office.client("ines"), RECEIPT, {"version": typed})

    assert answer.status_code in (409, 422) and "I have read and understood version 1" in answer.text


def test_who_is_not_asked_and_auditors_are_refused_in_words(office):
    office.ask("ines")

    assert post(office.client("sofia"), RECEIPT, {"version": "1"}).status_code == 403
    assert post(office.client("auditor"), RECEIPT, {"version": "1"}).status_code == 403
    assert ASKS not in office.client("sofia").get(PAGE).text and "To read" not in office.client("sofia").get("/").text


@pytest.mark.parametrize("role", ["member", "author", "approver", "animator"])
def test_a_preview_has_nothing_to_read_because_nobody_looks(office, role):
    grant(office.app, "kyc", office.people["author"], "animator")
    office.ask("author", roles=["member"], applies_to=True)
    client = office.client("author")
    assert "To read" in client.get("/").text
    assert post(client, "/spaces/kyc/seen-as", {"role": role}).status_code == 303

    shown = {place: client.get(place) for place in ("/", "/spaces/kyc/to-read", PAGE, RECEIPT)}

    assert {place: page.status_code for place, page in shown.items()} == dict.fromkeys(shown, 200)
    assert all("Leave the preview" in page.text for page in shown.values())
    assert "To read" not in shown["/"].text and "KYC-001" not in shown["/spaces/kyc/to-read"].text


def test_what_one_reader_is_told_is_told_to_no_other_though_the_page_is_kept(office):
    office.ask("ines", "sofia")
    ines, sofia, jonas = (office.client(who) for who in ("ines", "sofia", "jonas"))
    post(ines, RECEIPT, {"version": "1"})
    ines.get(PAGE)

    assert "You attested" in ines.get(PAGE).text and ASKS not in ines.get(PAGE).text
    assert ASKS in sofia.get(PAGE).text and "You attested" not in sofia.get(PAGE).text
    assert ASKS not in jonas.get(PAGE).text and "You attested" not in jonas.get(PAGE).text
    assert "\x00" not in sofia.get(PAGE).text


def test_a_procedure_page_takes_no_more_statements_without_an_audience_and_one_more_with_one(office):
    for who in ("ines", "sofia"):
        office.statements(who, PAGE)
    plain = office.statements("ines", PAGE)
    office.ask("ines", roles=["member"])
    office.client("ines").get(PAGE)

    assert office.statements("ines", PAGE) == plain + 1
    for version in range(1, 4):
        post(office.client("ines"), RECEIPT, {"version": str(version)})
        office.amend(f"Duty {version}.")
    office.client("ines").get(PAGE)
    assert office.statements("ines", PAGE) == plain + 1


def test_the_owners_page_takes_a_constant_number_of_statements(office):
    office.ask("ines", applies_to=True)
    few = office.statements("author", AUDIENCE)
    office.ask("ines", "jonas", "sofia", applies_to=True)
    for who in ("ines", "jonas"):
        post(office.client(who), RECEIPT, {"version": "1"})
    post(office.client("author"), "/procedures/KYC-001/reminders")
    office.client("author").get(AUDIENCE)

    assert office.statements("author", AUDIENCE) == few


def test_an_author_chooses_whom_to_ask_without_javascript(office):
    answer = choose(office, role="approver", applies_to="1", more="Sofia Martin\ninES martin")

    assert (answer.status_code, answer.location) == (303, AUDIENCE)
    page = office.client("auditor").get(AUDIENCE).text
    assert "Approvers" in page and "Branches, Online desk" in page and "Sofia Martin" in page
    assert "0 of 4 people asked have attested what is in force." in page
    choose(office, person=office.people["sofia"].id)
    assert "0 of 1 person asked has attested what is in force." in office.client("author").get(AUDIENCE).text


def test_what_was_typed_is_kept_when_it_cannot_be_taken(office):
    make_twin(office)

    for typed, said in (
        ("Nobody Here", "Nobody who can be asked here is called “Nobody Here”."), ("Guest Martin", "Nobody who can be asked here"),
        ("Sofia Martin", "Several people are called"),
    ):
        answer = choose(office, role="animator", more=f"Ines Martin\n{typed}")
        assert answer.status_code == 422 and said in answer.text and f"Ines Martin\n{typed}</textarea>" in answer.text
        assert re.search(r'value="animator" checked', answer.text)
    assert choose(office, more="sofia.twin@bank.example").status_code == 303


def make_twin(office) -> None:
    from tests.site import make_person

    make_person(office.app, "Sofia Martin", email="sofia.twin@bank.example", password=False)


def test_two_authors_at_once_lose_nothing(office):
    old = digest(office.client("author"))
    office.ask("sofia")

    answer = post(office.client("author"), AUDIENCE, {"digest": old, "more": "Ines Martin"})

    assert answer.status_code == 409 and "Somebody changed this meanwhile" in answer.text and "Ines Martin</textarea>" in answer.text
    again = re.search(r'name="digest" value="(\w{64})"', answer.text).group(1)
    both = {"digest": again, "more": "Ines Martin", "person": office.people["sofia"].id}
    assert post(office.client("author"), AUDIENCE, both).status_code == 303


def test_authors_approvers_and_auditors_see_who_has_and_others_do_not(office):
    office.ask("ines")

    for who in ("author", "approver", "auditor"):
        page = office.client(who).get(AUDIENCE).text
        assert "Ines Martin" in page and "Has never attested it." in page
        assert ("Choose who is asked" in page, "Remind those who have not" in page) == (who == "author", who != "auditor")
        assert f'href="{AUDIENCE}"' in office.client(who).get(PAGE).text
    for who, status in (("ines", 403), ("guest", 404), (None, 401)):
        assert office.client(who).get(AUDIENCE).status_code == status
        assert office.client(who).get(f"{AUDIENCE}.csv").status_code == status
    assert post(office.client("auditor"), AUDIENCE, {"role": "member"}).status_code == 403
    assert post(office.client("auditor"), "/procedures/KYC-001/reminders").status_code == 403


def test_who_is_asked_again_sees_it_on_the_front_page(office):
    office.ask("ines")

    answer = post(office.client("author"), "/procedures/KYC-001/reminders")

    assert answer.location == AUDIENCE and "Author Martin asks again" in office.client("ines").get("/").text
    assert "Asked again on" in office.client("author").get(AUDIENCE).text
    post(office.client("ines"), RECEIPT, {"version": "1"})
    late = post(office.client("author"), "/procedures/KYC-001/reminders")
    assert late.status_code == 409 and "Nobody is missing" in late.text


def test_the_whole_roll_is_a_csv_that_no_spreadsheet_runs_iso_13(office):
    """ISO-13: acknowledgement per version, with those who are late; ISO-6: a report of who was told and when."""
    from tests.site import make_person

    office.people["sly"] = make_person(office.app, '=HYPERLINK("http://evil.example"; "Ann")', email="sly@bank.example", team="@SUM(A1)", password=False)
    office.ask("ines", "sly")
    post(office.client("ines"), RECEIPT, {"version": "1"})
    office.amend("A new duty.")
    post(office.client("ines"), RECEIPT, {"version": "2"})
    post(office.client("author"), "/procedures/KYC-001/reminders")

    answer = office.client("auditor").get(f"{AUDIENCE}.csv")

    assert answer.mimetype == "text/csv" and "attachment" in answer.headers["Content-Disposition"]
    text = answer.data.decode("utf-8-sig")
    assert text.count("\r\n") == text.count("\n") == 4
    head, *rows = csv.reader(io.StringIO(text, newline=""))
    assert head[1] == "Person" and [(row[1], row[4], row[5]) for row in rows] == [
        ('\'=HYPERLINK("http://evil.example"; "Ann")', "has not attested", ""),
        ("Ines Martin", "has attested", "2"),
        ("Ines Martin", "earlier receipt", "1"),
    ]
    assert rows[0][3] == "'@SUM(A1)" and rows[0][8] and rows[0][9] and rows[1][6].endswith("Z") and re.fullmatch(r"[0-9a-f]{40}", rows[1][7])


def test_the_pages_speak_french(office):
    office.ask("ines")
    client = office.client("ines")
    post(client, "/language", {"language": "fr", "next": "/"})

    assert "À lire" in client.get("/").text
    assert "J’ai lu et compris la version 1" in client.get(RECEIPT).text
    assert "vous demande d’attester" in client.get(PAGE).text


def test_a_name_with_markup_is_only_words(office):
    with site_of(office.app).database.transaction() as session:
        from accounts.models import Person

        session.get(Person, office.people["ines"].id).name = "<img src=x onerror=alert(1)>"
    office.ask("ines")

    page = office.client("author").get(AUDIENCE).text
    assert "<img" not in page and "&lt;img" in page


def test_what_asks_somebody_in_one_space_is_a_list_of_its_own(office):
    office.ask("ines")
    office.publish("# Another\n\nWords.\n")
    office.caller("author").put("/procedures/KYC-002/audience", {"roles": ["member"]})

    page, call = office.client("ines").get("/spaces/kyc/to-read"), office.caller("ines").get("/me/receipts?space=kyc")
    assert page.status_code == 200 and "KYC-001/receipt" in page.text and "KYC-002/receipt" in page.text
    assert [one["code"] for one in call.json["items"]] == ["KYC-001", "KYC-002"] and call.json["total"] == 2
    other = office.client("sofia").get("/spaces/kyc/to-read").text
    assert "KYC-001/receipt" not in other and "KYC-002/receipt" in other


def test_the_list_of_a_space_is_for_its_readers_who_are_somebody(office):
    for slug, status in (("vault", 404), ("nowhere", 404), ("kyc", 200)):
        assert office.client("ines").get(f"/spaces/{slug}/to-read").status_code == status
        assert office.caller("ines").get(f"/me/receipts?space={slug}").status_code == status
    assert office.client().get("/spaces/kyc/to-read").status_code == 401
