"""Read and understood over the JSON API."""

LINE = {"person", "team", "state", "version", "at", "blob", "since", "reminded_at"}
AUDIENCE = {"code", "roles", "people", "applies_to", "teams", "asked", "missing", "digest"}


def ids(office, *who: str) -> list[str]:
    return [office.people[one].id for one in who]


def test_an_audience_is_chosen_whole_and_read_back(office):
    author = office.caller("author")
    before = author.get("/procedures/KYC-001/audience").json

    body = {"roles": ["approver"], "people": ids(office, "sofia"), "applies_to": True, "digest": before["digest"]}
    after = author.put("/procedures/KYC-001/audience", body)

    assert set(before) == AUDIENCE and (before["asked"], before["roles"], before["people"]) == (0, [], [])
    assert after.status_code == 200 and after.json["people"] == [{"id": office.people["sofia"].id, "name": "Sofia Martin"}]
    assert (after.json["asked"], after.json["missing"], after.json["teams"]) == (4, 4, ["Branches", "Online desk"])
    assert office.caller("auditor").get("/procedures/KYC-001/audience").json == after.json
    late = author.put("/procedures/KYC-001/audience", body)
    assert (late.status_code, late.json["present"]) == (409, {"digest": after.json["digest"]})
    assert author.put("/procedures/KYC-001/audience", {}).json["asked"] == 0


def test_a_body_that_cannot_be_taken_says_which_field(office):
    author = office.caller("author")

    for body, field in (
        ({"roles": ["auditor"]}, "roles.0"), ({"people": ["nobody"]}, "people"), ({"applies_to": "yes"}, "applies_to"),
        ({"people": ids(office, "guest")}, "people"), ({"everybody": True}, "everybody"), ({"people": [7]}, "people.0"),
    ):
        answer = author.put("/procedures/KYC-001/audience", body)
        assert (answer.status_code, answer.json["field"]) == (422, field)
    for body in ({}, {"version": "1"}, {"version": 0}, {"version": 1, "person": ids(office, "ines")[0]}):
        assert office.caller("ines").post("/procedures/KYC-001/receipts", body).status_code == 422


def test_a_receipt_is_given_once_and_the_roll_lists_it(office):
    office.ask("ines", "jonas")
    ines = office.caller("ines")

    first = ines.post("/procedures/kyc-001/receipts", {"version": 1})
    second = ines.post("/procedures/KYC-001/receipts", {"version": 1})

    assert (first.status_code, second.status_code) == (200, 200) and first.json == second.json
    assert set(first.json) == {"code", "version", "blob", "at"} and first.json["code"] == "KYC-001"
    page = office.caller("author").get("/procedures/KYC-001/receipts").json
    assert (page["total"], page["page"], page["page_size"]) == (2, 1, 50)
    assert [(line["person"]["name"], line["state"], line["version"]) for line in page["items"]] == [
        ("Jonas Martin", "missing", None), ("Ines Martin", "attested", 1),
    ]
    assert all(set(line) == LINE for line in page["items"]) and page["items"][0]["since"]
    assert office.caller("author").get("/procedures/KYC-001/receipts?page=9").json["items"] == []


def test_the_past_is_listed_when_asked_for(office):
    office.ask("ines")
    office.caller("ines").post("/procedures/KYC-001/receipts", {"version": 1})
    office.amend("A new duty.")

    answer = office.caller("ines").post("/procedures/KYC-001/receipts", {"version": 1})
    moved = office.caller("ines").post("/procedures/KYC-001/receipts", {"version": 3})
    past = office.caller("auditor").get("/procedures/KYC-001/receipts?state=past").json

    assert answer.status_code == 200
    assert (moved.status_code, moved.json["present"]) == (409, {"code": "KYC-001", "version": 2})
    assert [(line["state"], line["version"]) for line in past["items"]] == [("past", 1)]
    assert office.caller("auditor").get("/procedures/KYC-001/receipts?state=nonsense").status_code == 422


def test_what_waits_for_me_with_who_asks_again(office):
    office.ask("ines")

    reminded = office.caller("approver").post("/procedures/KYC-001/reminders")
    again = office.caller("author").post("/procedures/KYC-001/reminders")
    mine = office.caller("ines").get("/me/receipts").json

    assert (reminded.json, again.json["reminded"]) == ({"code": "KYC-001", "reminded": ids(office, "ines")}, [])
    (one,) = mine["items"]
    assert (one["code"], one["title"], one["space"], one["version"], one["attested"]) == ("KYC-001", "Opening an account", "kyc", 1, None)
    assert one["reminders"][0]["by"]["name"] == "Approver Martin" and one["since"] <= one["reminders"][0]["at"]
    assert office.caller("sofia").get("/me/receipts").json == {"items": [], "total": 0, "page": 1, "page_size": 50}
    assert office.caller().get("/me/receipts").status_code == 401
    office.caller("ines").post("/procedures/KYC-001/receipts", {"version": 1})
    assert office.caller("author").post("/procedures/KYC-001/reminders").status_code == 409


def test_rights_are_those_of_the_pages(office):
    office.ask("ines")
    calls = [
        ("GET", "/procedures/KYC-001/audience", None), ("GET", "/procedures/KYC-001/receipts", None),
        ("PUT", "/procedures/KYC-001/audience", {}), ("POST", "/procedures/KYC-001/receipts", {"version": 1}),
        ("POST", "/procedures/KYC-001/reminders", None),
    ]
    statuses = {
        "author": [200, 200, None, 403, 200], "approver": [200, 200, 403, 403, None], "auditor": [200, 200, 403, 403, 403],
        "sofia": [403, 403, 403, 403, 403], "guest": [404] * 5,
    }
    for who, expected in statuses.items():
        for (method, path, body), status in zip(calls, expected, strict=True):
            if status is not None:
                answer = office.caller(who)._call(method, path, json=body)
                assert answer.status_code == status, (who, method, path, answer.text)
    assert office.caller("ines").get("/procedures/VAULT-001/audience").status_code == 404
    assert office.app.test_client().post("/api/v1/procedures/KYC-001/receipts", json={"version": 1}).status_code == 401


def test_the_description_speaks_of_every_call(office):
    told = office.app.test_client().get("/api/v1/openapi.json").json["paths"]

    assert {"get", "put"} <= set(told["/api/v1/procedures/{code}/audience"]) and {"get", "post"} <= set(told["/api/v1/procedures/{code}/receipts"])
    assert "post" in told["/api/v1/procedures/{code}/reminders"] and "get" in told["/api/v1/me/receipts"]
