"""The files that a draft has and git not yet: kept by their SHA-256, whole or not at all."""

import hashlib
import logging
import os
import time
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from pathlib import Path

from core.errors import N_, Unavailable
from core.flushing import flush_folder, write_flushed
from core.locks import held
from wiki.objects import Missing

KEPT_UNUSED_S = 24 * 3600
_log = logging.getLogger("procedures.uploads")


class Uploads:
    """The folder of uploaded files."""

    def __init__(self, folder: Path):
        self.folder = folder

    def put(self, content: bytes) -> str:
        """Keep a file's bytes, flushed to disk, and return their SHA-256.

        Raises: Unavailable if the disk takes nothing; nothing is left of the file then.
        """
        sha256 = hashlib.sha256(content).hexdigest()
        try:
            with self._locked(shared=True):
                self._write(self.folder / sha256, content)
        except OSError as error:
            _log.error("event=upload_failed error=%s", error)
            raise Unavailable(N_("The disk took no file, so it was not added. What you typed is still here: try again later.")) from error
        return sha256

    def get(self, sha256: str) -> bytes:
        """Return a file's bytes. Raises: Missing if they are not there, or are not what they were."""
        try:
            content = (self.folder / sha256).read_bytes()
        except OSError:
            raise Missing(sha256) from None
        if hashlib.sha256(content).hexdigest() != sha256:
            raise Missing(sha256)
        return content

    def sweep(self, used: Callable[[], Collection[str]]) -> int:
        """Remove what has not been used for a day, half-written files too; return how many went.

        `used` says which SHA-256 some draft refers to.
        """
        old = [path.name for path in self._files() if self._is_old(path)]
        kept = used() if old else ()
        gone = 0
        for name in (name for name in old if name not in kept):
            with self._locked():
                # Somebody may have brought the same file again since: it is new then.
                if self._is_old(self.folder / name):
                    (self.folder / name).unlink(missing_ok=True)
                    gone += 1
        return gone

    def _write(self, target: Path, content: bytes) -> None:
        if target.exists():
            os.utime(target)
        else:
            write_flushed(target, content, mode=0o600)
            flush_folder(self.folder.parent)

    def _files(self) -> Iterator[Path]:
        return (path for path in self.folder.iterdir() if path.name != "lock") if self.folder.is_dir() else iter(())

    @staticmethod
    def _is_old(path: Path) -> bool:
        try:
            return time.time() - path.stat().st_mtime > KEPT_UNUSED_S
        except FileNotFoundError:
            return False

    @contextmanager
    def _locked(self, *, shared: bool = False) -> Iterator[None]:
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        with held(self.folder / "lock", shared=shared):
            yield
