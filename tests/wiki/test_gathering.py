"""The editor's buttons that take a procedure into a change, or leave it out: nothing is saved, nothing typed is lost."""

import re

import pytest

from tests.site import caller, grant, make_person, make_space, post, sign_in

FIRST, SECOND = "# First\n\nWords.\n", "# Second\n\nOther words.\n"


@pytest.fixture
def author(app):
    for slug in ("kyc", "vault"):
        make_space(app, slug, approvals=0)
    person = make_person(app, "Anne Author")
    grant(app, "kyc", person, "author")
    other = make_person(app, "Boris Author")
    grant(app, "vault", other, "author")
    for who, slug, text in ((person, "kyc", FIRST), (person, "kyc", SECOND), (other, "vault", "# Hidden\n")):
        change = caller(app, who).post("/changes", {"space": slug, "texts": [{"markdown": text}]}).json
        assert caller(app, who).post(f"/changes/{change['id']}/submit").json["state"] == "published"
    client = sign_in(app.test_client(), person)
    client.api = caller(app, person)
    return client


def typed(*texts: tuple[str, str], **more) -> dict:
    """What the editor sends of these texts, by code; of a new procedure the code is empty."""
    codes, words = zip(*texts, strict=True)
    actions = ["amend" if code else "create" for code in codes]
    return {"code": list(codes), "action": actions, "base": ["1" if code else "" for code in codes], "markdown": list(words)} | more


def boxes(page) -> list[str]:
    return [part.split("</textarea>")[0].lstrip("\n") for part in page.text.split('name="markdown"')[1:] for part in [part.split(">", 1)[1]]]


BOTH = (("KYC-001", FIRST + "More."), ("KYC-002", SECOND + "More."))


def test_one_more_procedure_comes_with_its_text_and_a_new_one_with_a_beginning(author):
    more = post(author, "/procedures/KYC-001/edit", typed(BOTH[0], then="add", add_code=" kyc-002 "))
    assert more.status_code == 200 and boxes(more) == [FIRST + "More.", SECOND]

    new = post(author, "/procedures/KYC-001/edit", typed(BOTH[0], then="add", add_code=""))
    assert boxes(new)[0] == FIRST + "More." and "## Who does what" in boxes(new)[1]


@pytest.mark.parametrize("code", ["KYC-009", "VAULT-001", "no code"])
def test_a_code_that_nobody_has_there_is_refused_with_what_was_typed(author, code):
    refused = post(author, "/procedures/KYC-001/edit", typed(BOTH[0], then="add", add_code=code))

    assert refused.status_code == 422 and "There is no such procedure in this space." in refused.text
    assert boxes(refused) == [FIRST + "More."] and f'value="{code}"'.upper() in refused.text.upper() and "Hidden" not in refused.text


def left_out(page) -> dict:
    """What the editor sends of texts that were left out."""
    found = re.findall(r'name="(out_\w+)" value="([^"]*)"', page.text)
    return {name: [value for other, value in found if other == name] for name, _ in found}


@pytest.mark.parametrize("number", [1, 2])
def test_a_procedure_is_left_out_and_can_be_taken_back_in_as_it_was_typed(author, number):
    (code, words), (_, others) = BOTH[number - 1], BOTH[2 - number]
    page = post(author, "/procedures/KYC-001/edit", typed(*BOTH, then=f"leave-out-{number}"))

    assert page.status_code == 200 and boxes(page) == [others] and "leave-out" not in page.text
    assert f"Once you save, {code} is no part of this change." in page.text
    assert left_out(page) == {"out_code": [code], "out_action": ["amend"], "out_base": ["1"], "out_markdown": [words]}
    refused = post(author, "/procedures/KYC-001/edit", typed(BOTH[2 - number], then="add", add_code="KYC-999", **left_out(page)))
    assert refused.status_code == 422 and left_out(refused) == left_out(page)

    back = post(author, "/procedures/KYC-001/edit", typed(BOTH[2 - number], then="take-in-1", **left_out(page)))
    assert boxes(back) == [others, words] and left_out(back) == {} and "is no part of this change" not in back.text
    assert "More." not in author.get("/procedures/KYC-001").text


@pytest.mark.parametrize("pressed", ["leave-out-3", "leave-out-9999", "take-in-1"])
def test_what_is_not_there_is_neither_left_out_nor_taken_in(author, pressed):
    page = post(author, "/procedures/KYC-001/edit", typed(*BOTH, then=pressed))
    assert page.status_code == 422 and boxes(page) == [text for _, text in BOTH]


def test_a_change_keeps_one_procedure_at_least(author):
    page = post(author, "/procedures/KYC-001/edit", typed(BOTH[0], then="leave-out-1"))
    assert page.status_code == 422 and "about one procedure at least" in page.text and boxes(page) == [FIRST + "More."]


def test_a_draft_is_saved_without_what_was_left_out(author):
    texts = [{"code": code, "markdown": words} for code, words in BOTH]
    draft = author.api.post("/changes", {"space": "kyc", "texts": texts}).json
    address = f"/changes/{draft['id']}/edit"
    assert author.get(address).text.count("leave-out-") == 2

    page = post(author, address, typed(*BOTH, then="leave-out-1", digest=draft["digest"]))
    assert boxes(page) == [SECOND + "More."] and len(author.api.get(f"/changes/{draft['id']}").json["texts"]) == 2
    assert post(author, address, typed(BOTH[1], then="submit", digest=draft["digest"])).status_code == 303

    published = author.api.get(f"/changes/{draft['id']}").json
    assert published["state"] == "published" and [text["code"] for text in published["texts"]] == ["KYC-002"]


def drafted(author, *texts) -> dict:
    return author.api.post("/changes", {"space": "kyc", "texts": list(texts)}).json


def kept(author, draft) -> list[tuple[str, str, str]]:
    return [(text["code"], text["action"], text["markdown"]) for text in author.api.get(f"/changes/{draft['id']}").json["texts"]]


OLD, NEW = {"code": "KYC-001", "markdown": FIRST + "More."}, {"markdown": "# New\n"}


@pytest.mark.parametrize(
    ("texts", "sent", "expected"),
    [
        ((OLD, NEW), [("KYC-003", "create", "", "# New\n")], [("KYC-003", "create", "# New\n")]),
        ((OLD, NEW), [("KYC-003", "create", "", "# New\n"), ("KYC-001", "amend", "1", FIRST + "Again.")],
         [("KYC-003", "create", "# New\n"), ("KYC-001", "amend", FIRST + "Again.")]),
        ((OLD, {"code": "KYC-002", "markdown": SECOND + "More."}), [("KYC-002", "amend", "1", SECOND + "More."), ("", "create", "", "# New\n")],
         [("KYC-002", "amend", SECOND + "More."), ("KYC-003", "create", "# New\n")]),
    ],
    ids=["the new one alone", "turned round", "a new one in the place of an old one"],
)
def test_a_draft_with_a_new_procedure_is_saved_after_another_was_taken_out(author, texts, sent, expected):
    draft = drafted(author, *texts)
    fields = dict(zip(("code", "action", "base", "markdown"), (list(values) for values in zip(*sent, strict=True)), strict=True))

    answer = post(author, f"/changes/{draft['id']}/edit", fields | {"then": "keep", "digest": draft["digest"]})

    assert answer.status_code == 303 and kept(author, draft) == expected


def test_the_reason_that_was_typed_stays_when_what_asked_for_it_is_taken_out(app, author):
    grant(app, "kyc", approver := make_person(app, "Chloe Approver"), "approver")
    assert post(sign_in(app.test_client(), approver), "/procedures/KYC-001/approvals", {"who": ["any"], "of": [""]}).status_code == 303
    said = {"reason": "Summer hours.", "kind": "material", "for_you": "Come later.", "in_force_from": "2199-01-01"}

    page = post(author, "/procedures/KYC-001/edit", typed(*BOTH, then="leave-out-1", **said))

    assert ">Publish</button>" in page.text and all(words in page.text for words in ("Summer hours.", "Come later.", 'value="2199-01-01"'))
