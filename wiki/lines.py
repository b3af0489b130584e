"""Since which version each line of a text stands: who wrote it, and why."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from accounts.models import Space
from core.database import Database
from core.errors import N_, Unavailable
from wiki.difference import lines_of
from wiki.models import Step, Version
from wiki.repository import Library
from wiki.steps import line_of_descent, steps


@dataclass(frozen=True)
class Line:
    """A line of a text with the version that brought it as it stands; a table's row is a line, and so is a paragraph."""

    text: str
    since: Version


def lines(
    session: Session, database: Database, library: Library, space: Space, versions: Sequence[Version], version: Version
) -> list[Line]:
    """Return the lines of a version's text in order; nothing where it retired the procedure.

    `versions` are all of its procedure's. Lines are matched as the difference matches them, so a file that moved and a
    past that was imported are followed.

    Raises: Unavailable where the past is so long that comparing takes more than one request; what was compared is kept.
    """
    if version.blob is None:
        return []
    by_number = {one.number: one for one in versions}
    descent = line_of_descent(version, by_number)
    found = steps(session, database, library, space, versions, descent)
    if len(found) < len(descent):
        raise Unavailable(N_("The past of this text is being compared. Look again in a moment: it goes on from there."))
    since = _since(descent, found)
    text = library.repository(space.slug).text(version.blob)
    return [Line(line.rstrip("\n"), by_number[number]) for line, number in zip(lines_of(text), since, strict=True)]


def _since(descent: Sequence[Version], found: Mapping[int, Step]) -> list[int]:
    since: list[int] = []
    for version in descent:
        step = found[version.number]
        now = [version.number] * step.lines
        for old, new, many in step.kept:
            now[new : new + many] = since[old : old + many]
        since = now
    return since
