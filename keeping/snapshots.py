"""The database at one moment, as files: SQLite as a database of its own, PostgreSQL as one file per table.

Both are exact: what is put back is what was read, whatever the shape of the tables was. PostgreSQL is read with COPY
in one snapshot by our own code, so that no program of its version must be installed beside the site.
"""

import json
import sqlite3
from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Connection, MetaData, create_engine, inspect, text

from core.database import Database
from core.upgrading import bring

SQLITE = "database/site.sqlite3"
TABLES = "database/tables.json"
_PATIENCE_S = 60


@dataclass(frozen=True)
class Moment:
    """What the database said of itself at the moment of its snapshot: its revision, and the recorded tip of every space."""

    revision: str
    tips: dict[str, str | None]


class Unfit(Exception):
    """What should be a snapshot of the database is none; the message says why."""


def take(database: Database, folder: Path) -> Moment:
    """Write the database as it is at this moment into a folder, whoever writes meanwhile."""
    (folder / "database").mkdir()
    return _take_sqlite(database, folder / SQLITE) if database.is_sqlite else _take_postgres(database, folder)


def fits(folder: Path, *, sqlite: bool) -> None:
    """Go on only if the snapshot in a folder is one of ours. Raises: Unfit."""
    if sqlite:
        _fits_sqlite(folder / SQLITE)
    else:
        _tables(folder)


def put_back(connection: Connection, folder: Path, revision: str) -> None:
    """Fill an empty PostgreSQL database with a snapshot of tables of a revision, in the connection's transaction."""
    bring(connection, revision)
    known = MetaData()
    known.reflect(connection)
    given = {one["table"]: one["columns"] for one in _tables(folder)}
    order = [table for table in known.sorted_tables if table.name != "alembic_version"]
    if {table.name for table in order} != set(given):
        raise Unfit("its tables are not those of its revision")
    connection.execute(text(f"TRUNCATE {', '.join(_quoted(table.name) for table in order)} CASCADE"))
    for table in order:
        if set(given[table.name]) != {column.name for column in table.columns}:
            raise Unfit(f"the columns of {table.name} are not those of its revision")
        _fill(connection, folder, table.name, given[table.name])
        _count_on(connection, table)


def is_empty(database: Database) -> bool:
    """Say whether a database has no tables at all."""
    with database.engine.connect() as connection:
        return not inspect(connection).get_table_names()


def _take_sqlite(database: Database, target: Path) -> Moment:
    # A copy without the free pages, in which words that were erased could still stand.
    with closing(sqlite3.connect(database.engine.url.database, timeout=_PATIENCE_S, isolation_level=None)) as source:
        source.execute("VACUUM INTO ?", (str(target),))
    with closing(sqlite3.connect(target)) as copy:
        return _moment(lambda statement: copy.execute(statement).fetchall())


def _fits_sqlite(path: Path) -> None:
    try:
        with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as found:
            said = found.execute("PRAGMA quick_check(1)").fetchone()[0]
            strange = found.execute("SELECT count(*) FROM sqlite_master WHERE type IN ('trigger', 'view')").fetchone()[0]
    except sqlite3.DatabaseError as error:
        raise Unfit(f"its database cannot be read: {error}") from error
    if said != "ok" or strange:
        raise Unfit("its database is damaged, or holds what no database of ours does")


def _take_postgres(database: Database, folder: Path) -> Moment:
    engine = create_engine(database.engine.url, isolation_level="REPEATABLE READ")
    try:
        with engine.begin() as connection:
            connection.execute(text("SET TRANSACTION READ ONLY"))
            known = MetaData()
            known.reflect(connection)
            tables = [table for table in known.sorted_tables if table.name != "alembic_version"]
            listed = [{"table": table.name, "columns": [column.name for column in table.columns]} for table in tables]
            for one in listed:
                _copy_out(connection, one, folder / "database" / f"{one['table']}.copy")
            (folder / TABLES).write_text(json.dumps(listed))
            return _moment(lambda statement: connection.execute(text(statement)).all())
    finally:
        engine.dispose()


def _moment(ask: Callable[[str], Sequence]) -> Moment:
    ((revision,),) = ask("SELECT version_num FROM alembic_version")
    return Moment(revision, dict(map(tuple, ask("SELECT slug, recorded_tip FROM spaces ORDER BY slug"))))


def _copy_out(connection: Connection, one: dict, target: Path) -> None:
    statement = f"COPY {_quoted(one['table'])} ({', '.join(map(_quoted, one['columns']))}) TO STDOUT"
    with target.open("wb") as file, connection.connection.cursor().copy(statement) as copy:
        for piece in copy:
            file.write(piece)


def _fill(connection: Connection, folder: Path, table: str, columns: list[str]) -> None:
    statement = f"COPY {_quoted(table)} ({', '.join(map(_quoted, columns))}) FROM STDIN"
    with (folder / "database" / f"{table}.copy").open("rb") as file, connection.connection.cursor().copy(statement) as copy:
        while piece := file.read(1024 * 1024):
            copy.write(piece)


def _count_on(connection: Connection, table) -> None:
    # Rows were put back with their numbers: the next one must come after them.
    for column in table.primary_key.columns:
        if column.autoincrement is True or "nextval" in str(getattr(column.server_default, "arg", "")):
            last = f"(SELECT max({_quoted(column.name)}) FROM {_quoted(table.name)})"
            sequence = connection.scalar(text("SELECT pg_get_serial_sequence(:table, :column)"), {"table": table.name, "column": column.name})
            connection.execute(text(f"SELECT setval('{sequence}', coalesce({last}, 1), {last} IS NOT NULL)"))


def _tables(folder: Path) -> list[dict]:
    try:
        listed = json.loads((folder / TABLES).read_text())
        return [{"table": str(one["table"]), "columns": [str(name) for name in one["columns"]]} for one in listed]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise Unfit("its list of tables cannot be read") from error


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'
