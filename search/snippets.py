"""The few words of a text that show why it was found, escaped, with the words asked for in <mark>."""

from collections.abc import Collection
from html import escape

from search.words import Word, plain, terms, words

_LENGTH = 240


class Wanted(dict):
    """Which words are to be shown as found, by language: asked once for each different word of a page of results."""

    def __init__(self, wanted: Collection[tuple[str, str]], language: str):
        """Take (language, term) pairs as `words.terms` gives terms."""
        super().__init__()
        self._terms = {term for its_language, term in wanted if its_language == language}
        self._language = language

    def __missing__(self, written: str) -> bool:
        found = not self._terms.isdisjoint(terms(written, plain(written), self._language))
        self[written] = found
        return found


def snippet(text: str, wanted: Wanted) -> str:
    """Return the best window of a text as HTML, with the wanted words marked."""
    found = list(words(text[:50_000], wanted))
    start, end = _window(text, found)
    pieces, at = ["… " if start else ""], start
    for word in found:
        if start <= word.start and word.end <= end:
            pieces += [escape(text[at : word.start]), "<mark>", escape(text[word.start : word.end]), "</mark>"]
            at = word.end
    pieces += [escape(text[at:end]), " …" if end < len(text) else ""]
    return " ".join("".join(pieces).split())


def _window(text: str, found: list[Word]) -> tuple[int, int]:
    if not found:
        return 0, _end(text, _LENGTH)
    best, best_score = found[0], -1
    for number, word in enumerate(found):
        inside = {w.folded for w in found[number : number + 20] if w.end <= word.start + _LENGTH - 40}
        if len(inside) > best_score:
            best, best_score = word, len(inside)
    start = _start(text, max(0, best.start - 40))
    return start, _end(text, start + _LENGTH)


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
