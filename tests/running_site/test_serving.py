"""The server itself: numbers that are right with several processes, and a log that holds no secret whatever is sent."""

import json
import re
import socket
import urllib.request
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import urlencode

import pytest

from app import create_app
from core.settings import Settings
from tests.running import Server
from tests.site import site_of
from tests.surface.test_doors import FIELDS
from tests.surface.test_fields import BODIES
from tests.walls.crawl import rules

TOKEN = "a-long-enough-token"
SECRET = "planted4711"
PATTERN = {"logfmt": re.compile(r'at=\S+ level=\w+ logger=\S+ (\w+=("[^"]*"|\S+) ?)+'), "json": re.compile(r"\{.*\}")}


def numbers(server) -> dict[str, float]:
    request = urllib.request.Request(f"{server.address}/metrics", headers={"Authorization": f"Bearer {TOKEN}"})
    with urllib.request.urlopen(request, timeout=30) as answer:
        return {name: float(value) for name, value in re.findall(r"^([a-z_]+(?:\{[^}]*\})?) (\S+)$", answer.read().decode(), re.M)}


@pytest.mark.timeout(180)
def test_every_process_is_in_the_sums_whichever_answers_and_a_start_begins_anew(tmp_path):
    name = 'procedures_requests_total{method="GET",route="/spaces/<slug>",status="401"}'
    server = Server(tmp_path / "data", METRICS_TOKEN=TOKEN, WORKERS="2").start()
    try:
        for round in range(1, 4):
            with ThreadPoolExecutor(8) as many:
                list(many.map(lambda number: server.get(f"/spaces/x{number}"), range(40)))
            assert {numbers(server)[name] for _ in range(10)} == {40.0 * round}
        counted = list((tmp_path / "data" / "metrics").rglob("counter_*.db"))
        assert len(counted) == 2 and numbers(server)["procedures_workers"] == 2
    finally:
        server.stop()
    server.start()
    try:
        assert name not in numbers(server)
    finally:
        server.stop()


@pytest.mark.timeout(300)
@pytest.mark.parametrize("style", PATTERN)
def test_whatever_is_sent_the_log_holds_nothing_of_it(tmp_path, style):
    log = tmp_path / "log"
    server = Server(tmp_path / "data", log=log, LOG=style).start()
    try:
        token, id = somebody(server)
        sent = everything(server, token) if style == "logfmt" else 0        # what is told is the same, only its form differs
        nonsense(server)
    finally:
        server.stop()

    told = log.read_text()
    assert SECRET not in told.lower() and token not in told and "@" not in told
    lines = told.splitlines()
    assert len(lines) > sent and all(PATTERN[style].fullmatch(line) for line in lines), [line for line in lines if not PATTERN[style].fullmatch(line)][:3]
    assert id in told and "Invalid request refused" in told


def somebody(server) -> tuple[str, str]:
    """Let a person be there who may write, and return their token and id."""
    server.flask("people", "add", f"{SECRET}@bank.example", "--name", f"Anne {SECRET.title()}", "--administrator")
    server.flask("spaces", "add", "notes", "--name", SECRET, "--approvals", "0")
    server.flask("spaces", "grant", "notes", f"{SECRET}@bank.example", "author")
    token = server.flask("tokens", "add", f"{SECRET}@bank.example", "--name", SECRET).stdout.strip().splitlines()[-1]
    status, me = server.get("/api/v1/me", token)
    assert status == 200
    published = server.call("POST", "/api/v1/changes", {"space": "notes", "reason": SECRET, "texts": [{"markdown": f"# {SECRET}"}]}, token)
    assert published[0] == 201
    return token, me["id"]


def everything(server, token) -> int:
    """Send a secret to every address, in its path, its query, its headers, its form and its JSON; return how many were sent."""
    app, sent = create_app(Settings(data=server.data / "other", starter=False)), 0
    for method in ("GET", "POST", "PUT", "DELETE"):
        for rule in rules(app, method):
            path = re.sub(r"<(?:\w+:)?(\w+)>", SECRET, rule.rule) + f"?q={SECRET}&{SECRET}={SECRET}"
            shapes = [None] if method == "GET" else [{name: SECRET for body in BODIES.values() for name in body} | {"password": SECRET, "email": SECRET}]
            for body in shapes:
                for own in (token, SECRET) if rule.rule.startswith("/api/") else (None,):
                    raw(server, method, path, body if body is None or own else {**FIELDS, **body}, own)
                    sent += 1
    site_of(app).database.engine.dispose()
    return sent


def raw(server, method, path, body, token) -> None:
    is_json = path.startswith("/api/")
    data = None if body is None else json.dumps(body).encode() if is_json else urlencode(body).encode()
    headers = {
        "Cookie": f"session={SECRET}", "Referer": f"http://x/{SECRET}", "User-Agent": SECRET, "X-Request-Id": SECRET, "X-Forwarded-For": SECRET,
        "Content-Type": "application/json" if is_json else "application/x-www-form-urlencoded",
    } | ({"Authorization": f"Bearer {token}"} if token else {})
    request = urllib.request.Request(server.address + path, data=data, headers=headers, method=method)
    try:
        urllib.request.urlopen(request, timeout=30).read()
    except urllib.error.HTTPError as answer:
        assert answer.code < 500 or answer.code == 503, (method, path, answer.code)


def nonsense(server) -> None:
    """Send what is no request."""
    for words in (
        f"{SECRET}\r\n\r\n", f"GET /{SECRET}\r\n\r\n", f"GET /{SECRET} HTTP/9.9\r\n\r\n", f"g{SECRET}t / HTTP/1.1\r\n\r\n",
        f"GET / HTTP/1.1\r\n{SECRET} {SECRET}\r\n\r\n", f"GET /{SECRET * 1000} HTTP/1.1\r\n\r\n", f"GET / HTTP/1.1\r\nX: {SECRET * 2000}\r\n\r\n",
        f"POST / HTTP/1.1\r\nContent-Length: {SECRET}\r\n\r\n", f"GET /{SECRET}%ff%00 HTTP/1.1\r\nHost: {SECRET}:x\r\n\r\n",
    ):
        with socket.create_connection(("127.0.0.1", server.port), timeout=30) as line:
            line.sendall(words.encode())
            line.recv(65536)
