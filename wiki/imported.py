"""The rows of an imported past, from its one signed commit: what `record` does with `Action: import`."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from accounts.models import Space
from wiki import history
from wiki.facts import Facts, facts_of, translated
from wiki.history import Page
from wiki.models import KEPT_LATER, Procedure, Version
from wiki.objects import Commit, Missing
from wiki.repository import Library, Repository
from wiki.trailers import Publication, folded


@dataclass(frozen=True)
class Prepared:
    """A past made ready before any lock is taken: its pages in the order of their codes, and their version rows.

    What a row says under `translates_code` is what its text says, until `_linked` knows the codes.
    """

    pages: Sequence[Page]
    rows: Sequence[Sequence[dict]]


def prepare(library: Library, repository: Repository, space: Space, tip: str, at: datetime, progress=iter) -> Prepared:
    """Read the past up to `tip` as it is imported at the instant `at`. `progress` wraps the pages as they are read."""
    pages = history.read(repository.path, tip, zone=library.zone, until=at.astimezone(library.zone).date())
    rows = [_rows(repository, space, page) for page in progress(pages)]
    return Prepared(pages, rows)


def record_import(
    session: Session, library: Library, space: Space, commit: Commit, publication: Publication, prepared: Prepared | None
) -> None:
    """Write the procedures and versions of an imported past."""
    at = datetime.fromtimestamp(int(commit.committer.rsplit(" ", 2)[1]), UTC)
    prepared = prepared or prepare(library, library.repository(space.slug), space, publication.source, at)
    for entry, page, rows in zip(publication.entries, prepared.pages, _linked(publication, prepared), strict=True):
        procedure = Procedure(space_id=space.id, code=entry.code, path=page.path, created_at=at)
        session.add(procedure)
        session.flush()
        session.execute(insert(Version), [row | {"procedure_id": procedure.id} for row in rows])
    numbers = [int(entry.code.rpartition("-")[2]) for entry in publication.entries]
    space.last_number = max([space.last_number, *numbers])


def import_findings(session: Session, library: Library, space: Space, commit: Commit, publication: Publication) -> Iterator[str]:
    """Yield one line per imported version whose row is not what the past says."""
    at = datetime.fromtimestamp(int(commit.committer.rsplit(" ", 2)[1]), UTC)
    try:
        prepared = prepare(library, library.repository(space.slug), space, publication.source, at)
    except Missing as missing:
        yield f"the imported past cannot be read: {missing}"
        return
    for entry, expected in zip(publication.entries, _linked(publication, prepared), strict=False):
        yield from _differing(session, entry.code, expected)


def _differing(session: Session, code: str, expected: Sequence[dict]) -> Iterator[str]:
    rows = session.scalars(
        select(Version).join(Procedure, Procedure.id == Version.procedure_id).where(Procedure.code == code, Version.imported)
    )
    held = {row.number: row for row in rows}
    for wanted in expected:
        row = held.pop(wanted["number"], None)
        if row is None:
            yield f"{code} version {wanted['number']} has no row"
        elif any(_differs(row, name, value) for name, value in wanted.items()):
            yield f"{code} version {row.number} is not what was imported"
    for number in held:
        yield f"{code} version {number} was never imported"


def untranslated(publication: Publication, prepared: Prepared) -> list[str]:
    """Return, as `path: words`, what texts at the tip say of being translations and no version bears out."""
    pairs = zip(prepared.pages, prepared.rows, _linked(publication, prepared), strict=True)
    last = [(page.path, rows[-1]["translates_code"], held[-1]["translates_code"]) for page, rows, held in pairs]
    return [f"{path}: {said}" for path, said, held in last if said and not held]


def _linked(publication: Publication, prepared: Prepared) -> list[list[dict]]:
    """Return the rows with the versions that they translate, now that every page has its code."""
    rows = {entry.code: given for entry, given in zip(publication.entries, prepared.rows, strict=False)}
    return [[row | _translates(code, row, rows) for row in given] for code, given in rows.items()]


def _translates(code: str, row: dict, rows: Mapping[str, Sequence[dict]]) -> dict:
    try:
        named = translated(Facts("", translation_of=row["translates_code"] or ""))
    except ValueError:
        named = None
    past = rows.get(named.code, ()) if named and named.code != code else ()
    held = [one for one in past if one["blob"] and not one["translates_code"] and one["language"] != row["language"]]
    numbers = [one["number"] for one in held if named.version or one["in_force_from"] <= row["in_force_from"]]
    number = named.version if named and named.version in numbers else None
    if named and named.version is None:
        number = max(numbers, default=None)
    return {"translates_code": named.code if number else None, "translates_version": number}


def _differs(row: Version, name: str, wanted: object) -> bool:
    held = getattr(row, name)
    return held != wanted and not (held is None and name in KEPT_LATER)


def _rows(repository: Repository, space: Space, page: Page) -> list[dict]:
    rows, facts = [], None
    for revision in page.revisions:
        if revision.blob is not None:
            facts = facts_of(repository.text(revision.blob), revision.path)
        rows.append(
            {
                "number": revision.number, "action": revision.action, "kind": "editorial", "title": facts.title[:400],
                "owner": facts.owner[:200], "translates_code": facts.translation_of if revision.blob else None,
                "translates_version": None, "language": facts.language or _language(space, revision.path), "path": revision.path,
                "review_every": facts.review_every, "regulations": list(facts.regulations),
                "blob": revision.blob, "commit": revision.commit, "reason": folded(revision.reason)[:2000],
                "author": revision.author, "written_by": [], "approvals": [], "approvals_required": 0, "base": None, "digest": None,
                "change_id": None, "published_at": revision.at, "approved_at": None, "in_force_from": revision.day,
                "imported": True, "cancelled_by": None, "attachments": [],
            }
        )
    return rows


def _language(space: Space, path: str) -> str:
    # Collections in two languages keep them apart by folder.
    folders = path.lower().split("/")[:-1]
    return next((folder for folder in reversed(folders) if folder in ("en", "fr")), space.language)
