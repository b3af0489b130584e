"""Where the words a thread is about stand in a text now. Pure: plain text in, a place and a state out.

The same words in the same surroundings are `exact`; the same words elsewhere, or in several places that cannot be told
apart, are `moved`; a passage that is recognisably the one, in other words, is `altered`; below the floor it is `gone`.
Words that only look alike are never called exact.
"""

import re
import unicodedata
from dataclasses import dataclass
from difflib import SequenceMatcher

from discussions.resemblance import closest

CONTEXT = 200           # characters kept of the same paragraph, and as many of the paragraphs before or after it
_MOST_PLACES = 8        # looked at closely, where the same words stand many times
_NEIGHBOURS = 12         # words of the paragraphs before or after that tell where a paragraph stands
_ENOUGH = 0.75          # of the surroundings must stand on one side for a place to be the same place
_NEARLY_ALL = 0.9       # on that side, where the same words stand, or stood, several times
_AT_LEAST = 0.7         # and on the other, there
_POSSIBLY = 0.5         # on both sides, of another place that could be the one
_CLEARLY = 0.1          # what sets the best of several places apart from the next


@dataclass(frozen=True)
class Anchor:
    """What became of a passage: its state and, where there is one, its place as offsets in the NFC form of the text."""

    state: str
    start: int = 0
    end: int = 0


@dataclass(frozen=True)
class Placed:
    """A quote in the text it was taken from, with the surroundings to find it by later.

    `position` is None where it does not stand there, or stands in places that cannot be told apart.
    """

    position: int | None
    copies: int
    prefix: str
    suffix: str


_GOES_BEFORE = re.compile(r"\w$")
_GOES_AFTER = re.compile(r"\w")
_GOES_ON = re.compile(r"\w|[.,]\d")     # of a number

NONE = Anchor("none")
GONE = Anchor("gone")


def find(text: str | None, quote: str, prefix: str = "", suffix: str = "", copies: int = 1, *, told_apart: bool = True) -> Anchor:
    """Say where `quote` stands in `text`, None where nothing is in force.

    `prefix` and `suffix` are its surroundings when it was quoted, as `place` gives them; `copies` is how many times
    the same words stood there, because a survivor of several must fit on both sides. Where even then several places
    could not be told apart, none is exact.
    """
    if not quote.strip():
        return NONE
    if text is None:
        return GONE
    text = unicodedata.normalize("NFC", text)
    places = [span for span in _places(text, quote) if not _is_cut(text, span, quote, prefix, suffix)]
    if not places:
        start, end = closest(text, quote, prefix, suffix)
        return Anchor("altered", start, end) if end > start else GONE
    best = _best(text, places, prefix, suffix, copies)
    return best if told_apart else Anchor("moved", best.start, best.end)


def place(text: str | None, quote: str, prefix: str = "", suffix: str = "") -> Placed:
    """Return where `quote` stands in the text it was read in, with its surroundings there.

    `prefix` and `suffix`, as a reader's selection gives them, tell several places apart; without them the place is
    known only if there is one.
    """
    text = unicodedata.normalize("NFC", text or "")
    places = _places(text, quote) if quote.strip() else []
    ranked = sorted(((_touching(text, span, prefix, suffix), span) for span in places), reverse=True)
    if not ranked or len(ranked) > 1 and ranked[0][0] == ranked[1][0]:
        return Placed(None, len(places), prefix, suffix)
    start, end = ranked[0][1]
    return Placed(start, len(places), "\n".join(_before(text, start)), "\n".join(_after(text, end)))


def _places(text: str, quote: str) -> list[tuple[int, int]]:
    # White space is the renderer's and the browser's, not the writer's: any run of it equals any other.
    pattern = r"\s+".join(re.escape(word) for word in unicodedata.normalize("NFC", quote).split())
    return [match.span() for match in re.finditer(pattern, text)]


def _is_cut(text: str, span: tuple[int, int], quote: str, prefix: str, suffix: str) -> bool:
    """Say whether a place is inside a longer word or number, as “at most 5” is in “at most 50”, where the quote was not.

    A side that is not known, or at which a word was cut when it was quoted, is not asked.
    """
    start, end = span
    before, after = text[max(0, start - 2) : start], text[end : end + 2]
    begins, ends = bool(prefix) and not _GOES_BEFORE.search(prefix), bool(suffix) and not _GOES_AFTER.match(suffix)
    first, last = quote.strip()[0], quote.strip()[-1]
    goes_on = _GOES_ON if last.isdigit() else _GOES_AFTER
    return bool(begins and first.isalnum() and _GOES_BEFORE.search(before) or ends and last.isalnum() and goes_on.match(after))


def _best(text: str, places: list[tuple[int, int]], prefix: str, suffix: str, copies: int) -> Anchor:
    if not prefix and not suffix:
        return Anchor("exact" if len(places) == 1 and copies < 2 else "moved", *places[0])
    close = sorted(places, key=lambda span: -_touching(text, span, prefix, suffix))[:_MOST_PLACES]
    ranked = sorted(((_sides(text, span, prefix, suffix), span) for span in close), key=lambda found: -sum(found[0]))
    sides, span = ranked[0]
    clearly = len(ranked) == 1 or sum(sides) - sum(ranked[1][0]) > _CLEARLY
    if clearly and _touching(text, span, prefix, suffix) < _touching(text, close[0], prefix, suffix):
        return Anchor("moved", *close[0])       # the paragraphs around say one place, the very letters around another
    alone = clearly and not any(_fits_better(other, sides) for other, _ in ranked[1:])
    several = copies > 1 or len(places) > 1
    in_place = max(sides) >= _NEARLY_ALL and min(sides) >= _AT_LEAST if several else max(sides) >= _ENOUGH
    return Anchor("exact" if alone and in_place else "moved", *span)


def _fits_better(other: tuple[float, float], sides: tuple[float, float]) -> bool:
    """Say whether a place that could be the one fits clearly better on one side than the one that fits best on both."""
    return min(other) >= _POSSIBLY and any(his - own > _CLEARLY for his, own in zip(other, sides, strict=True))


def _touching(text: str, span: tuple[int, int], prefix: str, suffix: str) -> int:
    """Count the characters next to a place that are those of the surroundings."""
    before = text[max(0, span[0] - CONTEXT) : span[0]]
    after = text[span[1] : span[1] + CONTEXT]
    return _common(_folded(before)[::-1], _folded(prefix)[::-1]) + _common(_folded(after), _folded(suffix))


def _folded(text: str) -> str:
    return re.sub(r"\s+", "", text)


def _common(one: str, other: str) -> int:
    return next((n for n, (a, b) in enumerate(zip(one, other)) if a != b), min(len(one), len(other)))


def _sides(text: str, span: tuple[int, int], prefix: str, suffix: str) -> tuple[float, float]:
    """Return how much of the surroundings stands before a place and after it, each from 0 to 1."""
    far_before, near_before = (part.split() for part in _before(text, span[0]))
    near_after, far_after = (part.split() for part in _after(text, span[1]))
    kept_before = [part.split() for part in prefix.rsplit("\n", 1)[::-1]]
    kept_after = [part.split() for part in suffix.split("\n", 1)]
    last, first = slice(-_NEIGHBOURS, None), slice(_NEIGHBOURS)
    return _likeness(kept_before, near_before, far_before, last), _likeness(kept_after, near_after, far_after, first)


def _likeness(kept: list[list[str]], near: list[str], far: list[str], neighbours: slice) -> float:
    if len(kept) == 1:
        return _alike(kept[0], near)    # a selection's own context, within its paragraph
    around = _alike(kept[1][neighbours], far[neighbours])
    if not kept[0] and not near:
        return around                   # a whole paragraph: only its neighbours can tell
    return (_alike(kept[0], near) + around) / 2


def _alike(one: list[str], other: list[str]) -> float:
    return 1.0 if one == other else SequenceMatcher(None, one, other, autojunk=False).ratio()


def _before(text: str, start: int) -> tuple[str, str]:
    """Return the end of the paragraphs before a place, and what precedes it in its own."""
    line = text.rfind("\n", 0, start) + 1
    return _one_line(text[max(0, line - CONTEXT) : line]), _edged(text[max(line, start - CONTEXT) : start])


def _after(text: str, end: int) -> tuple[str, str]:
    """Return what follows a place in its own paragraph, and the beginning of the paragraphs after it."""
    line = text.find("\n", end)
    line = len(text) if line < 0 else line
    return _edged(text[end : min(line, end + CONTEXT)]), _one_line(text[line : line + CONTEXT])


def _edged(text: str) -> str:
    """Return what stands next to a passage on one line, with the white space that parts it from the passage."""
    words = _one_line(text)
    return f"{' ' if text[:1].isspace() else ''}{words}{' ' if words and text[-1:].isspace() else ''}"


def _one_line(text: str) -> str:
    return " ".join(text.split())
