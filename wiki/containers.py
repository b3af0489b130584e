"""Documents that are zip archives, OpenDocument and Office: are they what they say? Nothing in them is unpacked but the
one small entry that names them."""

import zipfile
from collections.abc import Sequence
from io import BytesIO

from wiki.kinds import ARCHIVE, BY_TYPE, DAMAGED, MACROS, OFFICE, OPEN_DOCUMENT, TOO_MUCH, TWO_AT_ONCE, Kind

MOST_ENTRIES = 5000
MOST_UNPACKED = 256 * 1024 * 1024
_LONGEST_NAMING = 1024 * 1024
_END, _END_LENGTH, _LISTED = b"PK\x05\x06", 22, b"PK\x01\x02"
_CONTENTS = "[Content_Types].xml"
_FOLDERS = {"wordprocessingml": "word/", "spreadsheetml": "xl/", "presentationml": "ppt/"}
_MACRO_MARKS = ("vbaproject", "/macrosheets/", "/activex/", "/basic/", "/scripts/")
_OPEN_TYPES = {kind.type for kind in OPEN_DOCUMENT}


def look(content: bytes) -> Kind:
    """Return the kind of a zip archive's content, taken or not."""
    if content.count(_LISTED) > MOST_ENTRIES:
        return TOO_MUCH
    if content.rfind(_END) + _END_LENGTH != len(content):
        return TWO_AT_ONCE      # something stands after the archive, or in its comment
    try:
        with zipfile.ZipFile(BytesIO(content)) as archive:
            return _kind(archive, archive.infolist())
    except (zipfile.BadZipFile, zipfile.LargeZipFile, NotImplementedError, RuntimeError, ValueError, EOFError, OSError):
        return DAMAGED


def _kind(archive: zipfile.ZipFile, entries: Sequence[zipfile.ZipInfo]) -> Kind:
    names = [entry.filename for entry in entries]
    if not entries or any(name.startswith("/") or ".." in name.split("/") or "\\" in name for name in names):
        return ARCHIVE
    if entries[0].header_offset != 0 or len({name.lower() for name in names}) < len(names):
        return DAMAGED
    if sum(entry.file_size for entry in entries) > MOST_UNPACKED:
        return TOO_MUCH
    if names[0] == "mimetype":
        return _open_document(archive, entries[0], names)
    return _office(archive, names) if _CONTENTS in names else ARCHIVE


def _open_document(archive: zipfile.ZipFile, first: zipfile.ZipInfo, names: Sequence[str]) -> Kind:
    if first.compress_type != zipfile.ZIP_STORED or "content.xml" not in names:
        return ARCHIVE
    named = _naming(archive, first.filename).decode("ascii", "replace").strip()
    return _without_macros(BY_TYPE[named], names) if named in _OPEN_TYPES else ARCHIVE


def _office(archive: zipfile.ZipFile, names: Sequence[str]) -> Kind:
    named = _naming(archive, _CONTENTS).decode("utf-8", "replace")
    if len(named) > _LONGEST_NAMING:
        return TOO_MUCH
    if "macroenabled" in named.lower():
        return MACROS
    for kind in OFFICE:
        folder = _FOLDERS[kind.type.split(".")[-2]]
        if f'"{kind.type}.main+xml"' in named and any(name.startswith(folder) for name in names):
            return _without_macros(kind, names)
    return ARCHIVE


def _naming(archive: zipfile.ZipFile, name: str) -> bytes:
    with archive.open(name) as entry:
        return entry.read(_LONGEST_NAMING + 1)


def _without_macros(kind: Kind, names: Sequence[str]) -> Kind:
    return MACROS if any(mark in f"/{name.lower()}" for name in names for mark in _MACRO_MARKS) else kind
