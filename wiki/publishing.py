"""Publishing, one path for every caller: check, write the commit, move the branch, record it.

The caller holds the space's lock and has checked rights and digest; git moves before SQL commits, never after.
"""

from collections.abc import Sequence
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from accounts.models import Person, Space
from core import clock, journal
from core.errors import Conflict, Invalid, N_, Unavailable
from core.journal import Chain
from wiki import bases, trailers
from wiki.models import Change, ChangeText, Procedure, Save, Version
from wiki.proposals import keep, presents, texts_of
from wiki.record import Unexplained, late_commit, record
from wiki.repository import Library, Moved
from wiki.trailers import Entry, Publication, Signature


def check_ready(session: Session, library: Library, space: Space, change: Change, *, person: str | None) -> bool:
    """Check that the change could be published as it stands; merge it first with versions published meanwhile.

    Returns: whether a merge gave it a new digest. `person` is kept as a writer of the merge, None for nobody.

    Raises: Conflict if its day has passed, with both texts if they touch; Invalid if it changes nothing.
    """
    texts = texts_of(session, change)
    if change.in_force_from and change.in_force_from < clock.today(library.zone):
        raise Conflict(
            N_("The day from which this should be in force has passed. Choose another."), field="in_force_from", present=change
        )
    standings = bases.moved(session, library, change, texts)
    for text in texts:
        if text.code in standings:
            text.markdown = bases.merged(library, space, text, standings[text.code])
            text.base = standings[text.code].latest.number
    _check_changes_something(session, library, space, texts)
    if standings:
        keep(session, space, change, texts, person=person)
        bases.moved(session, library, change, texts)
    return bool(standings)


def _check_changes_something(session: Session, library: Library, space: Space, texts: Sequence[ChangeText]) -> None:
    before = presents(session, library, space, texts)
    for text in texts:
        # An import may only move a file: its text stays and its path changes.
        if text.action == "amend" and not text.path and before[text.code] == text.markdown:
            raise Invalid(N_("This is the text of %(code)s as it stands: nothing would change."), field="markdown", code=text.code)


def publish(
    session: Session, library: Library, space: Space, chain: Chain, change: Change, *,
    approvals: Sequence[Signature] = (), comment: str = "",
) -> str:
    """Publish a change that `check_ready` found ready and return the commit's id.

    Raises: Unavailable if the branch is not where SQL recorded it; nothing has happened then.
    """
    repository = library.repository(space.slug)
    if late_commit(repository, space) is not None:
        raise Unavailable(N_("A publication is still being recorded. Try again in a moment."))
    session.flush()
    publication, files = _prepared(session, library, repository, space, chain, change, approvals)
    author = publication.written_by[0] if publication.written_by else ("import", "Import")
    id = repository.commit(
        space.recorded_tip, files, trailers.message(publication), author=(author[1], author[0]), at=clock.now()
    )
    try:
        repository.move(space.recorded_tip, id)
    except Moved:
        raise Unexplained("the branch moved while it was being written") from None
    record(session, library, space, chain, id, comment=comment)
    session.refresh(change)
    return id


def _prepared(session, library, repository, space, chain, change: Change, approvals):
    texts = texts_of(session, change)
    entries, files = [], {}
    today = clock.today(library.zone)
    for text in texts:
        entry, blob, left = _entry(session, repository, space, change, text, today)
        entries.append(entry)
        files |= {left: None} if left else {}
        files[entry.path] = blob
    publication = Publication(
        reason=change.reason,
        journal=journal.head_before(session, chain),
        entries=tuple(entries),
        kind=change.kind,
        change=change.id,
        digest=change.digest,
        source=change.source,
        approvals_required=change.approvals_required,
        written_by=_writers(session, change),
        approvals=tuple(approvals),
    )
    return publication, files


def _entry(session, repository, space: Space, change: Change, text: ChangeText, today: date) -> tuple[Entry, str | None, str | None]:
    """Return what a text does, the blob its file gets (None: it goes), and the path that it leaves behind, if it moves."""
    day = change.in_force_from or today
    if text.action == "create":
        path = _free_path(session, repository, space, text)
        return Entry(text.code, path, 1, "create", in_force_from=day), repository.write_text(text.markdown), None
    procedure = session.scalar(select(Procedure).where(Procedure.code == text.code))
    versions = list(session.scalars(select(Version).where(Version.procedure_id == procedure.id).order_by(Version.number.desc())))
    if text.action == "cancel":
        previous = next((v for v in versions if not v.cancelled_by and v.number < text.base), None)
        return Entry(text.code, procedure.path, text.base, "cancel"), previous.blob if previous else None, None
    base = next(v for v in versions if v.number == text.base)
    replaces = text.base if change.replaces_scheduled and base.in_force_from > today else None
    blob = None if text.action == "retire" else repository.write_text(text.markdown)
    path = text.path if text.path and text.path != procedure.path and blob else procedure.path
    entry = Entry(text.code, path, versions[0].number + 1, text.action, text.base, replaces, day)
    return entry, blob, procedure.path if path != procedure.path else None


def _free_path(session: Session, repository, space: Space, text: ChangeText) -> str:
    """Return the file of a new procedure: the one an import gives, or the code's, if nothing else has that place."""
    wanted = text.path or f"{text.code.lower()}.md"
    taken = set(session.scalars(select(Procedure.path).where(Procedure.space_id == space.id)))
    candidates = (wanted, *(f"{text.code.lower()}-{number}.md" for number in range(2, 1000)))
    return next(path for path in candidates if path not in taken)


def _writers(session: Session, change: Change) -> tuple[tuple[str, str], ...]:
    first = func.min(Save.id)
    rows = session.execute(
        select(Person.id, Person.name)
        .join(Save, Save.person_id == Person.id)
        .where(Save.change_id == change.id)
        .group_by(Person.id, Person.name)
        .order_by(first)
    )
    return tuple((row.id, row.name) for row in rows)
