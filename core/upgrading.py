"""Bringing a database to the present shape of the tables, in process, whoever comes first.

Migrations are files `NNNN_what.py` whose revision is NNNN, so that the newest is known without reading them. All of
them run in one transaction: a process that is killed in the middle leaves the shape that was, and the next one starts
again. Which program brought which revision is kept, so that an older one can say which it needs.
"""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, Integer, String, insert, inspect, text
from sqlalchemy.orm import Mapped, mapped_column

from core import clock
from core.database import Base, Database, Instant
from core.version import version

FOLDER = Path(__file__).resolve().parent.parent / "migrations"
# Any number, the same in every process: it names the lock of those who upgrade one PostgreSQL database.
_LOCK = 7205001


class NewerData(Exception):
    """The data was written by a newer version than this one."""


class Upgrade(Base):
    """One time that a program brought the database to a revision."""

    __tablename__ = "upgrades"

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    revision: Mapped[str] = mapped_column(String(32))
    version: Mapped[str] = mapped_column(String(40))
    at: Mapped[datetime] = mapped_column(Instant)


def newest() -> str:
    """Return the revision that this version of the code works with."""
    return max(_known())


def is_known(revision: str) -> bool:
    """Say whether this version can bring data of this revision to its own."""
    return revision in _known()


def present(database: Database) -> str | None:
    """Return the revision that the database is of, None if it has no tables yet."""
    with database.engine.connect() as connection:
        return revision_of(connection)


def upgrade(database: Database, before: Callable[[str], object] | None = None) -> None:
    """Bring the database to the newest revision, if it is not there; of several processes one does it, the rest wait.

    `before` is given the revision of a database that holds something, before anything of it is touched; what it raises
    leaves everything as it was.

    Raises: NewerData if it is of a revision that this version does not know.
    """
    if present(database) == newest():
        return
    with database.engine.execution_options(writes=True).begin() as connection:
        if not database.is_sqlite:
            connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _LOCK})
        found = revision_of(connection)
        if found is not None and not is_known(found):
            raise NewerData(newer_words(f"The data is of revision {found}", _writer(connection)))
        if found != newest():
            if found is not None and before is not None:
                before(found)
            bring(connection, "head")


def bring(connection: Connection, revision: str) -> None:
    """Bring the tables behind this connection to a revision, in its transaction."""
    command.upgrade(config(connection), revision)
    if revision == "head":
        connection.execute(insert(Upgrade.__table__).values(revision=newest(), version=version(), at=clock.now()))


def newer_words(what: str, writer: str | None) -> str:
    """Return the sentence that refuses something newer: what it is, which version made it, and what this one knows."""
    made = f", made by version {writer}" if writer else ""
    needed = f"A newer version is needed: {writer} or later." if writer else "A newer version is needed."
    return f"{what}{made}; this is version {version()}, which knows up to revision {newest()}. {needed} Nothing was changed."


def config(connection: Connection | None = None) -> Config:
    """Return Alembic's configuration, on this connection if there is one."""
    found = Config()
    found.set_main_option("script_location", str(FOLDER).replace("%", "%%"))
    found.set_main_option("file_template", "%%(rev)s_%%(slug)s")
    found.attributes["connection"] = connection
    return found


def revision_of(connection: Connection) -> str | None:
    """Return the revision of the tables behind this connection, None where there are none."""
    if not inspect(connection).has_table("alembic_version"):
        return None
    return connection.scalar(text("SELECT version_num FROM alembic_version"))


def _known() -> set[str]:
    return {path.name.partition("_")[0] for path in (FOLDER / "versions").glob("[0-9]*_*.py")}


def _writer(connection: Connection) -> str | None:
    if not inspect(connection).has_table("upgrades"):
        return None
    return connection.scalar(text("SELECT version FROM upgrades ORDER BY id DESC LIMIT 1"))
