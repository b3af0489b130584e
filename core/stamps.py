"""A stamp of what the database holds: as long as it stays the same, nothing at all was committed.

Taken at every request that may be answered from what was kept, so it costs a few microseconds on SQLite and one short
statement on PostgreSQL.
"""

import sqlite3
from collections.abc import Hashable
from threading import Lock
from urllib.parse import quote

from sqlalchemy import Engine, text
from sqlalchemy.exc import SQLAlchemyError


class SqliteStamps:
    """Stamps of an SQLite file, by a connection of their own: SQLite counts what every other connection commits.

    Source: https://www.sqlite.org/pragma.html#pragma_data_version
    """

    def __init__(self, path: str):
        self._path = path
        self._connection: sqlite3.Connection | None = None
        self._lock = Lock()

    def take(self) -> Hashable | None:
        """Return the stamp of now; None if it cannot be known."""
        try:
            with self._lock:
                if self._connection is None:
                    self._connection = sqlite3.connect(f"file:{quote(self._path)}?mode=ro", uri=True, check_same_thread=False)
                # Counted per connection: a number of another one says nothing about this one's.
                return self._connection, self._connection.execute("PRAGMA data_version").fetchone()[0]
        except sqlite3.Error:
            return None

    def forget(self) -> None:
        """Open another connection next time, as a process must after a fork."""
        self._connection = None


class SnapshotStamps:
    """Stamps of a PostgreSQL database: which transactions a statement sees now.

    Source: https://www.postgresql.org/docs/16/functions-info.html#FUNCTIONS-PG-SNAPSHOT
    """

    _NOW = text("SELECT pg_current_snapshot()::text")

    def __init__(self, engine: Engine):
        self._engine = engine.execution_options(isolation_level="AUTOCOMMIT")

    def take(self) -> Hashable | None:
        """Return the stamp of now; None if it cannot be known."""
        try:
            with self._engine.connect() as connection:
                return connection.execute(self._NOW).scalar_one()
        except SQLAlchemyError:
            return None

    def forget(self) -> None:
        """Do nothing: the engine's own connections are forgotten with the engine's."""
