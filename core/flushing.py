"""Files that are there whole, or not at all, whatever happens to the machine."""

import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO

_TRIES = 1000


def write_flushed(target: Path, content: bytes, *, mode: int = 0o444) -> None:
    """Write a file whole, flushed to disk, under a name that appears last; what fails leaves nothing."""
    temporary = target.parent / f"tmp_obj_{os.getpid()}_{threading.get_ident()}"
    with appearing(target, temporary, _opened(temporary, mode), "wb") as file:
        file.write(content)
    # Where git's housekeeping took the file into a pack already, it has flushed that, and the folder may be gone.
    with suppress(FileNotFoundError):
        flush_folder(target.parent)


@contextmanager
def appearing(target: Path, partial: Path, descriptor: int, mode: str) -> Iterator[BinaryIO]:
    """Give a file under another name to write; it has its own once it is whole and flushed, and what fails leaves nothing.

    `descriptor` is that of `partial`, which was opened for it. The folder is left to be flushed.
    """
    try:
        with os.fdopen(descriptor, mode) as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        os.rename(partial, target)
    except BaseException:
        partial.unlink(missing_ok=True)
        raise


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
