"""Fields that nobody may set: refused by every call, ignored by every form; and an auditor, whom nothing obeys."""

import re

import pytest

from tests.site import post, token_of
from tests.surface.held import state
from tests.surface.test_doors import FIELDS
from tests.walls.crawl import addresses, rules, values

NEVER = {
    "id": "x", "state": "published", "status": "published", "role": "administrator", "is_admin": True, "space_id": "x", "author_id": "x", "author": "x",
    "approved_by": "x", "created_at": "2001-01-01", "hash": "x", "version": 9, "opened_by": "x",
}
BODIES = {
    "NewChange": {"space": "kyc", "reason": "x", "kind": "material", "texts": [{"markdown": "# x"}]}, "SavedChange": {"digest": "x"},
    "ApprovalBody": {"digest": "x", "password": "x"}, "NewThread": {"kind": "tip", "body": "x"}, "NewPost": {"body": "x"}, "AcceptBody": {"post": None},
    "CheckBody": {"verdict": "still_true"}, "WordsBody": {"body": "x"}, "ReasonBody": {"reason": "x"}, "nothing": {},
    "SeatsBody": {"seats": []}, "NewAttachment": {"digest": "x", "name": "x", "content": "x"}, "TextToCheck": {"space": "kyc", "markdown": "x"},
    "LeftBody": {"remarks": []}, "AudienceBody": {}, "ReceiptBody": {"version": 1}, "ReviewBody": {"version": 1, "verdict": "still_right"},
    "TextBody": {"title": "x"}, "ListBody": {"csv": "x"}, "SavedText": {"title": "x", "revision": 1}, "CheckedBody": {}, "ClauseBody": {"label": "x"},
    "SavedClause": {"label": "x", "revision": 1}, "NoteBody": {"note": "x"}, "ReadBody": {}, "MailBody": {"direct": "none", "followed": "none"},
    "GapBody": {"cause": "x"}, "WhyBody": {"reason": "x"}, "PinBody": {"until": "2999-01-01"}, "MergeBody": {"into": "x"}, "AttachBody": {"code": None},
    "RouteBody": {"person": "x"}, "ReportBody": {"word": "x"}, "NewPicture": {"name": "x.png", "content": "x"},
    "ProfileBody": {}, "PasswordBody": {"password": "x"}, "TokenBody": {"name": "x"}, "PersonBody": {"name": "x", "email": "x"},
    "PersonFacts": {"name": "x", "email": "x"}, "PeopleBody": {"list": "x"}, "OfficeBody": {"holds": True}, "SpaceBody": {"slug": "x", "name": "x"},
    "SpaceFacts": {}, "InvitationBody": {"email": "x", "ends_on": "2001-01-01"}, "KeepBody": {}, "EntryBody": {"invitation": "x"},
    "PlanBody": {"hour": 3, "keep": 5},
}
NAMED = {"{code}": "KYC-001", "{slug}": "kyc"}
OWN = {
    "/signout", "/account/password", "/account/elsewhere", "/account/profile", "/account/tokens", "/language", "/signin", "/link/<token>",
    "/calendar/address", "/api/v1/calendar/address", "/forgotten", "/seen-as/end", "/invitation/<token>", "/api/v1/me", "/api/v1/me/password",
    "/api/v1/me/tokens", "/api/v1/me/sign-ins", "/notices/read", "/notices/mail", "/api/v1/notices/read", "/api/v1/me/mail", "/unsubscribe/<token>",
}


def writing_calls(bank):
    """Every call that writes: its method, an address and a body in shape."""
    described = bank.app.test_client().get("/api/v1/openapi.json").json
    for path, operations in described["paths"].items():
        for method, operation in operations.items():
            if method != "get":
                asked = operation.get("requestBody", {"content": {"application/json": {"schema": {"$ref": "nothing"}}}})
                shape = re.search(r"[A-Za-z]+$", asked["content"]["application/json"]["schema"]["$ref"])[0]
                query = "&".join(f"{one['name']}=x" for one in operation.get("parameters", ()) if one["in"] == "query" and one.get("required"))
                address = re.sub(r"\{\w+\}", lambda found: NAMED.get(found[0], "none"), path).removeprefix("/api/v1")
                yield method.upper(), f"{address}?{query}" if query else address, BODIES[shape]


@pytest.mark.parametrize("name", NEVER)
def test_a_field_that_nobody_may_set_is_refused_by_every_call(lived, name):
    before, calls = state(lived), list(writing_calls(lived))

    for method, path, body in calls:
        if name in body:        # a field of its own there
            continue
        answer = lived("author")._call(method, path, json=body | {name: NEVER[name]})
        assert (answer.status_code, answer.json.get("field")) == (422, name), (method, path)
    assert len(calls) >= 15 and state(lived) == before


def test_more_fields_in_a_form_set_nothing(lived):
    more = {"author": lived.people["approver"].id, "author_id": "x", "state": "closed", "id": "mine", "created_at": "2001-01-01", "accepted": "x", "space": "vault"}

    sent = post(lived.browser("member"), "/procedures/KYC-001/threads", {"kind": "tip", "body": "Only a tip, with more fields."} | more)

    found = lived.read("/procedures/KYC-001/threads")["items"][0]
    assert sent.status_code == 303 and found["posts"][0]["author"]["id"] == lived.people["member"].id
    assert (found["state"], found["space"], found["accepted"]) == ("open", "kyc", None) and found["id"] != "mine"


def test_an_auditor_changes_nothing_in_their_space_whatever_is_sent(lived):
    client, call, known = lived.browser("auditor"), lived("auditor"), values(lived.app)
    token, before, refused = token_of(client.get("/account")), state(lived), 0

    for method in ("POST", "PUT", "DELETE"):
        for rule in rules(lived.app, method):
            for place, _ in addresses(rule, known) if rule.rule not in OWN else ():
                if place.startswith("/api/"):
                    answers = [call._call(method, place.removeprefix("/api/v1"), json=body) for body in BODIES.values()]
                else:
                    answers = [client.open(place, method=method, data=FIELDS | {"csrf_token": token, "space": "kyc"})]
                statuses = {one.status_code for one in answers}
                assert statuses <= {403, 404, 409, 422}, (method, place, statuses)
                refused += 403 in statuses
    assert refused > 50 and state(lived) == before
