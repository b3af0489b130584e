"""Measure a filled site through HTTP, signed in, beside its floors: `python -m benchmarks.measure --procedures 1000`."""

import argparse
import json
import sys
import tempfile
import time
from dataclasses import asdict
from pathlib import Path

from flask import Flask
from sqlalchemy import select

from benchmarks import figures, floors
from benchmarks.filling import Filled, fill
from benchmarks.serving import served
from core import settings
from core.database import Database
from wiki.models import Version
from wiki.repository import Library


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


def run(procedures: int, versions: int, posts: int, port: int, kept: Path | None = None) -> list[figures.Figure]:
    """Fill a site, in a temporary folder or in one that is kept, measure it beside its floors, and return the figures."""
    with tempfile.TemporaryDirectory() as folder:
        data = kept or Path(folder) / "data"
        application = __import__("app").create_app(settings.read({"PROCEDURES_DATA": str(data), "PROCEDURES_STARTER": "0"}))
        site = application.extensions["procedures"]
        filled = filled_in(data, application, procedures, versions, posts)
        documents, questions = _texts(site.database, site.library)
        site.database.dispose()
        finds = floors.Finds(Path(folder) / "fts.sqlite3", documents)
        commits = floors.Commits(Path(folder) / "floor", files=procedures)
        with served("benchmarks.floors:hello()", port, data), served("app:served()", port + 1, data):
            return figures.Taken(filled, port + 1, port, questions, commits, finds).all()


def _texts(database: Database, library: Library) -> tuple[list[str], list[str]]:
    repository = library.repository("bench")
    with database.reading() as session:
        blobs = list(session.scalars(select(Version.blob).order_by(Version.id.desc()).limit(10000)))
    documents = [repository.text(blob) for blob in blobs]
    questions = [" ".join(text.split()[100 : 100 + 3 + number % 8]).strip(".").replace('"', "") for number, text in enumerate(documents[:100])]
    return documents, questions


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
    taken = run(given.procedures, given.versions, given.posts or given.procedures * 10, given.port, given.data)
    print(f"\n{given.procedures} procedures × {given.versions} versions, {given.posts or given.procedures * 10} posts\n")
    print("| figure | value | floor | ratio |\n|---|---|---|---|\n" + "\n".join(map(str, taken)))


if __name__ == "__main__":
    main()
