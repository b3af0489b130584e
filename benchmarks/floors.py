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


class Commits:
    """Signed commits of one file in a folder of many: loose, flushed, ref moved.

    One is made beside each act that it is the floor of, because the same machine is half as fast from one minute to the next.
    """

    def __init__(self, folder: Path, *, files: int):
        shutil.rmtree(folder, ignore_errors=True)
        self._repository = Library(folder, ZoneInfo("UTC")).repository("floor")
        first = self._repository.write_text("first\n")
        self._names = [f"ben-{number:05}.md" for number in range(files)]
        self._tip = self._repository.commit(None, dict.fromkeys(self._names, first), "Start\n", author=("A", "a"), at=datetime.now(UTC))
        self._repository.move(None, self._tip)
        self._made = 0

    def one(self) -> float:
        """Make one and return its milliseconds."""
        name, text = self._names[self._made % len(self._names)], f"{self._made} " + "words " * 800
        start = time.perf_counter()
        files = {name: self._repository.write_text(text)}
        commit = self._repository.commit(self._tip, files, "One\n", author=("A", "a"), at=datetime.now(UTC))
        self._repository.move(self._tip, commit)
        self._tip, self._made = commit, self._made + 1
        return (time.perf_counter() - start) * 1000


class Finds:
    """SQLite's own full-text search over the same texts: any word, best 20."""

    def __init__(self, path: Path, documents: list[str]):
        path.unlink(missing_ok=True)
        self._connection = sqlite3.connect(path)
        self._connection.execute("CREATE VIRTUAL TABLE found USING fts5(body, tokenize='unicode61 remove_diacritics 2')")
        self._connection.executemany("INSERT INTO found VALUES (?)", ((text,) for text in documents))
        self._connection.commit()

    def one(self, question: str) -> float:
        """Ask a question and return its milliseconds."""
        start = time.perf_counter()
        any_word = " OR ".join(f'"{word}"' for word in question.split())
        self._connection.execute("SELECT rowid FROM found WHERE found MATCH ? ORDER BY bm25(found) LIMIT 20", (any_word,)).fetchall()
        return (time.perf_counter() - start) * 1000


def median(values: list[float]) -> float:
    """Return the middle value."""
    return sorted(values)[len(values) // 2]


def sample(values: list, many: int) -> list:
    """Return `many` of the values, the same ones in every run."""
    return random.Random(7).choices(values, k=many)
