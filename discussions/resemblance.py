"""The passage of a text that most resembles words that no longer stand in it. Pure, and bounded in time."""

import re
from collections import Counter
from collections.abc import Iterable
from difflib import SequenceMatcher
from typing import NamedTuple

_WORD = re.compile(r"\w+")
_SURROUNDING_WORDS = 10
_RUN = 4                        # words that must stand next to the passage to say where it begins or ends
_MOST_WINDOWS = 3
_LONGEST_QUOTE = 120            # words compared one by one; of a longer quote the beginning speaks
_FLOOR = 0.45                   # below it two texts only look alike
_LEAST_OF_THE_WORDS = 0.3       # what must stand of the words, unless both sides stand around others
_BOTH_SIDES = 0.8


class Word(NamedTuple):
    """A word in lower case and its place."""

    word: str
    start: int
    end: int


def closest(text: str, quote: str, prefix: str, suffix: str) -> tuple[int, int]:
    """Return the place of the passage that resembles `quote` between these surroundings, (0, 0) if none is enough."""
    words = _words(text)
    wanted = [word.word for word in _words(quote)][:_LONGEST_QUOTE]
    # No words on a side that is known mean the edge of the text; an empty side is not known.
    before = [word.word for word in _words(prefix)][-_SURROUNDING_WORDS:] if prefix else None
    after = [word.word for word in _words(suffix)][:_SURROUNDING_WORDS] if suffix else None
    if not words or not wanted:
        return 0, 0
    plain = [word.word for word in words]
    spans = {*_windows(plain, wanted), *_between(plain, before, after, len(wanted))}
    judged = [(_score(plain, span, wanted, before, after), span) for span in sorted(spans)]
    score, (first, last) = max(judged, key=lambda found: found[0]) if judged else (0.0, (0, 0))
    return (words[first].start, words[last - 1].end) if score >= _FLOOR else (0, 0)


def _words(text: str) -> list[Word]:
    return [Word(match.group().casefold(), *match.span()) for match in _WORD.finditer(text)]


def _windows(plain: list[str], wanted: list[str]) -> Iterable[tuple[int, int]]:
    """Yield the stretches that share most words with the quote, trimmed to the words they share."""
    size, need = len(wanted), Counter(wanted)
    shared, have, counts = 0, Counter(), []
    for at, word in enumerate(plain):
        have[word] += 1
        shared += have[word] <= need[word]
        if at >= size:
            left = plain[at - size]
            shared -= have[left] <= need[left]
            have[left] -= 1
        counts.append((shared, at))
    taken: list[int] = []
    for shared, at in sorted(counts, key=lambda found: (-found[0], found[1])):
        if len(taken) == _MOST_WINDOWS or shared < _LEAST_OF_THE_WORDS * size:
            return
        if all(abs(at - other) > size // 2 for other in taken):
            taken.append(at)
            yield _trimmed(plain, max(0, at - size - size // 4), min(len(plain), at + 1 + size // 4), wanted)


def _trimmed(plain: list[str], first: int, last: int, wanted: list[str]) -> tuple[int, int]:
    blocks = SequenceMatcher(None, wanted, plain[first:last], autojunk=False).get_matching_blocks()[:-1]
    if not blocks:
        return first, last
    return first + blocks[0].b, first + blocks[-1].b + blocks[-1].size


def _between(plain: list[str], before: list[str] | None, after: list[str] | None, size: int) -> Iterable[tuple[int, int]]:
    """Yield the stretch between the surroundings, where both still stand with something between them."""
    if before is None or after is None:
        return
    starts = _ends_of(plain, before[-_RUN:]) if before else [0]
    ends = [at - len(after[:_RUN]) for at in _ends_of(plain, after[:_RUN])] if after else [len(plain)]
    for start in starts[:_MOST_WINDOWS]:
        end = next((end for end in ends if end > start), None)
        if end is not None and end - start <= 2 * size + 12:
            yield start, end


def _ends_of(plain: list[str], run: list[str]) -> list[int]:
    """Return where each occurrence of a run of words ends."""
    length = len(run)
    return [at + length for at, word in enumerate(plain) if word == run[0] and plain[at : at + length] == run]


def _score(plain: list[str], span: tuple[int, int], wanted: list[str], before: list[str] | None, after: list[str] | None) -> float:
    first, last = span
    words = _ratio(wanted, plain[first:last])
    sides = []
    if before is not None:
        sides.append(_ratio(before, plain[max(0, first - (len(before) or 1)) : first]))
    if after is not None:
        sides.append(_ratio(after, plain[last : last + (len(after) or 1)]))
    if words < _LEAST_OF_THE_WORDS and (len(sides) < 2 or min(sides) < _BOTH_SIDES):
        return 0.0
    return (words + (sum(sides) / len(sides) if sides else words)) / 2


def _ratio(one: list[str], other: list[str]) -> float:
    return SequenceMatcher(None, one, other, autojunk=False).ratio()
