"""How a text came to be: what each version made of the one before it, compared once and kept by the two blobs."""

from collections.abc import Iterable, Mapping, Sequence
from time import monotonic

from sqlalchemy import select, tuple_
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from accounts.models import Space
from core.database import Database
from wiki.difference import counted, difference, kept_lines, lines_of
from wiki.models import Step, Version
from wiki.objects import Missing
from wiki.repository import Library, Repository

PATIENCE_S = 2.0        # of one request that finds much to compare; the next one goes on from there
_AT_ONCE = 300          # pairs in one statement


def before(version: Version, versions: Mapping[int, Version]) -> Version | None:
    """Return the version whose text a version started from, None where it started from nothing.

    `versions` are all of the procedure's by number. One that retired it has no text, so the one before that speaks.
    """
    if version.action == "create":
        return None
    number = version.base or version.number - 1
    found = versions.get(number)
    while found is not None and found.blob is None:
        number -= 1
        found = versions.get(number)
    return found


def line_of_descent(version: Version, versions: Mapping[int, Version]) -> list[Version]:
    """Return the versions that a version's text came through, the first one first, itself the last."""
    line = [version]
    while (earlier := before(line[-1], versions)) is not None:
        line.append(earlier)
    return line[::-1]


def steps(
    session: Session, database: Database, library: Library, space: Space, versions: Sequence[Version], wanted: Iterable[Version],
) -> dict[int, Step]:
    """Return, by number, what these versions made of the text before them. What was not compared yet is, and is kept.

    A version without a text is left out; so is one whose comparing has to wait for another request.
    """
    by_number = {version.number: version for version in versions}
    pairs = {version.number: _pair(version, by_number) for version in wanted if version.blob}
    found = _kept(session, set(pairs.values()))
    missing = [pair for pair in dict.fromkeys(pairs.values()) if pair not in found]
    if missing:
        made = _compared(library.repository(space.slug), missing)
        _keep(database, made)
        found |= made
    return {number: found[pair] for number, pair in pairs.items() if pair in found}


def _pair(version: Version, versions: Mapping[int, Version]) -> tuple[str, str]:
    earlier = before(version, versions)
    return (earlier.blob if earlier else "", version.blob)


def _kept(session: Session, pairs: set[tuple[str, str]]) -> dict[tuple[str, str], Step]:
    ordered, found = sorted(pairs), {}
    for start in range(0, len(ordered), _AT_ONCE):
        rows = session.scalars(select(Step).where(tuple_(Step.before, Step.after).in_(ordered[start : start + _AT_ONCE])))
        found |= {(row.before, row.after): row for row in rows}
    return found


def _compared(repository: Repository, pairs: Iterable[tuple[str, str]]) -> dict[tuple[str, str], Step]:
    until, made = monotonic() + PATIENCE_S, {}
    for old, new in pairs:
        try:
            made[old, new] = _step(repository, old, new)
        except Missing:
            continue        # one of the texts is damaged: `verify` names it, and the list goes without how it changed
        if monotonic() > until:
            break
    return made


def _step(repository: Repository, old: str, new: str) -> Step:
    was, now = (repository.text(blob) if blob else "" for blob in (old, new))
    added, removed = counted(difference(was, now))
    return Step(before=old, after=new, added=added, removed=removed, lines=len(lines_of(now)), kept=kept_lines(was, now))


def _keep(database: Database, made: Mapping[tuple[str, str], Step]) -> None:
    try:
        with database.transaction() as session:
            for pair, step in made.items():
                if session.get(Step, pair) is None:
                    session.add(Step(before=step.before, after=step.after, added=step.added, removed=step.removed, lines=step.lines, kept=step.kept))
    except DBAPIError:
        pass    # two readers at once, or a disk that takes nothing: the next reader compares again
