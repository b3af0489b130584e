"""Where what people leave with is written: a folder, a zip file, or a zip that goes out while it is made."""

import os
import shutil
import zipfile
from collections.abc import Iterable, Iterator
from pathlib import Path

from core import clock
from core.flushing import appearing, flush_folder
from keeping.leaving import Entry

_PIECE_BYTES = 256 * 1024


class Taken(Exception):
    """The place holds something already; nothing was changed."""


def into_folder(entries: Iterable[Entry], folder: Path) -> int:
    """Write every file into a folder, which appears whole, and return how many there are.

    Raises: Taken if the folder holds something.
    """
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise Taken(str(folder))
    beside = folder.with_name(f".{folder.name}.{os.getpid()}.partial")
    count = 0
    try:
        for name, pieces in entries:
            target = beside / name
            target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            with target.open("xb") as file:
                file.writelines(pieces)
            count += 1
        os.rename(beside, folder)
    except BaseException:
        shutil.rmtree(beside, ignore_errors=True)
        raise
    return count


def into_zip(entries: Iterable[Entry], target: Path) -> int:
    """Write every file into a zip file, which appears whole, and return how many there are. Raises: Taken."""
    if target.exists():
        raise Taken(str(target))
    partial = target.with_name(f".{target.name}.{os.getpid()}.partial")
    counted = _Counted(entries)
    descriptor = os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with appearing(target, partial, descriptor, "wb") as file:
        file.writelines(streamed(counted))
    flush_folder(target.parent)
    return counted.count


def streamed(entries: Iterable[Entry]) -> Iterator[bytes]:
    """Yield a zip file piece by piece, as its files are made."""
    sink = _Sink()
    with zipfile.ZipFile(sink, "w", zipfile.ZIP_DEFLATED, compresslevel=3) as archive:
        for name, pieces in entries:
            info = zipfile.ZipInfo(name, date_time=clock.now().timetuple()[:6])
            info.compress_type = zipfile.ZIP_STORED if name.endswith(".bundle") else zipfile.ZIP_DEFLATED
            info.external_attr = 0o600 << 16
            with archive.open(info, "w", force_zip64=name.endswith(".bundle")) as member:
                for piece in pieces:
                    member.write(piece)
                    if sink.size > _PIECE_BYTES:
                        yield sink.take()
            if sink.size > _PIECE_BYTES:
                yield sink.take()
    yield sink.take()


class _Sink:
    """What a zip is written to when nobody keeps it: it cannot go back, and gives away what it has."""

    def __init__(self):
        self._pieces: list[bytes] = []
        self.size = 0

    def write(self, piece: bytes) -> int:
        self._pieces.append(bytes(piece))
        self.size += len(piece)
        return len(piece)

    def flush(self) -> None:
        """Do nothing: what is written is given away by `take`."""

    def take(self) -> bytes:
        taken, self._pieces, self.size = b"".join(self._pieces), [], 0
        return taken


class _Counted:
    def __init__(self, entries: Iterable[Entry]):
        self._entries = entries
        self.count = 0

    def __iter__(self) -> Iterator[Entry]:
        for entry in self._entries:
            self.count += 1
            yield entry
