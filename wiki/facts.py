"""What a text says of itself in its front matter, as plain values. None of it has authority over state or rights."""

from dataclasses import dataclass

from accounts.models import LANGUAGES
from wiki import frontmatter


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
        translation_of=_words(found.get("translation_of")),
    )


def _words(value: object) -> str:
    return " ".join(str(value).split())[:400] if isinstance(value, str | int | float) and value is not True else ""


def _several(value: object) -> tuple[str, ...]:
    values = value if isinstance(value, list) else [value]
    return tuple(words for words in map(_words, values[:50]) if words)
