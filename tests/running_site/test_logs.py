"""What the log says of a request: who, which pattern, how long; never what anybody wrote, asked for, or proved themselves with."""

import json
import logging
import re
import subprocess
import sys

import pytest

from core.logs import Lines, told
from tests.running import ROOT
from tests.site import make_person, sign_in


def lines(caplog, style="json"):
    return [Lines(style).format(record) for record in caplog.records]


@pytest.fixture
def heard(caplog):
    with caplog.at_level(logging.INFO, logger="procedures"):
        yield caplog


def test_a_request_is_one_line_with_the_id_that_is_answered(app, heard):
    anne = make_person(app, "Anne Martin")
    answer = sign_in(app.test_client(), anne).get("/people/" + anne.id + "?x=secret")

    [line] = lines(heard)
    said = json.loads(line)
    assert said["id"] == answer.headers["X-Request-Id"] and said["person"] == anne.id
    assert (said["method"], said["route"], said["status"], said["event"]) == ("GET", "/people/<id>", 200, "request")
    assert said["ms"] >= 0 and "secret" not in line
    plain = lines(heard, "logfmt")[0]
    assert 'route="/people/' not in plain and "route=/people/<id> status=200" in plain and "\n" not in plain


def test_who_looks_whether_it_is_well_is_not_logged(client, heard):
    for path in ("/healthz", "/readyz", "/metrics"):
        client.get(path)
    client.get("/signin", headers={"X-Request-Id": "mine-mine"})

    [line] = lines(heard)
    assert "/signin" in line and "mine" not in line


def test_a_failure_tells_where_it_happened_and_nothing_that_was_typed(app, client, heard):
    def fail(token):
        secret = f"local {token}"
        try:
            int(secret)
        except ValueError as error:
            raise RuntimeError(f"could not take {secret}") from error

    app.view_functions["accounts.link"] = fail
    answer = client.get("/link/planted-secret?q=planted-secret")

    failure = json.loads(lines(heard)[0])
    assert answer.status_code == 500 and "planted-secret" not in "".join(lines(heard) + lines(heard, "logfmt"))
    assert failure["error"] == "RuntimeError < ValueError" and failure["trace"].startswith("test_logs.py:") and " fail < " in failure["trace"]
    assert failure["route"] == "/link/<token>" and failure["id"] == answer.headers["X-Request-Id"] in answer.text


@pytest.mark.parametrize(("error", "said"), [
    (OSError(28, "No space left on device", "/secret/name"), "OSError 28: No space left on device"), (KeyError("secret"), "KeyError"),
])
def test_of_an_error_only_what_the_system_says_is_told(error, said):
    assert told(error) == said


def test_whatever_stands_in_a_fact_stays_on_its_line():
    record = logging.makeLogRecord({"name": "x", "levelname": "INFO", "facts": {"route": 'a "b"\n=c\u2028\x1b[31m', "n": 3}})

    line = Lines("logfmt").format(record)
    assert len(line.splitlines()) == 1 and re.search(r' n=3$', line) and "\x1b" not in line
    assert json.loads(Lines("json").format(record))["n"] == 3


@pytest.mark.parametrize(("style", "requests"), [("logfmt", 1), ("json", 1), ("off", 0)])
def test_off_leaves_requests_out_and_keeps_what_went_wrong(style, requests):
    program = (
        "import logging; from core import logs; logs.to_console(%r); "
        "logging.getLogger(logs.REQUESTS).info('asked'); logging.getLogger('procedures.web').error('failed\\nhere')"
    )
    said = subprocess.run([sys.executable, "-c", program % style], capture_output=True, text=True, check=True, cwd=ROOT).stderr

    assert said.count("asked") == requests and said.count("failed here") == 1 and len(said.splitlines()) == requests + 1
