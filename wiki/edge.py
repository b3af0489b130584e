"""The transaction edge of verbs that publish: replay first, and one more try if SQL fails after git moved."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from accounts.policy import Actor
from accounts.web import writing
from core.errors import N_, Problem, Unavailable
from core.web import site
from wiki.reconciling import replay


@contextmanager
def publishing(space_id: str) -> Iterator[tuple[Session, Actor]]:
    """Give a writing session for verbs that may publish in this space.

    Raises: Unavailable where the publication stands in git and SQL could not take it yet.
    """
    replay(site().database, site().library, space_id)
    try:
        with writing() as (session, actor):
            yield session, actor
    except DBAPIError as error:
        if not _recorded(space_id):
            raise error


def _recorded(space_id: str) -> bool:
    """Record what git knows and SQL does not; say whether there was anything to record."""
    try:
        return replay(site().database, site().library, space_id)
    except Problem:
        raise
    except DBAPIError as error:
        raise Unavailable(N_("Published, being recorded. Nothing is lost; look again in a minute.")) from error
