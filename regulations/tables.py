"""A list of clauses that somebody keeps in a spreadsheet, read from CSV; a register taken out (`core/tables.py`) is one too."""

import csv
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from core.errors import Invalid, N_
from regulations.naming import label_of

MOST_BYTES = 1024 * 1024
MOST_LINES = 5000
COLUMNS = ("text", "short", "clause", "wording", "source", "date", "next_check")
_NAMES = {
    "text": ("text", "texte", "title", "titre", "regulation", "reglement", "loi", "law", "standard", "norme"),
    "short": ("short", "short name", "abrege", "nom court", "sigle", "abbreviation"),
    "clause": ("clause", "article", "label", "number", "numero", "reference", "ref"),
    "wording": ("wording", "libelle", "summary", "resume", "content", "contenu", "objet", "requirement", "exigence"),
    "source": ("source", "address", "adresse", "url", "link", "lien"),
    "date": ("date", "dated", "date du texte", "date of text"),
    "next_check": ("next check", "prochaine verification", "prochain controle", "a verifier le", "check", "next review"),
}
_KNOWN = {label_of(name, ()): column for column, names in _NAMES.items() for name in names}
_ISO = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})")
_DAY_FIRST = re.compile(r"(\d{1,2})[/.](\d{1,2})[/.](\d{4})")
_FORMULA = ("=", "+", "-", "@", "\t", "\r")      # an apostrophe before one was put there when the list was taken out


@dataclass(frozen=True)
class Line:
    """One line of a list: a text, perhaps with a clause. `number` is where it stands in the file."""

    number: int
    text: str
    short: str
    clause: str
    wording: str
    source: str
    date: date | None
    next_check: date | None


def decoded(raw: bytes) -> str:
    """Return a file's words: UTF-8, with or without a mark, or what spreadsheets of Western Europe write.

    Raises: Invalid if it is too big, or no text.
    """
    if len(raw) > MOST_BYTES:
        raise Invalid(N_("This file is too big: at most 1 MiB."), field="csv")
    if b"\x00" in raw:
        raise Invalid(N_("This file is no text. Save it as CSV."), field="csv")
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        return raw.decode("cp1252", "replace")


def read(written: str) -> list[Line]:
    """Return the lines of a list. Raises: Invalid with the number of the first line that cannot be taken."""
    if "\x00" in written:
        raise Invalid(N_("This file is no text. Save it as CSV."), field="csv")
    rows = _rows(written.removeprefix("\ufeff"))
    head = next(rows, None)
    if head is None:
        raise Invalid(N_("There is nothing in this list."), field="csv")
    columns = _columns(head[1])
    lines = [_line(number, dict(zip(columns, row, strict=False)), len(row) > len(columns)) for number, row in rows]
    if not lines:
        raise Invalid(N_("There is nothing in this list."), field="csv")
    return lines


def _rows(written: str) -> Iterator[tuple[int, list[str]]]:
    """Yield each row that holds something, with the number of its first line."""
    first = next((line for line in written.splitlines() if line.strip()), "")
    delimiter = max(",;\t", key=first.count)
    reader, below = csv.reader(io.StringIO(written, newline=""), delimiter=delimiter, strict=True), -1
    while True:
        begun = reader.line_num + 1
        try:
            row = next(reader, None)
        except csv.Error:
            raise Invalid(N_("Line %(line)s cannot be read: a quotation mark is missing, or too long a cell."), field="csv", line=begun) from None
        if row is None:
            return
        if any(cell.strip() for cell in row):
            below += 1      # the first names the columns
            if below > MOST_LINES:
                raise Invalid(N_("This list is too long: at most %(most)s lines."), field="csv", most=MOST_LINES)
            yield begun, [cell.strip() for cell in row]


def _columns(head: list[str]) -> list[str]:
    columns = [_KNOWN.get(label_of(name, ()), "") for name in head]
    named = [column for column in columns if column]
    if "text" not in named or "clause" not in named:
        raise Invalid(N_("The first line names the columns: text and clause at least; wording, source, date and next_check if you have them."), field="csv")
    if len(set(named)) < len(named):
        raise Invalid(N_("The first line names a column twice."), field="csv")
    return columns


def _line(number: int, cells: dict[str, str], has_more: bool) -> Line:
    if has_more:
        raise Invalid(N_("Line %(line)s has more cells than the first line names."), field="csv", line=number)
    said = {column: _unharmed(cells.get(column, "")) for column in COLUMNS}
    if not said["text"]:
        raise Invalid(N_("Line %(line)s names no text."), field="csv", line=number)
    days = {column: _day(number, said[column]) for column in ("date", "next_check")}
    return Line(number=number, **(said | days))


def _day(number: int, cell: str) -> date | None:
    if not cell:
        return None
    iso, other = _ISO.fullmatch(cell), _DAY_FIRST.fullmatch(cell)
    parts = iso.groups() if iso else other.groups()[::-1] if other else None
    try:
        return date(*map(int, parts)) if parts else _refuse_day(number, cell)
    except ValueError:
        return _refuse_day(number, cell)


def _refuse_day(number: int, cell: str) -> None:
    sentence = N_("Line %(line)s: “%(cell)s” is no day. Write it as year-month-day, such as 2026-03-31, or 31/03/2026.")
    raise Invalid(sentence, field="csv", line=number, cell=cell[:40])


def _unharmed(cell: str) -> str:
    return cell[1:] if cell.startswith("'") and cell[1:].startswith(_FORMULA) else cell
