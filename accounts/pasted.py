"""A list of people as somebody pastes it: a person per line, or a table with a head. Read here, judged elsewhere."""

import csv
import io
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from core.errors import Invalid, N_
from core.text import folded, verbatim

MOST_LINES = 500
MOST_CHARACTERS = 200_000
_NAME_AND_MAIL = re.compile(r'"?(?P<name>[^<>"]{0,300}?)"?\s*<(?P<email>[^<>]{0,300})>[;,\s]*')
_HEADS = {
    "name": ("name", "nom", "full name", "nom complet"), "email": ("email", "e-mail", "mail", "courriel", "adresse", "address"),
    "team": ("team", "equipe", "service", "department"), "guest": ("guest", "invite", "invitee"),
    "administrator": ("administrator", "admin", "administrateur", "administratrice"), "disabled": ("disabled", "desactive"),
}
_YES = {"yes", "oui", "x", "1", "true", "vrai"}
_FORMULA = re.compile(r"'(?=[=+\-@])")


@dataclass(frozen=True)
class Asked:
    """One line of the list: what it says of a person."""

    number: int
    name: str
    email: str
    team: str = ""
    guest: bool = False
    administrator: bool = False
    disabled: bool = False


def read(words: object) -> list[Asked]:
    """Return what each line that says something says. Raises: Invalid for what is no text, nothing, or too long."""
    text = verbatim(words, field="list", limit=MOST_CHARACTERS).lstrip("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    rows = list(_rows(text))
    columns = _columns(rows[0][1]) if rows else None
    asked = [_in_columns(number, cells, columns) for number, cells in rows[1:]] if columns else [_free(number, cells) for number, cells in rows]
    if not asked:
        raise Invalid(N_("Write one person per line: a name and an e-mail address."), field="list")
    if len(asked) > MOST_LINES:
        raise Invalid(N_("At most %(most)s lines at a time."), field="list", most=MOST_LINES)
    return asked


def _rows(text: str) -> Iterator[tuple[int, list[str]]]:
    for number, raw in enumerate(text.split("\n"), 1):
        if raw.strip():
            yield number, [raw.strip()] if "<" in raw else _cells(raw)


def _cells(raw: str) -> list[str]:
    mark = next((mark for mark in ("\t", ";") if mark in raw), ",")
    try:
        cells = next(csv.reader(io.StringIO(raw), delimiter=mark, skipinitialspace=True))
    except (csv.Error, StopIteration):
        cells = raw.split(mark)
    return [_FORMULA.sub("", cell.strip(), count=1) if cell.strip().startswith("'") else cell.strip() for cell in cells]


def _columns(cells: Sequence[str]) -> dict[str, int] | None:
    known = {name: position for position, cell in enumerate(cells) for name, said in _HEADS.items() if folded(cell) in said}
    return known if "email" in known and not any("@" in cell for cell in cells) else None


def _in_columns(number: int, cells: Sequence[str], columns: dict[str, int]) -> Asked:
    said = {name: cells[position] if position < len(cells) else "" for name, position in columns.items()}
    yes = {name: folded(said.get(name, "")) in _YES for name in ("guest", "administrator", "disabled")}
    return Asked(number, said.get("name", ""), said["email"], said.get("team", ""), **yes)


def _free(number: int, cells: Sequence[str]) -> Asked:
    if len(cells) == 1 and (found := _NAME_AND_MAIL.fullmatch(cells[0])):
        return Asked(number, found["name"].strip(), found["email"].strip())
    at = next((position for position, cell in enumerate(cells) if "@" in cell), None)
    if at is None:
        return Asked(number, cells[0], "")
    rest = [cell for position, cell in enumerate(cells) if position != at and cell]
    if not rest and " " in cells[at]:        # a name and an address with only a space between them
        name, _, email = cells[at].rpartition(" ")
        return Asked(number, name.strip(), email)
    return Asked(number, rest[0] if rest else "", cells[at], rest[1] if len(rest) > 1 else "")
