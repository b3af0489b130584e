"""The threads that a change touches, in the JSON API."""

from pydantic import BaseModel

from accounts.web import reading
from core.api import Endpoint
from core.web import site
from discussions.touched import touched
from wiki import changes


class TouchedAnswer(BaseModel):
    """A thread on a passage that a change touches: its words, and the passage as it would read."""

    thread: str
    kind: str
    state: str
    heading: str
    quote: str
    anchor: str
    words: str


class TouchedsAnswer(BaseModel):
    """The threads that a change touches."""

    items: list[TouchedAnswer]


def touched_threads(id: str) -> dict:
    """List the threads on the passages that a change touches."""
    session, actor = reading()
    change, space = changes.readable(session, actor, id)
    return {
        "items": [
            {
                "thread": one.thread.id, "kind": one.thread.kind, "state": one.thread.state, "heading": one.thread.heading,
                "quote": one.quote, "anchor": one.anchor, "words": one.words,
            }
            for one in (touched(session, site().library, space, change) if change.state in changes.OPEN else ())
        ]
    }


ENDPOINTS = [Endpoint("GET", "/changes/<id>/touched", touched_threads, answer=TouchedsAnswer)]
