"""An archived space is read as before and closed to everything that writes, on every page and by every call."""

import re

import pytest
from sqlalchemy import select

from accounts import space_settings
from accounts.models import Space
from tests.site import site_of, token_of
from tests.surface.bank import RULE
from tests.surface.held import state
from tests.surface.test_doors import FIELDS
from tests.surface.test_fields import BODIES, OWN
from tests.walls.crawl import addresses, rules, values

SENT = FIELDS | {"space": "kyc", "then": "keep", "verdict": "still_right", "version": "1", "note": "x", "title": "x", "label": "x", "ends_on": "2999-01-01"}


@pytest.fixture
def archived(bank):
    bank.app.extensions["writes"].hit = lambda *_given: True
    bank.publish({"markdown": RULE})
    bank.publish({"markdown": RULE}, space="wiki")
    bank.draft({"code": "KYC-001", "markdown": RULE + "\nA draft.\n"})
    bank.submit(bank.draft({"code": "KYC-001", "markdown": RULE + "\nIn review.\n"}))
    thread = bank.ask(who="author")
    bank.write(f"/threads/{thread['id']}/posts", {"body": "Yes."}, "author", 201)
    site_of(bank.app).loop.catch_up()
    _close(bank, space_settings.archive)
    return bank


def _close(bank, verb):
    with site_of(bank.app).database.transaction() as session:
        for space in session.scalars(select(Space)):
            verb(session, None, space)


def held(bank):
    """Return everything that the site holds, but for the site's own chain, in which a wrong password is an act."""
    rows, tips, files = state(bank)
    chains = [row for row in rows["chains"] if "'site'" not in row]
    return {name: kept for name, kept in rows.items() if name not in ("journal", "chains", "followers")} | {"chains": chains}, tips, files


def _bodies(bank):
    """Return a body in shape for each call that writes."""
    shape = re.compile(r"[A-Za-z]+$")
    found = {}
    for path, operations in bank.app.test_client().get("/api/v1/openapi.json").json["paths"].items():
        for method, operation in operations.items():
            asked = operation.get("requestBody", {"content": {"application/json": {"schema": {"$ref": "nothing"}}}})
            named = shape.search(asked["content"]["application/json"]["schema"]["$ref"])[0]
            rule = path.replace("{", "<").replace("}", ">")
            found[method.upper(), rule] = BODIES.get(named)
    return found


@pytest.mark.parametrize("who", ["author", "approver", "animator", "member"])
def test_nothing_is_written_in_an_archived_space_whatever_is_sent(archived, who):
    client, call, known = archived.browser(who), archived(who), values(archived.app)
    token, bodies, before, refused = token_of(client.get("/account")), _bodies(archived), held(archived), 0

    for method in ("POST", "PUT", "DELETE"):
        for rule in rules(archived.app, method):
            if rule.rule in OWN or rule.rule.endswith("/seen-as") or "/me/" in rule.rule:
                continue
            for place, _ in addresses(rule, known):
                if place.startswith("/api/"):
                    answer = call._call(method, place.removeprefix("/api/v1"), json=bodies[method, rule.rule])
                else:
                    answer = client.open(place, method=method, data=SENT | {"csrf_token": token})
                refused += answer.status_code == 403
    assert refused > 20 and held(archived) == before


def test_everything_of_it_is_still_read_and_says_that_it_is_archived(archived):
    client = archived.browser("author")

    assert "Archived" in client.get("/spaces/kyc").text and "First words." in client.get("/procedures/KYC-001").text
    assert archived.read("/spaces/kyc")["archived_at"] and archived.read("/search?q=words")["total"] > 0
    refused = archived("member").post("/procedures/KYC-001/threads", {"kind": "question", "body": "And now?"})
    assert refused.status_code == 403 and "archived" in refused.json["detail"]
    assert "New procedure" not in client.get("/spaces/kyc").text


def test_it_is_written_in_again_once_it_is_opened(archived):
    _close(archived, space_settings.reopen)

    assert archived.ask()["id"] and "New procedure" in archived.browser("author").get("/spaces/kyc").text
