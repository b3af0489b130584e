"""The words of a text as lines of type: Markdown tokens to the flowing blocks of a page.

Nothing that a person wrote reaches the typesetter's own marks: every word goes through `_escaped`.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from xml.sax.saxutils import escape

from markdown_it.token import Token
from reportlab.lib.colors import HexColor
from reportlab.lib.styles import ParagraphStyle
from reportlab.platypus import CondPageBreak, Flowable, HRFlowable, Paragraph, Spacer

from paper import fonts, tables

INK, SOFT, ACCENT, LINE = (HexColor(value) for value in ("#1b2124", "#566067", "#0c5068", "#7a858a"))
NUMERAL = 28.0              # points that numbers of sections hang to the left
_STEP = 16.0                # points for each level of a list
_DEEPEST = 8                # levels that still move to the right
_LONGEST = 6000             # characters set as one paragraph: a longer one is set as several, so that time stays in proportion
_MOST_PIECES = 300          # changes of face in one paragraph, for the same reason
_CODE_LINES = 60

BODY = ParagraphStyle("body", fontName="serif", fontSize=10.5, leading=15.2, textColor=INK, spaceAfter=5, splitLongWords=1)
SMALL = ParagraphStyle("small", BODY, fontSize=9.5, leading=13.2)
TITLE = ParagraphStyle("title", BODY, fontSize=22, leading=26, spaceAfter=8)
CODE = ParagraphStyle("code", BODY, textColor=ACCENT, spaceAfter=0)
_PRE = ParagraphStyle("pre", BODY, fontName="mono", fontSize=8.5, leading=12, spaceBefore=2, spaceAfter=2)
_HEADS = {
    "h2": ParagraphStyle("h2", BODY, fontName="serif-bold", fontSize=13, leading=17, spaceBefore=13, spaceAfter=3, keepWithNext=1),
    "h3": ParagraphStyle("h3", BODY, fontName="serif-bold", fontSize=11.2, leading=15, spaceBefore=9, spaceAfter=2, keepWithNext=1),
    "h4": ParagraphStyle("h4", BODY, fontName="serif-italic", fontSize=10.5, leading=15, spaceBefore=7, spaceAfter=1, keepWithNext=1),
}
HEAD = _HEADS["h2"]


@dataclass(frozen=True)
class _Place:
    """Where a block stands: how deep in lists and quotes, and the mark that the next paragraph carries."""

    depth: int = 0
    quoted: int = 0
    mark: str = ""


@dataclass
class _List:
    number: int | None      # of its next item, None where items have no number


def blocks(tokens: Sequence[Token], width: float) -> list[Flowable]:
    """Return a text as blocks that flow over pages of this width, in points."""
    return list(_blocks(iter(tokens), width, _Place(), []))


def words(text: str, style: ParagraphStyle, *, bold: str = "") -> Paragraph:
    """Return plain words as a paragraph; `bold` words come first."""
    first = _marked(bold, "serif-bold") + " " if bold else ""
    return Paragraph(first + _marked(text, style.fontName, style.fontName), style)


def _blocks(tokens: Iterator[Token], width: float, place: _Place, lists: list[_List]) -> Iterator[Flowable]:
    for token in tokens:
        match token.type:
            case "heading_open":
                yield from _heading(token, next(tokens))
            case "paragraph_open":
                yield from _paragraph(next(tokens), _style(BODY, place), place.mark)
                place = replace(place, mark="")
            case "bullet_list_open" | "ordered_list_open":
                lists.append(_List(int(token.attrs.get("start", 1)) if token.type.startswith("ordered") else None))
                place = replace(place, depth=place.depth + 1)
            case "bullet_list_close" | "ordered_list_close":
                lists.pop()
                place = replace(place, depth=place.depth - 1, mark="")
            case "list_item_open":
                place = replace(place, mark=_mark(lists))
            case "blockquote_open":
                place = replace(place, depth=place.depth + 1, quoted=place.quoted + 1)
            case "blockquote_close":
                place = replace(place, depth=place.depth - 1, quoted=place.quoted - 1)
            case "fence" | "code_block":
                yield from _code(token.content, _style(_PRE, place))
            case "hr":
                yield HRFlowable(width="100%", thickness=0.5, color=LINE, spaceBefore=8, spaceAfter=8)
            case "table_open":
                yield from tables.table(_rows(tokens), width, lambda cell, style: list(_paragraph(cell, style, "")))


def _heading(opened: Token, inline: Token) -> Iterator[Flowable]:
    style = _HEADS.get(opened.tag, _HEADS["h4"])
    if opened.tag == "h2":
        yield CondPageBreak(60)
    number = opened.attrs.get("data-n")
    mark = f'<bullet bulletIndent="{-NUMERAL}">{_marked(number, "serif")}</bullet>' if number else ""
    yield Paragraph(mark + _inline(inline, style.fontName), style)


def _paragraph(inline: Token, style: ParagraphStyle, mark: str) -> Iterator[Flowable]:
    for number, part in enumerate(_parts(inline)):
        yield Paragraph(_said(part, style.fontName), style, bulletText=mark if mark and not number else None)


def _parts(inline: Token) -> Iterator[list[Token]]:
    """Cut the words of a paragraph where it is too long to be set as one."""
    part, length = [], 0
    for token in inline.children or []:
        for piece in _pieces(token):
            part.append(piece)
            length += len(piece.content) + len(str(piece.attrs.get("href", "")))
            if piece.nesting <= 0 and (length > _LONGEST or len(part) > _MOST_PIECES):
                yield part
                part, length = [], 0
    if part:
        yield part


def _pieces(token: Token) -> Iterator[Token]:
    if token.type not in ("text", "code_inline") or len(token.content) <= _LONGEST:
        yield token
        return
    for start in range(0, len(token.content), _LONGEST):
        yield Token(token.type, token.tag, 0, content=token.content[start : start + _LONGEST])


def _style(style: ParagraphStyle, place: _Place) -> ParagraphStyle:
    if not place.depth and not place.quoted:
        return style
    indent = _STEP * min(place.depth, _DEEPEST)
    return ParagraphStyle(
        "placed", style, leftIndent=indent, bulletIndent=indent - _STEP + 3, bulletFontName="serif", bulletFontSize=style.fontSize,
        bulletColor=ACCENT, spaceAfter=2.5, textColor=SOFT if place.quoted else INK,
    )


def _mark(lists: list[_List]) -> str:
    here = lists[-1]
    if here.number is None:
        return "•" if len(lists) % 2 else "–"
    here.number += 1
    return f"{here.number - 1}."


def _code(text: str, style: ParagraphStyle) -> Iterator[Flowable]:
    lines = list(_cut(text.expandtabs(4).rstrip("\n").split("\n")))
    for start in range(0, len(lines), _CODE_LINES):
        shown = [_marked(line.replace(" ", "\u00a0") or "\u00a0", "mono", "mono") for line in lines[start : start + _CODE_LINES]]
        yield Paragraph("<br/>".join(shown), style)
    yield Spacer(0, 4)


def _cut(lines: Iterable[str]) -> Iterator[str]:
    """Cut lines that no page is wide enough for: code has no blanks to break at once they are kept."""
    for line in lines:
        yield from (line[start : start + 84] for start in range(0, max(len(line), 1), 84))


def _rows(tokens: Iterator[Token]) -> list[list[Token]]:
    rows: list[list[Token]] = []
    for token in tokens:
        if token.type == "table_close":
            break
        if token.type == "tr_open":
            rows.append([])
        elif token.type == "inline":
            rows[-1].append(token)
    return rows


def _inline(token: Token, face: str) -> str:
    return _said(token.children or [], face)


def _said(tokens: Iterable[Token], face: str) -> str:
    """Return the words of a paragraph with the typesetter's marks, and the addresses that its links lead to outside."""
    strong = emphasis = struck = 0
    target, shown, said = "", "", []
    for token in tokens:
        match token.type:
            case "strong_open" | "strong_close":
                strong = max(0, strong + token.nesting)
            case "em_open" | "em_close":
                emphasis = max(0, emphasis + token.nesting)
            case "s_open" | "s_close":
                struck = max(0, struck + token.nesting)
            case "link_open":
                target, shown = str(token.attrs.get("href", "")), ""
            case "link_close":
                said.append(_address(target, shown))
            case "softbreak":
                said.append(" ")
            case "hardbreak":
                said.append("<br/>")
            case "code_inline":
                shown += token.content
                said.append(f'<font size="8.8">{_marked(token.content, "mono")}</font>')
            case _:
                content = f"[{token.content}]" if token.type == "image" else token.content
                shown += content
                marked = _marked(content, _face(face, strong, emphasis), face)
                said.append(f"<strike>{marked}</strike>" if struck else marked)
    return "".join(said)


def _face(face: str, strong: int, emphasis: int) -> str:
    bold, italic = strong > 0 or "bold" in face, emphasis > 0 or "italic" in face
    return "serif" + ("-bold" if bold else "") + ("-italic" if italic else "")


def _address(target: str, shown: str) -> str:
    if not target.startswith(("https://", "http://")) or shown.strip() in (target, target.split("://", 1)[1]):
        return ""
    return f' <font size="8" color="#566067">({_marked(target, "serif")})</font>'


def _marked(text: str, face: str, base: str = "") -> str:
    """Return words with the marks of their faces; those in the face that their paragraph has anyway need none."""
    return "".join(
        _escaped(run) if chosen == base else f'<font face="{chosen}">{_escaped(run)}</font>' for chosen, run in fonts.runs(text, face)
    )


def _escaped(text: str) -> str:
    return escape(text, {'"': "&quot;"})
