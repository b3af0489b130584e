"""Files that are there whole, or not at all, whatever happens to the machine."""

import os
import threading
from contextlib import suppress
from pathlib import Path

_TRIES = 1000


def write_flushed(target: Path, content: bytes, *, mode: int = 0o444) -> None:
    """Write a file whole, flushed to disk, under a name that appears last; what fails leaves nothing."""
    temporary = target.parent / f"tmp_obj_{os.getpid()}_{threading.get_ident()}"
    descriptor = _opened(temporary, mode)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        os.rename(temporary, target)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise
    # Where git's housekeeping took the file into a pack already, it has flushed that, and the folder may be gone.
    with suppress(FileNotFoundError):
        flush_folder(target.parent)


def _opened(path: Path, mode: int) -> int:
    """Open a new file in a folder that is made if need be: git's housekeeping removes one that is empty, at any moment."""
    flags = os.O_WRONLY | os.O_CREAT | os.O_TRUNC
    for _ in range(_TRIES):
        path.parent.mkdir(exist_ok=True)
        with suppress(FileNotFoundError):
            return os.open(path, flags, mode)
    return os.open(path, flags, mode)


def flush_folder(folder: Path) -> None:
    """Flush a folder's own list of names to disk."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
