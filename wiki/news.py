"""What a collection says now that it did not say when it was last imported: net texts, not commits."""

from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from accounts.models import Space
from wiki.history import MARKDOWN, git
from wiki.models import Procedure, Version
from wiki.repository import Repository


@dataclass(frozen=True)
class News:
    """One procedure that differs: as the text of a draft."""

    action: str
    code: str | None
    path: str
    markdown: str | None
    base: int | None


def news(session: Session, repository: Repository, space: Space, old: str, new: str) -> Iterator[News]:
    """Yield what differs between two imported tips, procedure by procedure."""
    stream = git("-C", str(repository.path), "diff-tree", "-r", "-M", "-z", "--raw", "--no-abbrev", old, new, "--")
    tokens = iter(stream.split(b"\0"))
    for token in tokens:
        if not token.startswith(b":"):
            continue
        _, _, old_blob, blob, status = token.split(b" ")
        was = next(tokens).decode("utf-8", "replace")
        path = next(tokens).decode("utf-8", "replace") if status[:1] in (b"R", b"C") else was
        found = _news(session, repository, space, was, path, old_blob.decode(), blob.decode(), ends=status[:1] == b"D")
        if found is not None:
            yield found


def _news(session, repository, space: Space, was: str, path: str, old_blob: str, blob: str, *, ends: bool) -> News | None:
    procedure = _live(session, space, was) if MARKDOWN.search(was) else None
    if ends or not MARKDOWN.search(path):
        return News("retire", procedure.code, was, None, None) if procedure else None
    text = repository.text(blob)
    if procedure is None:
        return News("create", None, path, text, None)
    return News("amend", procedure.code, path, text, _base(session, procedure, old_blob))


def _live(session: Session, space: Space, path: str) -> Procedure | None:
    for procedure in session.scalars(select(Procedure).where(Procedure.space_id == space.id, Procedure.path == path)):
        latest = _versions(session, procedure)[0]
        if latest.blob:
            return procedure
    return None


def _base(session: Session, procedure: Procedure, blob: str) -> int:
    versions = _versions(session, procedure)
    return next((version.number for version in versions if version.blob == blob), versions[0].number)


def _versions(session: Session, procedure: Procedure) -> list[Version]:
    rows = select(Version).where(Version.procedure_id == procedure.id, Version.cancelled_by.is_(None))
    return list(session.scalars(rows.order_by(Version.number.desc())))
