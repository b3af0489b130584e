"""The site, or its floor, served as people use it, and somebody signed in."""

import os
import subprocess
import sys
import time
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlencode

from benchmarks.filling import Filled
from benchmarks.http_client import Connection

ROOT = Path(__file__).resolve().parent.parent


@contextmanager
def served(application: str, port: int, data: Path):
    """Serve an application as `make run` does until the block ends."""
    command = [sys.executable, "-m", "gunicorn", "-k", "gthread", "-w", "2", "--threads", "4", "-b", f"127.0.0.1:{port}", application]
    environ = {
        **os.environ, "PROCEDURES_DATA": str(data), "PROCEDURES_RATE_LIMITS": "off", "PROCEDURES_STARTER": "0",
        "PROCEDURES_PORT": str(port),
    }
    process = subprocess.Popen([*command, "--log-level", "error"], cwd=ROOT, env=environ)
    try:
        _wait(port)
        yield
    finally:
        process.terminate()
        process.wait(30)


def _wait(port: int) -> None:
    for _ in range(300):
        try:
            Connection(port).request("GET", "/")
            return
        except OSError:
            time.sleep(0.1)
    raise RuntimeError("the server does not answer")


def signed_in(port: int, filled: Filled) -> dict[str, str]:
    """Sign in as a person does, see a first page, and return the headers of the session as the browser has it then."""
    plain = Connection(port)
    _, headers, body = plain.request("GET", "/signin")
    cookie = headers["set-cookie"].split(";")[0]
    token = body.decode().split('name="csrf_token" value="')[1].split('"')[0]
    form = urlencode({"email": filled.email, "password": filled.password, "csrf_token": token}).encode()
    status, headers, _ = Connection(port, {"Cookie": cookie}).request("POST", "/signin", form, "application/x-www-form-urlencoded")
    assert status == 303, status
    session = {"Cookie": headers["set-cookie"].split(";")[0]}
    _, headers, _ = Connection(port, session).request("GET", "/")
    return {"Cookie": headers["set-cookie"].split(";")[0]}
