"""Sites as released versions left them, kept as their backups: laid out as the folder that such a version had."""

import zipfile
from pathlib import Path

from sqlalchemy import create_engine, text

from keeping import archives
from tests.running import ROOT
from wiki.packs import unpack
from wiki.repository import Library

FOLDER = ROOT / "tests" / "stored"
RELEASED = sorted(path.stem for path in FOLDER.glob("*.zip"))


def revision_of(data: Path) -> str:
    """Return the revision of the database in a data folder."""
    engine = create_engine(f"sqlite:///{data / 'site.sqlite3'}")
    try:
        with engine.connect() as connection:
            return connection.scalar(text("SELECT version_num FROM alembic_version"))
    finally:
        engine.dispose()


def stored(version: str) -> Path:
    """Return the file that keeps the site of a released version."""
    return FOLDER / f"{version}.zip"


def lay_out(version: str, data: Path, zone) -> Path:
    """Make the data folder of a released version, untouched by this one, and return it."""
    data.mkdir(parents=True)
    with archives.opened(stored(version)) as archive:
        archive.put_into(data)
        library = Library(data, zone)
        for slug, tip in archive.about["spaces"].items():
            pack = data / "spaces" / f"{slug}.pack"
            with pack.open("rb") as file:
                unpack(library, slug, tip, file)
            pack.unlink()
    (data / "database" / "site.sqlite3").rename(data / "site.sqlite3")
    (data / "database").rmdir()
    return data


def is_small(version: str) -> bool:
    """Say whether a stored site is small enough to be kept with the code."""
    return stored(version).stat().st_size < 300_000 and zipfile.is_zipfile(stored(version))
