"""The one branch of a space's repository, `main`: where it points, and how it moves.

It moves by compare-and-swap on its old value, always: the SQL lock of a space keeps writers apart, the swap keeps them
honest. Writers of ours also hold a lock that dies with its process, so that a `main.lock` they find is known not to be
one of ours alive.
"""

import fcntl
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from core.errors import N_, Unavailable
from core.flushing import flush_folder
from wiki.objects import is_id

_FOREIGN_LOCK_S = 2.0


class Moved(Exception):
    """The branch is no longer where the caller read it."""


class Branch:
    """`main` of one bare repository. Holds no open file, so threads may share it."""

    def __init__(self, repository: Path, mover: str):
        """Take the repository's folder, and the name of whoever moves the branch, for its log."""
        self._repository, self._mover = repository, mover
        self._ref = repository / "refs" / "heads" / "main"

    def tip(self) -> str | None:
        """Return the id `main` points at, None in an empty repository.

        Raises: Unavailable if the ref is there and says nothing.
        """
        try:
            text = self._ref.read_text().strip()
        except FileNotFoundError:
            return self._packed_tip()
        if not is_id(text):
            raise Unavailable(N_("The history of this space cannot be read. Nothing was changed."))
        return text

    def move(self, old: str | None, new: str) -> None:
        """Move `main` from `old` to `new`, flushed.

        Raises: Moved if it is no longer at `old`; Unavailable if another program holds the branch.
        """
        with self._locked(), self._lock_file(new) as lock:
            if self.tip() != old:
                raise Moved(new)
            self._log(old, new)
            os.rename(lock, self._ref)
            flush_folder(self._ref.parent)

    def says_nothing(self) -> bool:
        """Whether the branch points nowhere: its file is empty, cut short or gone."""
        try:
            return not is_id(self._ref.read_text(errors="replace").strip())
        except FileNotFoundError:
            return self._packed_tip() is None

    def last_logged(self) -> str | None:
        """Return where the branch went last, as its log tells."""
        try:
            lines = (self._repository / "logs" / "refs" / "heads" / "main").read_text(errors="replace").splitlines()
        except FileNotFoundError:
            return None
        ids = [fields[1] for line in lines if len(fields := line.split()) > 1 and is_id(fields[1])]
        return ids[-1] if ids else None

    def point_again(self, id: str) -> None:
        """Let a branch that points nowhere point at a commit again, flushed. Raises: Moved if it points somewhere."""
        with self._locked(), self._lock_file(id) as lock:
            if not self.says_nothing():
                raise Moved(id)
            os.rename(lock, self._ref)
            flush_folder(self._ref.parent)

    def _packed_tip(self) -> str | None:
        try:
            for line in (self._repository / "packed-refs").read_text().splitlines():
                if line.endswith(" refs/heads/main"):
                    return line.split()[0]
        except FileNotFoundError:
            pass
        return None

    @contextmanager
    def _locked(self) -> Iterator[None]:
        with open(self._repository / "procedures.lock") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            yield

    @contextmanager
    def _lock_file(self, new: str) -> Iterator[Path]:
        path = self._ref.with_name("main.lock")
        descriptor = _create_alone(path)
        try:
            with os.fdopen(descriptor, "w") as file:
                file.write(new + "\n")
                file.flush()
                os.fsync(file.fileno())
            yield path
        finally:
            path.unlink(missing_ok=True)

    def _log(self, old: str | None, new: str) -> None:
        line = f"{old or '0' * 40} {new} {self._mover} {int(time.time())} +0000\tpublication\n"
        with open(self._repository / "logs" / "refs" / "heads" / "main", "a") as log:
            log.write(line)


def _create_alone(path: Path) -> int:
    """Create `path` and return its descriptor; a lock left by a dead process of ours is taken over.

    The caller holds the process lock, so a lock found here belongs to a foreign git process, which needs an instant,
    or to nobody any more.

    Raises: Unavailable while a foreign process works on the branch.
    """
    deadline = time.monotonic() + _FOREIGN_LOCK_S
    seen: os.stat_result | None = None
    while True:
        try:
            return os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o644)
        except FileExistsError:
            found = _stat(path)
            if found and seen and (found.st_ino, found.st_mtime_ns) != (seen.st_ino, seen.st_mtime_ns):
                raise Unavailable(N_("Another program is working on the history of this space. Try again.")) from None
            seen = seen or found
            if time.monotonic() > deadline:
                path.unlink(missing_ok=True)
                continue
            time.sleep(0.02)


def _stat(path: Path) -> os.stat_result | None:
    try:
        return path.stat()
    except FileNotFoundError:
        return None
