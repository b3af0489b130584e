"""Replay: bring a late commit into SQL. At start-up, every minute in the follower, and before every verb that publishes."""

import logging

from sqlalchemy import select

from accounts.models import Space
from core import journal
from core.database import Database
from core.errors import Unavailable
from wiki.objects import Missing
from wiki.record import late_commit, record
from wiki.repository import Library, Repository

log = logging.getLogger("procedures.reconciling")


def replay(database: Database, library: Library, space_id: str) -> bool:
    """Record the commit that git knows and SQL does not, in a transaction of its own; say whether there was one.

    Raises: Unexplained if the branch holds anything else.
    """
    with database.reading() as session:
        space = session.get(Space, space_id)
        if not is_late(library, space):
            return False
    with database.transaction() as session:
        chain = journal.lock(session, space_id)
        space = session.get(Space, space_id, populate_existing=True)
        late = late_commit(library.repository(space.slug), space)
        if late is not None:
            record(session, library, space, chain, late)
        return late is not None


def reconcile(database: Database, library: Library) -> tuple[list[str], list[str]]:
    """Mend and replay every space; return the slugs that had a late commit, and one line per space that needs a person."""
    with database.reading() as session:
        spaces = session.execute(select(Space.id, Space.slug).order_by(Space.slug)).all()
    brought, findings = [], []
    for id, slug in spaces:
        try:
            _mend(database, library, id)
            if replay(database, library, id):
                brought.append(slug)
        except Unavailable as problem:
            findings.append(f"space {slug}: {problem}")
    return brought, findings


def _mend(database: Database, library: Library, space_id: str) -> None:
    """Let a branch that a fault emptied point again at what SQL recorded, or at the one late commit upon it.

    Both stores explain that: the commit is there, carries our signature and follows. Anything else is left to a person.
    """
    with database.reading() as session:
        space = session.get(Space, space_id)
    repository = library.repository(space.slug)
    if space.recorded_tip is None or not repository.branch.says_nothing():
        return
    for id in (repository.branch.last_logged(), space.recorded_tip):
        if id and _is_explained(repository, id, space.recorded_tip):
            repository.branch.point_again(id)
            log.warning("event=branch_mended space=%s commit=%s", space.slug, id)
            return


def _is_explained(repository: Repository, id: str, recorded: str) -> bool:
    try:
        commit = repository.commit_of(id)
    except Missing:
        return False
    return (id == recorded or commit.parents[:1] == (recorded,)) and repository.is_signed(commit)


def is_late(library: Library, space: Space) -> bool:
    """Say whether git knows a commit that SQL, as the space was read, does not. Raises: as `replay`."""
    return late_commit(library.repository(space.slug), space) is not None
