"""Bringing a database to the present shape of the tables, in process, whoever comes first.

Migrations are files `NNNN_what.py` whose revision is NNNN, so that the newest is known without reading them.
"""

from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, inspect, text

from core.database import Database

FOLDER = Path(__file__).resolve().parent.parent / "migrations"
# Any number, the same in every process: it names the lock of those who upgrade one PostgreSQL database.
_LOCK = 7205001


class NewerData(Exception):
    """The database was written by a newer version than this one."""


def newest() -> str:
    """Return the revision that this version of the code works with."""
    return max(_known())


def upgrade(database: Database) -> None:
    """Bring the database to the newest revision, if it is not there; of several processes one does it, the rest wait.

    Raises: NewerData if it is of a revision that this version does not know.
    """
    with database.engine.connect() as connection:
        if _revision(connection) == newest():
            return
    with database.engine.execution_options(writes=True).begin() as connection:
        if not database.is_sqlite:
            connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _LOCK})
        present = _revision(connection)
        if present is not None and present not in _known():
            raise NewerData(f"The data is of revision {present}, which this version ({newest()}) does not know. Run the newer version.")
        if present != newest():
            command.upgrade(config(connection), "head")


def config(connection: Connection | None = None) -> Config:
    """Return Alembic's configuration, on this connection if there is one."""
    found = Config()
    found.set_main_option("script_location", str(FOLDER).replace("%", "%%"))
    found.set_main_option("file_template", "%%(rev)s_%%(slug)s")
    found.attributes["connection"] = connection
    return found


def _known() -> set[str]:
    return {path.name.partition("_")[0] for path in (FOLDER / "versions").glob("[0-9]*_*.py")}


def _revision(connection: Connection) -> str | None:
    if not inspect(connection).has_table("alembic_version"):
        return None
    return connection.scalar(text("SELECT version_num FROM alembic_version"))
