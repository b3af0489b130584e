"""Words cut into sentences, and counted."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from advice.plain import without_addresses

_END = re.compile(r"[.!?…]{1,3}[\"”»’)\]]{0,3}\s+|\n\s*\n")
_WORD = re.compile(r"\w(?:[\w'’./-]{0,80}\w)?")
_SHORT = frozenset(
    "e.g i.e cf vs art no nos n° mr mrs ms dr st inc ltd co approx p pp sec fig vol ex av mme mm tél env réf".split()
)
# Within a sentence, what makes a list of it: each part is read, and counted, by itself.
_PART = re.compile(r"[;:]\s|\s[–—]\s")


@dataclass(frozen=True)
class Sentence:
    """A sentence and where it begins in its block's words."""

    words: str
    at: int


def sentences(words: str) -> Iterator[Sentence]:
    """Yield the sentences of a block in order."""
    start = 0
    for end in _END.finditer(words):
        if words[end.start()] == "." and not _ends(words, end):
            continue
        yield from _one(words, start, end.end())
        start = end.end()
    yield from _one(words, start, len(words))


def parts(sentence: str) -> list[str]:
    """Return the parts of a sentence that are read one by one: between semicolons, colons and dashes."""
    return _PART.split(sentence)


def count(words: str) -> int:
    """Return the number of words, addresses apart."""
    return sum(1 for _ in _WORD.finditer(without_addresses(words)))


def _ends(words: str, end: re.Match) -> bool:
    if words[end.end() : end.end() + 1].islower():
        return False
    last = words[max(0, end.start() - 12) : end.start()].split(" ")[-1].lstrip("([“«\"").lower()
    return last not in _SHORT and not (len(last) == 1 and last.isalpha())


def _one(words: str, start: int, end: int) -> Iterator[Sentence]:
    folded = " ".join(words[start:end].split())
    if folded:
        yield Sentence(folded, start + len(words[start:end]) - len(words[start:end].lstrip()))
