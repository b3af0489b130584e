"""Tables that break over pages: their heads are repeated, their columns are as wide as their words ask."""

from collections.abc import Callable, Iterator, Sequence

from markdown_it.token import Token
from reportlab.lib.colors import HexColor
from reportlab.lib.styles import ParagraphStyle
from reportlab.platypus import Flowable, Paragraph, Spacer, Table

from paper.fonts import width as width_of

_MOST_COLUMNS = 8           # more are set as entries, one under the other
_ROWS_AT_ONCE = 80          # a longer table is set as several, so that time stays in proportion
_LONGEST_CELL = 1500        # characters; a table with a longer one is set as entries too, which break anywhere
_PADDING = 10.0
_SIZE = {1: 10, 2: 10, 3: 10, 4: 9.5, 5: 9, 6: 8.5, 7: 8, 8: 7.5}

Set = Callable[[Token, ParagraphStyle], list[Paragraph]]


def table(rows: Sequence[Sequence[Token]], width: float, set_: Set) -> Iterator[Flowable]:
    """Yield a table of this width in points; its first row is its head. `set_` makes paragraphs of a cell."""
    columns = max((len(row) for row in rows), default=0)
    if not columns:
        return
    if columns > _MOST_COLUMNS or any(len(cell.content) > _LONGEST_CELL for row in rows for cell in row):
        yield from _entries(rows, set_)
        return
    widths = _widths(rows, columns, width)
    body, head = _style(columns, "serif"), _style(columns, "serif-italic")
    shown_head = [set_(cell, head) for cell in rows[0]]
    for start in range(1, max(len(rows), 2), _ROWS_AT_ONCE):
        cells = [[set_(cell, _of(body, column)) for column, cell in enumerate(row)] for row in rows[start : start + _ROWS_AT_ONCE]]
        yield Table([shown_head, *cells], colWidths=widths, repeatRows=1, splitInRow=1, style=_LINES, hAlign="LEFT")
    yield Spacer(0, 7)


_LINES = [
    ("VALIGN", (0, 0), (-1, -1), "TOP"),
    ("LEFTPADDING", (0, 0), (-1, -1), 0),
    ("RIGHTPADDING", (0, 0), (-1, -1), _PADDING),
    ("TOPPADDING", (0, 0), (-1, -1), 3.5),
    ("BOTTOMPADDING", (0, 0), (-1, -1), 5),
    ("LINEBELOW", (0, 0), (-1, -1), 0.4, HexColor("#c4cbce")),
    ("LINEBELOW", (0, 0), (-1, 0), 0.8, HexColor("#566067")),
    ("LINEBELOW", (0, -1), (-1, -1), 0.8, HexColor("#566067")),
]


def _style(columns: int, face: str) -> ParagraphStyle:
    size = _SIZE[columns]
    colour = HexColor("#566067" if face == "serif-italic" else "#1b2124")
    return ParagraphStyle("cell", fontName=face, fontSize=size, leading=size * 1.36, textColor=colour, splitLongWords=1)


def _of(style: ParagraphStyle, column: int) -> ParagraphStyle:
    return ParagraphStyle("first", style, fontName="serif-bold") if column == 0 else style


def _widths(rows: Sequence[Sequence[Token]], columns: int, width: float) -> list[float]:
    """Share the width: no column is narrower than its longest word, if all of them fit; the rest goes by how much is said."""
    size, room = _SIZE[columns], width / columns
    least, said = [], []
    for column in range(columns):
        cells = [row[column].content for row in rows[:200] if column < len(row)]
        longest = max((word for cell in cells for word in cell.split()), key=len, default="")[:40]
        least.append(min(width_of(longest, "serif-bold", size) + _PADDING + 2, room * 1.5))
        said.append(max(1.0, sum(len(cell) for cell in cells) ** 0.6))
    if sum(least) >= width:
        return [width * one / sum(least) for one in least]
    left = width - sum(least)
    return [one + left * part / sum(said) for one, part in zip(least, said, strict=True)]


def _entries(rows: Sequence[Sequence[Token]], set_: Set) -> Iterator[Flowable]:
    """Yield each row as an entry: the head of each column, then what it says."""
    style = ParagraphStyle("entry", _style(3, "serif"), leftIndent=12)
    head = ParagraphStyle("head", _style(3, "serif-italic"), spaceBefore=2, keepWithNext=1)
    for row in rows[1:]:
        for column, cell in enumerate(row):
            if cell.content:
                if column < len(rows[0]):
                    yield from set_(rows[0][column], head)
                yield from set_(cell, style)
        yield Spacer(0, 6)
