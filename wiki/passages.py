"""The passages of a text as it is written: its headings, paragraphs, entries of lists and rows of tables.

Somebody who reads marks words on the page; here they are found again in the Markdown, and other words put in their place.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice, takewhile
from os.path import commonprefix

from markdown_it import MarkdownIt
from markdown_it.token import Token
from rapidfuzz import fuzz

from wiki import frontmatter

LONGEST_QUOTE = 2_000
_LEAVES = {"heading_open", "paragraph_open", "tr_open", "fence", "code_block"}
_LINE = re.compile(r"[^\r\n]*(?:\r\n?|\n)|[^\r\n]+\Z")
_WORD = re.compile(r"[^\W_]+")
_NEIGHBOURS = 12        # words before and after that tell several places apart
_ALIKE = 75             # of 100: what two runs of words must share to be the same passage
_MOST_PLACES = 100      # words that stand more often are no passage
_CLEARLY = 10           # what sets the best place apart from the next


@dataclass(frozen=True)
class Unit:
    """One passage: where it stands in the file, without the end of its last line, and its words as they are read."""

    start: int
    end: int
    words: str
    is_heading: bool


@dataclass(frozen=True)
class Span:
    """Passages that follow each other, by the number of the first and of the last, from 0."""

    first: int
    last: int


@lru_cache(maxsize=16)
def units(text: str) -> tuple[Unit, ...]:
    """Return the passages of a whole file in order; what its front matter says is none of them. Kept: a page asks twice."""
    body = frontmatter.split(text).body
    ends = _line_ends(body, len(text) - len(body))
    parser = MarkdownIt("commonmark", {"html": False, "maxNesting": 50}).enable(["table", "strikethrough"])
    tokens, found = parser.parse(body), []
    for at, token in enumerate(tokens):
        if token.type in _LEAVES and token.map:
            first, last = token.map
            found.append(_unit(text, ends[first], ends[last], token.type, _words(tokens, at)))
    return tuple(unit for unit in found if unit.words)


def find(text: str, quote: str, prefix: str = "", suffix: str = "") -> Span | None:
    """Return the passages that hold the quoted words, None where they cannot be told with certainty.

    `prefix` and `suffix`, which stood around the words on the page, tell several places apart.
    """
    placed = [(word, number) for number, unit in enumerate(units(text)) for word in _folded(unit.words)]
    words, wanted = [word for word, _ in placed], _folded(quote[:LONGEST_QUOTE])
    if not wanted:
        return None
    places = list(islice(_exact(words, wanted), _MOST_PLACES))
    if not places:
        places = _alike(words, wanted)
    elif 1 < len(places) < _MOST_PLACES:
        places = _told_apart(words, places, _folded(prefix)[-_NEIGHBOURS:], _folded(suffix)[:_NEIGHBOURS])
    spans = {Span(placed[start][1], placed[end - 1][1]) for start, end in places}
    return spans.pop() if len(spans) == 1 and len(places) < _MOST_PLACES else None


def source(text: str, span: Span) -> str | None:
    """Return the passages as they are written, None if the text has no such passages."""
    found = units(text)
    if not 0 <= span.first <= span.last < len(found):
        return None
    return text[found[span.first].start : found[span.last].end]


def replaced(text: str, span: Span, words: str) -> str:
    """Return the text with other words in the place of these passages; without any, the passages go."""
    found = units(text)
    start, end = found[span.first].start, found[span.last].end
    written = words.strip("\n")
    if not written.strip():
        return text[:start] + re.sub(r"\A(?:\r\n?|\n)", "", text[end:])
    return text[:start] + (written.replace("\n", "\r\n") if "\r\n" in text else written) + text[end:]


def touched(before: str, after: str) -> Span | None:
    """Return the passages of `after` in which it differs from `before`, None if there is none that holds it all."""
    start = len(commonprefix([before, after]))
    same = len(commonprefix([before[start:][::-1], after[start:][::-1]]))
    end = max(start, len(after) - same)
    found = [(number, unit) for number, unit in enumerate(units(after)) if unit.start <= end and start <= unit.end]
    if not found or start < found[0][1].start or end > found[-1][1].end:
        return None
    return Span(found[0][0], found[-1][0])


def _unit(text: str, start: int, end: int, kind: str, words: str) -> Unit:
    return Unit(start, start + len(text[start:end].rstrip("\r\n")), words, kind == "heading_open")


def _line_ends(body: str, offset: int) -> list[int]:
    ends = [offset]
    for line in _LINE.findall(body):
        ends.append(ends[-1] + len(line))
    return ends


def _words(tokens: Sequence[Token], at: int) -> str:
    """Return the words of the passage that opens at a token, as they are read."""
    if tokens[at].type in ("fence", "code_block"):
        return tokens[at].content.strip()
    closing, read = tokens[at].type.replace("_open", "_close"), []
    while tokens[at].type != closing:
        read += ["".join(map(_read, tokens[at].children))] if tokens[at].children else []
        at += 1
    return " · ".join(" ".join(words.split()) for words in read)


def _read(token: Token) -> str:
    return " " if token.type in ("softbreak", "hardbreak") else token.content


def _folded(words: str) -> list[str]:
    return _WORD.findall(words.casefold())


def _exact(words: list[str], wanted: list[str]) -> Iterator[tuple[int, int]]:
    for at, word in enumerate(words):
        if word == wanted[0] and words[at : at + len(wanted)] == wanted:
            yield at, at + len(wanted)


def _alike(words: list[str], wanted: list[str]) -> list[tuple[int, int]]:
    """Return the one place that clearly resembles the words, or none."""
    best = fuzz.partial_ratio_alignment(wanted, words, score_cutoff=_ALIKE) if len(words) >= len(wanted) else None
    if best is None or best.dest_end <= best.dest_start:
        return []
    others = words[: best.dest_start] + [""] * len(wanted) + words[best.dest_end :]
    second = fuzz.partial_ratio(wanted, others)
    return [(best.dest_start, best.dest_end)] if best.score - second >= _CLEARLY else []


def _told_apart(words: list[str], places: list[tuple[int, int]], before: list[str], after: list[str]) -> list[tuple[int, int]]:
    """Return the place that the surroundings tell from all others, or every place."""
    ranked = sorted(((_around(words, place, before, after), place) for place in places), reverse=True)
    return [ranked[0][1]] if ranked[0][0] > ranked[1][0] else places


def _around(words: list[str], place: tuple[int, int], before: list[str], after: list[str]) -> int:
    start, end = place
    left, right = words[max(0, start - _NEIGHBOURS) : start], words[end : end + _NEIGHBOURS]
    return _run(reversed(left), reversed(before)) + _run(right, after)


def _run(one: Iterable[str], other: Iterable[str]) -> int:
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(one, other)))
