import shutil
from pathlib import Path
from types import SimpleNamespace

import pytest

from core.database import Database
from core.settings import Settings
from keeping import restoring
from tests import databases
from tests.world import SECTIONS, World, make_world
from wiki.drafts import DraftText


@pytest.fixture
def world(database, settings) -> World:
    """A site with a published procedure, a change in review, and a space in which nothing was published yet."""
    made = make_world(database, settings.data)
    made.space()
    made.space("empty")
    made.author, made.approver = made.person("Anne Author"), made.person("Boris Approver")
    made.grant("kyc", made.author, "author")
    made.grant("kyc", made.approver, "approver")
    made.publish(made.author, made.approver, "kyc", DraftText(markdown=SECTIONS))
    made.submit(made.author, made.open(made.author, "kyc", DraftText(code="KYC-001", markdown=SECTIONS + "\nMore.\n")))
    return made


@pytest.fixture
def elsewhere(tmp_path, database_kind, request):
    """Give settings of another machine: an empty folder, and an empty database where that is a server."""
    def another(name: str = "elsewhere") -> Settings:
        url = ""
        if database_kind == "postgresql":
            url = databases.bare(request.getfixturevalue("postgres_database"))
            made.append(url)
        return Settings(data=tmp_path / name, database_url=url, starter=False)

    made = []
    yield another
    for url in made:
        databases.drop(url)


@pytest.fixture
def restore(elsewhere):
    """Restore a file on another machine and return the world there, and what was said of it."""
    opened = []

    def bring(path: Path, **more):
        known = elsewhere(f"elsewhere-{len(opened)}")
        said = restoring.restore(known, path, **more)
        found = make_world(Database(known.database), known.data)
        opened.append(found)
        return SimpleNamespace(world=found, said=said, settings=known)

    yield bring
    for found in opened:
        found.database.engine.dispose()


@pytest.fixture
def copy_of(tmp_path):
    """Give a copy of a file to spoil."""
    def copied(path: Path) -> Path:
        return Path(shutil.copy(path, tmp_path / f"spoilt-{path.name}"))

    return copied
