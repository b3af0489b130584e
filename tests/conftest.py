"""What every test may ask for: settings on a fresh folder, a database that has its tables, an app, a client."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app import create_app
from core.database import Database
from core.settings import Settings
from tests import databases
from tests.browsers import browser  # noqa: F401 (a fixture of every test)
from tests.sparing import spare


def pytest_addoption(parser: pytest.Parser) -> None:
    """Let the whole suite run on either database."""
    parser.addoption("--database", choices=("sqlite", "postgresql"), default="sqlite", help="for tests that do not need both")


def pytest_configure(config: pytest.Config) -> None:
    """Name our marks, and prepare for many sites."""
    spare()
    config.addinivalue_line("markers", "both: runs once on SQLite and once on PostgreSQL")


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Choose the database of each test that uses one."""
    if "database_kind" in metafunc.fixturenames:
        both = metafunc.definition.get_closest_marker("both")
        kinds = ("sqlite", "postgresql") if both else (metafunc.config.getoption("--database"),)
        metafunc.parametrize("database_kind", kinds, ids=kinds if both else ("",), scope="session")


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory) -> Path:
    return databases.sqlite_template(tmp_path_factory.mktemp("sqlite"))


@pytest.fixture(scope="session")
def postgres_database() -> Iterator[str]:
    with databases.postgres_database(os.environ.get("PROCEDURES_TEST_DATABASE_URL")) as url:
        yield url


@pytest.fixture
def database_url(database_kind, tmp_path, request) -> str:
    if database_kind == "sqlite":
        return databases.sqlite_copy(request.getfixturevalue("sqlite_template"), tmp_path / "data")
    url = request.getfixturevalue("postgres_database")
    databases.empty(url)
    return url


@pytest.fixture
def settings(tmp_path, database_url) -> Settings:
    return Settings(data=tmp_path / "data", database_url=database_url, starter=False)


@pytest.fixture
def database(settings) -> Iterator[Database]:
    found = Database(settings.database)
    yield found
    found.engine.dispose()


@pytest.fixture
def app(settings) -> Iterator[Flask]:
    made = create_app(settings)
    made.testing = False      # problems must be answered as they would be, not raised
    made.extensions["procedures"].engine.rebuild(())      # the site is empty, so an empty index is whole
    yield made
    made.extensions["procedures"].database.engine.dispose()


@pytest.fixture
def client(app) -> FlaskClient:
    return app.test_client()
