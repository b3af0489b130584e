"""What people may write in a thread, and how it is headed."""

import re

from core import text
from wiki.markdown import plain

LONGEST_BODY = 20_000
LONGEST_TITLE = 200
LONGEST_QUOTE = 2_000
LONGEST_CONTEXT = 200
LONGEST_REASON = 500
_LONGEST_HEADING = 120


def body(value: object) -> str:
    """Return the words of a post. Raises: Invalid."""
    return text.block(value, field="body", limit=LONGEST_BODY).strip("\n")


def reason(value: object, *, field: str = "reason") -> str:
    """Return why something is done, one line. Raises: Invalid."""
    return text.line(value, field=field, limit=LONGEST_REASON)


def title(value: object) -> str:
    """Return a title, empty if none is given. Raises: Invalid."""
    return text.line(value, field="title", limit=LONGEST_TITLE, required=False)


def passage(value: object, *, field: str) -> str:
    """Return a quote, or what stands before or after it. Raises: Invalid."""
    limit = LONGEST_QUOTE if field == "quote" else LONGEST_CONTEXT
    return text.block(value, field=field, limit=limit, required=False)


def heading(title: str, body: str) -> str:
    """Return what a thread is called: its title, or the first sentence of its first post."""
    if title:
        return title
    first_line = next((line.strip() for line in plain(body).splitlines() if line.strip()), "")
    sentence = re.split(r"(?<=[.!?…])\s", first_line, maxsplit=1)[0]
    if len(sentence) <= _LONGEST_HEADING:
        return sentence
    return sentence[: _LONGEST_HEADING - 1].rsplit(" ", 1)[0] + "…"


def excerpt(body: str, most: int = 600) -> str:
    """Return the beginning of a message as plain words, ending with a whole one."""
    words = plain(body)
    return words if len(words) <= most else words[:most].rsplit(" ", 1)[0] + " …"
