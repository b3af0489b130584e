"""Everything that the one-minute review shows, gathered for its page and for the API."""

from dataclasses import dataclass

from sqlalchemy.orm import Session

from accounts.actors import Actor
from core.database import Database
from reviews.reviewing import reviewable
from reviews.since import Happened, happened
from reviews.upkeep import Kept, Reviews
from wiki import procedures
from wiki.procedures import Found
from wiki.rendering import Shown, shown
from wiki.repository import Library
from wiki.standing import Standing


@dataclass(frozen=True)
class Look:
    """A procedure as its reviewer sees it; `happened` is None where nothing is in force, so that nothing can be reviewed."""

    found: Found
    standing: Standing
    kept: Kept
    happened: Happened | None


def look(session: Session, database: Database, library: Library, actor: Actor, code: str) -> Look:
    """Return a procedure for its review. Raises: NotFound, Unauthenticated or Denied if the actor may not see reviews."""
    found = reviewable(session, actor, code)
    standing = procedures.standing_of(session, found.procedure, library)
    text: Shown | None = shown(session, database, library, found.space, standing.in_force) if standing.in_force else None
    kept = Reviews(library).kept(session, found, standing, text.facts if text else None)
    told = happened(session, library, actor, found, text.html, kept.since.at) if text else None
    return Look(found, standing, kept, told)
