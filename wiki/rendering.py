"""A version's text as HTML, kept by what it was made from: rendering costs more than reading."""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass

from sqlalchemy import select
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from accounts.models import Space
from core.database import Database
from wiki.facts import Facts, facts_of
from wiki.markdown import render
from wiki.models import Rendering, Version
from wiki.pictures import of_version
from wiki.repository import Library

_RENDERER = "3"     # another number forgets what older rules of rendering made


@dataclass(frozen=True)
class Shown:
    """A text as a page shows it."""

    html: str
    facts: Facts


def shown(session: Session, database: Database, library: Library, space: Space, version: Version) -> Shown | None:
    """Return a version's text rendered, None if it retired the procedure. What was rendered is kept for the next reader."""
    return shown_all(session, database, library, space, [version]).get(version.id)


def shown_all(
    session: Session, database: Database, library: Library, space: Space, versions: Sequence[Version]
) -> dict[int, Shown]:
    """Return the texts of versions of one space rendered, by the id of the version; one that has no text is left out."""
    keys = {version.id: _key(space, version) for version in versions if version.blob}
    rows = session.scalars(select(Rendering).where(Rendering.key.in_(set(keys.values()))))
    found = {row.key: Shown(row.html, _facts(row.facts)) for row in rows}
    repository = library.repository(space.slug)
    made = {
        keys[version.id]: _made(session, library, space, version, repository.text(version.blob))
        for version in versions if version.blob and keys[version.id] not in found
    }
    _keep(database, made)
    return {id: (found | made)[key] for id, key in keys.items()}


def kept_facts(session: Session, texts: Iterable[tuple[Space, Version]]) -> dict[str, Facts]:
    """Return by blob what these texts say of themselves, in one statement; those that nobody has read yet are left out."""
    blobs = {_key(space, version): version.blob for space, version in texts}
    rows = session.execute(select(Rendering.key, Rendering.facts).where(Rendering.key.in_(list(blobs))))
    return {blobs[key]: _facts(kept) for key, kept in rows}


def _key(space: Space, version: Version) -> str:
    # The commit says which files the version has: the same text beside another picture is rendered apart.
    return hashlib.sha256(f"{_RENDERER} {version.commit} {version.blob} {space.slug} {version.path}".encode()).hexdigest()


def _made(session: Session, library: Library, space: Space, version: Version, text: str) -> Shown:
    picture, file = of_version(session, library, space, version)
    return Shown(render(text, path=version.path, slug=space.slug, picture=picture, file=file).html, facts_of(text, version.path))


def _facts(kept: dict) -> Facts:
    return Facts(**{name: tuple(value) if isinstance(value, list) else value for name, value in kept.items()})


def _keep(database: Database, made: Mapping[str, Shown]) -> None:
    if not made:
        return
    try:
        with database.transaction() as session:
            for key, shown_now in made.items():
                if session.get(Rendering, key) is None:
                    session.add(Rendering(key=key, html=shown_now.html, facts=asdict(shown_now.facts)))
    except DBAPIError:
        pass    # two readers at once, or a disk that takes nothing: the next reader renders it again
