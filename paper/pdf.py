"""A document as PDF: the same bytes for the same document, whenever and wherever it is set."""

from io import BytesIO

from reportlab.platypus import (
    ActionFlowable, BaseDocTemplate, Flowable, Frame, HRFlowable, KeepTogether, NextPageTemplate, PageBreak, PageTemplate, Spacer, Table,
)

from paper import fonts, pages, typesetting
from paper.pages import Furniture, Pages
from paper.sheets import Document, Fact, Sheet
from paper.typesetting import BODY, CODE, SMALL, SOFT, TITLE, ParagraphStyle, words
from wiki.markdown import parsed

_STATUS = ParagraphStyle("status", BODY, spaceAfter=3)
_NAME = ParagraphStyle("name", SMALL, fontName="serif-italic", textColor=SOFT)
_NAMES = 112.0              # points that the names of facts take
_BAND = ParagraphStyle("band", BODY, borderPadding=0, spaceBefore=2, spaceAfter=6)


def pdf(document: Document) -> bytes:
    """Return a document as PDF."""
    fonts.load()
    written = BytesIO()
    book = _Book(written, document)
    book.build([*_front(document), *_bodies(document)], canvasmaker=lambda *args, **more: Pages(*args, document=document, **more))
    return written.getvalue()


class _Book(BaseDocTemplate):
    """The binding: a template of pages for the contents and one for each sheet, so that each page knows whose it is."""

    def __init__(self, file: BytesIO, document: Document):
        super().__init__(
            file, pagesize=pages.A4, invariant=1, title=document.title, author=document.author, subject=document.subject,
            creator=document.author, producer="Living Procedures", lang=document.language, displayDocTitle=True,
        )
        frame = {"id": "text", "leftPadding": 0, "rightPadding": 0, "topPadding": 0, "bottomPadding": 0}
        place = (pages.LEFT + typesetting.NUMERAL, pages.BOTTOM, pages.WIDTH, pages.HEIGHT)
        furniture = [Furniture(entries=entries) for entries in pages.entries_on_pages(len(document.sheets))] if document.contents else []
        furniture += [Furniture(sheet=sheet) for sheet in document.sheets]
        self.addPageTemplates(
            [PageTemplate(str(number), [Frame(*place, **frame)], onPage=_noting(one)) for number, one in enumerate(furniture)]
        )


def _noting(furniture: Furniture):
    def note(canvas: Pages, _book) -> None:
        canvas.furniture[canvas.getPageNumber()] = furniture

    return note


def _front(document: Document) -> list[Flowable]:
    if not document.contents:
        return []
    shown: list[Flowable] = [words(document.title, TITLE), *(words(line, SMALL) for line in document.about), words(document.contents, typesetting.HEAD)]
    for number, entries in enumerate(pages.entries_on_pages(len(document.sheets))):
        shown += [NextPageTemplate(str(number)), PageBreak()] if number else []
        shown.append(_Entries(len(entries)))
    return shown


class _Entries(Flowable):
    """The room that entries of the contents take; they are written when it is known where each sheet begins."""

    def __init__(self, many: int):
        super().__init__()
        self.width, self.height = pages.WIDTH, many * pages.LINE_OF_CONTENTS

    def draw(self) -> None:
        """Note where the room is."""
        self.canv.tops[self.canv.getPageNumber()] = self.canv.absolutePosition(0, self.height)[1]


def _bodies(document: Document) -> list[Flowable]:
    before = len(pages.entries_on_pages(len(document.sheets))) if document.contents else 0
    shown: list[Flowable] = []
    for at, sheet in enumerate(document.sheets):
        if at or before:
            shown += [NextPageTemplate(str(before + at)), PageBreak()]
        shown += [_Start(at, sheet), *_sheet(sheet, document.boxes)]
    return shown


class _Start(ActionFlowable):
    """Notes the page on which a sheet begins and makes it a place that one can go to."""

    def __init__(self, at: int, sheet: Sheet):
        super().__init__()
        self._at, self._sheet = at, sheet

    def apply(self, book: _Book) -> None:
        """Mark the place."""
        name = f"sheet-{self._at}"
        book.canv.starts[self._at] = book.canv.getPageNumber()
        book.canv.bookmarkPage(name)
        book.canv.addOutlineEntry(f"{self._sheet.code} {self._sheet.title}", name, level=0)


def _sheet(sheet: Sheet, boxes: str) -> list[Flowable]:
    text = typesetting.blocks(parsed(sheet.text, path=sheet.path, slug=sheet.slug).tokens, pages.WIDTH) if sheet.text else []
    return [
        words(sheet.code, CODE),
        words(sheet.title, TITLE),
        words(sheet.status, _STATUS),
        *(words(note, _BAND) for note in sheet.notes),
        Spacer(0, 6),
        *text,
        Spacer(0, 14),
        *_colophon(sheet, boxes if text and fonts.lacks(sheet.text) else ""),
    ]


def _colophon(sheet: Sheet, boxes: str) -> list[Flowable]:
    facts = (*sheet.colophon, Fact("", (boxes,))) if boxes else sheet.colophon
    rows = [[words(fact.name, _NAME), [words(line, SMALL) for line in fact.lines]] for fact in facts]
    if not rows:
        return []
    table = Table(rows, colWidths=[_NAMES, pages.WIDTH - _NAMES], splitInRow=1, style=_COLOPHON, hAlign="LEFT")
    ruled = [HRFlowable(width="100%", thickness=0.8, color=typesetting.INK, spaceAfter=6), table]
    return [KeepTogether(ruled)] if len(rows) < 12 else ruled


_COLOPHON = [
    ("VALIGN", (0, 0), (-1, -1), "TOP"), ("LEFTPADDING", (0, 0), (-1, -1), 0), ("RIGHTPADDING", (0, 0), (-1, -1), 6),
    ("TOPPADDING", (0, 0), (-1, -1), 0), ("BOTTOMPADDING", (0, 0), (-1, -1), 3),
]
