"""Kill the whole server at a random moment of writing, again and again, and see what is left."""

import random
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path

from tests.crashes.wiki_space import begin, publish, texts_in_history
from tests.running import Server

_LONGEST_S = 0.9


@dataclass
class Ledger:
    """What was acknowledged, over all rounds."""

    texts: set[str] = field(default_factory=set)
    posts: dict[str, str] = field(default_factory=dict)


def rounds(folder: Path, many: int, chance: random.Random) -> tuple[int, int]:
    """Kill a server `many` times while it is written to; return how many texts and posts it had acknowledged.

    Raises: AssertionError if anything acknowledged is missing, anything refused shows, or `verify` finds something.
    """
    server = Server(folder)
    token = begin(server)
    ledger = Ledger()
    for number in range(many):
        server.start()
        threads = [threading.Thread(target=_write, args=(server, token, ledger, f"{number}-{writer}")) for writer in range(3)]
        for thread in threads:
            thread.start()
        time.sleep(chance.uniform(0.05, _LONGEST_S))    # the moment is the experiment
        server.kill()
        for thread in threads:
            thread.join()
    server.start()
    try:
        _check(server, token, ledger)
        done = server.flask("verify")
        assert done.returncode == 0, done.stdout
    finally:
        server.stop()
    return len(ledger.texts), len(ledger.posts)


def _write(server: Server, token: str, ledger: Ledger, name: str) -> None:
    for number in range(1000):
        text = f"# Text {name} {number}\n\nwords\n"
        status, change = publish(server, token, text)
        if status != 200:
            return
        ledger.texts.add(text)
        body = f"What about {name} {number}?"
        code = change["texts"][0]["code"]
        status, thread = server.call("POST", f"/api/v1/procedures/{code}/threads", {"kind": "question", "body": body}, token)
        if status != 201:
            return
        ledger.posts[thread["id"]] = body


def _check(server: Server, token: str, ledger: Ledger) -> None:
    missing = ledger.texts - texts_in_history(server, token)
    assert not missing, missing
    for id, body in ledger.posts.items():
        status, thread = server.get(f"/api/v1/threads/{id}", token)
        assert status == 200 and thread["posts"][0]["body"] == body, (id, body)
