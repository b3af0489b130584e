"""A site that begins with a story already told: only what still waits for somebody is new to them, and nothing goes by mail."""

from sqlalchemy import update

from core import clock
from core.database import Database
from core.followers import drain
from notices.days import Days
from notices.follower import Notices
from notices.models import Notice
from wiki.repository import Library

_WAITS = ("to_decide", "proposed", "receipt", "reminder", "to_read", "answer", "own_check")


def settle(database: Database, library: Library) -> None:
    """Tell everything that has happened so far as something that everybody has read, except what waits for them."""
    drain(database, [Notices(database, library, mails=False).follower()])
    Days(database, library, mails=False).look()
    with database.transaction() as session:
        session.execute(update(Notice).where(Notice.kind.not_in(_WAITS)).values(read_at=clock.now()))
