"""The faces of a PDF, and which of them has a character. They come from packages: no machine's own fonts are looked at."""

import re
from functools import lru_cache
from importlib import resources
from threading import Lock

from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont

_FILES = {
    "serif": ("fontpkg_spectral", "Spectral-Regular.ttf"),
    "serif-bold": ("fontpkg_spectral", "Spectral-SemiBold.ttf"),
    "serif-italic": ("fontpkg_spectral", "Spectral-Italic.ttf"),
    "serif-bold-italic": ("fontpkg_spectral", "Spectral-SemiBoldItalic.ttf"),
    "sans": ("fontpkg_arimo", "Arimo[wght].ttf"),
    "mono": ("fontpkg_ibm_plex_mono", "IBMPlexMono-Regular.ttf"),
}
_INSTEAD = ("serif", "sans", "mono")      # asked in this order for what a face lacks
MISSING = "□"
# The narrow space of French punctuation is a plain space that does not break, as in most print; the rest has no width.
_PLAIN = str.maketrans(
    {"\u202f": "\u00a0", "\u2011": "-", "\u00ad": "", "\u200b": "", "\u200c": "", "\u200d": "", "\ufeff": "", "\ufe0f": ""}
    | {"✔": "✓", "★": "*", "☒": "☑"} | dict.fromkeys("\t\u2002\u2003\u2007\u2008\u2009\u200a", " ")
)
_UNSET = re.compile(r"[\x00-\x1f\x7f\u200e\u200f\u202a-\u202e\u2066-\u2069]")
_lock = Lock()


def load() -> None:
    """Make the faces known to the typesetter, once per process."""
    with _lock:
        _loaded()


def runs(text: str, face: str) -> list[tuple[str, str]]:
    """Return text as (face, words) runs, each in a face that has its characters; what none has is a box."""
    text = _UNSET.sub("", text.translate(_PLAIN))
    known = _loaded()
    if known[face].issuperset(text):
        return [(face, text)] if text else []
    found: list[tuple[str, str]] = []
    for character in text:
        chosen = next((one for one in (face, *_INSTEAD) if character in known[one]), "")
        character, chosen = (character, chosen) if chosen else (MISSING, "sans")
        if found and found[-1][0] == chosen:
            found[-1] = (chosen, found[-1][1] + character)
        else:
            found.append((chosen, character))
    return found


def lacks(text: str) -> bool:
    """Say whether text has characters that no face has."""
    known = _loaded()
    left = set(_UNSET.sub("", text.translate(_PLAIN))).difference(*(known[face] for face in _INSTEAD))
    return bool(left - {"\n", "\r"})


def width(text: str, face: str, size: float) -> float:
    """Return how wide text is in a face, in points."""
    return sum(pdfmetrics.stringWidth(words, chosen, size) for chosen, words in runs(text, face))


@lru_cache(maxsize=1)
def _loaded() -> dict[str, frozenset[str]]:
    known = {}
    for face, (package, file) in _FILES.items():
        font = TTFont(face, str(resources.files(package) / "files" / file))
        pdfmetrics.registerFont(font)
        known[face] = frozenset(map(chr, font.face.charToGlyph)) | {" ", "\u00a0"}
    return known
