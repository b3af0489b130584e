"""Kill the whole server at a random moment of writing, again and again, and see what is left."""

import random
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from tests.crashes.wiki_space import begin, publish, texts_in_history
from tests.running import Server

_LONGEST_S = 0.9


@dataclass
class Ledger:
    """What was acknowledged, over all rounds."""

    texts: set[str] = field(default_factory=set)
    broken: list[Exception] = field(default_factory=list)       # answers that were begun and not ended
    posts: dict[str, str] = field(default_factory=dict)
    wrote: threading.Event = field(default_factory=threading.Event)     # in this round


def rounds(folder: Path, many: int, chance: random.Random, end: Callable[[Server], object] = Server.kill) -> tuple[int, int]:
    """End a server `many` times while it is written to; return how many texts and posts it had acknowledged.

    Raises: AssertionError if anything acknowledged is missing, anything refused shows, or `verify` finds something.
    """
    server = Server(folder)
    token = begin(server)
    ledger = Ledger()
    for number in range(many):
        server.start()
        ledger.wrote.clear()
        threads = [threading.Thread(target=_told, args=(server, token, ledger, f"{number}-{writer}")) for writer in range(3)]
        for thread in threads:
            thread.start()
        if number % 2:
            ledger.wrote.wait(60)       # a slow machine writes too before it is killed; in the other rounds perhaps not
        time.sleep(chance.uniform(0.05, _LONGEST_S))    # the moment is the experiment
        end(server)
        for thread in threads:
            thread.join()
    assert not ledger.broken or end is Server.kill, ledger.broken
    server.start()
    try:
        _check(server, token, ledger)
        done = server.flask("verify")
        assert done.returncode == 0, done.stdout
    finally:
        server.stop()
    return len(ledger.texts), len(ledger.posts)


def _told(server: Server, token: str, ledger: Ledger, name: str) -> None:
    try:
        _write(server, token, ledger, name)
    except Exception as error:
        ledger.broken.append(error)


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
        ledger.wrote.set()


def _check(server: Server, token: str, ledger: Ledger) -> None:
    missing = ledger.texts - texts_in_history(server, token)
    assert not missing, missing
    for id, body in ledger.posts.items():
        status, thread = server.get(f"/api/v1/threads/{id}", token)
        assert status == 200 and thread["posts"][0]["body"] == body, (id, body)
