"""Measure a filled site through HTTP, signed in, beside its floors: `python -m benchmarks.measure --procedures 1000`."""

import argparse
import itertools
import json
import os
import subprocess
import sys
import tempfile
import threading
import time
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from urllib.parse import quote, urlencode

from flask import Flask
from sqlalchemy import select

from benchmarks import floors
from benchmarks.filling import Filled, fill
from benchmarks.http_client import Connection, series
from core import settings
from core.database import Database
from wiki.models import Version
from wiki.repository import Library

ROOT = Path(__file__).resolve().parent.parent
CONNECTIONS = 4
_READ = 1000        # procedures that are read, of however many there are


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


def measure(filled: Filled, port: int, questions: list[str], requests: int) -> dict[str, float]:
    """Return the figures of the product: requests per second, or milliseconds."""
    cookie = signed_in(port, filled)
    token = {"Authorization": f"Bearer {filled.token}"}
    read = sorted(set(floors.sample(filled.codes, 2 * _READ)))[:_READ]
    codes = floors.sample(read, requests)
    page = lambda path: [("GET", path.format(code=code)) for code in codes]  # noqa: E731
    people = lambda: Connection(port, cookie)  # noqa: E731
    programs = lambda: Connection(port, token)  # noqa: E731
    # Both processes have seen nearly everything once, as they have on the second day; what is asked first is measured
    # while nothing is written, as most pages of most days are.
    series(people, [("GET", f"/procedures/{code}") for code in floors.sample(read, 8 * len(read))], connections=CONNECTIONS)
    hot = [("GET", f"/procedures/{filled.codes[0]}")] * requests
    figures = {
        "view, any procedure (/s)": series(people, page("/procedures/{code}"), connections=CONNECTIONS).rate,
        "view, one procedure (/s)": series(people, hot, connections=CONNECTIONS).rate,
    }
    for name, asked in {"history": page("/procedures/{code}/versions")[:200], "compare": page("/procedures/{code}/compare/1...2")[:200]}.items():
        keeps = people()        # one connection stays with one process, whose second look this is
        figures[f"{name}, first look (ms)"] = series(lambda: keeps, asked, connections=1).percentile(0.5)
        figures[f"{name} (ms)"] = series(lambda: keeps, asked, connections=1).percentile(0.5)
    asked = [("GET", f"/search?q={quote(question)}") for question in questions]
    series(people, asked * 2, connections=CONNECTIONS)
    searches = series(people, asked * 2, connections=1)
    return figures | {
        "search p50 (ms)": searches.percentile(0.5),
        "search p95 (ms)": searches.percentile(0.95),
        "view, while others write (/s)": _while_others_write(people, programs, codes),
        "publish (ms)": _publish(programs(), codes[:60], pause_s=0.5),
        "publish, one right after another (ms)": _publish(programs(), codes[60:120], pause_s=0.0),
        "post (ms)": series(programs, [_post(code) for code in codes[:60]], connections=1).percentile(0.5),
    }


def _while_others_write(people, programs, codes: list[str]) -> float:
    """Return the rate of pages while somebody else posts five times a second, so that nothing is kept for long."""
    over = threading.Event()

    def write() -> None:
        connection = programs()
        for number in itertools.count():
            if over.wait(0.2):
                return
            connection.request(*_post(codes[number % len(codes)]))

    writer = threading.Thread(target=write)
    writer.start()
    rate = series(people, [("GET", f"/procedures/{code}") for code in codes], connections=CONNECTIONS).rate
    over.set()
    writer.join()
    return rate


def _publish(connection: Connection, codes: list[str], *, pause_s: float) -> float:
    """Return the milliseconds of a publication, so long after the change was opened: after a pause no follower is at work."""
    taken = []
    for number, code in enumerate(codes):
        text = f"# Measured\n\nText {number} of {code}, {time.time_ns()}. " + "Words of the rule. " * 200
        body = json.dumps({"space": "bench", "texts": [{"code": code, "markdown": text}]}).encode()
        _, _, answer = connection.request("POST", "/api/v1/changes", body)
        id = json.loads(answer)["id"]
        time.sleep(pause_s)
        start = time.perf_counter()
        status, _, answer = connection.request("POST", f"/api/v1/changes/{id}/submit")
        taken.append((time.perf_counter() - start) * 1000)
        assert status == 200, answer
    return floors.median(taken)


def _post(code: str) -> tuple:
    body = json.dumps({"kind": "question", "body": f"What do we do with {code} when it is measured?"}).encode()
    return ("POST", f"/api/v1/procedures/{code}/threads", body)


def filled_in(data: Path, app: Flask, procedures: int, versions: int, posts: int) -> Filled:
    """Fill the site of a folder, or return what an earlier run filled it with."""
    note, site = data / "filled.json", app.extensions["procedures"]
    if note.exists():
        return Filled(**json.loads(note.read_text()))
    start = time.perf_counter()
    filled = fill(site.database, site.library, procedures=procedures, versions=versions, posts_wanted=posts)
    print(f"filled in {time.perf_counter() - start:.0f} s", file=sys.stderr)
    start = time.perf_counter()
    indexed = app.test_cli_runner().invoke(args=["search", "rebuild"])      # once, instead of act after act
    assert indexed.exit_code == 0, indexed.output
    site.loop.catch_up()        # what follows every act is over before anything is measured
    site.engine.rest()
    print(f"indexed in {time.perf_counter() - start:.0f} s", file=sys.stderr)
    note.write_text(json.dumps(asdict(filled)))
    return filled


def run(procedures: int, versions: int, posts: int, port: int, kept: Path | None = None) -> dict[str, float]:
    """Fill a site, in a temporary folder or in one that is kept, measure it and its floors, and return the figures."""
    with tempfile.TemporaryDirectory() as folder:
        data = kept or Path(folder) / "data"
        application = __import__("app").create_app(settings.read({"PROCEDURES_DATA": str(data), "PROCEDURES_STARTER": "0"}))
        site = application.extensions["procedures"]
        filled = filled_in(data, application, procedures, versions, posts)
        documents, questions = _texts(site.database, site.library)
        figures = {}
        with served("benchmarks.floors:hello()", port, data):
            hello = series(lambda: Connection(port), [("GET", "/")] * 4000, connections=CONNECTIONS)
            one = series(lambda: Connection(port), [("GET", "/")] * 500, connections=1)
            figures["floor: hello (/s)"], figures["floor: hello (ms)"] = hello.rate, one.percentile(0.5)
        figures["floor: signed commit (ms)"] = floors.median(floors.git_publications(Path(folder) / "floor", files=procedures))
        figures["floor: FTS5 (ms)"] = floors.median(floors.fts5_searches(Path(folder) / "fts.sqlite3", documents, questions))
        site.database.dispose()
        with served("app:served()", port + 1, data):
            figures |= measure(filled, port + 1, questions, 2000)
        return figures


def _texts(database: Database, library: Library) -> tuple[list[str], list[str]]:
    repository = library.repository("bench")
    with database.reading() as session:
        blobs = list(session.scalars(select(Version.blob).order_by(Version.id.desc()).limit(10000)))
    documents = [repository.text(blob) for blob in blobs]
    questions = [" ".join(text.split()[100 : 100 + 3 + number % 8]).strip(".").replace('"', "") for number, text in enumerate(documents[:100])]
    return documents, questions


def report(figures: dict[str, float]) -> str:
    """Return the figures with their ratios, as the rows of a table."""
    hello_rate, hello_ms = figures["floor: hello (/s)"], figures["floor: hello (ms)"]
    ratios = {
        "view, any procedure (/s)": f"{figures['view, any procedure (/s)'] / hello_rate:.2f} of hello",
        "view, while others write (/s)": f"{figures['view, while others write (/s)'] / hello_rate:.2f} of hello",
        "view, one procedure (/s)": f"{figures['view, one procedure (/s)'] / hello_rate:.2f} of hello",
        "history, first look (ms)": f"{figures['history, first look (ms)'] / hello_ms:.1f} × hello",
        "compare, first look (ms)": f"{figures['compare, first look (ms)'] / hello_ms:.1f} × hello",
        "history (ms)": f"{figures['history (ms)'] / hello_ms:.1f} × hello",
        "compare (ms)": f"{figures['compare (ms)'] / hello_ms:.1f} × hello",
        "publish (ms)": f"{figures['publish (ms)'] / figures['floor: signed commit (ms)']:.1f} × signed commit",
        "publish, one right after another (ms)": f"{figures['publish, one right after another (ms)'] / figures['floor: signed commit (ms)']:.1f} × signed commit",
        "post (ms)": f"{figures['post (ms)'] / figures['floor: signed commit (ms)']:.1f} × signed commit",
        "search p50 (ms)": f"{figures['search p50 (ms)'] / figures['floor: FTS5 (ms)']:.1f} × FTS5",
    }
    return "\n".join(f"| {name} | {value:.1f} | {ratios.get(name, '')} |" for name, value in figures.items())


def main() -> None:
    """Run from the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--procedures", type=int, default=100)
    parser.add_argument("--versions", type=int, default=5)
    parser.add_argument("--posts", type=int, default=0, help="default: ten per procedure")
    parser.add_argument("--port", type=int, default=8765)
    parser.add_argument("--data", type=Path, help="a folder that keeps the filled site for another run")
    parser.add_argument("--fill-only", action="store_true", help="fill that folder and measure nothing")
    given = parser.parse_args()
    if given.fill_only:
        made = __import__("app").create_app(settings.read({"PROCEDURES_DATA": str(given.data), "PROCEDURES_STARTER": "0"}))
        filled_in(given.data, made, given.procedures, given.versions, given.posts or given.procedures * 10)
        return
    figures = run(given.procedures, given.versions, given.posts or given.procedures * 10, given.port, given.data)
    print(f"\n{given.procedures} procedures × {given.versions} versions, {given.posts or given.procedures * 10} posts\n")
    print("| figure | value | ratio |\n|---|---|---|\n" + report(figures))


if __name__ == "__main__":
    main()
