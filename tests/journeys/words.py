"""The site's own sentences in the language of a journey, so that one journey serves every language."""

from functools import cache
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po

_FOLDER = Path(__file__).resolve().parent.parent.parent / "translations"


def words(language: str, english: str, **values) -> str:
    """Return a sentence as the pages say it in a language. Raises: KeyError if it is not in the catalogue."""
    said = english if language == "en" else _said(language, english)
    return said % values if values else said


def _said(language: str, english: str) -> str:
    message = _catalogue(language).get(english)
    if message is None or not message.string:
        raise KeyError(f"{english!r} is not said in {language}")
    return message.string if isinstance(message.string, str) else message.string[0]


@cache
def _catalogue(language: str) -> Catalog:
    with (_FOLDER / language / "LC_MESSAGES" / "messages.po").open("rb") as file:
        return read_po(file, locale=language)
