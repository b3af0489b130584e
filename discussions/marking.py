"""Pencil lines beside the rule: its rendered HTML with the words people talk about led to what they say of them.

Drawn when a page is made and never stored: the official text stays untouched. The words are found again by their place
among the characters that are not white space, which rendering neither adds nor reorders.
"""

import re
from bisect import bisect_left
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from html import escape, unescape
from html.parser import HTMLParser
from typing import Protocol

_BLOCKS = frozenset({"p", "li", "h1", "h2", "h3", "h4", "h5", "h6", "pre", "dt", "dd"})
_VOID = frozenset({"br", "hr", "img", "input", "wbr", "col"})


class Marked(Protocol):
    """Words of the rule and where the talk about them is."""

    start: int          # offsets in the plain text
    end: int
    count: int
    anchor_id: str


def marked(html: str, words: str, passages: Sequence[Marked], count: Callable[[str, int], str]) -> str:
    """Return `html` with each passage of its plain text `words` marked, and a count in the margin of its block.

    `count` draws the link of a block's margin from the id it leads to and the number of threads.
    """
    page = _Page(html)
    blocks: dict[int, list[Marked]] = {}
    for passage in passages:
        places = page.places(words, passage.start, passage.end)
        if places:
            _lead(page, places, passage.anchor_id)
            blocks.setdefault(page.block_of(places[0][0]), []).append(passage)
    for block, held in blocks.items():
        page.add_margin(block, str(count(held[0].anchor_id, sum(passage.count for passage in held))))
    return "".join(page.pieces)


def _lead(page: "_Page", places: list[tuple[int, int]], anchor_id: str) -> None:
    """Make the characters at `places` links, one per run of text; words inside a link of the rule keep that link."""
    runs: dict[int, list[int]] = {}
    for piece, at in places:
        runs.setdefault(piece, []).append(at)
    label = f' id="at-{anchor_id}"'
    for piece, spots in runs.items():
        if "a" not in page.tags_around(piece):
            page.wrap(piece, spots[0], spots[-1] + 1, f'<a class="noted"{label} href="#{anchor_id}">')
            label = ""


@dataclass
class _Element:
    tag: str
    start: int              # pieces of its opening and closing tags
    raw: str
    parent: "_Element | None"
    end: int = 0
    rows: list["_Element"] = field(default_factory=list)
    has_margin: bool = False


class _Page(HTMLParser):
    """HTML in pieces that can be changed in place, and where each character of its text stands."""

    def __init__(self, html: str):
        super().__init__(convert_charrefs=False)
        self.pieces: list[str] = []
        self._texts: dict[int, str] = {}
        self._wraps: dict[int, list[tuple[int, int, str]]] = {}
        self._within: dict[int, _Element | None] = {}
        self._open: _Element | None = None
        self.feed(html)
        self.close()
        self._spots = [(piece, at) for piece, text in self._texts.items() for at, c in enumerate(text) if not c.isspace()]
        self._solid = "".join(self._texts[piece][at] for piece, at in self._spots)
        self._elements = {id(e): e for e in self._within.values() if e is not None}

    def places(self, words: str, start: int, end: int) -> list[tuple[int, int]]:
        """Return where the characters of a passage stand, none if the page does not hold them."""
        wanted = _solid(words[start:end])
        if not wanted:
            return []
        found = [match.start() for match in re.finditer(f"(?={re.escape(wanted)})", self._solid)]
        if not found:
            return []
        expected = len(_solid(words[:start]))
        at = bisect_left(found, expected)
        nearest = min(found[max(0, at - 1) : at + 1], key=lambda place: abs(place - expected))
        return self._spots[nearest : nearest + len(wanted)]

    def tags_around(self, piece: int) -> set[str]:
        """Return the tags that a piece of text stands in."""
        return {element.tag for element in _outwards(self._within[piece])}

    def block_of(self, piece: int) -> int:
        """Return the piece that opens the block around a text: its table row, or else its innermost block."""
        around = list(_outwards(self._within[piece]))
        row = next((e for e in around if e.tag == "tr"), None)
        block = row or next((e for e in around if e.tag in _BLOCKS), None)
        return block.start if block else -1

    def wrap(self, piece: int, start: int, end: int, opening: str) -> None:
        """Put characters of one text into a link."""
        self._wraps.setdefault(piece, []).append((start, end, opening))
        text, done, at = self._texts[piece], [], 0
        for start, end, opening in sorted(self._wraps[piece]):
            done += [_escaped(text[at:start]), opening, _escaped(text[start:end]), "</a>"]
            at = end
        self.pieces[piece] = "".join([*done, _escaped(text[at:])])

    def add_margin(self, start: int, count: str) -> None:
        """Put a count in the margin of the block that opens at a piece; every row of a table gets a margin with it."""
        block = next((e for inner in self._elements.values() for e in _outwards(inner) if e.start == start), None)
        if block is None:
            return
        if block.tag != "tr":
            self.pieces[start] = _with_class(block.raw, "passage")
            self.pieces[block.end] = count + self.pieces[block.end]
            return
        table = next((e for e in _outwards(block) if e.tag == "table"), None)
        if table is None or 'class="wide"' in "".join(e.raw for e in _outwards(table)):
            return
        if not table.has_margin:
            table.has_margin = True
            for row in table.rows:
                self.pieces[row.end] = '<td class="margin"></td>' + self.pieces[row.end]
        self.pieces[block.end] = self.pieces[block.end].replace("></td>", f">{count}</td>", 1)

    def handle_starttag(self, tag, attrs) -> None:
        raw = self.get_starttag_text()
        self.pieces.append(raw)
        if tag in _VOID:
            return
        self._open = _Element(tag, len(self.pieces) - 1, raw, self._open)
        if tag == "tr" and (table := next((e for e in _outwards(self._open) if e.tag == "table"), None)):
            table.rows.append(self._open)

    def handle_startendtag(self, tag, attrs) -> None:
        self.pieces.append(self.get_starttag_text())

    def handle_endtag(self, tag) -> None:
        self.pieces.append(f"</{tag}>")
        closed = next((e for e in _outwards(self._open) if e.tag == tag), None)
        if closed is not None:
            closed.end = len(self.pieces) - 1
            self._open = closed.parent

    def handle_data(self, data) -> None:
        self._text(data, _escaped(data))

    def handle_entityref(self, name) -> None:
        self._text(unescape(f"&{name};"), f"&{name};")

    def handle_charref(self, name) -> None:
        self._text(unescape(f"&#{name};"), f"&#{name};")

    def handle_comment(self, data) -> None:
        self.pieces.append(f"<!--{data}-->")

    def _text(self, text: str, raw: str) -> None:
        last = len(self.pieces) - 1
        if last in self._texts:     # an entity goes on with the text before it
            self.pieces[last] += raw
            self._texts[last] += text
            return
        self.pieces.append(raw)
        self._texts[last + 1] = text
        self._within[last + 1] = self._open


def _outwards(element: _Element | None):
    while element is not None:
        yield element
        element = element.parent


def _escaped(text: str) -> str:
    return escape(text, quote=False)


def _solid(text: str) -> str:
    return "".join(text.split())


def _with_class(raw: str, name: str) -> str:
    if 'class="' in raw:
        return raw.replace('class="', f'class="{name} ', 1)
    return re.sub(r"^<(\w+)", rf'<\1 class="{name}"', raw, count=1)
