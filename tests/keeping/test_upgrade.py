"""Sites of released versions: backed up and brought up by whoever comes first, resumed after a kill, refused by older programs."""

import os
import shutil
import signal
import subprocess
import sys
import zipfile
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import func, select, text

from core import upgrading
from core.database import Database
from core.journal import Act
from core.settings import Settings
from core.upgrading import Upgrade
from core.version import version
from keeping import archives, restoring
from tests.running import ROOT, Server
from tests.stored.laying import RELEASED, is_small, lay_out, revision_of, stored
from wiki import verifying
from wiki.models import Version
from wiki.repository import Library

released = pytest.mark.parametrize("release", RELEASED)

# Comes up as the site does, and dies before the statement of a migration with a given number.
DYING = """
import os, signal, sys
from sqlalchemy import event
from sqlalchemy.engine import Engine
left = [int(sys.argv[1])]
@event.listens_for(Engine, "before_cursor_execute")
def count(connection, cursor, statement, *more):
    if statement.lstrip().upper().startswith(("CREATE", "ALTER", "INSERT", "UPDATE", "DROP")):
        left[0] -= 1
        if left[0] < 0:
            os.kill(os.getpid(), signal.SIGKILL)
from app import create_app
create_app()
"""


def environ(data, **more):
    return {**os.environ, "PROCEDURES_DATA": str(data), "PROCEDURES_STARTER": "0"} | more


def flask(data, *arguments):
    return subprocess.run([sys.executable, "-m", "flask", *arguments], cwd=ROOT, env=environ(data), capture_output=True, text=True, check=False)


@pytest.fixture
def old(tmp_path):
    """Give the folder of a released version."""
    return lambda release: lay_out(release, tmp_path / "data", ZoneInfo("UTC"))


def counts(path: Path):
    database = Database(f"sqlite:///{path}")
    try:
        with database.reading() as session:
            return [session.scalar(select(func.count()).select_from(table)) for table in (Version, Act)]
    finally:
        database.engine.dispose()


@released
def test_the_stored_site_of_a_release_is_small_and_of_an_older_revision(release, old):
    assert is_small(release) and revision_of(old(release)) <= upgrading.newest()


@released
def test_a_site_of_a_release_is_backed_up_brought_up_and_verified(release, old):
    data = old(release)
    before = counts(data / "site.sqlite3")

    done = flask(data, "verify")

    assert done.returncode == 0, done.stdout + done.stderr
    assert revision_of(data) == upgrading.newest() and counts(data / "site.sqlite3") == before
    (kept,) = (data / "backups").iterdir()
    with archives.opened(kept) as archive:
        assert archive.about["revision"] in kept.name and archive.about["revision"] < upgrading.newest()
    assert flask(data, "verify").returncode == 0 and len(list((data / "backups").iterdir())) == 1      # once


@released
def test_the_backup_before_an_upgrade_brings_the_site_back(release, old, tmp_path):
    data = old(release)
    flask(data, "verify")
    (kept,) = (data / "backups").iterdir()

    said = restoring.restore(Settings(data=tmp_path / "again", starter=False), kept)

    assert said.findings == [] and counts(tmp_path / "again" / "site.sqlite3") == [n + more for n, more in zip(counts(data / "site.sqlite3"), (0, 1))]


@released
def test_a_backup_of_a_release_is_restored_by_this_version(release, tmp_path):
    known = Settings(data=tmp_path / "data", starter=False)

    said = restoring.restore(known, stored(release))

    database = Database(known.database)
    with database.reading() as session:
        assert said.findings == [] == list(verifying.findings(session, Library(known.data, known.timezone), []))
    database.engine.dispose()


@released
@pytest.mark.parametrize("after", [0, 1, 3, 4, 5])
def test_an_upgrade_that_is_killed_in_the_middle_is_taken_up_by_the_next_start(release, old, after):
    data = old(release)
    was = revision_of(data)

    died = subprocess.run([sys.executable, "-c", DYING, str(after)], cwd=ROOT, env=environ(data), capture_output=True, check=False)

    assert died.returncode == -signal.SIGKILL and revision_of(data) == was
    done = flask(data, "verify")
    assert done.returncode == 0, done.stdout + done.stderr
    assert revision_of(data) == upgrading.newest()


@released
def test_a_site_is_not_upgraded_where_no_backup_can_be_made(release, old):
    data = old(release)
    was = revision_of(data)
    (data / "backups").write_text("a file where the folder should be")

    refused = flask(data, "verify")

    assert refused.returncode == 1 and "was not upgraded, because no backup could be made before" in refused.stderr
    assert revision_of(data) == was
    (data / "backups").unlink()
    assert flask(data, "verify").returncode == 0


@released
def test_make_run_brings_a_site_of_a_release_up_and_serves_it(release, old):
    data = old(release)
    server = Server(data)
    server.start()
    try:
        assert [path.name for path in (data / "backups").iterdir()]
        assert server.get("/procedures/PRO-001")[0] == 200
    finally:
        server.stop()


def test_data_of_a_newer_version_is_refused_with_the_version_that_it_needs(tmp_path, sqlite_template):
    data = tmp_path / "data"
    data.mkdir()
    shutil.copy(sqlite_template, data / "site.sqlite3")
    database = Database(f"sqlite:///{data / 'site.sqlite3'}")
    with database.transaction() as session:
        session.execute(text("UPDATE alembic_version SET version_num = '9999'"))
        session.execute(text("INSERT INTO upgrades (revision, version, at) VALUES ('9999', '7.5.0', '2026-01-01 00:00:00.000000')"))
    database.engine.dispose()
    before = (data / "site.sqlite3").read_bytes()

    for command in (["verify"], ["backup", str(tmp_path / "x.zip")]):
        refused = flask(data, *command)

        assert refused.returncode == 1
        assert f"made by version 7.5.0; this is version {version()}" in refused.stderr and "A newer version is needed: 7.5.0 or later." in refused.stderr
    assert (data / "site.sqlite3").read_bytes() == before and not (tmp_path / "x.zip").exists()


def test_the_database_remembers_which_version_brought_which_revision(database):
    with database.reading() as session:
        rows = session.execute(select(Upgrade.revision, Upgrade.version)).all()

    assert rows == [(upgrading.newest(), version())]


def test_restore_as_a_command_touches_no_folder_until_everything_is_checked(tmp_path):
    (tmp_path / "cut.zip").write_bytes(stored(RELEASED[-1]).read_bytes()[:5000])
    data = tmp_path / "data"

    refused = flask(data, "restore", str(tmp_path / "cut.zip"))
    assert refused.returncode == 1 and "cut short" in refused.stderr and not data.exists()

    done = flask(data, "restore", str(stored(RELEASED[-1])))
    assert done.returncode == 0 and "4 spaces." in done.stdout and "nothing is wrong" in done.stdout, done.stderr
    assert flask(data, "verify").returncode == 0
    again = flask(data, "restore", str(stored(RELEASED[-1])))
    assert again.returncode == 1 and "is not empty" in again.stderr


def test_backup_as_a_command_writes_over_nothing_but_a_backup(tmp_path):
    data, target = tmp_path / "data", tmp_path / "mine.txt"
    target.write_text("mine")

    refused = flask(data, "backup", str(target))
    assert refused.returncode == 1 and "was left alone" in refused.stderr and target.read_text() == "mine"

    for _ in range(2):
        done = flask(data, "backup", str(tmp_path / "site.zip"))
        assert done.returncode == 0 and "SHA-256" in done.stdout, done.stderr
    assert zipfile.is_zipfile(tmp_path / "site.zip")
