"""Whether the site can do its work: a few cheap questions, each answered in words, none about what the site holds."""

import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from core import clock, upgrading
from core.database import Database
from core.errors import N_
from core.followers import backlog
from core.locks import is_held
from core.loop import LOCK, Loop
from core.web import Site

_BYTES = 4096


@dataclass(frozen=True)
class Check:
    """One question and what is wrong, as a sentence; empty where nothing is."""

    name: str
    problem: str = ""

    @property
    def is_well(self) -> bool:
        """Whether nothing is wrong."""
        return not self.problem


def checks(site: Site) -> list[Check]:
    """Return what was asked, in order. After a database that does not answer nothing more is asked of it."""
    database = Check("database", _database(site.database))
    found = [database]
    if database.is_well:
        found.append(Check("migrations", _guarded(lambda: _migrations(site.database))))
    found.append(Check("data", _data(site.settings.data)))
    found.append(Check("followers", "" if is_held(site.settings.data / LOCK) else NOBODY_FOLLOWS))
    if database.is_well:
        found.append(Check("backlog", _guarded(lambda: _backlog(site.database, site.loop))))
    return found


NO_DATABASE = N_("The database does not answer.")
OTHER_REVISION = N_("The database belongs to another version of this program.")
NOT_WRITABLE = N_("The data folder cannot be written to: the disk is full, read-only or not ours.")
NOBODY_FOLLOWS = N_("No server process keeps search and notices up to date.")
STUCK = N_("Search or notices have been stuck for more than five minutes.")


def _guarded(ask: Callable[[], str]) -> str:
    try:
        return ask()
    except SQLAlchemyError:
        return NO_DATABASE


def _database(database: Database) -> str:
    def ask() -> str:
        with database.reading() as session:
            session.execute(text("SELECT 1"))
        return ""

    return _guarded(ask)


def _migrations(database: Database) -> str:
    return "" if upgrading.present(database) == upgrading.newest() else OTHER_REVISION


def _data(folder: Path) -> str:
    try:
        # Without a name where the system can do that, so that nothing is left whatever happens.
        with tempfile.TemporaryFile(dir=folder, buffering=0) as file:
            file.write(bytes(_BYTES))
    except OSError:
        return NOT_WRITABLE
    return ""


def _backlog(database: Database, loop: Loop) -> str:
    with database.reading() as session:
        return STUCK if any(_stuck(session, loop)) else ""


def _stuck(session, loop: Loop) -> Iterator[bool]:
    now = clock.now()
    for name in loop.names:
        yield backlog(session, name).is_stuck(now)
