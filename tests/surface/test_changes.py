"""Section 6, the rule as it is written: what a change is, what moves it, and what is answered when it moved."""

import re

import pytest

from tests.surface.bank import RULE, needing
from tests.surface.test_versions import day

CHANGE = {"id", "space", "state", "digest", "reason", "kind", "in_force_from", "texts", "approvals", "threads"}
TEXT = {"action", "code", "markdown", "base", "version", "difference", "attachments", "files"}


@pytest.fixture
def ruled(bank):
    """The bank with KYC-001 in force."""
    bank.publish({"markdown": RULE})
    return bank


def put(bank, change, who="author", status=200, **fields):
    return bank.write(f"/changes/{change['id']}", {"digest": change["digest"]} | fields, who, status, method="PUT")


def test_a_change_has_its_shape(ruled):
    change = ruled.draft({"code": "KYC-001", "markdown": RULE + "\nMore.\n"}, in_force_from=day(3))

    assert set(change) == CHANGE | {"replaces_scheduled", "approvals_required", "end_reason", "commit", "for_you", "proposed", "proposed_by", "taken_over_by"}
    assert (change["space"], change["state"], change["reason"], change["kind"], change["in_force_from"]) == ("kyc", "draft", "Because", "material", day(3))
    assert (change["approvals"], change["threads"]) == ([], []) and re.fullmatch(r"[0-9a-f]{64}", change["digest"])
    [text] = change["texts"]
    assert set(text) == TEXT and (text["action"], text["code"], text["base"], text["version"]) == ("amend", "KYC-001", 1, None)
    assert ruled.read(f"/changes/{change['id']}") == change


def test_in_its_life_a_change_goes_through_its_states_and_gets_its_version(ruled):
    change = ruled.submit(ruled.draft({"code": "KYC-001", "markdown": RULE + "\nMore.\n"}))
    assert change["state"] == "in_review"

    done = ruled.approve(change, comment="Well said")

    assert (done["state"], done["texts"][0]["version"]) == ("published", 2)
    assert done["commit"] == ruled.read("/procedures/KYC-001")["commit"]
    for end, body, who in (("withdraw", None, "author"), ("decline", {"reason": "No"}, "approver")):
        other = ruled.submit(ruled.draft({"code": "KYC-001", "markdown": RULE + f"\n{end}\n"}))
        ended = ruled.write(f"/changes/{other['id']}/{end}", body, who)
        assert ended["state"] == {"withdraw": "withdrawn", "decline": "declined"}[end]


def test_repeating_one_s_own_act_answers_200_with_the_change(ruled):
    draft = ruled.draft({"code": "KYC-001", "markdown": RULE + "\nMore.\n"})
    change = ruled.submit(draft)
    assert ruled.submit(draft) == change

    done = ruled.approve(change)
    assert ruled.approve(change) == done and ruled.submit(draft) == done
    assert ruled.read("/procedures/KYC-001/versions")["total"] == 2
    for end, body, who in (("withdraw", None, "author"), ("decline", {"reason": "No"}, "approver")):
        other = ruled.submit(ruled.draft({"code": "KYC-001", "markdown": RULE + f"\n{end}\n"}))
        ended = ruled.write(f"/changes/{other['id']}/{end}", body, who)
        assert ruled.write(f"/changes/{other['id']}/{end}", body, who) == ended


def test_new_procedures_get_their_codes_with_the_draft_and_keep_them(ruled):
    change = ruled.draft({"markdown": "# One\n"}, {"markdown": "# Two\n"})

    assert [(one["action"], one["code"], one["base"]) for one in change["texts"]] == [("create", "KYC-002", None), ("create", "KYC-003", None)]
    assert all(re.fullmatch(r"[A-Z]{2,6}-\d{3,}", one["code"]) for one in change["texts"])
    done = ruled.approve(ruled.submit(put(ruled, change, reason="Another")))
    assert [(one["code"], one["version"]) for one in done["texts"]] == [("KYC-002", 1), ("KYC-003", 1)]
    assert ruled("author").get("/procedures/KYC-004").status_code == 404


def test_texts_of_a_put_replace_by_position_and_what_is_left_out_stays(ruled):
    change = ruled.draft({"code": "KYC-001", "markdown": RULE + "\nMore.\n"}, {"markdown": "# New\n"})

    saved = put(ruled, change, texts=[{"markdown": RULE + "\nLess.\n"}, {"markdown": "# Newer\n"}])
    assert [(one["code"], one["base"], one["action"]) for one in saved["texts"]] == [("KYC-001", 1, "amend"), ("KYC-002", None, "create")]
    assert [one["markdown"] for one in saved["texts"]] == [RULE + "\nLess.\n", "# Newer\n"]

    fewer = put(ruled, saved, texts=[{"markdown": RULE + "\nLess.\n"}])
    assert [one["code"] for one in fewer["texts"]] == ["KYC-001"]
    kept = put(ruled, fewer, reason="Only the reason")
    assert kept["texts"] == fewer["texts"] and kept["reason"] == "Only the reason"
    dated = put(ruled, kept, in_force_from=day(2))
    assert dated["in_force_from"] == day(2) and put(ruled, dated, in_force_from=None)["in_force_from"] is None


def test_saving_from_an_old_digest_answers_409_with_the_present_change(ruled):
    old = ruled.draft({"code": "KYC-001", "markdown": RULE + "\nMore.\n"})
    present = put(ruled, old, reason="Another", who="second")

    refused = put(ruled, old, reason="Mine", status=409)

    assert refused["present"] == present
    approving = ruled.approve(ruled.submit(present) | {"digest": old["digest"]}, status=409)
    assert approving["present"]["digest"] == present["digest"]


def test_editing_in_review_keeps_the_state_and_drops_the_approvals(ruled):
    with needing(ruled, "kyc", approvals=2):
        change = ruled.submit(ruled.draft({"code": "KYC-001", "markdown": RULE + "\nMore.\n"}))
    approved = ruled.approve(change)
    assert approved["state"] == "in_review" and [one["name"] for one in approved["approvals"]] == ["Approver Martin"]

    edited = put(ruled, approved, reason="Another")

    assert (edited["state"], edited["approvals"]) == ("in_review", []) and edited["digest"] != approved["digest"]


def test_paragraphs_that_do_not_touch_are_merged_into_a_new_digest_to_be_looked_at_again(ruled):
    first = ruled.submit(ruled.draft({"code": "KYC-001", "markdown": RULE.replace("First", "Primary")}))
    second = ruled.submit(ruled.draft({"code": "KYC-001", "markdown": RULE.replace("Third", "Last")}))
    ruled.approve(first)

    refused = ruled.approve(second, status=409)
    present = refused["present"]
    assert present["digest"] != second["digest"] and present["texts"][0]["base"] == 2 and present["state"] == "in_review"
    assert present["texts"][0]["markdown"] == RULE.replace("First", "Primary").replace("Third", "Last")
    assert ruled.approve(present)["texts"][0]["version"] == 3


def test_paragraphs_that_touch_answer_409_with_both_texts(ruled):
    mine = ruled.draft({"code": "KYC-001", "markdown": RULE.replace("First", "My")})
    ruled.publish({"code": "KYC-001", "markdown": RULE.replace("First", "Their")})

    sides = ruled.submit(mine, status=409)["sides"]

    assert (sides["code"], sides["version"], sides["base"]) == ("KYC-001", 2, RULE)
    assert (sides["yours"], sides["theirs"]) == (RULE.replace("First", "My"), RULE.replace("First", "Their"))
    assert ruled.read(f"/changes/{mine['id']}") == mine


def test_where_no_approval_is_required_submit_publishes_a_clean_merge_included(bank):
    bank.publish({"markdown": RULE}, space="wiki", kind=None, reason=None)
    mine = bank.draft({"code": "WIKI-001", "markdown": RULE.replace("First", "Primary")}, space="wiki")
    bank.publish({"code": "WIKI-001", "markdown": RULE.replace("Third", "Last")}, space="wiki")

    done = bank.submit(mine)

    assert (done["state"], done["texts"][0]["version"], done["kind"]) == ("published", 3, "material")
    assert bank.read("/procedures/WIKI-001")["markdown"] == RULE.replace("First", "Primary").replace("Third", "Last")
    assert bank.read("/procedures/WIKI-001?version=1")["approvals"] == []
    assert bank.read("/procedures/WIKI-001/versions")["items"][-1]["kind"] == "editorial"


def test_retire_restore_and_cancel_take_no_text(ruled):
    for action in ("retire", "cancel"):
        assert ruled.draft({"action": action, "code": "KYC-001", "markdown": "# x"}, status=422)["field"]
    ruled.publish({"action": "retire", "code": "KYC-001"})
    assert ruled.read("/procedures/KYC-001")["state"] == "retired"
    ruled.publish({"action": "restore", "code": "KYC-001"})
    assert ruled.read("/procedures/KYC-001")["markdown"] == RULE
    ruled.publish({"code": "KYC-001", "markdown": RULE + "\nLater.\n"}, in_force_from=day(4))
    ruled.publish({"action": "cancel", "code": "KYC-001"})
    assert [one["state"] for one in ruled.read("/procedures/KYC-001/versions")["items"]][0] == "cancelled"
    assert ruled.read("/procedures/KYC-001")["version"] == 3 and ruled.read("/procedures/KYC-001")["next"] is None


def test_over_a_scheduled_version_one_says_that_one_replaces_it(ruled):
    ruled.publish({"code": "KYC-001", "markdown": RULE + "\nLater.\n"}, in_force_from=day(4))
    urgent = ruled.draft({"code": "KYC-001", "markdown": RULE + "\nNow.\n", "base": 2})

    assert ruled.submit(urgent, status=409)["field"] == "replaces_scheduled"
    said = put(ruled, urgent, replaces_scheduled=True)
    done = ruled.approve(ruled.submit(said))
    assert done["replaces_scheduled"] and [one["state"] for one in ruled.read("/procedures/KYC-001/versions")["items"]] == ["in_force", "cancelled", "superseded"]


def test_a_change_names_the_threads_it_came_from(ruled):
    thread = ruled.ask()
    change = ruled.draft({"code": "KYC-001", "markdown": RULE + "\nMore.\n"}, threads=[thread["id"]])

    assert change["threads"] == [thread["id"]]
    assert ruled.read(f"/threads/{thread['id']}")["changes"] == [change["id"]]
    assert ruled.read(f"/threads/{thread['id']}", "member")["changes"] == []


def test_a_procedure_never_moves_to_another_space(ruled):
    assert ruled.draft({"code": "KYC-001", "markdown": RULE + "\nx\n"}, space="wiki", status=422)["field"].endswith("code")
