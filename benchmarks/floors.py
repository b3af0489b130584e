"""The floors: the least that each act could cost on this machine, taken in the same run."""

import random
import shutil
import sqlite3
import time
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from flask import Flask

from wiki.repository import Library


def hello() -> Flask:
    """Return the smallest application there is, to be served by the same server with the same workers."""
    app = Flask("hello")
    app.add_url_rule("/", "hello", lambda: "Hello, world")
    return app


def git_publications(folder: Path, *, files: int, many: int = 100) -> list[float]:
    """Return the milliseconds of `many` signed commits of one file in a folder of `files`: loose, flushed, ref moved."""
    shutil.rmtree(folder, ignore_errors=True)
    repository = Library(folder, ZoneInfo("UTC")).repository("floor")
    first = repository.write_text("first\n")
    names = {f"ben-{number:05}.md": first for number in range(files)}
    tip = repository.commit(None, names, "Start\n", author=("A", "a"), at=datetime.now(UTC))
    repository.move(None, tip)
    taken = []
    for number in range(many):
        text = f"{number} " + "words " * 800
        start = time.perf_counter()
        files_changed = {f"ben-{number:05}.md": repository.write_text(text)}
        commit = repository.commit(tip, files_changed, "One\n", author=("A", "a"), at=datetime.now(UTC))
        repository.move(tip, commit)
        taken.append((time.perf_counter() - start) * 1000)
        tip = commit
    shutil.rmtree(folder)
    return taken


def fts5_searches(path: Path, documents: list[str], questions: list[str]) -> list[float]:
    """Return the milliseconds of each question asked of SQLite's own full-text search, any word, best 20."""
    path.unlink(missing_ok=True)
    connection = sqlite3.connect(path)
    connection.execute("CREATE VIRTUAL TABLE found USING fts5(body, tokenize='unicode61 remove_diacritics 2')")
    connection.executemany("INSERT INTO found VALUES (?)", ((text,) for text in documents))
    connection.commit()
    taken = []
    for question in questions:
        start = time.perf_counter()
        any_word = " OR ".join(f'"{word}"' for word in question.split())
        connection.execute("SELECT rowid FROM found WHERE found MATCH ? ORDER BY bm25(found) LIMIT 20", (any_word,)).fetchall()
        taken.append((time.perf_counter() - start) * 1000)
    connection.close()
    path.unlink()
    return taken


def median(values: list[float]) -> float:
    """Return the middle value."""
    return sorted(values)[len(values) // 2]


def sample(values: list, many: int) -> list:
    """Return `many` of the values, the same ones in every run."""
    return random.Random(7).choices(values, k=many)
