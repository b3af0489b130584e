"""A Markdown text as its blocks, read line by line: linear whatever is typed, and enough to give advice about it."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from advice.plain import plain

_FENCE = re.compile(r" {0,3}(`{3,}|~{3,})")
_HEADING = re.compile(r" {0,3}(#{1,6})(?:[ \t]|$)")
_ITEM = re.compile(r"([ \t]*)([-*+]|\d{1,9}[.)])[ \t]+(?=\S)")
_RULE = re.compile(r" {0,3}(?:(?:\*[ \t]*){3,}|(?:-[ \t]*){3,}|(?:_[ \t]*){3,})$")
_DELIMITER = re.compile(r":?-+:?")
_PIPE = re.compile(r"(?<!\\)\|")
_REFERENCE = re.compile(r" {0,3}\[[^\[\]]{1,200}\]:")


@dataclass(frozen=True)
class Row:
    """A row of a table, its cells without marks; `line` counts from 0 in the text."""

    line: int
    cells: tuple[str, ...]


@dataclass(frozen=True)
class Block:
    """A heading, paragraph, item, table or quote: the lines `start` to `end` of the text, and its words without marks."""

    kind: str
    start: int
    end: int
    raw: str
    words: str
    level: int = 0                      # of a heading; of an item, its number of spaces
    ordered: bool = False
    rows: tuple[Row, ...] = ()          # of a table, its head first
    section: str = ""                   # the heading it stands under
    lead: str = ""                      # of an item, the paragraph its list comes after
    list_start: int = -1                # of an item, the line on which its list begins


def blocks(text: str, skip: int = 0) -> list[Block]:
    """Return the blocks of a text in order, code left out; its first `skip` lines, the front matter, are not read."""
    return list(_Reader(text.split("\n"), at=skip).read())


@dataclass
class _Reader:
    lines: Sequence[str]
    at: int = 0
    section: str = ""
    lead: str = ""
    list_start: int = -1
    open: list[str] = field(default_factory=list)       # the lines of the paragraph or item that goes on
    opened: dict = field(default_factory=dict)

    def read(self) -> Iterator[Block]:
        while self.at < len(self.lines):
            yield from self._step(self.lines[self.at])
        yield from self._close()

    def _step(self, line: str) -> Iterator[Block]:
        if not line.strip():
            yield from self._close()
            self.at += 1
        elif fence := _FENCE.match(line):
            yield from self._close()
            self._skip_fence(fence[1])
        elif heading := _HEADING.match(line):
            yield from self._close()
            yield self._heading(line[heading.end() :].strip().rstrip("#").strip(), len(heading[1]))
        elif self.open and "kind" in self.opened and set(line.strip()) in ({"="}, {"-"}) and self.opened["kind"] == "paragraph":
            yield self._underlined(1 if "=" in line else 2)
        elif _RULE.match(line):
            yield from self._close()
            self.list_start = -1
            self.at += 1
        elif (width := self._table_width()) and not self._is_code(line):
            yield from self._close()
            yield self._table(width)
        else:
            yield from self._prose(line)

    def _prose(self, line: str) -> Iterator[Block]:
        item = _ITEM.match(line)
        if item:
            yield from self._close()
            self._open_item(line, item)
        elif line.lstrip().startswith(">"):
            if self.opened.get("kind") != "quote":
                yield from self._close()
                self.opened = {"kind": "quote", "start": self.at}
            self.open.append(line.lstrip()[1:])
        elif self.open:
            self.open.append(line.strip())
        elif not self._is_code(line) and not _REFERENCE.match(line):
            if not line.startswith((" ", "\t")):
                self.list_start = -1
            self.opened = {"kind": "paragraph", "start": self.at}
            self.open.append(line.strip())
        self.at += 1

    def _open_item(self, line: str, item: re.Match) -> None:
        if self.list_start < 0:
            self.list_start = self.at
        self.opened = {
            "kind": "item", "start": self.at, "level": len(item[1].expandtabs(4)), "ordered": item[2][0].isdigit(),
            "lead": self.lead, "list_start": self.list_start,
        }
        self.open.append(line[item.end() :].strip())

    def _is_code(self, line: str) -> bool:
        return not self.open and self.list_start < 0 and line.startswith(("    ", "\t"))

    def _close(self) -> Iterator[Block]:
        if self.open:
            raw = "\n".join(self.open)
            made = Block(end=self.at, raw=raw, words=plain(raw), section=self.section, **self.opened)
            if made.kind == "paragraph":
                self.lead = made.words
            yield made
        self.open, self.opened = [], {}

    def _heading(self, raw: str, level: int) -> Block:
        self.section, self.lead, self.list_start = plain(raw), "", -1
        self.at += 1
        return Block("heading", self.at - 1, self.at, raw, self.section, level=level)

    def _underlined(self, level: int) -> Block:
        raw, start = " ".join(self.open), self.opened["start"]
        self.open, self.opened = [], {}
        heading = self._heading(raw, level)
        return Block("heading", start, heading.end, raw, heading.words, level=level)

    def _skip_fence(self, fence: str) -> None:
        self.at += 1
        while self.at < len(self.lines):
            line = self.lines[self.at].strip()
            self.at += 1
            if line.startswith(fence) and not line.strip(fence[0]):
                return

    def _table_width(self) -> int:
        """Return how many columns the table has that begins here, 0 if none does."""
        if self.at + 1 >= len(self.lines) or "|" not in self.lines[self.at]:
            return 0
        under = self.lines[self.at + 1].strip()
        if "-" not in under or "|" not in under or under.strip("|:- \t"):
            return 0
        marks = [cell.strip() for cell in under.strip("|").split("|")]
        if not all(_DELIMITER.fullmatch(mark) for mark in marks):
            return 0
        return len(marks) if len(_cells(self.lines[self.at])) == len(marks) else 0

    def _table(self, width: int) -> Block:
        start, rows = self.at, [self._row(width)]
        self.at += 2
        while self.at < len(self.lines) and self._goes_on(self.lines[self.at]):
            rows.append(self._row(width))
            self.at += 1
        words = "\n".join(" ".join(row.cells) for row in rows)
        raw = "\n".join(self.lines[start : self.at])
        return Block("table", start, self.at, raw, words, rows=tuple(rows), section=self.section)

    def _row(self, width: int) -> Row:
        cells = [plain(cell) for cell in _cells(self.lines[self.at])[:width]]
        return Row(self.at, tuple(cells + [""] * (width - len(cells))))

    @staticmethod
    def _goes_on(line: str) -> bool:
        if not line.strip() or line.lstrip().startswith(">"):
            return False
        return not (_FENCE.match(line) or _HEADING.match(line) or _ITEM.match(line) or _RULE.match(line))


def _cells(line: str) -> list[str]:
    inner = line.strip().removeprefix("|")
    if inner.endswith("|") and not inner.endswith("\\|"):
        inner = inner[:-1]
    return [cell.strip().replace("\\|", "|") for cell in _PIPE.split(inner)]
