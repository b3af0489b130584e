"""What people may type: one line, or several, of clean Unicode within a limit."""

import re
import unicodedata
from datetime import date

from core.errors import Invalid, N_, TooLong

_KEPT_CONTROLS = "\n\t"
_ROOM = 4       # times over its limit that a text is still cleaned before it is measured: a longer one is refused before that work
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
# Bidirectional overrides and isolates can make a name read as another name.
_BIDI = set("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200e\u200f")


def line(value: object, *, field: str, limit: int, required: bool = True) -> str:
    """Return one clean line: NFC, spaces folded, no control or direction-changing character.

    Raises: Invalid if it is not text, or is empty while required; TooLong if it is longer than `limit` characters.
    """
    folded = " ".join(_cleaned(value, field=field, limit=limit, required=required).split())
    if any(c in _BIDI for c in folded):
        raise Invalid(N_("This holds a character that changes the direction of writing."), field=field)
    return _within(folded, field=field, limit=limit)


def block(value: object, *, field: str, limit: int, required: bool = True) -> str:
    """Return clean text of several lines: NFC, line ends as LF, no control character but tab.

    Raises: Invalid as `line` does.
    """
    return _within(_cleaned(value, field=field, limit=limit, required=required), field=field, limit=limit)


def _cleaned(value: object, *, field: str, limit: int, required: bool) -> str:
    text = unicodedata.normalize("NFC", _storable(value, field=field, limit=limit, most=_ROOM * limit))
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    text = "".join(c for c in text if c in _KEPT_CONTROLS or unicodedata.category(c) != "Cc")
    if required and not any(_is_seen(c) for c in text):
        raise Invalid(N_("This cannot be empty."), field=field)
    return text


def _is_seen(c: str) -> bool:
    return not c.isspace() and unicodedata.category(c) not in ("Cc", "Cf")


def folded(words: str) -> str:
    """Return words without case, accents and needless white space: what two spellings of one name have in common."""
    bare = "".join(c for c in unicodedata.normalize("NFKD", words.casefold()) if not unicodedata.combining(c))
    return " ".join(bare.casefold().split())


def verbatim(value: object, *, field: str, limit: int) -> str:
    """Return text unchanged if it can be stored.

    Raises: Invalid if it is not text, holds NUL or half a character; TooLong if it is longer than `limit` characters.
    """
    return _storable(value, field=field, limit=limit, most=limit)


def _storable(value: object, *, field: str, limit: int, most: int) -> str:
    if not isinstance(value, str):
        raise Invalid(N_("This must be text."), field=field)
    if len(value) > most:
        raise TooLong(field=field, limit=limit, length=len(value))
    if "\x00" in value:
        raise Invalid(N_("This holds a NUL character, which cannot be kept."), field=field)
    if any("\ud800" <= c <= "\udfff" for c in value):
        raise Invalid(N_("This holds half a character, which cannot be kept."), field=field)
    return value


def _within(text: str, *, field: str, limit: int) -> str:
    if len(text) > limit:
        raise TooLong(field=field, limit=limit, length=len(text))
    return text


def day(value: str, *, field: str) -> date:
    """Return the day that is written as year-month-day. Raises: Invalid if it is written otherwise, or is no day."""
    try:
        if _DAY.fullmatch(value):
            return date.fromisoformat(value)
    except ValueError:
        pass        # such as the 30th of February
    raise Invalid(N_("Give the day as year-month-day, such as 2026-03-31."), field=field)
