"""The teams that texts name in `applies_to`."""

from collections.abc import Collection
from functools import lru_cache

from sqlalchemy.orm import Session

from accounts.models import Space
from core.text import folded
from wiki.facts import facts_of
from wiki.models import Version
from wiki.procedures import Found
from wiki.rendering import kept_facts
from wiki.repository import Library
from wiki.standing import Standing


def named_teams(session: Session, library: Library, texts: Collection[tuple[Space, Version]]) -> dict[str, tuple[str, ...]]:
    """Return by blob the names as the texts write them, in one statement."""
    kept = kept_facts(session, texts)
    return {
        version.blob: kept[version.blob].applies_to if version.blob in kept else _read(library, space.slug, version.blob)
        for space, version in texts
    }


def teams_now(session: Session, library: Library, found: Found, standing: Standing) -> tuple[str, ...]:
    """Return the names as the text in force writes them."""
    present = standing.in_force
    return named_teams(session, library, [(found.space, present)])[present.blob] if present else ()


def teams_of(session: Session, library: Library, texts: Collection[tuple[Space, Version]]) -> dict[str, frozenset[str]]:
    """Return by blob the names folded, to be compared with the team of a person."""
    named = named_teams(session, library, texts)
    return {blob: frozenset(folded(name) for name in names) for blob, names in named.items()}


@lru_cache(2000)
def _read(library: Library, slug: str, blob: str) -> tuple[str, ...]:
    # Reading front matter takes milliseconds; a text never changes under its blob.
    return facts_of(library.repository(slug).text(blob), "").applies_to
