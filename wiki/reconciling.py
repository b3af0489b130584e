"""Replay: bring a late commit into SQL. At start-up, every minute in the follower, and before every verb that publishes."""

from sqlalchemy import select

from accounts.models import Space
from core import journal
from core.database import Database
from core.errors import Unavailable
from wiki.record import late_commit, record
from wiki.repository import Library


def replay(database: Database, library: Library, space_id: str) -> bool:
    """Record the commit that git knows and SQL does not, in a transaction of its own; say whether there was one.

    Raises: Unexplained if the branch holds anything else.
    """
    with database.reading() as session:
        space = session.get(Space, space_id)
        if not _is_late(library, space):
            return False
    with database.transaction() as session:
        chain = journal.lock(session, space_id)
        space = session.get(Space, space_id, populate_existing=True)
        late = late_commit(library.repository(space.slug), space)
        if late is not None:
            record(session, library, space, chain, late)
        return late is not None


def reconcile(database: Database, library: Library) -> tuple[list[str], list[str]]:
    """Replay every space; return the slugs that had a late commit, and one line per space that needs a person."""
    with database.reading() as session:
        spaces = session.execute(select(Space.id, Space.slug).order_by(Space.slug)).all()
    brought, findings = [], []
    for id, slug in spaces:
        try:
            if replay(database, library, id):
                brought.append(slug)
        except Unavailable as problem:
            findings.append(f"space {slug}: {problem}")
    return brought, findings


def _is_late(library: Library, space: Space) -> bool:
    return late_commit(library.repository(space.slug), space) is not None
