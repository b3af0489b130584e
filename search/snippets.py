"""The few words of a text that show why it was found, escaped, with the words asked for in <mark>."""

import re
from collections import Counter
from collections.abc import Collection, Sequence
from functools import lru_cache
from html import escape

from search.words import lowered, plain, spellings, terms, words

_LENGTH, _BEFORE = 240, 40      # letters of a window, and of those at most so many before the first word it is chosen for
_LOOKED_AT = 50_000
_SPELT = {"i": "iy"}        # the second letter of a stem, and what its word may have there


class Wanted(dict):
    """Which words are to be shown as found, by language: asked once for each different word of a page of results."""

    def __init__(self, wanted: Collection[tuple[str, str]], language: str):
        """Take (language, term) pairs as `words.terms` gives terms."""
        super().__init__()
        self._terms = {term for its_language, term in wanted if its_language == language}
        self._language = language
        self._begun = _words_beginning(frozenset(term[:2] for term in self._terms))

    def __missing__(self, written: str) -> bool:
        found = not self._terms.isdisjoint(terms(written, plain(written), self._language))
        self[written] = found
        return found

    def places(self, lower: str) -> list[tuple[int, str]]:
        """Return where wanted words begin in a text of small letters, and the words."""
        return [(match.start(), match.group()) for match in self._begun.finditer(lower) if self[match.group()]]


def snippet(text: str, wanted: Wanted) -> str:
    """Return the best window of a text as HTML, with the wanted words marked."""
    text = text[:_LOOKED_AT]
    start, end = _window(text, wanted)
    pieces, at = ["… " if start else ""], start
    for word in words(text[start:end], wanted):
        pieces += [escape(text[at : start + word.start]), "<mark>", escape(text[start + word.start : start + word.end]), "</mark>"]
        at = start + word.end
    pieces += [escape(text[at:end]), " …" if end < len(text) else ""]
    return " ".join("".join(pieces).split())


def _window(text: str, wanted: Wanted) -> tuple[int, int]:
    places = wanted.places(lowered(text))
    if not places:
        return 0, _end(text, _LENGTH)
    start = _start(text, max(0, _densest(places) - _BEFORE))
    return start, _end(text, start + _LENGTH)


def _densest(places: Sequence[tuple[int, str]]) -> int:
    """Return the first of the places from which a window holds the most different words."""
    inside: Counter[str] = Counter()
    best, most, taken, different = places[0][0], 0, 0, len({word for _, word in places})
    for place, word in places:
        if most == different:
            break
        while taken < len(places) and places[taken][0] < place + _LENGTH - _BEFORE:
            inside[places[taken][1]] += 1
            taken += 1
        if len(inside) > most:
            best, most = place, len(inside)
        inside[word] -= 1
        if not inside[word]:
            del inside[word]
    return best


def _start(text: str, at: int) -> int:
    if at == 0:
        return 0
    space = text.find(" ", at)
    return space + 1 if 0 <= space < at + 40 else at


def _end(text: str, at: int) -> int:
    if at >= len(text):
        return len(text)
    space = text.rfind(" ", 0, at)
    return space if space > at - 40 else at


@lru_cache(512)
def _words_beginning(starts: frozenset[str]) -> re.Pattern[str]:
    """Return the pattern of the words of a text in small letters that can have a stem which begins with one of these starts of
    one or two letters.

    No stem begins otherwise than its word but for an i that stands for y, as in dying; so most words of a text need not
    even be cut out of it.
    """
    if not starts:
        return re.compile(r"(?!)")
    first_of = "".join(_written(letter) for letter in sorted({start[:1] for start in starts}))
    several = "".join(letter for letter in first_of if len(plain(letter)) > 1)        # œ, which holds the second one too
    begins = [f"(?<={_one_of(_written(start[:1]))}){_one_of(''.join(map(_written, _SPELT.get(start[1:], start[1:]))))}" for start in sorted(starts)]
    begins += [f"(?<={_one_of(several)})"] if several else []
    return re.compile(rf"{_one_of(first_of)}(?<![^\W_].)(?:{'|'.join(begins)})[^\W_]*", re.DOTALL)


def _written(letter: str) -> str:
    return letter + spellings().get(letter, "")


def _one_of(letters: str) -> str:
    return f"[{re.escape(letters)}]" if letters else ""
