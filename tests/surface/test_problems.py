"""Section 6: every refusal is a document of RFC 9457, with the status that the surface promises."""

import pytest

from accounts.web import TRIES_PER_MINUTE
from tests.site import PASSWORD, caller, grant, make_person, post, sign_in
from tests.surface.bank import RULE


@pytest.fixture
def ruled(bank):
    bank.publish({"markdown": RULE})
    return bank


def problem(answer, status):
    """Return a refusal after holding it to RFC 9457."""
    assert answer.status_code == status, answer.text
    assert answer.mimetype == "application/problem+json"
    told = answer.json
    assert told["status"] == status and told["type"] == "about:blank" and told["title"] and told["detail"].endswith((".", "…"))
    return told


@pytest.mark.parametrize(("body", "field"), [
    ({"space": "kyc", "reason": "x", "kind": "material", "texts": [{"markdown": "# x"}], "state": "published"}, "state"),
    ({"space": "kyc", "reason": "x", "kind": "material", "texts": [{"markdown": "# x", "version": 9}]}, "texts.0.version"),
    ({"space": "kyc", "reason": "x", "kind": "grave", "texts": [{"markdown": "# x"}]}, "kind"),
    ({"space": "kyc", "reason": "x", "texts": [{"markdown": "# x"}]}, "kind"),
    ({"space": "kyc", "kind": "material", "texts": [{"markdown": "# x"}]}, "reason"),
    ({"space": "kyc", "reason": "x", "kind": "material", "texts": []}, "texts"),
    ({"space": "kyc", "reason": "x", "kind": "material", "texts": [{"markdown": "# x"}] * 51}, "texts"),
    ({"space": "kyc", "reason": "x", "kind": "material", "texts": [{}]}, "markdown"),
    ({"space": "kyc", "reason": "x", "kind": "material", "texts": [{"code": "KYC-001", "markdown": "# x"}] * 2}, "texts"),
    ({"space": "kyc", "reason": "x", "kind": "material", "texts": [{"code": "KYC-999", "markdown": "# x"}]}, "code"),
    ({"space": "kyc", "reason": "x", "kind": "material", "texts": [{"code": "KYC-001", "base": 9, "markdown": "# x"}]}, "base"),
    ({"space": "kyc", "reason": "x", "kind": "material", "texts": [{"action": "restore", "code": "KYC-001"}]}, "action"),
    ({"space": "kyc", "reason": "x", "kind": "material", "texts": [{"action": "publish", "code": "KYC-001"}]}, "texts.0.action"),
    ({"space": "kyc", "reason": "x", "kind": "material", "in_force_from": "2001-01-01", "texts": [{"markdown": "# x"}]}, "in_force_from"),
    ({"space": "kyc", "reason": "x", "kind": "material", "in_force_from": "9999-12-31", "texts": [{"markdown": "# x"}]}, "in_force_from"),
    ({"space": "kyc", "reason": "x", "kind": "material", "in_force_from": "tomorrow", "texts": [{"markdown": "# x"}]}, "in_force_from"),
    ({"space": "kyc", "reason": "x", "kind": "material", "in_force_from": 1893456000, "texts": [{"markdown": "# x"}]}, "in_force_from"),
    ({"space": "kyc", "reason": "x" * 2001, "kind": "material", "texts": [{"markdown": "# x"}]}, "reason"),
    ({"space": "kyc", "reason": "x", "kind": "material", "texts": [{"markdown": "# x"}], "threads": ["none"]}, "threads"),
    ({"space": ["kyc"], "reason": "x", "kind": "material", "texts": [{"markdown": "# x"}]}, "space"),
])
def test_a_change_that_cannot_be_taken_is_422_and_names_its_field(ruled, body, field):
    told = problem(ruled("author").post("/changes", body), 422)

    assert told["field"] == field
    assert ruled.draft({"markdown": "# x\n"})["texts"][0]["code"] == "KYC-002"      # a refused draft takes no code


def test_a_wrong_password_at_approval_is_422_and_the_right_one_approves(ruled):
    change = ruled.submit(ruled.draft({"code": "KYC-001", "markdown": RULE + "\nMore.\n"}))

    told = problem(ruled("approver").post(f"/changes/{change['id']}/approve", {"digest": change["digest"], "password": "wrong"}), 422)

    assert told["field"] == "password" and ruled.read(f"/changes/{change['id']}")["state"] == "in_review"
    assert ruled.approve(change)["state"] == "published"


def test_not_allowed_is_403_not_there_is_404_and_unknown_is_401(ruled):
    change = ruled.submit(ruled.draft({"code": "KYC-001", "markdown": RULE + "\nMore.\n"}))
    approval = {"digest": change["digest"], "password": PASSWORD}
    text = {"space": "kyc", "reason": "x", "kind": "material", "texts": [{"markdown": "# x"}]}

    problem(ruled("member").post("/changes", text), 403)
    problem(ruled("auditor").post("/changes", text), 403)
    problem(ruled("auditor").post(f"/changes/{change['id']}/decline", {"reason": "No"}), 403)
    problem(ruled("guest").post("/changes", text), 404)
    hidden = problem(ruled("member").get(f"/changes/{change['id']}"), 404)
    assert hidden == problem(ruled("member").get("/changes/none"), 404)
    problem(ruled().post("/changes", text), 401)
    problem(ruled.app.test_client().post("/api/v1/changes", json=text, headers={"Authorization": "Bearer nonsense"}), 401)
    assert problem(ruled("second").post(f"/changes/{change['id']}/approve", approval | {"digest": "0" * 64}), 409)["present"]["id"] == change["id"]


def test_who_wrote_a_part_may_not_decide_and_another_may(ruled):
    change = ruled.submit(ruled.draft({"code": "KYC-001", "markdown": RULE + "\nMore.\n"}, who="second"), who="second")

    problem(ruled("second").post(f"/changes/{change['id']}/approve", {"digest": change["digest"], "password": PASSWORD}), 403)
    problem(ruled("second").post(f"/changes/{change['id']}/decline", {"reason": "No"}), 403)
    assert ruled.approve(change)["state"] == "published"


def test_too_big_is_413_and_what_fits_is_not(ruled):
    problem(ruled("author").post("/changes", {"space": "x" * (2 * 1024 * 1024)}), 413)

    assert ruled.draft({"markdown": "# x\n" + "y" * (1024 * 1024 - 4)})["state"] == "draft"


def test_too_fast_is_429_and_says_when_to_come_back(bank):
    answers = [bank("member").post("/procedures/NONE-001/threads", {"kind": "tip", "body": "x"}) for _ in range(241)]

    assert {one.status_code for one in answers[:-1]} == {404}
    problem(answers[-1], 429)
    assert int(answers[-1].headers["Retry-After"]) >= 1


def test_a_newcomer_with_a_link_and_no_password_cannot_approve(ruled):
    other = make_person(ruled.app, "Late Comer", password=False)
    grant(ruled.app, "kyc", other, "approver")
    change = ruled.submit(ruled.draft({"code": "KYC-001", "markdown": RULE + "\nMore.\n"}))

    told = problem(caller(ruled.app, other).post(f"/changes/{change['id']}/approve", {"digest": change["digest"], "password": ""}), 422)
    assert told["field"] == "password"


def test_previews_too_fast_are_429_say_when_to_come_back_and_leave_writing_alone(ruled):
    colleague = make_person(ruled.app, "Second Author", password=False)
    grant(ruled.app, "kyc", colleague, "author")
    author, other = ruled.browser("author"), sign_in(ruled.app.test_client(), colleague)
    typed = {"space": "kyc", "markdown": "# As it will read\n"}
    answers = [post(author, "/preview", typed) for _ in range(TRIES_PER_MINUTE + 1)]

    assert {one.status_code for one in answers[:-1]} == {200} and "As it will read" in answers[0].json["sheet"]
    assert answers[-1].status_code == 429 and int(answers[-1].headers["Retry-After"]) >= 1
    # A program's checks are counted with them, what somebody writes is not, nor what others try.
    problem(ruled("author").post("/remarks", typed), 429)
    assert ruled.draft({"markdown": "# Kept\n"})["state"] == "draft"
    assert post(other, "/preview", typed).status_code == 200
