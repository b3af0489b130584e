"""Who approves, over HTTP: the pages and calls that say it, and what others are shown of it."""

import pytest

from tests.site import caller, grant, make_person, make_space, post, sign_in


@pytest.fixture
def people(app):
    make_space(app, "kyc", visibility="restricted")
    found = {
        "boss": make_person(app, "Ada Boss", administrator=True), "author": make_person(app, "Anne Author"),
        "approver": make_person(app, "Boris Approver", team="Compliance"), "second": make_person(app, "Chloe Second", team="Branches"),
        "member": make_person(app, "Dora Member"), "auditor": make_person(app, "Ruth Auditor"),
    }
    for name, role in (("author", "author"), ("approver", "approver"), ("second", "approver"), ("member", "member"), ("auditor", "auditor")):
        grant(app, "kyc", found[name], role)
    return found


def as_(app, people, name):
    return sign_in(app.test_client(), people[name])


PAGE = "/administration/spaces/kyc/approvals"
TWO = {"who": ["team", "people"], "of": ["Compliance", "Chloe Second"]}


def test_an_administrator_says_who_approves_and_reads_nothing_more(app, people):
    boss = as_(app, people, "boss")
    assert post(boss, PAGE, TWO).status_code == 303
    shown = boss.get(PAGE).text
    assert 'value="Compliance"' in shown and 'value="Chloe Second"' in shown
    assert boss.get("/spaces/kyc").status_code == 404
    assert caller(app, people["approver"]).get("/spaces/kyc/approvals").json["seats"] == [
        {"who": "team", "of": ["Compliance"]}, {"who": "people", "of": [people["second"].id]},
    ]


def test_a_seat_that_cannot_be_keeps_what_was_typed(app, people):
    refused = post(as_(app, people, "boss"), PAGE, {"who": ["people", "owner"], "of": ["Nobody Known", ""]})

    assert refused.status_code == 422
    assert 'value="Nobody Known"' in refused.text and "is not the name of one approver" in refused.text
    assert caller(app, people["approver"]).get("/spaces/kyc/approvals").json["seats"] == [{"who": "any", "of": []}]


def test_a_team_without_an_approver_is_refused_in_words(app, people):
    refused = post(as_(app, people, "boss"), PAGE, {"who": ["team"], "of": ["Back office"]})

    assert refused.status_code == 422 and 'value="Back office"' in refused.text
    assert "No approver of this space is in the team Back office." in refused.text


@pytest.mark.parametrize(("name", "status"), [("author", 403), ("approver", 403), ("auditor", 403), ("member", 403), ("outside", 404), (None, 401)])
def test_others_do_not_say_who_approves_in_a_space(app, people, name, status):
    people["outside"] = make_person(app, "Otto Outside")
    client = as_(app, people, name) if name else app.test_client()

    assert client.get(PAGE).status_code == status
    body = {"seats": [{"who": "any"}]}
    assert (caller(app, people[name]).put("/administration/spaces/kyc/approvals", body).status_code if name else 401) == status
    assert caller(app, people["boss"]).put("/administration/spaces/kyc/approvals", body).status_code == 200


def test_approvers_and_auditors_are_told_and_members_are_not(app, people):
    caller(app, people["boss"]).put("/administration/spaces/kyc/approvals", {"seats": [{"who": "owner"}]})

    for name in ("approver", "auditor"):
        assert "set anew" in as_(app, people, name).get("/").text
    for name in ("member", "author", "boss"):
        assert "set anew" not in as_(app, people, name).get("/").text


def opened(app, people, text="---\ntitle: Opening\nowner: Branches\n---\n\nWords.\n", **more):
    calls = caller(app, people["author"])
    body = {"space": "kyc", "reason": "Because", "kind": "material", "texts": [{"markdown": text, **more}]}
    change = calls.post("/changes", body).json
    return calls.post(f"/changes/{change['id']}/submit").json


def test_the_page_of_a_change_says_whose_approval_it_waits_for_and_with_which_meaning_each_signed(app, people):
    caller(app, people["boss"]).put("/administration/spaces/kyc/approvals", {"seats": [{"who": "team", "of": ["Compliance"]}, {"who": "owner"}]})
    change = opened(app, people)
    page = f"/changes/{change['id']}"
    assert "waiting for the approval of one of Compliance and one of the owner’s side" in as_(app, people, "author").get(page).text
    signed = {"digest": change["digest"], "password": "a quiet brown horse", "meaning": "review", "comment": ""}
    assert post(as_(app, people, "approver"), f"{page}/approve", signed).status_code == 303

    shown = as_(app, people, "second").get(page).text
    assert "waiting for the approval of one of the owner’s side" in shown and "“I have reviewed this text.”" in shown
    again = post(as_(app, people, "approver"), f"{page}/approve", signed | {"meaning": "approve"})
    assert again.status_code in (303, 403)
    assert post(as_(app, people, "second"), f"{page}/approve", signed | {"meaning": "approve"}).status_code == 303
    record = as_(app, people, "member").get(f"/procedures/{change['texts'][0]['code']}/versions/1").text
    assert "“I have reviewed this text.”" in record and "“I approve this text for use.”" in record and "“I wrote this text.”" in record


def test_approvers_say_who_approves_one_procedure(app, people):
    change = opened(app, people)
    code = change["texts"][0]["code"]
    caller(app, people["approver"]).post(f"/changes/{change['id']}/approve", {"digest": change["digest"], "password": "a quiet brown horse"})
    page = f"/procedures/{code}/approvals"

    assert as_(app, people, "author").get(page).status_code == 403
    assert as_(app, people, "member").get(page).status_code == 403
    assert post(as_(app, people, "approver"), page, {"who": ["people"], "of": ["Chloe Second"]}).status_code == 303
    assert caller(app, people["auditor"]).get(f"/procedures/{code}/approvals").json == {
        "space": [{"who": "any", "of": []}], "own": [{"who": "people", "of": [people["second"].id]}],
    }
    assert caller(app, people["member"]).get(f"/procedures/{code}/approvals").status_code == 403


def test_where_one_procedure_asks_for_approvals_its_editor_asks_why_and_no_other_does(app, people):
    caller(app, people["boss"]).put("/administration/spaces/kyc/approvals", {"seats": []})
    codes = [opened(app, people)["texts"][0]["code"] for _ in range(2)]
    draft = caller(app, people["author"]).post("/changes", {"space": "kyc", "texts": [{"code": codes[0], "markdown": "# Put aside\n"}]}).json
    assert post(as_(app, people, "approver"), f"/procedures/{codes[0]}/approvals", {"who": ["any"], "of": [""]}).status_code == 303
    author = as_(app, people, "author")

    assert 'name="reason"' not in author.get(f"/procedures/{codes[1]}/edit").text
    for page in (f"/procedures/{codes[0]}/edit", f"/procedures/{codes[0]}/retire", f"/changes/{draft['id']}/edit"):
        assert 'name="reason"' in author.get(page).text and "Send for review" in author.get(page).text
    typed = {"code": codes[0], "action": "amend", "base": "1", "markdown": "# Changed\n\nWords.\n", "kind": "material", "then": "submit"}
    refused = post(author, f"/procedures/{codes[0]}/edit", typed | {"reason": ""})
    assert refused.status_code == 422 and 'id="reason-error"' in refused.text and "# Changed" in refused.text
    assert post(author, f"/procedures/{codes[0]}/edit", typed | {"reason": "Because"}).status_code == 303


def test_nobody_learns_by_typing_a_code_that_a_procedure_they_do_not_see_asks_for_approvals(app, people):
    """Whether there is such a procedure at all shows neither in the editor nor in what the API refuses."""
    caller(app, people["boss"]).put("/administration/spaces/kyc/approvals", {"seats": []})
    hidden = opened(app, people)["texts"][0]["code"]
    assert post(as_(app, people, "approver"), f"/procedures/{hidden}/approvals", {"who": ["any"], "of": [""]}).status_code == 303
    make_space(app, "notes", approvals=0)
    stranger = make_person(app, "Emil Stranger")
    grant(app, "notes", stranger, "author")
    page, calls = sign_in(app.test_client(), stranger), caller(app, stranger)

    def told(code):
        typed = {"code": code, "action": "amend", "base": "1", "markdown": "# T\n"}
        shown = [post(page, "/spaces/notes/new", typed | {"then": then}) for then in ("check", "submit")]
        refused = calls.post("/changes", {"space": "notes", "texts": [{"code": code, "markdown": "# T\n"}]})
        return [(one.status_code, 'name="reason"' in one.text) for one in shown], refused.status_code, refused.text.replace(code, "")

    assert told(hidden) == told("KYC-999")


@pytest.mark.parametrize("code", ["a\x00b", "\ud800", "x" * 5000])
def test_a_code_that_no_database_can_be_asked_for_is_refused_in_words(app, people, code):
    for then in ("check", "submit"):
        typed = {"code": code.encode("utf-8", "replace").decode(), "action": "amend", "base": "1", "markdown": "# T\n", "then": then}
        assert post(as_(app, people, "author"), "/spaces/kyc/new", typed).status_code < 500
    assert caller(app, people["author"]).post("/changes", {"space": "kyc", "reason": "r", "texts": [{"code": code, "markdown": "# T\n"}]}).status_code in (400, 422)


def test_a_fallen_approval_is_named_with_its_reason_in_the_language_of_the_reader(app, people):
    caller(app, people["boss"]).put("/administration/spaces/kyc/approvals", {"seats": [{"who": "any"}, {"who": "any"}]})
    change = opened(app, people)
    caller(app, people["approver"]).post(f"/changes/{change['id']}/approve", {"digest": change["digest"], "password": "a quiet brown horse"})
    caller(app, people["author"]).put(f"/changes/{change['id']}", {"digest": change["digest"], "reason": "Another reason"})

    shown = as_(app, people, "second").get(f"/changes/{change['id']}").text
    assert "The approval by Boris Approver fell on" in shown and "Anne Author changed it afterwards." in shown
    french = as_(app, people, "second").get(f"/changes/{change['id']}", headers={"Accept-Language": "fr"}).text
    assert "Anne Author l" in french and "changed it afterwards" not in french


def test_what_changes_for_people_is_typed_on_the_page_kept_on_refusal_and_shown(app, people):
    author = as_(app, people, "author")
    typed = {"code": "", "action": "create", "base": "", "markdown": "# Opening\n\nWords.\n", "reason": "Because", "kind": "editorial",
             "for_you": "Ask for two papers.\nKeep a copy.", "in_force_from": "", "then": "submit"}
    refused = post(author, "/spaces/kyc/new", typed)
    assert refused.status_code == 422 and "Ask for two papers.\nKeep a copy." in refused.text
    assert post(author, "/spaces/kyc/new", typed | {"kind": "material"}).status_code == 303
    listed = as_(app, people, "approver").get("/").text
    id = listed.split('href="/changes/')[1].split('"')[0]
    assert "Ask for two papers." in as_(app, people, "approver").get(f"/changes/{id}").text
    change = caller(app, people["approver"]).get(f"/changes/{id}").json
    assert change["for_you"] == ["Ask for two papers.", "Keep a copy."]


def test_a_form_that_is_cut_sets_nothing_and_a_whole_empty_one_asks_for_no_approval(app, people):
    boss = as_(app, people, "boss")

    assert post(boss, PAGE).status_code == 422
    assert len(caller(app, people["approver"]).get("/spaces/kyc/approvals").json["seats"]) == 1
    assert post(boss, PAGE, {"who": [""] * 5, "of": [""] * 5}).status_code == 303
    assert caller(app, people["approver"]).get("/spaces/kyc/approvals").json["seats"] == []
