"""Section 6, the rule as it is read: exact shapes, states, days and numbers."""

import re
from datetime import timedelta

import pytest

from core import clock
from tests.surface.bank import RULE

VERSION = {
    "version", "action", "state", "imported", "approved_at", "in_force_from", "commit", "kind", "reason", "author", "approvals", "for_you",
}
PROCEDURE = {
    "code", "title", "space", "state", "version", "approved_at", "in_force_from", "commit", "markdown", "html", "approvals", "next", "attachments", "language", "translation_of",
    "translations",
}
TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z")
DAY = re.compile(r"\d{4}-\d\d-\d\d")


def day(days: int) -> str:
    return (clock.now().date() + timedelta(days=days)).isoformat()


@pytest.fixture
def history(bank):
    """KYC-001 in force with a second version and a third scheduled, KYC-002 retired, KYC-003 only scheduled."""
    bank.publish({"markdown": RULE})
    bank.publish({"code": "KYC-001", "markdown": RULE + "\nMore.\n"}, reason="A new law")
    bank.publish({"code": "KYC-001", "markdown": RULE + "\nMuch more.\n"}, in_force_from=day(9))
    bank.publish({"markdown": "# Gone\n"})
    bank.publish({"action": "retire", "code": "KYC-002"})
    bank.publish({"markdown": "# Coming\n"}, in_force_from=day(5))
    return bank


def test_a_procedure_has_its_shape(history):
    found = history.read("/procedures/KYC-001")

    assert set(found) == PROCEDURE
    assert (found["code"], found["title"], found["space"], found["state"]) == ("KYC-001", "Opening an account", "kyc", "in_force")
    assert (found["version"], found["in_force_from"], found["markdown"]) == (2, day(0), RULE + "\nMore.\n")
    assert TIME.fullmatch(found["approved_at"]) and re.fullmatch(r"[0-9a-f]{40}", found["commit"])
    assert "Second words." in found["html"]
    [approval] = found["approvals"]
    assert set(approval) == {"name", "at", "meaning"} and approval["name"] == "Approver Martin" and TIME.fullmatch(approval["at"])
    assert set(found["next"]) == VERSION and (found["next"]["version"], found["next"]["state"]) == (3, "scheduled")


def test_versions_have_their_shape_and_come_newest_first(history):
    listed = history.read("/procedures/KYC-001/versions")

    assert (listed["total"], listed["page"], listed["page_size"]) == (3, 1, 50) and set(listed) == {"items", "total", "page", "page_size"}
    assert all(set(one) == VERSION for one in listed["items"])
    assert [(one["version"], one["state"]) for one in listed["items"]] == [(3, "scheduled"), (2, "in_force"), (1, "superseded")]
    second = listed["items"][1]
    assert (second["action"], second["imported"], second["kind"], second["reason"], second["author"]) == (
        "amend", False, "material", "A new law", "Author Martin",
    )
    assert DAY.fullmatch(second["in_force_from"]) and TIME.fullmatch(second["approved_at"])


def test_states_are_listed_as_asked_and_the_retired_only_when_asked(history):
    def codes(query):
        return [(one["code"], one["state"]) for one in history.read(f"/spaces/kyc/procedures{query}")["items"]]

    live = [("KYC-001", "in_force"), ("KYC-003", "scheduled")]
    assert codes("") == live
    assert (codes("?state=in_force"), codes("?state=scheduled")) == (live[:1], live[1:])
    assert codes("?state=retired") == [("KYC-002", "retired")]
    assert history("author").get("/spaces/kyc/procedures?state=draft").status_code == 422
    [one, _] = history.read("/spaces/kyc/procedures")["items"]
    assert one == {"code": "KYC-001", "title": "Opening an account", "state": "in_force", "version": 2, "in_force_from": day(0)}


@pytest.mark.parametrize(("query", "number"), [("version=1", 1), ("version=2", 2), ("version=3", 3), (f"on={day(0)}", 2), (f"on={day(8)}", 2), (f"on={day(9)}", 3), (f"on={day(900)}", 3)])
def test_a_version_or_a_day_is_read_by_its_text(history, query, number):
    found = history.read(f"/procedures/KYC-001?{query}")

    assert found["version"] == number and found["markdown"] == RULE + ("", "", "\nMore.\n", "\nMuch more.\n")[number]


def test_before_the_first_version_markdown_is_null(history):
    found = history.read(f"/procedures/KYC-001?on={day(-1)}")

    assert set(found) == PROCEDURE and found["title"] == "Opening an account"
    assert [found[name] for name in ("version", "approved_at", "in_force_from", "commit", "markdown", "html")] == [None] * 6
    assert found["approvals"] == []


def test_a_retired_procedure_has_a_numbered_version_without_text(history):
    found = history.read("/procedures/KYC-002")
    newest = history.read("/procedures/KYC-002/versions")["items"][0]

    assert (found["state"], found["title"], found["markdown"], found["html"]) == ("retired", "Gone", None, None)
    assert (newest["version"], newest["action"], newest["state"]) == (2, "retire", "superseded") or newest["state"] == "in_force"


def test_a_procedure_that_waits_for_its_day_is_scheduled(history):
    found = history.read("/procedures/KYC-003")

    assert (found["state"], found["in_force_from"]) == ("scheduled", day(5))
    assert history.read(f"/procedures/KYC-003?on={day(0)}")["markdown"] is None


def test_a_comparison_is_blocks_from_which_both_texts_can_be_read(history):
    found = history.read("/procedures/KYC-001/compare?from=1&to=2")

    assert set(found) == {"code", "from", "to", "blocks", "files"} and all(set(one) == {"op", "text"} for one in found["blocks"])
    assert {one["op"] for one in found["blocks"]} <= {"same", "removed", "added"}
    assert "".join(one["text"] for one in found["blocks"] if one["op"] != "removed") == RULE + "\nMore.\n"
    assert "".join(one["text"] for one in found["blocks"] if one["op"] != "added") == RULE
    assert history("author").get("/procedures/KYC-001/compare?from=1&to=9").status_code == 404


@pytest.mark.parametrize("path", ["/procedures/KYC-001/versions", "/spaces/kyc/procedures", "/procedures/KYC-001/threads", "/spaces/kyc/threads", "/search", "/search?q=words", "/journal?space=kyc"])
def test_a_page_past_the_end_is_an_empty_list(history, path):
    mark = "&" if "?" in path else "?"
    found = history.read(f"{path}{mark}page=900&page_size=1000", "auditor")

    assert (found["items"], found["page"], found["page_size"]) == ([], 900, 1000) and set(found) >= {"items", "total", "page", "page_size"}
    assert history("auditor").get(f"{path}{mark}page_size=1001").status_code == 422
    assert history.read(path, "auditor")["page_size"] == 50


def test_the_journal_is_for_auditors_and_each_act_has_its_shape(history):
    acts = history.read("/journal?space=kyc", "auditor")

    assert acts["total"] == len(acts["items"]) and [one["sequence"] for one in acts["items"]] == list(range(1, acts["total"] + 1))
    assert all(set(one) == {"sequence", "at", "actor", "act", "object", "reason_digest", "content_digest", "previous", "hash"} for one in acts["items"])
    assert all(TIME.fullmatch(one["at"]) for one in acts["items"])
    assert all(one["previous"] == before["hash"] for before, one in zip(acts["items"], acts["items"][1:], strict=False))
    assert [one["sequence"] for one in history.read("/journal?space=kyc&after=3", "auditor")["items"]][0] == 4
    assert "A new law" not in str(acts)
    for who in ("author", "approver", "member", "administrator"):
        assert history(who).get("/journal?space=kyc").status_code == 403
    assert history("administrator").get("/journal").status_code == 200
