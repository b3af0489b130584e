"""A version's text as HTML, kept by what it was made from: rendering costs more than reading."""

import hashlib
from dataclasses import asdict, dataclass

from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from accounts.models import Space
from core.database import Database
from wiki.facts import Facts, facts_of
from wiki.markdown import render
from wiki.models import Rendering, Version
from wiki.repository import Library

_RENDERER = "2"     # another number forgets what older rules of rendering made


@dataclass(frozen=True)
class Shown:
    """A text as a page shows it."""

    html: str
    facts: Facts


def shown(session: Session, database: Database, library: Library, space: Space, version: Version) -> Shown | None:
    """Return a version's text rendered, None if it retired the procedure. What was rendered is kept for the next reader."""
    if version.blob is None:
        return None
    key = hashlib.sha256(f"{_RENDERER} {version.blob} {space.slug} {version.path}".encode()).hexdigest()
    row = session.get(Rendering, key)
    if row is not None:
        return Shown(row.html, _facts(row.facts))
    made = _made(library.repository(space.slug).text(version.blob), version.path, space.slug)
    _keep(database, key, made)
    return made


def _made(text: str, path: str, slug: str) -> Shown:
    return Shown(render(text, path=path, slug=slug).html, facts_of(text, path))


def _facts(kept: dict) -> Facts:
    return Facts(**{name: tuple(value) if isinstance(value, list) else value for name, value in kept.items()})


def _keep(database: Database, key: str, made: Shown) -> None:
    try:
        with database.transaction() as session:
            if session.get(Rendering, key) is None:
                session.add(Rendering(key=key, html=made.html, facts=asdict(made.facts)))
    except DBAPIError:
        pass    # two readers at once, or a disk that takes nothing: the next reader renders it again
