"""Open long and deep threads through HTTP, and post to them: `python -m benchmarks.long_threads`.

Threads of 10 and 1,000 posts, of depth 1 and 200, on one site under the server that `make run` starts. Posting is measured
turn by turn on an empty thread and on each long one, so that whatever else the machine does falls on both alike.
"""

import json
import tempfile
import time
from itertools import count
from pathlib import Path
from statistics import median

from sqlalchemy import select

from accounts import actors
from accounts.models import Space
from benchmarks.filling import Filled, fill
from benchmarks.http_client import Connection, series
from benchmarks.serving import served, signed_in
from core import settings
from core.database import Database
from core.web import Site
from discussions import posts, threads
from wiki.models import Procedure
from wiki.repository import Library

PORT = 8779
SHAPES = {"10 posts": (10, 1), "1,000 posts": (1000, 1), "1,000 posts, depth 200": (1000, 200)}
TURNS = 60
OPENINGS = 60


def grown(database: Database, library: Library, many: int, depth: int) -> str:
    """Return a thread with so many posts in chains of a depth, made by the verbs."""
    with database.transaction() as session:
        from accounts.models import Person

        actor = actors.by_id(session, session.scalar(select(Person.id)))
        space = session.scalar(select(Space).where(Space.slug == "bench"))
        procedure = session.scalar(select(Procedure).limit(1))
        thread = threads.open_thread(session, library, actor, space, procedure, kind="question", body=f"What of {many} posts {depth} deep?")
        parent = None
        for number in range(many - 1):
            post = posts.reply(session, actor, thread, f"Answer number {number}, of a sentence or two as people write them here.", parent)
            parent = post.id if (number + 1) % depth else None
        return thread.id


def measure(filled: Filled, ids: dict[str, str], empty: str) -> list[str]:
    """Return a line per shape: how fast it opens, and what posting costs against posting to an empty thread."""
    cookie, token = signed_in(PORT, filled), {"Authorization": f"Bearer {filled.token}"}
    lines, number = [], count(1)
    for shape, id in ids.items():
        opened = series(lambda: Connection(PORT, cookie), [("GET", f"/threads/{id}")] * OPENINGS, connections=1)
        last = series(lambda: Connection(PORT, cookie), [("GET", f"/threads/{id}?page=10")] * OPENINGS, connections=1)
        taken: dict[str, list[float]] = {empty: [], id: []}
        connection = Connection(PORT, token)
        for _ in range(TURNS):
            for thread in taken:
                body = json.dumps({"body": f"One more, number {next(number)}."}).encode()
                began = time.perf_counter()
                status, _, _ = connection.request("POST", f"/api/v1/threads/{thread}/posts", body)
                taken[thread].append((time.perf_counter() - began) * 1000)
                assert status == 201, status
        ratio = median(taken[id]) / median(taken[empty])
        lines.append(
            f"{shape}: opens p50 {opened.percentile(0.5):.1f} ms, p95 {opened.percentile(0.95):.1f} ms; page 10 p50 {last.percentile(0.5):.1f} ms;"
            f" posting {median(taken[id]):.1f} ms, {ratio:.2f} x an empty thread"
        )
    return lines


def main() -> None:
    """Fill a small site, serve it, and print the figures."""
    with tempfile.TemporaryDirectory() as name:
        data = Path(name)
        known = settings.read({"PROCEDURES_DATA": name, "PROCEDURES_STARTER": "0"})
        from app import create_app

        site: Site = create_app(known).extensions["procedures"]
        filled = fill(site.database, site.library, procedures=20, versions=2, posts_wanted=200)
        ids = {shape: grown(site.database, site.library, *size) for shape, size in SHAPES.items()}
        empty = grown(site.database, site.library, 1, 1)
        site.loop.catch_up()
        with served("app:served()", PORT, data):
            print("\n".join(measure(filled, ids, empty)))


if __name__ == "__main__":
    main()
