"""Names of files that every system can keep: none leaves its folder, and no two are one where case does not count."""

import re
import unicodedata

_UNSAFE = re.compile(r'[\x00-\x1f\x7f<>:"/\\|?*]')
_RESERVED = re.compile(r"(?i)(con|prn|aux|nul|com[0-9]|lpt[0-9])(\..*)?")


class Names:
    """The names that are taken in one folder."""

    def __init__(self, *taken: str):
        self._taken = {_folded(name) for name in taken}

    def of(self, wanted: str) -> str:
        """Return a name for something that is called so, and take it."""
        name = _UNSAFE.sub("_", unicodedata.normalize("NFC", wanted)).strip(" .")[:200] or "_"
        if _RESERVED.fullmatch(name):
            name = f"_{name}"
        stem, dot, end = name.rpartition(".")
        number, found = 1, name
        while _folded(found) in self._taken:
            number += 1
            found = f"{stem}~{number}.{end}" if dot and stem else f"{name}~{number}"
        self._taken.add(_folded(found))
        return found


def _folded(name: str) -> str:
    return unicodedata.normalize("NFC", name).casefold()
