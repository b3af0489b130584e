"""The few words of a text that show why it was found, escaped, with the words asked for in <mark>."""

from collections import Counter
from collections.abc import Collection, Sequence
from html import escape
from itertools import compress, count, islice

from search.words import WORD, lowered, plain, terms, words

_LENGTH, _WORDS = 240, 32       # of a window: letters shown, words looked at for the most different ones
_LOOKED_AT = 50_000


class Wanted(dict):
    """Which words are to be shown as found, by language: asked once for each different word of a page of results."""

    def __init__(self, wanted: Collection[tuple[str, str]], language: str):
        """Take (language, term) pairs as `words.terms` gives terms."""
        super().__init__()
        self._terms = {term for its_language, term in wanted if its_language == language}
        self._language = language
        self._begin = tuple({term[:1] for term in self._terms})      # no stem begins otherwise than its word, and most words end here

    def __missing__(self, written: str) -> bool:
        folded = plain(written)
        found = folded.startswith(self._begin) and not self._terms.isdisjoint(terms(written, folded, self._language))
        self[written] = found
        return found


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
    lower = lowered(text)
    written = WORD.findall(lower)
    places = list(compress(count(), map(wanted.__getitem__, written)))
    if not places:
        return 0, _end(text, _LENGTH)
    best = next(islice(WORD.finditer(lower), _densest(written, places), None)).start()
    start = _start(text, max(0, best - 40))
    return start, _end(text, start + _LENGTH)


def _densest(written: Sequence[str], places: Sequence[int]) -> int:
    """Return the first of the places, numbers of words, from which a window holds the most different wanted words."""
    inside: Counter[str] = Counter()
    best, most, taken, different = places[0], 0, 0, len({written[place] for place in places})
    for place in places:
        if most == different:
            break
        while taken < len(places) and places[taken] < place + _WORDS:
            inside[written[places[taken]]] += 1
            taken += 1
        if len(inside) > most:
            best, most = place, len(inside)
        inside[written[place]] -= 1
        if not inside[written[place]]:
            del inside[written[place]]
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
