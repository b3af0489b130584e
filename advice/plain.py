"""Words without the marks of Markdown, and the links among them. Every pattern is bounded: no text can make one slow."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

_PICTURE = re.compile(r"!\[([^\[\]]*)\]\([^()\n]{0,2000}\)")
_LINK = re.compile(r"\[([^\[\]]*)\]\(\s{0,3}<?([^()<>\s]{0,1000}(?:\([^()<>\s]{0,200}\)[^()<>\s]{0,1000})?)>?[^()\n]{0,300}\)")
_REFERRED = re.compile(r"\[([^\[\]]+)\](?:\[[^\[\]]{0,200}\])?")
_TAG = re.compile(r"<[^<>]{1,300}>|\{%[^{}]{0,300}%\}")
_AUTOLINK = re.compile(r"<?https?://[^\s<>]{1,1000}>?")
_MARKS = re.compile(r"[*`]{1,3}|~~|\b_{1,3}|_{1,3}\b|\\(?=[\\`*_{}\[\]()#+.!|~<>-])")
_SPACES = re.compile(r"[^\S\n]+")


@dataclass(frozen=True)
class Link:
    """Where a link leads, as it is written, and where it stands in the text."""

    target: str
    at: int


def plain(raw: str) -> str:
    """Return words without marks; the ends of lines stay."""
    words = _PICTURE.sub(r"\1", raw) if "![" in raw else raw
    if "](" in words:
        words = _LINK.sub(r"\1", words)
    if "[" in words:
        words = _REFERRED.sub(r"\1", words)
    if "<" in words or "{%" in words:
        words = _TAG.sub(" ", words)
    return _SPACES.sub(" ", _MARKS.sub("", words)).strip()


def links(raw: str) -> Iterator[Link]:
    """Yield the links of a text, pictures apart."""
    for found in _LINK.finditer(raw):
        if raw[found.start() - 1 : found.start()] != "!":
            yield Link(found[2], found.start())


def without_addresses(words: str) -> str:
    """Return words without bare addresses, which nobody reads aloud."""
    return _AUTOLINK.sub("", words) if "://" in words else words
