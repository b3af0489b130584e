"""Who makes backups: at the button, at the command line, at night. One at a time per site, held by a lock that dies with it."""

import errno
import hashlib
import logging
import shutil
import sqlite3
import sys
import threading
import time
from contextlib import AbstractContextManager
from pathlib import Path

from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from core import clock
from core.database import Database, new_id
from core.errors import N_, Problem, Unavailable
from core.locks import alone, is_held
from core.settings import Settings
from keeping import backups, taking
from keeping.models import Backup
from wiki.repository import Library

log = logging.getLogger("procedures.backups")

_OLD_S = 24 * 3600
_FULL = N_("There is no room left where backups are kept.")
_UNREADABLE = N_("The history of a space cannot be read whole; flask verify says what is wrong.")
_UNWRITABLE = N_("The folder of the backups cannot be written.")
_UNTAKEN = N_("The database could not be read.")


class Keeper:
    """Makes the backups of one site."""

    def __init__(self, settings: Settings, database: Database, library: Library):
        self.folder = settings.backups
        self._settings = settings
        self._database = database
        self._library = library
        self._tried: float | None = None

    def make(self, target: Path | None = None, *, asked_by: str | None = None) -> Backup:
        """Make a backup, by default into the site's folder, keep what came of it, and let the oldest ones go.

        Raises: Unavailable while another one is being made.
        """
        with alone(self._lock) as held:
            if not held:
                raise Unavailable(N_("A backup is being made already."))
            return self._make(target or self._named(), asked_by)

    def begin(self, *, asked_by: str | None = None, wait_s: float = 0.0) -> bool:
        """Make a backup in a thread of its own, wait for it a little, and say whether it has ended."""
        thread = threading.Thread(target=self._try, args=(asked_by,), name="backup", daemon=True)
        thread.start()
        thread.join(wait_s)
        return not thread.is_alive()

    def look(self) -> None:
        """Begin a backup if it is time for one: asked every minute by whoever follows."""
        if self._tried is not None and time.monotonic() - self._tried < backups.AGAIN.total_seconds():
            return
        with self._database.reading() as session:
            due = backups.is_due(session, self._settings.timezone)
        if due:
            self._tried = time.monotonic()      # where the disk is full, the database cannot remember that it was tried
            self.begin()

    def reading(self) -> AbstractContextManager[Session]:
        """Give a session that sees what stands now, after what was just made."""
        return self._database.reading()

    def is_at_work(self) -> bool:
        """Say whether a backup is being made at this moment, by any process."""
        return is_held(self._lock)

    def before_upgrade(self, revision: str) -> None:
        """Make a backup of a site whose tables are of an older revision; it is not upgraded without.

        Raises: Unavailable, with the reason.
        """
        target = self.folder / f"before-upgrade-from-{revision}.zip"
        try:
            taking.take(self._database, self._library, target, site_name=self._settings.site_name)
        except (OSError, Problem, sqlite3.Error, SQLAlchemyError) as error:
            raise Unavailable(f"The site was not upgraded, because no backup could be made before: {error}") from error
        print(f"Backup before the upgrade: {target}", file=sys.stderr, flush=True)

    def _try(self, asked_by: str | None) -> None:
        try:
            self.make(asked_by=asked_by)
        except Unavailable:
            log.info("event=backup_under_way")

    def _make(self, target: Path, asked_by: str | None) -> Backup:
        made = Backup(id=new_id(), begun_at=clock.now(), asked_by=asked_by, path=str(target), size=0, sha256="", failed_because="")
        try:
            self._tidy()
            taking.take(self._database, self._library, target, site_name=self._settings.site_name)
            made.size, made.sha256 = target.stat().st_size, _sha256(target)
        except (OSError, Problem, sqlite3.Error, SQLAlchemyError) as error:
            made.failed_because = _why(error)
            log.error("event=backup_failed error=%s", error)
        made.ended_at = clock.now()
        log.info("event=backup good=%s seconds=%.1f bytes=%d", made.is_good, (made.ended_at - made.begun_at).total_seconds(), made.size)
        self._record(made)
        return made

    def _record(self, made: Backup) -> None:
        try:
            with self._database.transaction() as session:
                backups.record(session, made)
                if made.is_good:
                    backups.prune(session, self.folder)
        except SQLAlchemyError as error:        # the file stands all the same; a database without room keeps no row of it
            log.error("event=backup_not_recorded error=%s", type(error).__name__)

    def _named(self) -> Path:
        return self.folder / f"backup-{clock.now():%Y-%m-%d-%H%M%S}-{new_id()[:4]}.zip"

    def _tidy(self) -> None:
        """Remove what backups that were killed left in the folder."""
        for path in self.folder.glob(".*"):
            is_ours = path.name.startswith(taking.WORK) or path.name.endswith(".partial")
            if is_ours and time.time() - path.stat().st_mtime > _OLD_S:
                shutil.rmtree(path) if path.is_dir() else path.unlink(missing_ok=True)

    @property
    def _lock(self) -> Path:
        return self._settings.data / "backup.lock"


def _why(error: Exception) -> str:
    if isinstance(error, Problem):
        return _UNREADABLE
    if isinstance(error, OSError):
        return _FULL if error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG) else _UNWRITABLE
    return _FULL if "full" in str(error) else _UNTAKEN


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
