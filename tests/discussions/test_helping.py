"""What somebody helped with stands on their page and beside their name, without a figure, and only of what its reader may read."""

import re

import pytest

from tests.discussions.office import Office, open_office
from tests.site import grant, make_person
from tests.surface.test_statements import Counter


@pytest.fixture
def office(app) -> Office:
    return open_office(app)


def ask_and_answer(office: Office, asker: str = "asker", answerer: str = "answerer", code: str = "KYC-001") -> dict:
    thread = office.caller(asker).post(f"/procedures/{code}/threads", {"kind": "question", "body": "How?"}).json
    made = office.caller(answerer).post(f"/threads/{thread['id']}/posts", {"body": "Like this."})
    assert made.status_code == 201, made.text
    return {"thread": thread["id"], "post": made.json["id"]}


def page(office: Office, viewer: str, of: str = "answerer") -> str:
    answer = office.client(viewer).get(f"/people/{office.people[of].id}")
    assert answer.status_code == 200
    return answer.text


def test_an_accepted_or_useful_answer_is_help_and_another_is_not(office):
    said = ask_and_answer(office)
    assert "Helped with" not in page(office, "asker")
    assert office.caller("asker").post(f"/posts/{said['post']}/useful").status_code in (200, 201)
    assert "KYC-001" in page(office, "asker").split("Helped with")[1] and "1 " not in page(office, "asker").split("Helped with")[1].split("</main>")[0]

    other = ask_and_answer(office, "asker", "author")
    assert "Helped with" not in page(office, "asker", "author")
    assert office.caller("asker").post(f"/threads/{other['thread']}/accept", {"post": other["post"]}).status_code == 200
    assert "KYC-001" in page(office, "asker", "author").split("Helped with")[1]


def test_help_in_a_space_that_the_reader_cannot_read_is_not_told(office):
    grant(office.app, "vault", office.people["answerer"], "member")
    said = ask_and_answer(office, "author", "answerer", "VAULT-001")
    office.caller("author").post(f"/threads/{said['thread']}/accept", {"post": said["post"]})
    assert "VAULT-001" in page(office, "author") and "VAULT-001" not in page(office, "asker")


def test_what_was_hidden_or_thanked_by_oneself_is_no_help(office):
    said = ask_and_answer(office)
    office.caller("answerer").post(f"/posts/{said['post']}/useful")
    assert "Helped with" not in page(office, "asker")
    office.caller("asker").post(f"/posts/{said['post']}/useful")
    assert "Helped with" in page(office, "asker")
    assert office.caller("animator").post(f"/threads/{said['thread']}/hide", {"reason": "It names a customer."}).status_code == 200
    assert "Helped with" not in page(office, "asker")


def call(office: Office, viewer: str | None, of: str = "answerer"):
    return office.caller(viewer).get(f"/people/{office.people[of].id}")


def test_a_program_reads_what_the_page_says(office):
    said = ask_and_answer(office)
    office.caller("asker").post(f"/posts/{said['post']}/useful")

    assert call(office, "asker").json == {
        "id": office.people["answerer"].id, "name": "Answerer Martin", "team": "", "guest": False, "here": True,
        "spaces": [],
        "helped": [{"code": "KYC-001", "title": "Opening an account", "language": "en", "space": "kyc"}],
    }
    assert call(office, "asker", "asker").json["helped"] == []


def test_a_program_meets_nothing_of_a_space_that_its_owner_cannot_read(office):
    grant(office.app, "vault", office.people["answerer"], "member")
    said = ask_and_answer(office, "author", "answerer", "VAULT-001")
    office.caller("author").post(f"/threads/{said['thread']}/accept", {"post": said["post"]})

    inside, outside = call(office, "author").json, call(office, "asker").json
    assert [one["code"] for one in inside["helped"]] == ["VAULT-001"] and "vault" in [one["slug"] for one in inside["spaces"]]
    assert outside["helped"] == [] and "vault" not in [one["slug"] for one in outside["spaces"]]


@pytest.mark.parametrize("viewer", ["guest", None])
def test_somebody_whom_one_may_not_see_is_not_there(office, viewer):
    calls = office.caller(viewer) if viewer else office.client()
    prefix = "" if viewer else "/api/v1"
    answer, nowhere = calls.get(f"{prefix}/people/{office.people['answerer'].id}"), calls.get(f"{prefix}/people/none")

    assert answer.status_code == nowhere.status_code == 404
    assert {**answer.json, "instance": ""} == {**nowhere.json, "instance": ""}


def test_asking_this_person_begins_a_thread_with_their_name(office):
    said = ask_and_answer(office)
    office.caller("asker").post(f"/posts/{said['post']}/useful")
    assert f"/procedures/KYC-001/threads?ask={office.people['answerer'].id}" in page(office, "asker")
    begun = office.client("asker").get(f"/procedures/KYC-001/threads?ask={office.people['answerer'].id}").text
    assert "\n@Answerer Martin </textarea>" in begun
    assert office.client("asker").get("/procedures/KYC-001/threads?ask=" + "x" * 16).status_code == 404
    assert "ask=" not in page(office, "answerer")


def help_with(office: Office, answerer: str, code: str = "KYC-001") -> None:
    """Let somebody give an answer that the asker accepts."""
    said = ask_and_answer(office, "asker", answerer, code)
    assert office.caller("asker").post(f"/threads/{said['thread']}/accept", {"post": said["post"]}).status_code == 200


def beside(office: Office, name: str, viewer: str = "author", slug: str = "kyc") -> list[str]:
    """Return the codes that stand beside a name in the list of a space's people, in their order."""
    page = office.client(viewer).get(f"/spaces/{slug}/people")
    assert page.status_code == 200
    entry = next(one for one in page.text.split("<li>") if f">{name}</a>" in one)
    return re.findall(r'href="/procedures/([A-Z]+-\d+)"', entry)


def test_the_people_of_a_space_stand_with_the_three_procedures_they_helped_with_last(office):
    for number in (2, 3, 4):
        office.publish(f"# Procedure {number}\n\nWords.\n")
    grant(office.app, "kyc", office.people["answerer"], "member")
    for code in ("KYC-003", "KYC-001", "KYC-004", "KYC-002"):
        help_with(office, "answerer", code)

    assert beside(office, "Answerer Martin") == ["KYC-002", "KYC-004", "KYC-001"]
    assert beside(office, "Animator Martin") == []


def test_beside_a_name_stands_only_help_in_the_same_space(office):
    for slug in ("kyc", "vault"):
        grant(office.app, slug, office.people["answerer"], "member")
    said = ask_and_answer(office, "author", "answerer", "VAULT-001")
    office.caller("author").post(f"/threads/{said['thread']}/accept", {"post": said["post"]})

    assert beside(office, "Answerer Martin", slug="vault") == ["VAULT-001"]
    assert beside(office, "Answerer Martin", slug="kyc") == []


def test_the_list_of_people_takes_as_many_statements_with_many_who_helped_as_with_one(office):
    def measured() -> int:
        with Counter(office.app) as counter:
            assert client.get("/spaces/kyc/people").status_code == 200
        return counter.made

    grant(office.app, "kyc", office.people["answerer"], "member")
    help_with(office, "answerer")
    client = office.client("author")
    few = measured()
    for number in range(6):
        who = f"helper{number}"
        office.people[who] = make_person(office.app, f"Helper {number}", password=False)
        grant(office.app, "kyc", office.people[who], "member")
        help_with(office, who)

    assert measured() == few and beside(office, "Helper 5") == ["KYC-001"]


def test_asking_this_person_means_nobody_else_of_the_same_name(office):
    twin = make_person(office.app, "Answerer Martin", email="twin@bank.example", team="Branches", password=False)
    begun = office.client("asker").get(f"/procedures/KYC-001/threads?ask={twin.id}").text

    assert "\n@Answerer Martin (Branches) </textarea>" in begun
