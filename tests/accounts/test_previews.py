"""A preview shows what somebody else sees, says so on every page, and writes nothing until it is left."""

import re

import pytest

from tests.site import grant, make_person, make_space, post, sign_in, site_of, token_of
from tests.surface.bank import RULE
from tests.surface.conftest import bank  # noqa: F401
from tests.surface.held import state
from tests.surface.test_doors import FIELDS
from tests.walls.crawl import addresses, rules, values


@pytest.fixture
def looking(bank):  # noqa: F811
    """A bank with a draft that only its authors see, and an author's browser."""
    bank.publish({"markdown": RULE})
    bank.draft({"code": "KYC-001", "markdown": "# The secret plan\n"})
    bank.app.extensions["writes"].hit = lambda *_given: True
    return bank, bank.browser("author")


def begin(client, role, slug="kyc"):
    return post(client, f"/spaces/{slug}/seen-as", {"role": role})


def test_an_author_sees_the_space_as_a_member_does_and_leaves_with_one_button(looking):
    bank, client = looking      # noqa: F811
    assert "New procedure" in client.get("/spaces/kyc").text

    assert begin(client, "member").location == "/spaces/kyc"

    seen, members = client.get("/spaces/kyc"), bank.browser("member").get("/spaces/kyc")
    assert "You see Kyc as a member." in seen.text and _main(seen) == _main(members)
    assert client.get("/spaces/kyc/changes").status_code == 403
    assert post(client, "/seen-as/end").location == "/" and "New procedure" in client.get("/spaces/kyc").text


def test_every_page_says_that_it_is_a_preview(looking):
    bank, client = looking
    begin(client, "member")

    for path in ("/", "/spaces", "/spaces/kyc", "/procedures/KYC-001", "/procedures/KYC-001/versions", "/search?q=words", "/nothing-here", "/administration/people"):
        assert "Leave the preview" in client.get(path).text, path
    assert "Leave the preview" not in bank.browser("author").get("/procedures/KYC-001").text


def test_the_name_at_the_top_leads_nowhere_because_nobody_has_an_account(looking):
    _bank, client = looking
    own = '<a href="/account">Author Martin</a>'
    assert own in client.get("/procedures/KYC-001").text
    begin(client, "member")

    for path in ("/", "/spaces", "/procedures/KYC-001", "/nothing-here"):
        top = client.get(path).text.split("</header>")[0]
        assert "Author Martin" in top and 'href="/account"' not in top, path
    post(client, "/seen-as/end")
    assert own in client.get("/procedures/KYC-001").text


def test_a_guest_is_seen_as_one(looking):
    bank, client = looking
    begin(client, "guest", "vault")

    assert client.get("/spaces/vault").status_code == 200
    assert client.get("/spaces/kyc").status_code == 404 and client.get("/procedures/KYC-001").status_code == 404
    assert "KYC-001" not in client.get("/").text + client.get("/search?q=words").text
    assert begin(bank.browser("author"), "guest", "kyc").status_code == 403      # no guest reads an internal space


def test_nothing_is_written_while_one_looks(looking):
    bank, client = looking
    begin(client, "author")
    token, known, before, refused = token_of(client.get("/spaces")), values(bank.app), state(bank), 0

    for rule in rules(bank.app, "POST"):
        if rule.rule.startswith("/api/") or rule.rule in ("/seen-as/end", "/signout", "/signin", "/forgotten"):
            continue
        for place, _ in addresses(rule, known):
            answer = client.post(place, data=FIELDS | {"csrf_token": token, "space": "kyc", "language": "en"})
            assert answer.status_code != 200 or rule.rule == "/preview", place
            refused += answer.status_code == 403
    assert refused > 20 and state(bank) == before and "Leave the preview" in client.get("/").text


def test_an_administrator_is_never_shown_what_they_may_not_read(looking):
    bank, _client = looking
    boss = bank.browser("administrator")

    assert boss.get("/spaces/vault/seen-as").status_code == 404 and begin(boss, "member", "vault").status_code == 404
    assert [begin(boss, role).status_code for role in ("author", "approver", "auditor")] == [403] * 3
    assert begin(boss, "member").status_code == 303 and "secret plan" not in boss.get("/").text
    grant(bank.app, "vault", bank.people["administrator"], "member")
    other = bank.browser("administrator")
    assert begin(other, "guest", "vault").status_code == 303


@pytest.mark.parametrize("who", ["member", "auditor"])
def test_others_do_not_look_with_somebody_elses_eyes(looking, who):
    bank, _client = looking

    assert bank.browser(who).get("/spaces/kyc/seen-as").status_code == 403 and begin(bank.browser(who), "member").status_code == 403


def test_the_right_to_is_asked_again_on_every_page(looking):
    bank, client = looking
    begin(client, "author")
    with site_of(bank.app).database.transaction() as session:
        from accounts import grants, spaces
        from accounts.models import Person

        grants.revoke(session, None, spaces.named(session, "kyc"), session.get(Person, bank.people["author"].id), "author")

    assert "Leave the preview" not in client.get("/spaces/kyc").text
    assert post(client, "/language", {"language": "en"}).status_code == 303


def test_signing_out_ends_a_preview_too(app):
    make_space(app, "kyc")
    boss = make_person(app, "The Boss", administrator=True)
    client = sign_in(app.test_client(), boss)
    begin(client, "member")

    assert post(client, "/signout").status_code == 303
    assert client.get("/account").status_code == 401 and "Leave the preview" not in client.get("/").text


def _main(page):
    return re.sub(r'value="[\w.-]{40,}"', "", page.text.split("<main", 1)[1])
