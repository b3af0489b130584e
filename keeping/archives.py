"""The file that a backup is: a zip whose manifest, written last, names every other member with its size and SHA-256.

Writing: under another name until it is whole and flushed. Reading: nothing is taken from it that the manifest does not
name, under names that we make ourselves, and never more bytes than the manifest says.
"""

import hashlib
import json
import os
import re
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from core.flushing import appearing, flush_folder

FORMAT = 1
PRODUCT = "living-procedures"
MANIFEST = "manifest.json"
_LARGEST_MANIFEST = 64 * 1024 * 1024
_PIECE_BYTES = 1024 * 1024
# The only names there are; none of them leaves the folder that it is put into.
_NAME = re.compile(r"database/[a-z0-9_]{1,80}\.(sqlite3|json|copy)|spaces/[a-z0-9-]{1,40}\.pack|keys/[A-Za-z0-9_]{1,40}(\.[a-z0-9]{1,10})?|uploads/[0-9a-f]{64}")
_HASH = re.compile(r"[0-9a-f]{64}")


class Refused(Exception):
    """A file that is no backup that can be taken, and why, in a sentence."""


class Writer:
    """An archive being written."""

    def __init__(self, file: zipfile.ZipFile):
        self._zip = file
        self._files: dict[str, dict] = {}

    def add(self, name: str, source: Path) -> None:
        """Add a file under a name."""
        with source.open("rb") as file:
            self.add_stream(name, file)

    def add_stream(self, name: str, source: BinaryIO) -> None:
        """Add what a stream gives under a name."""
        info = zipfile.ZipInfo(name)
        info.external_attr = 0o600 << 16
        # What git packed and what people uploaded does not become smaller.
        info.compress_type = zipfile.ZIP_DEFLATED if name.startswith("database/") else zipfile.ZIP_STORED
        digest, size = hashlib.sha256(), 0
        with self._zip.open(info, "w", force_zip64=True) as target:
            while piece := source.read(_PIECE_BYTES):
                digest.update(piece)
                size += len(piece)
                target.write(piece)
        self._files[name] = {"size": size, "sha256": digest.hexdigest()}

    def finish(self, about: dict) -> None:
        """Write the manifest: what the backup is about, and every file that is in it."""
        totals = {"files": len(self._files), "bytes": sum(one["size"] for one in self._files.values())}
        whole = {"product": PRODUCT, "format": FORMAT} | about | {"totals": totals, "files": self._files}
        self._zip.writestr(MANIFEST, json.dumps(whole, indent=1, sort_keys=True), zipfile.ZIP_DEFLATED)


@contextmanager
def written(target: Path) -> Iterator[Writer]:
    """Give an archive to write; it has its name once it is whole and flushed, and what fails leaves nothing."""
    partial = target.with_name(f".{target.name}.{os.getpid()}.partial")
    descriptor = os.open(partial, os.O_RDWR | os.O_CREAT | os.O_TRUNC, 0o600)
    with appearing(target, partial, descriptor, "w+b") as file, zipfile.ZipFile(file, "w", compresslevel=3) as archive:
        yield Writer(archive)
    flush_folder(target.parent)


@dataclass(frozen=True)
class Archive:
    """A backup that was opened: `about` is its manifest, every name and size in which was checked."""

    about: dict
    _zip: zipfile.ZipFile

    @property
    def files(self) -> dict[str, dict]:
        """Every member with its size and SHA-256."""
        return self.about["files"]

    def put_into(self, folder: Path) -> None:
        """Write every member into a folder, checked. Raises: Refused if one is not what the manifest says."""
        for name, facts in self.files.items():
            target = folder / name
            target.parent.mkdir(mode=0o700, exist_ok=True)
            descriptor = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(descriptor, "wb") as file:
                self._copy(name, facts, file)
                file.flush()
                os.fsync(file.fileno())

    def _copy(self, name: str, facts: dict, target: BinaryIO) -> None:
        digest, left = hashlib.sha256(), facts["size"]
        try:
            with self._zip.open(name) as source:
                while piece := source.read(_PIECE_BYTES):
                    left -= len(piece)
                    if left < 0:
                        raise Refused(f"The backup is not whole: {name} is larger than its manifest says.")
                    digest.update(piece)
                    target.write(piece)
        except (zipfile.BadZipFile, EOFError, NotImplementedError, RuntimeError, ValueError) as error:
            raise Refused(f"The backup is not whole: {name} cannot be read.") from error
        except Exception as error:
            if type(error).__module__ == "zlib":
                raise Refused(f"The backup is not whole: {name} cannot be read.") from error
            raise
        if left or digest.hexdigest() != facts["sha256"]:
            raise Refused(f"The backup is not whole: {name} is not what its manifest says.")


@contextmanager
def opened(source: Path) -> Iterator[Archive]:
    """Give a backup to read. Raises: Refused, with a sentence, if the file is not a whole backup of this product."""
    try:
        file = zipfile.ZipFile(source)
    except FileNotFoundError:
        raise Refused(f"There is no file {source}.") from None
    except (zipfile.BadZipFile, ValueError) as error:
        raise Refused(f"{source} is not a backup, or was cut short.") from error
    except OSError as error:
        raise Refused(f"{source} cannot be read: {error.strerror or error}.") from error
    with file:
        yield Archive(_checked(file, source), file)


def is_name(name: str) -> bool:
    """Say whether a backup may hold something under this name."""
    return bool(_NAME.fullmatch(name))


def is_ours(path: Path) -> bool:
    """Say whether a file is a backup of this product, whole or at least whole enough to say so."""
    try:
        with opened(path):
            return True
    except Refused:
        return False


def _checked(file: zipfile.ZipFile, source: Path) -> dict:
    about = _manifest(file, source)
    files = about.get("files")
    if about.get("product") != PRODUCT or not isinstance(files, dict):
        raise Refused(f"{source} is not a backup of Living Procedures.")
    if about.get("format") != FORMAT:
        raise Refused(f"{source} is a backup of a kind that this version does not know (made by version {about.get('version')}). Use that version.")
    inside = [one.filename for one in file.infolist()]
    if sorted(inside) != sorted([MANIFEST, *files]):
        raise Refused("The backup is not whole: what is in it is not what its manifest names.")
    sizes = {one.filename: one.file_size for one in file.infolist()}
    for name, facts in files.items():
        if not is_name(name):
            raise Refused(f"The backup holds something under a name that no backup of ours has: {name!r}.")
        if not _is_described(facts) or facts["size"] != sizes[name]:
            raise Refused(f"The backup is not whole: {name} is not what its manifest says.")
    return about


def _manifest(file: zipfile.ZipFile, source: Path) -> dict:
    try:
        if file.getinfo(MANIFEST).file_size > _LARGEST_MANIFEST:
            raise ValueError(MANIFEST)
        about = json.loads(file.read(MANIFEST))
    except (KeyError, ValueError, zipfile.BadZipFile, EOFError, RuntimeError, NotImplementedError) as error:
        raise Refused(f"{source} is not a backup of Living Procedures.") from error
    return about if isinstance(about, dict) else {}


def _is_described(facts: object) -> bool:
    return (
        isinstance(facts, dict) and isinstance(facts.get("size"), int) and isinstance(facts.get("sha256"), str)
        and bool(_HASH.fullmatch(facts["sha256"]))
    )

