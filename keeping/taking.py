"""Taking a backup while people write: SQL, the repositories, keys and uploads as they stood at one moment.

The moment is that of the SQL snapshot. Git is written before SQL, so whatever SQL knew then stands in git; what git got
later is left out, because a commit that follows acts the snapshot does not have could never be explained. A commit that
was late *before* the snapshot (in git, not yet in SQL) goes along: it is at most one, and the restored site records it.
"""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path

from sqlalchemy import text

from core import clock
from core.database import Database
from core.errors import Unavailable
from core.locks import held
from core.version import version
from keeping import archives, snapshots
from keeping.archives import Writer
from wiki.objects import Missing
from wiki.packs import pack
from wiki.repository import Library

WORK = ".backup-"


def take(database: Database, library: Library, target: Path, *, site_name: str = "") -> dict:
    """Write a whole backup to `target`, which appears only then, and return what its manifest says it is about.

    Raises: Unavailable if a repository cannot be read; OSError where the disk takes nothing. Nothing is left then.
    """
    target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    with tempfile.TemporaryDirectory(prefix=WORK, dir=target.parent) as folder, archives.written(target) as archive:
        work, _key = Path(folder), library.signer       # a site that signed nothing yet has its key from now on
        seen = _tips(database, library)
        with _uploads_kept(library):
            moment = snapshots.take(database, work)
            about = {
                "made_at": clock.rfc3339(clock.now()), "version": version(), "revision": moment.revision, "site_name": site_name,
                "engine": "sqlite" if database.is_sqlite else "postgresql",
            }
            _add_files(archive, "uploads", library.data / "uploads")
        _add_files(archive, "keys", library.data / "keys")
        _add_files(archive, "database", work / "database")
        about["spaces"] = {slug: _tip(library, slug, tip, seen.get(slug)) for slug, tip in moment.tips.items()}
        for slug, tip in about["spaces"].items():
            _add_pack(archive, library, work / "pack", slug, tip)
        archive.finish(about)
    return about


def _tips(database: Database, library: Library) -> dict[str, str | None]:
    with database.engine.connect() as connection:
        slugs = connection.scalars(text("SELECT slug FROM spaces")).all()
    return {slug: _present_tip(library, slug) for slug in slugs}


def _present_tip(library: Library, slug: str) -> str | None:
    try:
        return library.repository(slug).tip()
    except Unavailable:     # what SQL recorded counts, and stands in git all the same
        return None


def _tip(library: Library, slug: str, recorded: str | None, seen: str | None) -> str | None:
    """Return where the branch stood at the moment: what SQL had recorded, or the one commit that was late before it."""
    if seen is None or seen == recorded:
        return recorded
    repository = library.repository(slug)
    try:
        commit = repository.commit_of(seen)
    except Missing:
        return recorded
    follows = recorded is None or commit.parents[:1] == (recorded,)
    return seen if follows and repository.is_signed(commit) else recorded


def _add_files(archive: Writer, name: str, folder: Path) -> None:
    for path in sorted(folder.iterdir()) if folder.is_dir() else ():
        if path.is_file() and archives.is_name(f"{name}/{path.name}"):
            archive.add(f"{name}/{path.name}", path)


def _add_pack(archive: Writer, library: Library, work: Path, slug: str, tip: str | None) -> None:
    if tip is not None:
        pack(library, slug, tip, work)
        archive.add(f"spaces/{slug}.pack", work)
        work.unlink()


@contextmanager
def _uploads_kept(library: Library) -> Iterator[None]:
    """Let nothing be swept from the uploads: what a draft of the snapshot names must still be there to copy."""
    folder = library.data / "uploads"
    with held(folder / "lock", shared=True) if folder.is_dir() else nullcontext():
        yield
