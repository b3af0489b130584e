import json
import logging
import re

import pytest
from sqlalchemy.exc import OperationalError

from core.logs import Lines
from core.web import local_path
from tests.site import caller, make_person, post, sign_in, token_of

POLICY = ["default-src 'none'", "script-src 'self'", "style-src 'self'", "base-uri 'none'", "frame-ancestors 'none'", "form-action 'self'"]
EVERY_KIND = ["/", "/signin", "/spaces", "/no-such-page", "/static/style.css", "/static/none.css", "/api/v1/me", "/api/v1/spaces", "/api/v1/none", "/api/v1/openapi.json", "/link/x"]


def rules(app, *, safe: bool) -> list[tuple[str, str]]:
    """Every address of the site with a method, its variables filled in."""
    found = []
    for rule in app.url_map.iter_rules():
        path = re.sub(r"<(?:\w+:)?(\w+)>", "x1", rule.rule)
        methods = rule.methods & {"GET"} if safe else rule.methods - {"GET", "HEAD", "OPTIONS"}
        found += [(method, path) for method in sorted(methods)]
    return found


def rows(app) -> dict[str, int]:
    """How many rows each table has, sessions of the embedded database included."""
    from core.database import Base

    with app.extensions["procedures"].database.reading() as session:
        return {table.name: len(session.execute(table.select()).all()) for table in Base.metadata.sorted_tables if table.name not in ("renderings", "steps", "thread_places")}


@pytest.mark.parametrize("path", EVERY_KIND)
def test_every_answer_carries_the_policy(client, path):
    headers = client.get(path).headers

    assert all(part in headers["Content-Security-Policy"] for part in POLICY)
    assert "unsafe" not in headers["Content-Security-Policy"]
    assert headers["X-Content-Type-Options"] == "nosniff" and headers["Referrer-Policy"] == "same-origin"


@pytest.mark.parametrize("path", [path for path in EVERY_KIND if "static" not in path])
def test_nothing_but_static_files_is_kept_by_anybody(client, path):
    headers = client.get(path).headers

    assert headers["Cache-Control"] == "no-store" and "Cookie" in headers["Vary"]


def test_static_files_are_kept_by_their_content(client):
    address = re.search(r'href="(/static/style.css\?v=\w+)"', client.get("/signin").text)[1]

    assert "immutable" in client.get(address).headers["Cache-Control"]
    assert client.get("/static/style.css").headers["Cache-Control"] == "no-cache"


def test_pages_hold_no_script_or_style_of_their_own(client):
    for path in ("/", "/signin", "/no-such-page"):
        text = client.get(path).text
        assert not re.search(r"<script(?![^>]*\ssrc=)|<style|\sstyle=|\son\w+=", text)
        assert not re.search(r'(?:src|href)="(?:https?:)?//', text)


def test_no_form_is_taken_without_the_token_of_its_session(app):
    person = make_person(app, "Anne Martin")
    client, other = sign_in(app.test_client(), person), app.test_client()
    token, foreign = token_of(client.get("/account")), token_of(other.get("/signin"))
    before = rows(app)

    # A mail program ends mails by the secret in its address and has no form (RFC 8058).
    tried = [(method, path) for method, path in rules(app, safe=False) if not path.startswith(("/api/", "/unsubscribe/"))]
    assert len(tried) >= 5
    for method, path in tried:
        for more in (
            {"data": {}}, {"data": {"csrf_token": foreign}}, {"data": {"csrf_token": ""}}, {"json": {"csrf_token": token}},
            {"data": f"csrf_token={token}", "content_type": "text/plain"},
            {"data": {"csrf_token": token}, "headers": {"Origin": "https://evil.example"}},
            {"data": {"csrf_token": token}, "headers": {"Origin": "null"}},
        ):
            assert client.open(path, method=method, **more).status_code == 400, (method, path, more)
    assert rows(app) == before


def test_a_form_from_our_own_pages_is_taken(app):
    client = sign_in(app.test_client(), make_person(app, "Anne Martin"))

    assert post(client, "/language", {"language": "fr"}, headers={"Origin": "http://localhost"}).status_code == 303


def test_no_call_writes_without_a_token_whatever_the_cookie(app):
    client = sign_in(app.test_client(), make_person(app, "Anne Martin"))
    before = rows(app)

    for method, path in rules(app, safe=False):
        if path.startswith("/api/"):
            assert client.open(path, method=method, json={}).status_code == 401, (method, path)
            assert client.open(path, method=method, json={}, headers={"Authorization": "Bearer x"}).status_code == 401
    assert rows(app) == before


def test_looking_changes_nothing(app):
    person = make_person(app, "Anne Martin")
    client, calls = sign_in(app.test_client(), person), caller(app, person)
    before = rows(app)

    for _method, path in rules(app, safe=True):
        for method in ("GET", "HEAD"):
            answer = calls.client.open(path, method=method, headers={"Authorization": f"Bearer {calls.token}"}) if path.startswith("/api/") else client.open(path, method=method)
            assert answer.status_code < 500 or path == "/readyz", (method, path)      # nobody follows this site
    assert rows(app) == before


def test_an_unknown_address_is_not_found_in_the_words_of_a_hidden_one(app):
    client = sign_in(app.test_client(), make_person(app, "Anne Martin"))
    unknown, hidden = client.get("/qqqq"), client.get("/spaces/qqqq")

    def bare(answer):
        return re.sub(r'value="[^"]*"', "", answer.text)

    assert unknown.status_code == hidden.status_code == 404 and bare(unknown) == bare(hidden)


@pytest.mark.parametrize("path", ["/.git/config", "/.env", "/data/site.sqlite3", "/static/../app.py", "/static/..%2fapp.py", "/console", "/metrics", "//evil.example/x", "/signin/", "/SIGNIN", "/spaces/%2e%2e", "/people/%00", "/people/a%0ab"])
def test_nothing_lies_about(client, path):
    answer = client.get(path)

    assert answer.status_code in (401, 404)
    assert "def " not in answer.text and "[core]" not in answer.text


def test_a_method_that_an_address_does_not_take_is_refused(client):
    assert client.get("/signout").status_code == 405
    answer = client.delete("/api/v1/me")
    assert answer.status_code == 405 and "GET" in answer.headers["Allow"]
    assert answer.mimetype == "application/problem+json"


def test_a_body_above_two_mebibytes_is_refused(app, client):
    page = post(client, "/signin", {"email": "x" * (2 * 1024 * 1024)})
    assert page.status_code == 413 and "2 MiB" in page.text

    calls = caller(app, make_person(app, "Anne Martin"))
    assert calls.post("/changes", {"space": "x" * (2 * 1024 * 1024)}).status_code == 413


def test_a_failure_is_a_calm_page_and_one_line_in_the_log(app, client, monkeypatch, caplog):
    def fail():
        raise RuntimeError("a secret\nwith a second line")

    app.view_functions["accounts.list_spaces" if "accounts.list_spaces" in app.view_functions else "accounts.spaces"] = fail
    with caplog.at_level(logging.ERROR, logger="procedures.web"):
        answer = client.get("/spaces?x=\x1b[31m")

    assert answer.status_code == 500 and "Nothing that was saved is lost" in answer.text
    assert "secret" not in answer.text and "Traceback" not in answer.text
    [line] = [Lines("logfmt").format(record) for record in caplog.records]
    assert "\n" not in line and "route=/spaces" in line and "secret" not in line
    assert "frame-ancestors" in answer.headers["Content-Security-Policy"]


@pytest.mark.parametrize("problem, status, said", [
    (OperationalError("SELECT 1", {}, Exception("database or disk is full")), 507, "No space is left on the disk"),
    (OSError(28, "No space left on device"), 507, "No space is left on the disk"),
    (OSError(30, "Read-only file system"), 503, "can only be read"),
    (OperationalError("SELECT 1", {}, Exception("attempt to write a readonly database")), 503, "can only be read"),
    (OSError(24, "Too many open files"), 503, "try again in a minute"),
    (OSError(5, "Input/output error"), 503, "try again in a minute"),
    (OperationalError("SELECT 1", {}, Exception("unable to open database file")), 503, "try again in a minute"),
])
def test_a_disk_that_is_full_or_broken_is_said_and_not_a_crash(app, client, problem, status, said):
    def fail():
        raise problem

    app.view_functions["accounts.spaces"] = fail

    answer = client.get("/spaces")
    assert answer.status_code == status and said in answer.text


def test_problems_of_the_api_are_documents(client):
    answer = client.get("/api/v1/spaces/none")

    assert answer.mimetype == "application/problem+json"
    assert json.loads(answer.text) == {"type": "about:blank", "title": "Not Found", "status": 404, "detail": "Not found."}


def test_problems_speak_the_language_of_the_request(client):
    french = client.get("/api/v1/spaces/none", headers={"Accept-Language": "fr"})

    assert french.json["detail"] != "Not found." and french.json["status"] == 404


@pytest.mark.parametrize(("raw", "path"), [("/a", "/a"), ("/a?b=c#d", "/a?b=c#d"), ("//a", None), ("/\\a", None), ("/\ta", None), ("a", None), ("", None), (None, None), ("https://a", None), ("/a\nb", None), ("/" + "a" * 2001, None)])
def test_only_paths_of_this_site_are_local(raw, path):
    assert local_path(raw) == path


def test_links_never_use_the_host_that_a_request_claims(client):
    text = client.get("/signin", headers={"Host": "evil.example", "X-Forwarded-Host": "evil.example"}).text

    assert "evil.example" not in text
