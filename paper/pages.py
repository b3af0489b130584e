"""The pages of a PDF: what stands in their heads and feet, the words across them, and the contents of a manual."""

from dataclasses import dataclass

from reportlab.lib.pagesizes import A4
from reportlab.lib.units import mm
from reportlab.pdfgen.canvas import Canvas

from paper import fonts
from paper.sheets import Document, Sheet
from paper.typesetting import ACCENT, INK, LINE, NUMERAL, SOFT

LEFT, RIGHT, TOP, BOTTOM = 20 * mm, 20 * mm, 27 * mm, 26 * mm
WIDTH = A4[0] - LEFT - RIGHT - NUMERAL
HEIGHT = A4[1] - TOP - BOTTOM
LINE_OF_CONTENTS = 16.5
_ENTRIES_ON_A_PAGE = 38
_SMALL = 7.8


@dataclass(frozen=True)
class Furniture:
    """What a page carries besides its text: the sheet it belongs to, or entries of the contents."""

    sheet: Sheet | None = None
    entries: tuple[int, ...] = ()


class Pages(Canvas):
    """A canvas that furnishes its pages at the end, when it is known how many there are and where each sheet begins."""

    def __init__(self, *args, document: Document, **more):
        super().__init__(*args, **more)
        self.document = document
        self.furniture: dict[int, Furniture] = {}
        self.starts: dict[int, int] = {}        # the page on which each sheet begins
        self.tops: dict[int, float] = {}        # where the entries of a page of contents begin
        self._kept: list[dict] = []

    def showPage(self) -> None:
        """Keep the page for later."""
        self._kept.append(dict(self.__dict__))
        self._startPage()

    def save(self) -> None:
        """Furnish every page and write them all."""
        kept, furniture = self._kept, self.furniture
        for number, state in enumerate(kept, 1):
            self.__dict__.update(state)
            _furnish(self, furniture.get(number, Furniture()), number, len(kept))
            Canvas.showPage(self)
        Canvas.save(self)


def _furnish(canvas: Pages, furniture: Furniture, number: int, pages: int) -> None:
    document = canvas.document
    canvas.setFillColor(INK)
    sheet = furniture.sheet
    if sheet is None:
        _line(canvas, document.subject, document.sheets[0].printed if document.sheets else "", A4[1] - 14 * mm)
    else:
        _line(canvas, sheet.reference, sheet.printed, A4[1] - 14 * mm)
        canvas.setFillColor(SOFT)
        _left(canvas, sheet.title, A4[1] - 18 * mm, A4[0] - LEFT - RIGHT)
        canvas.setFillColor(INK)
        _left(canvas, sheet.check, 12 * mm, A4[0] - LEFT - RIGHT - 40 * mm)
        _left(canvas, sheet.approved, 15.5 * mm, A4[0] - LEFT - RIGHT)
    counted = document.page.format(page=number, pages=pages)
    _text(canvas, counted, A4[0] - RIGHT - fonts.width(counted, "sans", _SMALL), 12 * mm)
    if sheet is not None and sheet.across:
        _across(canvas, sheet.across)
    for row, at in enumerate(furniture.entries):
        _entry(canvas, canvas.document.sheets[at], at, canvas.starts[at], canvas.tops[number] - (row + 1) * LINE_OF_CONTENTS)


def _line(canvas: Canvas, left: str, right: str, at: float) -> None:
    end = fonts.width(right, "sans", _SMALL)
    _left(canvas, left, at, A4[0] - LEFT - RIGHT - end - 12)
    _text(canvas, right, A4[0] - RIGHT - end, at)


def _left(canvas: Canvas, text: str, at: float, room: float) -> None:
    """Set one line: smaller where it is long, as far down as can still be read, then cut with an ellipsis."""
    size = _SMALL
    while size > 5.5 and fonts.width(text, "sans", size) > room:
        size -= 0.3
    _text(canvas, _cut(text, "sans", size, room), LEFT, at, size=size)


def _cut(text: str, face: str, size: float, room: float) -> str:
    if fonts.width(text, face, size) <= room:
        return text
    least, most = 0, len(text)
    while least < most:
        middle = (least + most + 1) // 2
        if fonts.width(text[:middle] + "…", face, size) <= room:
            least = middle
        else:
            most = middle - 1
    return text[:least].rstrip() + "…"


def _text(canvas: Canvas, text: str, x: float, y: float, *, face: str = "sans", size: float = _SMALL) -> None:
    line = canvas.beginText(x, y)
    for chosen, words in fonts.runs(text, face):
        line.setFont(chosen, size)
        line.textOut(words)
    canvas.drawText(line)


def _across(canvas: Canvas, words: str) -> None:
    size = min(54.0, 54.0 * 520 / max(fonts.width(words, "serif-bold", 54.0), 1))
    canvas.saveState()
    canvas.translate(A4[0] / 2, A4[1] / 2)
    canvas.rotate(52)
    canvas.setFillColor(INK)
    canvas.setFillAlpha(0.15)
    _text(canvas, words, -fonts.width(words, "serif-bold", size) / 2, -size / 3, face="serif-bold", size=size)
    canvas.restoreState()


def _entry(canvas: Canvas, sheet: Sheet, at: int, page: int, y: float) -> None:
    left, end = LEFT + NUMERAL, A4[0] - RIGHT
    canvas.setFillColor(ACCENT)
    _text(canvas, sheet.code, left, y, face="serif", size=10.5)
    canvas.setFillColor(INK)
    number = str(page)
    start = left + max(62.0, fonts.width(sheet.code, "serif", 10.5) + 8)
    room = end - start - fonts.width(number, "serif", 10.5) - 14
    title = _cut(sheet.title, "serif", 10.5, room)
    _text(canvas, title, start, y, face="serif", size=10.5)
    _text(canvas, number, end - fonts.width(number, "serif", 10.5), y, face="serif", size=10.5)
    canvas.setStrokeColor(LINE)
    canvas.setLineWidth(0.3)
    canvas.line(start + fonts.width(title, "serif", 10.5) + 6, y + 1, end - fonts.width(number, "serif", 10.5) - 6, y + 1)
    canvas.linkRect("", f"sheet-{at}", (left, y - 4, end, y + 11), name=f"contents-{at}", relative=0, thickness=0)


def entries_on_pages(count: int) -> list[tuple[int, ...]]:
    """Return which entries each page of the contents has; the first page has the title too."""
    first = _ENTRIES_ON_A_PAGE - 8
    bounds = [0, *range(first, count, _ENTRIES_ON_A_PAGE), count]
    return [tuple(range(start, end)) for start, end in zip(bounds, bounds[1:], strict=False) if start < end] or [()]
