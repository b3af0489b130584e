"""The edges of what touches git: verbs that publish, with one more try if something fails after it moved; damaged texts."""

from collections.abc import Iterator
from contextlib import contextmanager

from flask import current_app
from sqlalchemy import Row
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from accounts.actors import Actor
from accounts.models import Space
from accounts.web import writing
from core import problems
from core.errors import N_, Problem, Unavailable
from core.web import site
from wiki.objects import Missing
from wiki.reconciling import is_late, replay


@contextmanager
def publishing(space: Space | Row) -> Iterator[tuple[Session, Actor]]:
    """Give a writing session for verbs that may publish in this space, as it was read for this request.

    Raises: Unavailable where the publication stands in git and SQL could not take it yet.
    """
    if is_late(site().library, space):
        replay(site().database, site().library, space.id)
    try:
        with writing() as (session, actor):
            yield session, actor
    except (DBAPIError, OSError) as error:      # after the branch moved, it is published whatever failed then
        if not _recorded(space.id):
            raise error


def damaged(error: Missing):
    """Answer who asks for a text that the history ought to hold and does not."""
    current_app.log_exception((type(error), error, error.__traceback__))
    return problems.answer(Unavailable(N_("This text cannot be read, because the history of its space is damaged. Everything else can. Whoever runs the site finds what is wrong with “flask verify”.")))


def _recorded(space_id: str) -> bool:
    """Record what git knows and SQL does not; say whether there was anything to record."""
    try:
        return replay(site().database, site().library, space_id)
    except Problem:
        raise
    except DBAPIError as error:
        raise Unavailable(N_("Published, being recorded. Nothing is lost; look again in a minute.")) from error
