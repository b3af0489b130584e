"""What a text says of itself in its front matter, as plain values. None of it has authority over state or rights."""

import re
from dataclasses import dataclass

from accounts.models import LANGUAGES
from wiki import frontmatter


_TRANSLATED = re.compile(r"([A-Za-z]{2,6}-[0-9]{3,12})(?: ?@ ?([1-9][0-9]{0,8}))?")


@dataclass(frozen=True)
class Translated:
    """The procedure that a text was translated from, and its version; None is the newest when it is published."""

    code: str
    version: int | None


@dataclass(frozen=True)
class Facts:
    """The title, and what the front matter may say beside it."""

    title: str
    owner: str = ""
    language: str | None = None
    applies_to: tuple[str, ...] = ()
    regulations: tuple[str, ...] = ()
    review_every: str = ""
    translation_of: str = ""


def facts_of(text: str, path: str) -> Facts:
    """Return the facts of a whole file; what cannot be read is left out."""
    found = frontmatter.split(text).facts
    language = _words(found.get("language"))[:2].lower()
    return Facts(
        title=frontmatter.title_of(text, path),
        owner=_words(found.get("owner")),
        language=language if language in LANGUAGES else None,
        applies_to=_several(found.get("applies_to")),
        regulations=_several(found.get("regulations")),
        review_every=_words(found.get("review_every")),
        translation_of=" ".join(str(found.get("translation_of") or "").split())[:400],
    )


def translated(facts: Facts) -> Translated | None:
    """Return what a text says that it was translated from, None if it says nothing.

    Raises: ValueError if what it says names no procedure.
    """
    if not facts.translation_of:
        return None
    found = _TRANSLATED.fullmatch(facts.translation_of)
    if found is None:
        raise ValueError(facts.translation_of)
    return Translated(found[1].upper(), int(found[2]) if found[2] else None)


def _words(value: object) -> str:
    return " ".join(str(value).split())[:400] if isinstance(value, str | int | float) and value is not True else ""


def _several(value: object) -> tuple[str, ...]:
    values = value if isinstance(value, list) else [value]
    return tuple(words for words in map(_words, values[:50]) if words)
