"""What somebody typed, read: words, “quoted phrases”, and codes such as KYC-001. Anything can be typed."""

import re
from dataclasses import dataclass

from search.words import words

LONGEST = 400
_PHRASE = re.compile(r'["“”«]\s*([^"“”«»]{2,200}?)\s*["“”»]')
_CODE = re.compile(r"\b([A-Za-z]{2,6})-?(\d{1,9})\b")


@dataclass(frozen=True)
class Asked:
    """A question in its parts."""

    text: str
    phrases: tuple[str, ...]
    codes: tuple[str, ...]


def read(typed: str) -> Asked:
    """Return what was typed in its parts; what is beyond the longest question is not looked at."""
    text = " ".join(typed.replace("\x00", " ")[:LONGEST].split())
    phrases = tuple(" ".join(word.folded for word in words(match)) for match in _PHRASE.findall(text))
    codes = tuple(f"{prefix.upper()}-{int(number):03d}" for prefix, number in _CODE.findall(text))
    return Asked(text, tuple(filter(None, phrases)), codes)
