"""To which procedures of a space a thread can go, as a form offers them."""

from sqlalchemy.orm import Session

from accounts.models import Space
from core import clock
from wiki import procedures
from wiki.procedures import Listed
from wiki.repository import Library

MOST = 200      # offered; any other code can be typed


def choices(session: Session, library: Library, space: Space) -> list[Listed]:
    """Return the procedures that a form offers in a space that was found readable, by code."""
    found, _ = procedures.listed(
        session, space, states=("in_force", "scheduled"), day=clock.today(library.zone), page=1, page_size=MOST
    )
    return found
