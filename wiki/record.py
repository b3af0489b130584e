"""From a publication commit to its rows: the same function on every save, at start-up and in the follower.

Git first, SQL second: a commit unknown to SQL is late, a row without its commit is a lie. `record` is idempotent and
rebuilds from the commit alone the versions, the last approval, the change's end and their acts.
"""

from collections.abc import Mapping
from types import MappingProxyType

from sqlalchemy import select
from sqlalchemy.orm import Session

from accounts.models import Space
from core import clock, journal, rows
from core.errors import N_, Unavailable
from core.journal import Act, Chain
from wiki import filing, trailers
from wiki.ending import end_change
from wiki.facts import Facts, facts_of
from wiki.imported import record_import
from wiki.models import Procedure, Version
from wiki.objects import Commit, Missing
from wiki.repository import Library, Repository
from wiki.trailers import Entry, Publication


class Unexplained(Unavailable):
    """The branch holds something that this site did not write or cannot place. Nothing is repaired."""

    def __init__(self, why: str):
        super().__init__(N_("The history of this space holds something unexpected, so nothing can be published: %(why)s"), why=why)


def late_commit(repository: Repository, space: Space) -> str | None:
    """Return the commit that git knows and SQL does not, None if both agree.

    Raises: Unexplained if the branch is anything but the recorded tip or one commit upon it.
    """
    tip = repository.tip()
    if tip == space.recorded_tip:
        return None
    if tip is None:
        raise Unexplained("the branch is empty")
    try:
        commit = repository.commit_of(tip)
    except Missing:
        raise Unexplained(f"commit {tip} cannot be read") from None
    if space.recorded_tip and commit.parents[:1] != (space.recorded_tip,):
        raise Unexplained(f"commit {tip} does not follow the recorded one")
    return tip


def record(
    session: Session, library: Library, space: Space, chain: Chain, id: str, *, comment: str = "", prepared=None,
    known: Mapping[str, Procedure] = MappingProxyType({}),
) -> None:
    """Write the rows and acts of one publication commit, if they are not there yet. The caller holds the chain's lock.

    `comment` belongs to the last approval and is SQL only; `prepared` spares an import its second reading, and `known`, by
    code, procedures that were read under the same lock.

    Raises: Unexplained if the commit is not one that this site can have written next.
    """
    if space.recorded_tip == id:
        return
    repository = library.repository(space.slug)
    commit = repository.commit_of(id)
    publication = _vouched(session, repository, space, chain, commit)
    at = commit.made_at
    if publication.is_import:
        record_import(session, library, space, commit, publication, prepared)
    else:
        for entry in publication.entries:
            _record_entry(session, repository, space, commit, publication, entry, at, known.get(entry.code))
        end_change(session, repository, space, chain, commit, publication, comment)
    rows.put(session, space, recorded_tip=id)
    actor = publication.approvals[-1].person if publication.approvals else publication.first_writer
    journal.add(session, chain, actor=actor, act="publish", object=f"commit:{id}", reason=publication.reason, content=id)


def _vouched(session: Session, repository: Repository, space: Space, chain: Chain, commit: Commit) -> Publication:
    if not repository.is_signed(commit):
        raise Unexplained(f"commit {commit.id} is not signed by this site")
    try:
        publication = trailers.parse(commit.message)
    except ValueError as error:
        raise Unexplained(f"commit {commit.id}: {error}") from None
    if publication.journal not in (journal.GENESIS, journal.head_before(session, chain)) and not _is_act(session, space, publication.journal):
        raise Unexplained(f"commit {commit.id} names an act that is not in the journal")
    if space.recorded_tip is None and commit.parents and not publication.is_import:
        raise Unexplained(f"commit {commit.id} has a past that was never recorded")
    return publication


def _is_act(session: Session, space: Space, hash: str) -> bool:
    return session.scalar(select(Act.id).where(Act.chain == space.id, Act.hash == hash)) is not None


def _record_entry(session, repository, space, commit: Commit, publication: Publication, entry: Entry, at, known: Procedure | None) -> None:
    procedure = known or session.scalar(select(Procedure).where(Procedure.code == entry.code))
    if procedure is None:
        procedure = Procedure(space_id=space.id, code=entry.code, path=entry.path, created_at=at)
        session.add(procedure)
        session.flush()
    _count_code(space, entry.code)
    undone = entry.number if entry.action == "cancel" else entry.replaces
    if undone is not None:
        version = session.scalar(select(Version).where(Version.procedure_id == procedure.id, Version.number == undone))
        if version is not None:
            version.cancelled_by = commit.id
    if entry.action != "cancel":
        if procedure.path != entry.path:
            procedure.path = entry.path
        rows.add(session, Version, version_row(session, repository, space, procedure, commit, publication, entry, at))


def version_row(session, repository, space, procedure, commit: Commit, publication: Publication, entry: Entry, at) -> dict:
    """Return the values of the version that one entry of a publication makes, from the commit alone."""
    blob = None if entry.action == "retire" else repository.blob_at(commit.id, entry.path)
    text = repository.text(blob) if blob else None
    facts = facts_of(text, entry.path) if text is not None else _last_facts(session, procedure, entry)
    return dict(
        procedure_id=procedure.id,
        number=entry.number,
        action=entry.action,
        kind=publication.kind,
        title=facts.title[:400],
        owner=facts.owner[:200],
        language=facts.language or space.language,
        translates_code=entry.translates[0] if entry.translates else None,
        translates_version=entry.translates[1] if entry.translates else None,
        review_every=facts.review_every,
        regulations=list(facts.regulations),
        path=entry.path,
        blob=blob,
        commit=commit.id,
        reason=publication.reason,
        for_you=list(publication.for_you),
        author=", ".join(name for _, name in publication.written_by)[:200],
        written_by=_written_by(publication),
        approvals=[
            {"person": s.person, "name": s.name, "at": clock.rfc3339(s.at), "meaning": s.meaning} for s in publication.approvals
        ],
        approvals_required=publication.approvals_required,
        base=entry.base,
        digest=publication.digest,
        change_id=publication.change,
        published_at=at,
        approved_at=publication.approvals[-1].at if publication.approvals else at,
        in_force_from=entry.in_force_from,
        imported=False,
        attachments=filing.attachments_in(repository, commit.id, entry),
    )


def _written_by(publication: Publication) -> list[dict]:
    at = dict(publication.written_at)
    return [
        {"person": person, "name": name} | ({"at": clock.rfc3339(at[person])} if person in at else {})
        for person, name in publication.written_by
    ]


def _last_facts(session, procedure, entry):
    last = session.scalar(
        select(Version).where(Version.procedure_id == procedure.id, Version.number < entry.number).order_by(Version.number.desc())
    )
    return Facts(title=last.title, owner=last.owner, language=last.language) if last else Facts(title=entry.code)


def _count_code(space: Space, code: str) -> None:
    # A code that only git remembers must never be given again.
    prefix, _, number = code.rpartition("-")
    if prefix == space.prefix and number.isdigit() and int(number) > space.last_number:
        space.last_number = int(number)
