"""Whether a backup can be restored into the folder and the database of some settings: asked before anything is made."""

import re
import shutil
from pathlib import Path

from sqlalchemy.engine import make_url

from core import upgrading
from core.database import Database
from core.settings import Settings
from keeping import snapshots
from keeping.archives import Archive, Refused
from wiki.objects import is_id

_SLUG = re.compile(r"[a-z0-9-]{1,40}")
STAGE = ".restoring-"        # how a folder begins that a restore fills within the data folder
_ROOM_BYTES = 16 * 1024 * 1024
_NAMES = {"sqlite": "SQLite", "postgresql": "PostgreSQL"}
_INSTEAD = {
    "sqlite": "Take PROCEDURES_DATABASE_URL out of the settings: SQLite needs none, its database comes to stand in the data folder.",
    "postgresql": "Make an empty PostgreSQL database, and name it in PROCEDURES_DATABASE_URL: postgresql://…",
}


def check_about(archive: Archive, settings: Settings) -> None:
    """Go on only if this version can bring the backup back into such a database, and nothing it names is missing. Raises: Refused."""
    about = archive.about
    revision, spaces = about.get("revision"), about.get("spaces")
    if not isinstance(revision, str) or not isinstance(spaces, dict) or not all(_is_place(*one) for one in spaces.items()):
        raise Refused("The manifest of the backup cannot be read.")
    if not upgrading.is_known(revision):
        raise Refused(upgrading.newer_words(f"The backup is of revision {revision}", str(about.get("version"))))
    _check_kind(about.get("engine"), "sqlite" if is_sqlite(settings) else "postgresql")
    names = {f"spaces/{slug}.pack" for slug, tip in spaces.items() if tip is not None}
    if names != {name for name in archive.files if name.startswith("spaces/")} or "keys/site_ed25519" not in archive.files:
        raise Refused("The backup is not whole: a space or a key that its manifest names is not there.")


def _check_kind(made_of: object, into: str) -> None:
    if made_of == into:
        return
    if made_of not in _INSTEAD:
        raise Refused(f"The backup is of a kind of database that this version does not know: {made_of}.")
    kind = _NAMES[made_of]
    raise Refused(
        f"The backup is of a site on {kind}, and goes back into {kind} only; this one would be on {_NAMES[into]}. {_INSTEAD[made_of]}"
    )


def check_empty(settings: Settings) -> None:
    """Go on only if there is nothing yet in the folder and the database. Raises: Refused."""
    data = settings.data
    is_there = data.exists() or data.is_symlink()
    if is_there and (not data.is_dir() or any(not path.name.startswith(STAGE) for path in data.iterdir())):
        raise Refused(f"The folder {data} is not empty. Restore into an empty one: move it away, or name another in PROCEDURES_DATA.")
    if not is_sqlite(settings):
        database = Database(settings.database)
        try:
            if not snapshots.is_empty(database):
                raise Refused("The database that PROCEDURES_DATABASE_URL names is not empty. Name an empty one.")
        finally:
            database.engine.dispose()
    elif (path := sqlite_path(settings)).exists():
        raise Refused(f"The database {path} is there already. Move it away, or name another in PROCEDURES_DATABASE_URL.")


def check_room(archive: Archive, data: Path) -> None:
    """Go on only if the disk has room for the backup twice. Raises: Refused."""
    needed = 2 * sum(facts["size"] for facts in archive.files.values()) + _ROOM_BYTES
    folder = next(path for path in (data, *data.parents) if path.exists())
    if (free := shutil.disk_usage(folder).free) < needed:
        raise Refused(f"There is not enough room in {folder}: {needed // 1024**2} MiB are needed, {free // 1024**2} MiB are free.")


def is_sqlite(settings: Settings) -> bool:
    """Say whether the settings name a SQLite database."""
    return make_url(settings.database).get_backend_name() == "sqlite"


def sqlite_path(settings: Settings) -> Path:
    """Return where the SQLite database of the settings stands."""
    return Path(make_url(settings.database).database).absolute()


def _is_place(slug: object, tip: object) -> bool:
    return isinstance(slug, str) and bool(_SLUG.fullmatch(slug)) and (tip is None or (isinstance(tip, str) and is_id(tip)))
