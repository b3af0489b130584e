"""Verify: read SQL in one snapshot, then git, and name everything that does not agree. It repairs nothing."""

from collections.abc import Iterable, Iterator, Mapping

from sqlalchemy import String, cast, select
from sqlalchemy.orm import Session

from accounts.models import Space
from core import clock, journal
from core.journal import Act
from wiki import digest as digests
from wiki import trailers
from wiki.attached import listed
from wiki.imported import import_findings
from wiki.models import KEPT_LATER, Approval, Change, ChangeText, Procedure, Version
from wiki.objects import Commit, Missing
from wiki.proposals import texts_of
from wiki.record import late_commit, version_row
from wiki.repository import Library, Repository
from wiki.trailers import Entry, Publication


def findings(session: Session, library: Library, late: list[str]) -> Iterator[str]:
    """Yield one line per thing that is not what it must be, naming it; late commits go to `late` and are no finding."""
    yield from journal.findings(session)
    for space in session.scalars(select(Space).order_by(Space.slug)):
        yield from _space_findings(session, library, space, late)


def _space_findings(session: Session, library: Library, space: Space, late: list[str]) -> Iterator[str]:
    repository = library.repository(space.slug)
    try:
        commit = late_commit(repository, space)
        if commit is not None:
            late.append(f"late: space {space.slug} commit {commit}")
    except Exception as problem:  # an unreadable branch is a finding like any other, never the end of the check
        yield f"space {space.slug}: {problem}"
    seen: set[str] = set()
    undone: dict[tuple[str, int], str] = {}
    for commit in _publications(repository, space):
        if isinstance(commit, str):
            yield f"space {space.slug}: {commit}"
            return
        seen.add(commit.id)
        undone = {version: commit.id for version in _undone_by(commit)} | undone      # from the newest back: the last word counts
        for line in _commit_findings(session, library, space, commit):
            yield f"space {space.slug} commit {commit.id}: {line}"
    yield from _row_findings(session, repository, space, seen, undone)
    yield from _upload_findings(session, library, space)


def _publications(repository: Repository, space: Space) -> Iterator[Commit | str]:
    """Yield the publications from the recorded tip back to the first one, or to the import that vouches for the rest."""
    id = space.recorded_tip
    while id:
        try:
            commit = repository.commit_of(id)
            yield commit
            if trailers.parse(commit.message).is_import:
                return
        except Missing:
            yield f"commit {id} cannot be read"
            return
        except ValueError as error:
            yield f"commit {id}: {error}"
            return
        id = commit.parents[0] if commit.parents else None


def _commit_findings(session: Session, library: Library, space: Space, commit: Commit) -> Iterator[str]:
    repository = library.repository(space.slug)
    if not repository.is_signed(commit):
        yield "is not signed by this site"
    publication = trailers.parse(commit.message)
    act = session.scalar(select(Act).where(Act.chain == space.id, Act.object == f"commit:{commit.id}", Act.act == "publish"))
    if act is None:
        yield "the journal has no act of its publication"
    elif publication.journal != journal.GENESIS:
        named = session.scalar(select(Act.sequence).where(Act.chain == space.id, Act.hash == publication.journal))
        if named is None or named >= act.sequence:
            yield "names an act that does not stand before it in the journal"
    if publication.is_import:
        yield from import_findings(session, library, space, commit, publication)
        return
    for entry in publication.entries:
        yield from _entry_findings(session, repository, space, commit, publication, entry)
    yield from _change_findings(session, space, publication)


def _entry_findings(session, repository, space, commit: Commit, publication: Publication, entry: Entry) -> Iterator[str]:
    row = session.scalar(
        select(Version)
        .join(Procedure, Procedure.id == Version.procedure_id)
        .where(Procedure.code == entry.code, Version.number == entry.number)
    )
    if row is None:
        yield f"{entry.code} version {entry.number} has no row"
        return
    if entry.action == "cancel":
        if row.cancelled_by != commit.id:
            yield f"{entry.code} version {entry.number} is not shown as cancelled"
        return
    procedure = session.get(Procedure, row.procedure_id)
    try:
        expected = version_row(session, repository, space, procedure, commit, publication, entry, commit.made_at)
    except Missing as missing:
        yield f"{entry.code} version {entry.number}: its text {missing} cannot be read"
        return
    for name in differing(row, expected):
        yield f"{entry.code} version {entry.number}: {name} is not what was published"


def differing(row: Version, expected: Mapping[str, object]) -> Iterable[str]:
    """Return the names of the columns in which a row is not what its commit says."""
    missing = {name for name in KEPT_LATER if getattr(row, name) is None}
    return [name for name, value in expected.items() if name not in missing and getattr(row, name) != value]


def _change_findings(session: Session, space: Space, publication: Publication) -> Iterator[str]:
    change = session.get(Change, publication.change)
    if change is None or change.state != "published":
        yield f"change {publication.change} is not shown as published"
        return
    covered = digests.content(
        space.slug, kind=change.kind, reason=change.reason, in_force_from=change.in_force_from,
        replaces_scheduled=change.replaces_scheduled, texts=texts_of(session, change), for_you=change.for_you,
    )
    if {change.digest, digests.digest(covered)} != {publication.digest}:
        yield f"change {change.id} is not what was approved"
    rows = session.scalars(select(Approval).where(Approval.change_id == change.id, Approval.fell_at.is_(None)))
    held = {(row.person_id, clock.rfc3339(row.at), row.digest) for row in rows}
    for signature in publication.approvals:
        if (signature.person, clock.rfc3339(signature.at), publication.digest) not in held:
            yield f"change {change.id}: the approval by {signature.name} is not the one that was published"


def _undone_by(commit: Commit) -> Iterator[tuple[str, int]]:
    """Yield code and number of the versions that a publication cancelled, or replaced before their day."""
    for entry in trailers.parse(commit.message).entries:
        number = entry.number if entry.action == "cancel" else entry.replaces
        if number is not None:
            yield entry.code, number


def _row_findings(
    session: Session, repository: Repository, space: Space, seen: set[str], undone: Mapping[tuple[str, int], str]
) -> Iterator[str]:
    rows = session.execute(
        select(
            Procedure.code, Version.number, Version.commit, Version.blob, Version.imported, Version.cancelled_by, Version.attachments
        )
        .join(Version, Version.procedure_id == Procedure.id)
        .where(Procedure.space_id == space.id)
        .order_by(Procedure.code, Version.number)
    )
    for code, number, commit, blob, imported, cancelled_by, attachments in rows:
        if not imported and commit not in seen:
            yield f"{code} version {number}: its commit {commit} is not in the history"
        if cancelled_by != undone.get((code, number)):
            yield f"{code} version {number}: is shown as cancelled by {cancelled_by or 'nothing'}, and {undone.get((code, number), 'nothing')} cancelled it"
        for what, id in [("text", blob), *(("file", id) for id in _blobs_of(attachments))]:
            try:
                repository.objects.blob(id) if id else None
            except Missing:
                yield f"{code} version {number}: its {what} {id} cannot be read"
    acts = session.scalars(select(Act.object).where(Act.chain == space.id, Act.act == "publish"))
    for object in acts:
        if object.removeprefix("commit:") not in seen:
            yield f"space {space.slug}: the journal names {object}, which is not in the history"


def _blobs_of(attachments: object) -> list[str]:
    """Return the ids of a version's files; a list that was altered to something else is named beside its commit."""
    files = [one for one in attachments if isinstance(one, dict)] if isinstance(attachments, list) else []
    return [one["blob"] for one in files if isinstance(one.get("blob"), str)]


def _upload_findings(session: Session, library: Library, space: Space) -> Iterator[str]:
    rows = session.scalars(
        select(ChangeText)
        .join(Change, Change.id == ChangeText.change_id)
        .where(Change.space_id == space.id, cast(ChangeText.attachments, String) != "[]")
        .order_by(ChangeText.id)
    )
    for text in rows:
        for one in listed(text):
            try:
                library.uploads.get(one.sha256) if one.blob is None else None
            except Missing:
                yield f"change {text.change_id}: the file {one.name} of {text.code} is not what was uploaded"
