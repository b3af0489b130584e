"""Strings that break programs, and what would act in a page if it were more than words."""

import json
import re
from html.parser import HTMLParser

from tests.surface.data import beside

_ACTING = ("script", "img", "iframe", "object", "embed", "style", "meta", "base", "math", "video", "audio")
_LEADING = ("href", "src", "action", "formaction", "data", "poster")


def strings() -> list[str]:
    """Return the list of naughty strings; skip the test where it is not on this machine."""
    return json.loads(beside("naughty-strings/blns.json").read_text())


class _Reader(HTMLParser):
    def __init__(self):
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag, attrs):
        if tag in _ACTING:
            self.found.append(tag)
        for name, value in attrs:
            leads = name in _LEADING and re.match(r"[\s\x00-\x20]*(javascript|data|vbscript):", value or "", re.I)
            if name.startswith("on") or name == "style" or leads:
                self.found.append(f"{tag} {name}={value}")


def dangers(html: str) -> list[str]:
    """Return the tags and attributes of a piece of HTML that could act."""
    reader = _Reader()
    reader.feed(html)
    return reader.found
