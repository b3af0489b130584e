"""The server as `make run` starts it: in a process of its own, over a real socket."""

import os
import re
import signal
import socket
import subprocess
import sys
import urllib.error
import urllib.request
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent.parent


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def start(data: Path, **more: str) -> subprocess.Popen:
    known = {name: value for name, value in os.environ.items() if not name.startswith("PROCEDURES_")}
    settings = {"PROCEDURES_DATA": str(data), "PROCEDURES_STARTER": "0", "PROCEDURES_PORT": str(free_port())} | more
    return subprocess.Popen(
        [sys.executable, "app.py"], cwd=ROOT, env=known | settings, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
    )


def until_ready(server: subprocess.Popen) -> tuple[str, list[str]]:
    """Return the address that the server says it is ready at, and what it printed before."""
    lines = []
    for line in server.stdout:
        if line.startswith("Ready at "):
            return line.removeprefix("Ready at ").strip(), lines
        lines.append(line.rstrip())
    raise AssertionError("\n".join(lines))


def get(url: str, method: str = "GET"):
    request = urllib.request.Request(url, method=method)
    try:
        return urllib.request.urlopen(request, timeout=10)
    except urllib.error.HTTPError as answer:
        return answer


def post(url: str, body: bytes):
    try:
        return urllib.request.urlopen(urllib.request.Request(url, data=body), timeout=30)
    except urllib.error.HTTPError as answer:
        return answer


def stop(server: subprocess.Popen) -> int:
    server.send_signal(signal.SIGTERM)
    try:
        return server.wait(timeout=20)
    finally:
        server.stdout.close()


@pytest.mark.timeout(120)
def test_it_serves_says_so_and_stops_when_told(tmp_path):
    server = start(tmp_path / "data")
    try:
        address, _ = until_ready(server)
        assert get(f"{address}/signin").status == 200
        head = get(f"{address}/signin", "HEAD")
        assert head.status == 200 and head.read() == b""
        assert get(f"{address}/spaces/none").status == 401
        assert post(f"{address}/signin", b"email=" + b"x" * 10_000_000).status == 413      # heard out, then answered in words
    finally:
        code = stop(server)

    assert code == 0
    assert (tmp_path / "data" / "keys" / "cookies.key").stat().st_mode & 0o777 == 0o600


@pytest.mark.timeout(120)
def test_an_address_too_long_to_be_read_is_refused_by_a_page_of_the_site_in_both_languages(tmp_path):
    server = start(tmp_path / "data")
    try:
        address, _ = until_ready(server)
        for many in (8_200, 12_000, 500_000):
            refused = get(f"{address}/search?q={'x' * many}")
            page = refused.read().decode()
            assert refused.status == 414 and "style.css" in page and refused.headers["Content-Security-Policy"]
            assert "This address is too long to be read" in page and '<p lang="fr">Cette adresse est trop longue' in page
            assert "Set-Cookie" not in refused.headers      # whoever is signed in stays so
        shorter = get(f"{address}/signin?next={'x' * 8_000}")
        assert shorter.status == 200 and shorter.headers["Set-Cookie"]
    finally:
        stop(server)


@pytest.mark.timeout(180)
def test_the_sample_people_can_sign_in_before_the_first_answer_and_a_second_run_keeps_everything(tmp_path):
    server = start(tmp_path / "data", PROCEDURES_STARTER="1")
    try:
        address, printed = until_ready(server)
    finally:
        stop(server)
    roles = [re.fullmatch(rf"Sign in as [^()]+ \((\w+)\): {re.escape(address)}/link/\S+", line)[1] for line in printed]
    assert sorted(set(roles)) == sorted(roles) and {"author", "approver", "auditor", "guest", "administrator"} <= set(roles)

    size = (tmp_path / "data" / "site.sqlite3").stat().st_size
    server = start(tmp_path / "data", PROCEDURES_STARTER="1")
    try:
        address, printed = until_ready(server)
        link = printed[0].split(": ", 1)[1]
        assert get(link).status == 200
    finally:
        stop(server)
    assert (tmp_path / "data" / "site.sqlite3").stat().st_size >= size


def test_bad_settings_stop_the_start_with_a_list(tmp_path):
    server = start(tmp_path / "data", PROCEDURES_PORT="x", PROCEDURES_TIMEZONE="Mars")
    told, _ = server.communicate(timeout=60)

    assert server.returncode == 1
    assert "PROCEDURES_PORT='x'" in told and "PROCEDURES_TIMEZONE='Mars'" in told and "Traceback" not in told


def test_a_port_that_is_taken_stops_the_start_with_a_sentence_before_anything_is_made(tmp_path):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        server = start(tmp_path / "data", PROCEDURES_PORT=port, PROCEDURES_STARTER="1")
        told, _ = server.communicate(timeout=60)

    assert server.returncode == 1 and f"port {port}" in told and "PROCEDURES_PORT" in told and "Traceback" not in told
    assert "Sign in as" not in told and not (tmp_path / "data").exists()


def test_data_of_a_newer_version_stops_the_start_with_a_sentence(tmp_path, sqlite_template):
    import shutil
    import sqlite3

    (tmp_path / "data").mkdir()
    shutil.copy(sqlite_template, tmp_path / "data" / "site.sqlite3")
    with sqlite3.connect(tmp_path / "data" / "site.sqlite3") as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")

    server = start(tmp_path / "data")
    told, _ = server.communicate(timeout=60)
    assert server.returncode == 1 and "newer version" in told and "Traceback" not in told


@pytest.mark.timeout(120)
def test_commands_run_beside_the_server(tmp_path):
    server = start(tmp_path / "data")
    try:
        address, _ = until_ready(server)
        added = subprocess.run(
            [sys.executable, "-m", "flask", "people", "add", "anne@bank.example", "--name", "Anne Martin"],
            cwd=ROOT, env=os.environ | {"PROCEDURES_DATA": str(tmp_path / "data"), "PROCEDURES_PUBLIC_URL": address},
            text=True, capture_output=True, timeout=60, check=True,
        )
        assert get(added.stdout.strip()).status == 200
    finally:
        stop(server)
