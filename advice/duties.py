"""Who does what, read from a text: tables with who and what in their heads, and lines "role → task → delay".

Only forms that can be read with certainty are; what is not read here is missing from a matrix, never wrong in it.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from advice.blocks import Block, Row, blocks
from advice.folding import folded, written
from advice.plain import plain

LONGEST_ROLE = 200
LONGEST_TASK = 2000
_WHO = {
    "who", "actor", "actors", "role", "roles", "responsible", "owner", "qui", "acteur", "acteurs", "role responsable", "responsable",
    "intervenant", "intervenants", "who is responsible", "qui est responsable",
}
_WHAT = {
    "what", "does what", "do what", "task", "tasks", "action", "actions", "duty", "duties", "does", "must do", "responsibility",
    "responsibilities", "quoi", "fait quoi", "fait", "tache", "taches", "responsabilite", "responsabilites", "ce qu il fait", "step", "steps",
    "etape", "etapes", "activity", "activite",
}
_WHEN = {
    "when", "by when", "delay", "deadline", "due", "due date", "due by", "time limit", "within", "timing", "quand", "delai", "delais",
    "echeance", "pour quand", "avant quand", "date limite", "au plus tard", "sous quel delai",
}
_SECTION = re.compile(
    r"who does what|who is responsible|responsibilit|roles and|duties|qui fait quoi|responsabilit|r[oô]les et|t[aâ]ches de", re.IGNORECASE
)
# Most texts of an imported past hold none of this, and need not be read.
_MAY_ASK = re.compile(rf"\|[ \t]*:?-|-:?[ \t]*\||→|⇒|➔|->|=>|{_SECTION.pattern}", re.IGNORECASE)
_ARROW = re.compile(r"\s*(?:→|⇒|➔|->|=>)\s*")
_NAMED = re.compile(r"(?:\*\*|__)([^*_\n]{1,200}?)[ \u00a0\u202f]?(?::(?:\*\*|__)|(?:\*\*|__)[ \u00a0\u202f]?:)\s+(\S[^\n]*(?:\n[^\n]+)*)")
_BRACKETED = re.compile(r"^(.*\S)\s*\(([^()]{1,200})\)\s*[.;]?$", re.DOTALL)
_TIME = re.compile(
    r"(?:before|within|by|at|on|every|each|the same|the next|after|once|immediately|without delay|no later|as soon|until|daily|weekly|monthly|yearly|always"
    r"|avant|dans|sous|à|au|aux|chaque|tous les|toutes les|le jour|le lendemain|la veille|immédiatement|aussitôt|sans délai|après|dès|lors|pendant|toujours)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Duty:
    """What a text asks of a role: the role and its words as written, `line` counted from 1, `position` from 0."""

    role: str
    task: str
    delay: str
    position: int
    line: int

    @property
    def slug(self) -> str:
        """The one name of the role, whatever its spelling."""
        return folded(self.role)


@dataclass(frozen=True)
class Asked:
    """What was read of a text: its duties, and the rows that ask something of nobody, as line from 0 and words."""

    duties: tuple[Duty, ...]
    nobodys: tuple[tuple[int, str], ...] = ()


def duties_of(text: str, skip: int = 0) -> tuple[Duty, ...]:
    """Return what a whole file asks of whom, in its order; `skip` is its number of lines of front matter."""
    return read(blocks(text, skip)).duties if _MAY_ASK.search(text) else ()


def read(found: Iterable[Block]) -> Asked:
    """Return what blocks ask of whom, in their order."""
    duties: list[Duty] = []
    nobodys: list[tuple[int, str]] = []
    for block in found:
        for role, task, delay, line in _asked(block):
            if role and task:
                duties.append(Duty(role[:LONGEST_ROLE], task[:LONGEST_TASK], delay[:LONGEST_TASK], len(duties), line + 1))
            elif task:
                nobodys.append((line, task))
    return Asked(tuple(duties), tuple(nobodys))


def says_who(section: str) -> bool:
    """Say whether a heading announces who does what."""
    return bool(_SECTION.search(section))


def _asked(block: Block) -> Iterator[tuple[str, str, str, int]]:
    if block.kind == "table":
        yield from _of_table(block.rows)
    elif block.kind in ("item", "paragraph"):
        line = _of_arrows(block) or _of_name(block)
        if line:
            yield *line, block.start


def _of_table(rows: Sequence[Row]) -> Iterator[tuple[str, str, str, int]]:
    heads = [_head(cell) for cell in rows[0].cells]
    who, what, when = (_only(heads, known) for known in (_WHO, _WHAT, _WHEN))
    if who is None or what is None:
        return
    for row in rows[1:]:
        yield written(row.cells[who]), _line(row.cells[what]), _line(row.cells[when]) if when is not None else "", row.line


def _head(cell: str) -> str:
    return folded(cell).replace("-", " ") if cell.strip() else ""


def _only(heads: Sequence[str], known: set[str]) -> int | None:
    places = [at for at, head in enumerate(heads) if head in known]
    return places[0] if len(places) == 1 else None


def _of_arrows(block: Block) -> tuple[str, str, str] | None:
    if not _ARROW.search(block.words) or "\n" in block.words:
        return None
    parts = [_line(part) for part in _ARROW.split(block.words)]
    if len(parts) not in (2, 3) or not all(parts) or len(parts[0].split()) > 8:
        return None
    # "Settings → Users" is a way through a screen: outside its section a duty needs a task of some words and a delay.
    if not says_who(block.section) and (len(parts) < 3 or len(parts[1].split()) < 3):
        return None
    return written(parts[0]), parts[1], parts[2] if len(parts) == 3 else ""


def _of_name(block: Block) -> tuple[str, str, str] | None:
    if not says_who(block.section) or not (named := _NAMED.fullmatch(block.raw)):
        return None
    task = _line(plain(named[2]))
    bracketed = _BRACKETED.match(task)
    if bracketed and _TIME.match(bracketed[2]):
        return written(plain(named[1])), bracketed[1].rstrip(), bracketed[2].strip()
    return written(plain(named[1])), task, ""


def _line(words: str) -> str:
    return " ".join(words.split())
