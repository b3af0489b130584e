"""Ways around: forms without their token, addresses written otherwise, revisions that are none."""

import pytest

from tests.site import token_of
from tests.surface.held import places, state

FIELDS = {"body": "x", "markdown": "# x", "reason": "x", "kind": "question", "verdict": "still_true", "code": "", "action": "", "base": ""}
ALIASES = [
    "{0}/", "/{0}", "{0}//", "{0}.json", "{0}%2f", "{0}/.", "{0}%00", "{0};x=1", "/.{0}", "/spaces/..{0}", "/%2e%2e{0}", "{0}%20", "{0}?format=json",
    "{0}?_method=GET",
]
WALLED = ("/spaces/vault", "/procedures/VAULT-001", "/procedures/VAULT-001/versions", "/api/v1/procedures/VAULT-001", "/api/v1/spaces/vault/procedures")
DISGUISES = ({}, {"X-HTTP-Method-Override": "GET", "X-Original-URL": "/", "X-Rewrite-URL": "/", "X-Forwarded-Prefix": "/x", "X-Forwarded-User": "author"})


def test_no_form_is_taken_without_the_token_of_its_session(lived):
    client = lived.browser("second")
    foreign, own = token_of(lived.browser("author").get("/account")), token_of(client.get("/account"))
    before = state(lived)
    # A mail program ends mails by the secret in its address and has no form (RFC 8058).
    tried = [place for place in places(lived, "POST") if not place.startswith(("/api/", "/unsubscribe/"))]
    without = (
        {"data": FIELDS}, {"data": FIELDS | {"csrf_token": foreign}},
        {"data": FIELDS | {"csrf_token": own}, "headers": {"Origin": "https://evil.example"}},
    )

    assert len(tried) > 50
    for place in tried:
        assert {client.post(place, **more).status_code for more in without} == {400}, place
    assert state(lived) == before


@pytest.mark.parametrize("who", ["author", "approver", "auditor", "member", "administrator", None])
def test_looking_changes_nothing(lived, who):
    client = lived.browser(who)
    head = {"Authorization": f"Bearer {lived(who).token}"} if who else {}
    before = state(lived)

    for place in places(lived, "GET"):
        for method in ("GET", "HEAD", "OPTIONS"):
            answer = client.open(place, method=method, headers=head if place.startswith("/api/") else {})
            assert answer.status_code < 500 or place == "/readyz", (method, place)      # nobody follows this site
    assert state(lived) == before


@pytest.mark.parametrize("alias", ALIASES)
def test_an_address_written_otherwise_grants_nothing(lived, alias):
    for who in ("member", None):
        client, head = lived.browser(who), {"Authorization": f"Bearer {lived(who).token}"} if who else {}
        for address in WALLED:
            for method in ("GET", "HEAD", "OPTIONS"):
                for disguise in DISGUISES:
                    answer = client.open(alias.format(address), method=method, headers=disguise | (head if address.startswith("/api") else {}))
                    assert "picture" not in answer.text and "Locked" not in answer.text, (who, address)
                    assert method == "OPTIONS" or answer.status_code in (401, 404, 422), (who, method, address, answer.status_code)


def test_a_method_in_disguise_is_not_obeyed(lived):
    client = lived.browser("author")
    token, thread = token_of(client.get("/account")), lived.read("/procedures/KYC-001/threads")["items"][0]
    before = state(lived)

    for name in ("X-HTTP-Method-Override", "X-HTTP-Method", "X-Method-Override"):
        for wanted in ("POST", "DELETE", "PUT"):
            assert client.get(f"/threads/{thread['id']}/close?csrf_token={token}&_method={wanted}", headers={name: wanted}).status_code == 405
            assert lived("author").get(f"/posts/{thread['posts'][0]['id']}", headers={name: wanted}).status_code == 405
    assert state(lived) == before


REVISIONS = [
    "0", "-1", "01", "1.0", "1e0", "+1", "9999999999999999999", "HEAD", "main", "HEAD~1", "main^", "refs/heads/main", "@{1}", ":/x", "--output=x", "-O",
    "--contents=/etc/passwd", "1..2", "0" * 40, "../../etc/passwd", "..%2f..%2fetc", "1%00", "1%0a", "1'--", "latest", "%D9%A1",
]


def _beginning(commit: str) -> str:
    """Return the beginning of a commit's id, as long as it takes not to be the number of a version."""
    return next(commit[:length] for length in range(8, 40) if not commit[:length].isdigit())


@pytest.mark.parametrize("revision", [*REVISIONS, "{commit}", "{short}"])
def test_what_is_no_version_and_no_day_is_answered_alike_and_writes_nothing(lived, revision):
    client, before = lived.browser("author"), state(lived)
    commit = lived.read("/procedures/KYC-001")["commit"]
    one = revision.replace("{commit}", commit).replace("{short}", _beginning(commit))

    for path in (f"versions/{one}", f"versions/{one}/sheet.css", f"compare/{one}...1", f"compare/1...{one}", f"compare/{one}"):
        answer = client.get(f"/procedures/KYC-001/{path}")
        assert answer.status_code == 404 and "Opening an account" not in answer.text, path
    for path in (f"on/{one}", f"on?day={one}"):
        assert client.get(f"/procedures/KYC-001/{path}", follow_redirects=True).status_code in (404, 422), path
    for query in (f"?version={one}", f"?on={one}", f"/compare?from={one}&to=1", f"/compare?from=1&to={one}"):
        assert lived("author").get(f"/procedures/KYC-001{query}").status_code == 422, query
    assert state(lived) == before


@pytest.mark.parametrize("code", ["KYC-001.md", "HEAD:kyc-001.md", "--output=x", "KYC-001%00", "KYC-001%0a", "KYC 001", "*", "%25", "_", "KYC-___", "KYC-001'--", "..%2fKYC-001"])
def test_what_is_no_code_is_not_there(lived, code):
    for path in (f"/procedures/{code}", f"/procedures/{code}/versions", f"/spaces/kyc/file/{code}"):
        assert lived.browser("author").get(path).status_code == 404, path
    assert lived("author").get(f"/procedures/{code}").status_code == 404
