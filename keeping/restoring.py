"""Restoring a backup into an empty folder: everything is put beside it and checked there, then takes its place at once.

What is refused changes nothing: the folder beside goes away, and the transaction of a PostgreSQL database with it.
"""

import os
import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Connection, select
from sqlalchemy.orm import Session

from accounts.models import Space
from core import clock, journal, upgrading
from core.database import Database
from core.errors import Problem
from core.flushing import flush_folder
from core.settings import Settings
from keeping import archives, fitness, snapshots
from keeping.archives import Archive, Refused
from wiki import verifying
from wiki.packs import unpack
from wiki.repository import Library


@dataclass(frozen=True)
class Restored:
    """What came back: what the manifest says, what `verify` finds in it, and publications that are still to be recorded."""

    about: dict
    findings: list[str]
    late: list[str]


class Findings(Refused):
    """A backup that is whole, of a site in which something was wrong already; `lines` say what."""

    def __init__(self, lines: list[str]):
        super().__init__(f"The backup is whole, but {len(lines)} things in it are not as they must be.")
        self.lines = lines


def restore(settings: Settings, source: Path, *, with_findings: bool = False) -> Restored:
    """Bring back the site that a backup holds, into the folder and the database of the settings, which must be empty.

    Raises: Refused, with a sentence, for what cannot be restored; Findings unless they are accepted.
    """
    with archives.opened(source) as archive:
        fitness.check_about(archive, settings)
        fitness.check_empty(settings)
        fitness.check_room(archive, settings.data)
        with _beside(settings.data) as stage:
            archive.put_into(stage)
            if fitness.is_sqlite(settings):
                return _restore_sqlite(settings, archive, stage, with_findings=with_findings)
            return _restore_postgres(settings, archive, stage, with_findings=with_findings)


@contextmanager
def _beside(data: Path) -> Iterator[Path]:
    """Give a folder on the same disk as the data's, which is gone afterwards unless it took its place."""
    data.parent.mkdir(parents=True, exist_ok=True)
    for left in (*data.parent.glob(f".{data.name}.restoring-*"), *data.glob(f"{fitness.STAGE}*")):      # by a restore that was killed
        shutil.rmtree(left, ignore_errors=True)
    stage = _stage(data)
    stage.mkdir(mode=0o700)
    try:
        yield stage
    finally:
        shutil.rmtree(stage, ignore_errors=True)


def _stage(data: Path) -> Path:
    """Name a folder beside the data's; or within it where its user may make none beside, as in /var/lib."""
    mark = secrets.token_hex(4)
    if data.is_dir() and not os.access(data.parent, os.W_OK | os.X_OK):
        return data / f"{fitness.STAGE}{mark}"
    return data.with_name(f".{data.name}.restoring-{mark}")


def _restore_sqlite(settings: Settings, archive: Archive, stage: Path, *, with_findings: bool) -> Restored:
    snapshot = stage / snapshots.SQLITE
    _judged(stage, sqlite=True)
    os.rename(snapshot, stage / "site.sqlite3")
    database = Database(f"sqlite:///{stage / 'site.sqlite3'}")
    try:
        with database.engine.connect() as connection:
            if upgrading.revision_of(connection) != archive.about["revision"]:
                raise Refused("The backup is not whole: its database is not of the revision that its manifest names.")
        upgrading.upgrade(database)
        with database.transaction() as session:
            restored = _completed(session, settings, archive, stage, with_findings=with_findings)
    finally:
        database.engine.dispose()
    if (path := fitness.sqlite_path(settings)) != settings.data / "site.sqlite3":
        path.parent.mkdir(parents=True, exist_ok=True)
        shutil.move(stage / "site.sqlite3", path)
    _take_place(stage, settings.data)
    return restored


def _restore_postgres(settings: Settings, archive: Archive, stage: Path, *, with_findings: bool) -> Restored:
    _judged(stage, sqlite=False)
    database, taken = Database(settings.database), False
    try:
        with database.engine.begin() as connection:
            _put_back(connection, archive, stage)
            with Session(connection, expire_on_commit=False, join_transaction_mode="create_savepoint") as session, session.begin():
                restored = _completed(session, settings, archive, stage, with_findings=with_findings)
            _take_place(stage, settings.data)
            taken = True
    except BaseException:
        if taken:       # the database took nothing, so the folder must not stand alone
            shutil.rmtree(settings.data, ignore_errors=True)
        raise
    finally:
        database.engine.dispose()
    return restored


def _put_back(connection: Connection, archive: Archive, stage: Path) -> None:
    try:
        snapshots.put_back(connection, stage, archive.about["revision"])
    except (snapshots.Unfit, OSError) as error:
        raise Refused(f"The backup is not whole: {error}.") from error
    if archive.about["revision"] != upgrading.newest():
        upgrading.bring(connection, "head")


def _judged(stage: Path, *, sqlite: bool) -> None:
    try:
        snapshots.fits(stage, sqlite=sqlite)
    except snapshots.Unfit as error:
        raise Refused(f"The backup is not whole: {error}.") from error


def _completed(session: Session, settings: Settings, archive: Archive, stage: Path, *, with_findings: bool) -> Restored:
    """Make the repositories beside the restored database, check that both agree, and say in the journal what was done."""
    if set(session.scalars(select(Space.slug))) != set(archive.about["spaces"]):
        raise Refused("The backup is not whole: the spaces of its database are not those that its manifest names.")
    library = Library(stage, settings.timezone)
    for slug, tip in archive.about["spaces"].items():
        _make_repository(library, settings, stage, slug, tip)
    shutil.rmtree(stage / "database", ignore_errors=True)
    late: list[str] = []
    findings = list(verifying.findings(session, library, late))
    if findings and not with_findings:
        raise Findings(findings)
    chain = journal.lock(session, journal.SITE)
    journal.add(session, chain, actor=None, act="restore", object="site", content=str(archive.about.get("made_at")), at=clock.now())
    return Restored(archive.about, findings, late)


def _make_repository(library: Library, settings: Settings, stage: Path, slug: str, tip: str | None) -> None:
    pack = stage / "spaces" / f"{slug}.pack"
    try:
        if tip is None:
            unpack(library, slug, None, None)
        else:
            with pack.open("rb") as file:
                unpack(library, slug, tip, file)
            pack.unlink()
    except Problem as problem:
        raise Refused(f"The backup is not whole: {problem}") from problem
    library.repository(slug).trust(settings.data / "keys" / "allowed_signers")


def _take_place(stage: Path, data: Path) -> None:
    """Let the folder beside become the data folder: at once, or name by name where that is a disk of its own or holds it."""
    try:
        os.rename(stage, data)
    except OSError:
        data.mkdir(mode=0o700, exist_ok=True)
        for path in sorted(stage.iterdir(), key=lambda path: path.name == "site.sqlite3"):
            shutil.move(path, data / path.name)
        flush_folder(data)
    flush_folder(data.parent)
