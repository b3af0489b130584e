"""A difference laid out as it reads on the sheet: sections, tables, paragraphs; what stays can be folded away.

Only the layout is found here. The words and their marks are the difference's own, and the page shows the Markdown
beside it, byte for byte, because that is what is approved.
"""

import re
from collections.abc import Hashable, Iterable, Iterator
from dataclasses import dataclass, field
from itertools import groupby

from wiki.difference import Difference, Piece

_HEADING = re.compile(r"(#{1,6})\s+")
_ITEM = re.compile(r"\s*(?:[-*+]|\d{1,9}[.)])\s+")
_QUOTE = re.compile(r"\s*>\s?")
_RULE_OF_TABLE = re.compile(r"\s*\|?\s*:?-+:?\s*(?:\|\s*:?-+:?\s*)*\|?\s*")

Pieces = tuple[Piece, ...]


@dataclass(frozen=True)
class Part:
    """Lines that belong together. `kind`: heading, table, list, quote, code, facts or words; a row has one or more cells."""

    kind: str
    rows: tuple[tuple[Pieces, ...], ...]


@dataclass(frozen=True)
class Section:
    """A run of lines under one heading; the facts of the front matter come first and have none."""

    title: str
    parts: tuple[Part, ...]
    has_changed: bool


@dataclass
class _Line:
    pieces: list[Piece] = field(default_factory=list)
    kind: str = "words"
    mark: object = None

    @property
    def text(self) -> str:
        return "".join(piece.text for piece in self.pieces)

    @property
    def has_changed(self) -> bool:
        return any(piece.op != "same" and piece.text for piece in self.pieces)


def laid_out(found: Difference) -> list[tuple[bool, list[Section]]]:
    """Return the sections of a difference in order, in runs that changed and runs that did not."""
    lines = list(_named(_lines(found.pieces)))
    starts = [at for at, line in enumerate(lines) if line.kind == "heading" and at > 0]
    bounds = [0, *starts, len(lines)]
    sections = [_section(lines[start:end]) for start, end in zip(bounds, bounds[1:]) if start < end]
    return [(changed, list(run)) for changed, run in groupby(sections, key=lambda section: section.has_changed)]


def moved_only(found: Difference) -> list[Section]:
    """Return the sections of a difference that changed, with the rows that changed and no others."""
    sections = (section for has_changed, run in laid_out(found) if has_changed for section in run)
    return [Section(section.title, tuple(_moved_parts(section)), True) for section in sections]


def laid_out_runs(lines: Iterable[tuple[str, Hashable]]) -> list[tuple[Hashable, tuple[Part, ...]]]:
    """Return a text's lines as parts, in runs of lines that carry the same mark."""
    named = list(_named([_Line([Piece("same", text)], mark=mark) for text, mark in lines]))
    return [(mark, _parts(list(run))) for mark, run in groupby(named, key=lambda line: line.mark)]


def _moved_parts(section: Section) -> Iterator[Part]:
    for part in section.parts:
        rows = tuple(row for row in part.rows if any(piece.op != "same" for cell in row for piece in cell))
        if rows:
            yield Part(part.kind, rows)


def _lines(pieces: Iterable[Piece]) -> Iterator[_Line]:
    """Cut the pieces at line ends. One that was removed ends no line where other words took its place."""
    pieces = list(pieces)
    line = _Line()
    for piece, after in zip(pieces, [*pieces[1:], None]):
        *ended, rest = piece.text.split("\n")
        if piece.op == "removed" and after is not None and after.op == "added" and after.text.endswith("\n") and not rest and ended:
            *ended, rest = ended
        for text in ended:
            line.pieces.append(Piece(piece.op, text))
            yield line
            line = _Line()
        line.pieces.append(Piece(piece.op, rest))
    yield line


def _named(lines: Iterable[_Line]) -> Iterator[_Line]:
    """Say what each line is; drop the empty ones and the fences."""
    inside = ""
    for at, line in enumerate(lines):
        text = line.text.strip()
        if text == "---" and (at == 0 or inside == "facts"):
            inside = "" if inside else "facts"
        elif text.startswith("```") and inside != "facts":
            inside = "" if inside else "code"
        elif text:
            line.kind = inside or _kind(text)
            if line.kind != "rule":
                yield line


def _kind(text: str) -> str:
    if _HEADING.match(text):
        return "heading"
    if text.startswith("|"):
        return "rule" if _RULE_OF_TABLE.fullmatch(text) else "table"
    if _ITEM.match(text):
        return "list"
    return "quote" if text.startswith(">") else "words"


def _section(lines: list[_Line]) -> Section:
    heading = lines[0].text.lstrip("# ") if lines[0].kind == "heading" else ""
    return Section(heading, _parts(lines), any(line.has_changed for line in lines))


def _parts(lines: list[_Line]) -> tuple[Part, ...]:
    return tuple(Part(kind, tuple(_row(kind, line) for line in group)) for kind, group in groupby(lines, key=lambda line: line.kind))


def _row(kind: str, line: _Line) -> tuple[Pieces, ...]:
    if kind == "table":
        return tuple(_gathered(cell) for cell in _cells(line.pieces))
    drop = {"heading": _HEADING, "list": _ITEM, "quote": _QUOTE}.get(kind)
    return (_gathered(_without(drop, line.pieces) if drop else line.pieces),)


def _without(mark: re.Pattern, pieces: list[Piece]) -> Pieces:
    """Return the pieces without the mark that opens the line, which the layout shows instead."""
    shown = []
    for piece in pieces:
        text = mark.sub("", piece.text, count=1) if not any(p.op in (piece.op, "same") for p in shown) else piece.text
        if text:
            shown.append(Piece(piece.op, text))
    return tuple(shown)


def _cells(pieces: list[Piece]) -> Iterator[Pieces]:
    """Cut a row of a table at its bars; those at its two ends are not cells."""
    cells: list[list[Piece]] = [[]]
    for piece in pieces:
        first, *others = re.split(r"(?<!\\)\|", piece.text)
        cells[-1].append(Piece(piece.op, first))
        cells += [[Piece(piece.op, text)] for text in others]
    filled = cells[0 if _said(cells[0]) else 1 :]
    yield from map(tuple, filled if filled and _said(filled[-1]) else filled[:-1])


def _said(cell: list[Piece]) -> bool:
    return any(piece.text.strip() for piece in cell)


def _gathered(pieces: Iterable[Piece]) -> Pieces:
    """Join changes that only white space parts: three words for three words read better as one change than as three."""
    shown: list[Piece] = []
    removed = added = space = ""
    for piece in (*pieces, Piece("same", "")):
        if piece.op == "same" and piece.text.isspace() and (removed or added):
            space += piece.text
        elif piece.op == "same":
            shown += [Piece(op, text) for op, text in (("removed", removed), ("added", added), ("same", space + piece.text)) if text]
            removed = added = space = ""
        else:
            removed, added = (removed + space if removed else "", added + space if added else "")
            space = "" if removed or added else space
            removed, added = (removed + piece.text, added) if piece.op == "removed" else (removed, added + piece.text)
    return tuple(shown)
