"""How much room the data takes. Counting a large site's files takes long, so it stops and says that there is more."""

import os
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from core.errors import N_

PARTS = {
    "database": N_("Database"), "spaces": N_("Published texts (git)"), "search": N_("Search index"), "uploads": N_("Files of drafts"),
    "other": N_("Everything else"),
}
_PLACES = {"spaces": "spaces", "search": "search", "uploads": "uploads"}
_TOGETHER_S = 2.0


@dataclass(frozen=True)
class Part:
    """What one part of the data takes: so many bytes, or at least so many."""

    name: str
    bytes: int
    is_whole: bool = True

    @property
    def title(self) -> str:
        """What it is called."""
        return PARTS[self.name]


def sizes(data: Path) -> list[Part]:
    """Return what each part of the data folder takes."""
    taken, whole, deadline = dict.fromkeys(PARTS, 0), dict.fromkeys(PARTS, True), time.monotonic() + _TOGETHER_S
    for entry in sorted(_entries(data), key=lambda one: one.name):
        name = "database" if entry.name.startswith("site.sqlite3") else _PLACES.get(entry.name, "other")
        for size in _files(entry):
            taken[name] += size
            if time.monotonic() > deadline:
                whole[name] = False
                break
    return [Part(name, taken[name], whole[name]) for name in PARTS]


def _entries(folder: Path | str) -> list[os.DirEntry]:
    try:
        with os.scandir(folder) as found:
            return list(found)
    except OSError:         # gone meanwhile, or not ours to look into
        return []


def _files(entry: os.DirEntry) -> Iterator[int]:
    if not entry.is_dir(follow_symlinks=False):
        try:
            yield entry.stat(follow_symlinks=False).st_blocks * 512
        except OSError:
            yield 0
        return
    for inner in _entries(entry.path):
        yield from _files(inner)
