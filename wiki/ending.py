"""How a change ends with its publication: what SQL holds of it is completed from the commit, or rebuilt where it was lost."""

from dataclasses import replace
from itertools import product

from sqlalchemy import select

from accounts.models import Space
from core import journal, rows
from wiki import attached, filing
from wiki import digest as digests
from wiki.attached import listed
from wiki.models import Approval, Change, ChangeText, Save, Version
from wiki.objects import Commit
from wiki.proposals import texts_of
from wiki.trailers import Entry, Publication


def end_change(session, repository, space, chain, commit: Commit, publication: Publication, comment: str) -> None:
    """End the change that a publication names, with its approvals; one that SQL lost is rebuilt. `comment` is the last approval's."""
    if publication.change is None:
        return
    change = session.get(Change, publication.change) or _rebuilt_change(session, repository, space, commit, publication)
    if publication.approvals:
        _add_missing_approvals(session, chain, change, publication, comment)
    at, by = (publication.approvals[-1].at, publication.approvals[-1].person) if publication.approvals else (commit.made_at, publication.first_writer)
    rows.put(session, change, state="published", commit=commit.id, submitted_at=change.submitted_at or commit.made_at, ended_at=at, ended_by=by)
    if any(entry.attachments for entry in publication.entries):
        _settle_files(session, change, commit)


def _settle_files(session, change: Change, commit: Commit) -> None:
    """Let the files of a published change be those in git: their uploads have served."""
    held = {one.sha256: one.blob for v in session.scalars(select(Version).where(Version.commit == commit.id)) for one in listed(v)}
    for text in texts_of(session, change):
        text.attachments = attached.rows(replace(one, blob=held.get(one.sha256, one.blob)) for one in listed(text))


def _add_missing_approvals(session, chain, change: Change, publication: Publication, comment: str) -> None:
    held = set(
        session.scalars(
            select(Approval.person_id).where(
                Approval.change_id == change.id, Approval.digest == publication.digest, Approval.fell_at.is_(None)
            )
        )
    )
    for signature in publication.approvals:
        if signature.person not in held:
            session.add(
                Approval(
                    change_id=change.id, person_id=signature.person, at=signature.at, meaning=signature.meaning,
                    digest=publication.digest, comment=comment,
                )
            )
            journal.add(
                session, chain, actor=signature.person, act="approve", object=f"change:{change.id}",
                content=publication.digest, at=signature.at,
            )


def _rebuilt_change(session, repository, space, commit: Commit, publication: Publication) -> Change:
    """Return the change of a publication whose own transaction was lost, with what git kept of it."""
    at = commit.made_at
    change = Change(
        id=publication.change, space_id=space.id, state="in_review", reason=publication.reason, kind=publication.kind,
        for_you=list(publication.for_you), approvals_required=publication.approvals_required, digest=publication.digest or "",
        opened_by=publication.first_writer, opened_at=at,
    )
    session.add(change)
    session.flush()
    texts = [_rebuilt_text(repository, commit, change, position, entry) for position, entry in enumerate(publication.entries)]
    session.add_all(texts)
    covered = _as_approved(space, change, publication, texts)
    written_at = dict(publication.written_at)
    for person, _ in publication.written_by:
        session.add(
            Save(change_id=change.id, person_id=person, at=written_at.get(person, at), digest=change.digest, content=covered)
        )
    session.flush()
    return change


def _rebuilt_text(repository, commit: Commit, change: Change, position: int, entry: Entry) -> ChangeText:
    blob = repository.blob_at(commit.id, entry.path) if entry.action not in ("retire", "cancel") else None
    base = entry.number if entry.action == "cancel" else entry.base
    return ChangeText(
        change_id=change.id, position=position, action=entry.action, code=entry.code, base=base,
        markdown=repository.text(blob) if blob else None, attachments=filing.attachments_in(repository, commit.id, entry),
    )


def _as_approved(space: Space, change: Change, publication: Publication, texts: list[ChangeText]) -> dict:
    """Set the day and the promise to replace as the digest covers them, and return all that it covers.

    The commit says from which day a text holds, not whether the author named the day or left it open.
    """
    day = publication.entries[0].in_force_from
    for named, replaces in product((None, day), (False, True)):
        covered = digests.content(
            space.slug, kind=change.kind, reason=change.reason, in_force_from=named, replaces_scheduled=replaces,
            texts=texts, for_you=change.for_you,
        )
        if digests.digest(covered) == publication.digest:
            change.in_force_from, change.replaces_scheduled = named, replaces
            return covered
    return {}
