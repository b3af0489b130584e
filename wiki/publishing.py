"""Publishing, one path for every caller: check, write the commit, move the branch, record it.

The caller holds the space's lock and has checked rights and digest; git moves before SQL commits, never after.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from accounts.models import Person, Space
from core import clock, journal
from core.errors import Conflict, Invalid, N_, Unavailable
from core.journal import Chain
from wiki import bases, filing, trailers
from wiki.attached import listed, touched
from wiki.models import Change, ChangeText, Procedure, Save
from wiki.procedures import Stood
from wiki.proposals import UnderWay, keep, starts, texts_of
from wiki.record import Unexplained, late_commit, record
from wiki.repository import Library, Moved
from wiki.trailers import Entry, Publication, Signature
from wiki.translating import resolved


_SAVES = (
    select(Person.id, Person.name, Save.at).join(Save, Save.person_id == Person.id).where(Save.change_id == bindparam("change")).order_by(Save.id)
)


@dataclass(frozen=True)
class Ready:
    """A change that could be published as it stands: its texts, how their procedures stand, and whether a merge gave it
    a new digest."""

    texts: Sequence[ChangeText]
    found: Mapping[str, Stood]
    was_merged: bool


def check_ready(session: Session, library: Library, space: Space, change: Change, present: UnderWay, *, person: str | None) -> Ready:
    """Check that the change could be published as it stands; merge it first with versions published meanwhile.

    `present` was read under the lock; `person` is kept as a writer of the merge, None for nobody.

    Raises: Conflict if its day has passed, with both texts if they touch; Invalid if it changes nothing.
    """
    texts, found = present.texts, present.found
    if change.in_force_from and change.in_force_from < clock.today(library.zone):
        raise Conflict(
            N_("The day from which this should be in force has passed. Choose another."), field="in_force_from", present=change
        )
    standings = bases.moved(change, texts, found)
    for text in texts:
        if text.code in standings:
            text.markdown, text.attachments = bases.merged(library, space, text, standings[text.code])
            text.base = standings[text.code].start.number
    _check_changes_something(library, space, texts, found)
    if standings:
        keep(session, space, change, texts, person=person)
        bases.moved(change, texts, found)
        texts = texts_of(session, change)
    return Ready(texts, found, bool(standings))


def _check_changes_something(library: Library, space: Space, texts: Sequence[ChangeText], found: Mapping[str, Stood]) -> None:
    before = starts(library, space, texts, found)
    for text in texts:
        # An import may only move a file: its text stays and its path changes.
        if text.action == "amend" and not text.path and before[text.code] == text.markdown and not _files_changed(text, found[text.code]):
            raise Invalid(N_("This is the text of %(code)s as it stands: nothing would change."), field="markdown", code=text.code)


def _files_changed(text: ChangeText, found: Stood) -> bool:
    base = next((version for version in found.standing.versions if version.number == text.base), None)
    return bool(touched(listed(base), listed(text)))


def publish(
    session: Session, library: Library, space: Space, chain: Chain, change: Change, ready: Ready, *,
    approvals: Sequence[Signature] = (), comment: str = "",
) -> str:
    """Publish a change as `check_ready` found it in the same transaction, and return the commit's id.

    Raises: Unavailable if the branch is not where SQL recorded it; nothing has happened then.
    """
    repository = library.repository(space.slug)
    if late_commit(repository, space) is not None:
        raise Unavailable(N_("A publication is still being recorded. Try again in a moment."))
    session.flush()
    publication, files = _prepared(session, library, repository, space, chain, change, ready, approvals)
    author = publication.written_by[0] if publication.written_by else ("import", "Import")
    id = repository.commit(
        space.recorded_tip, files, trailers.message(publication), author=(author[1], author[0]), at=clock.now()
    )
    try:
        repository.move(space.recorded_tip, id)
    except Moved:
        raise Unexplained("the branch moved while it was being written") from None
    record(session, library, space, chain, id, comment=comment, known={code: one.procedure for code, one in ready.found.items()})
    return id


def _prepared(session, library, repository, space, chain, change: Change, ready: Ready, approvals):
    texts, found = ready.texts, ready.found
    entries, files = [], {}
    for text in texts:
        entry, blob, left = _entry(session, repository, space, change, text, found.get(text.code), clock.today(library.zone))
        entries.append(entry)
        files |= {left: None} if left else {}
        files |= filing.files_of(library, space, text, entry, found[text.code].standing.versions if text.code in found else ())
        files[entry.path] = blob
    saves = session.connection().execute(_SAVES, {"change": change.id}).all()
    made = {entry.code: entry.number for entry in entries if entry.action not in ("retire", "cancel")}
    entries = [
        replace(entry, translates=resolved(session, space, text.markdown, made) if entry.code in made else None)
        for entry, text in zip(entries, texts, strict=True)
    ]
    publication = Publication(
        reason=change.reason,
        journal=journal.head_before(session, chain),
        entries=tuple(entries),
        kind=change.kind,
        change=change.id,
        digest=change.digest,
        source=change.source,
        approvals_required=change.approvals_required,
        for_you=tuple(change.for_you),
        written_by=tuple({id: name for id, name, _ in saves}.items()),       # in the order in which they began
        written_at=tuple({id: at for id, _, at in saves}.items()),           # their last
        approvals=tuple(approvals),
    )
    return publication, files


def _entry(
    session, repository, space: Space, change: Change, text: ChangeText, found: Stood | None, today: date
) -> tuple[Entry, str | None, str | None]:
    """Return what a text does, the blob its file gets (None: it goes), and the path that it leaves behind, if it moves."""
    day = change.in_force_from or today
    if text.action == "create":
        path = _free_path(session, repository, space, text)
        return Entry(text.code, path, 1, "create", in_force_from=day, attachments=_named(text)), repository.write_text(text.markdown), None
    procedure, versions = found.procedure, found.standing.versions
    if text.action == "cancel":
        previous = next((v for v in versions if not v.cancelled_by and v.number < text.base), None)
        return Entry(text.code, procedure.path, text.base, "cancel"), previous.blob if previous else None, None
    base = next(v for v in versions if v.number == text.base)
    replaces = text.base if change.replaces_scheduled and base.in_force_from > today and not base.cancelled_by else None
    blob = None if text.action == "retire" else repository.write_text(text.markdown)
    path = text.path if text.path and text.path != procedure.path and blob else procedure.path
    entry = Entry(text.code, path, versions[0].number + 1, text.action, text.base, replaces, day, _named(text))
    return entry, blob, procedure.path if path != procedure.path else None


def _named(text: ChangeText) -> tuple[tuple[str, str], ...]:
    return tuple((one.type, one.name) for one in listed(text))


def _free_path(session: Session, repository, space: Space, text: ChangeText) -> str:
    """Return the file of a new procedure: the one an import gives, or the code's, if nothing else has that place."""
    wanted = text.path or f"{text.code.lower()}.md"
    taken = set(session.scalars(select(Procedure.path).where(Procedure.space_id == space.id)))
    candidates = (wanted, *(f"{text.code.lower()}-{number}.md" for number in range(2, 1000)))
    return next(path for path in candidates if path not in taken)
