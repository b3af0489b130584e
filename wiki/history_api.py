"""How a text came to be, in the JSON API: the same verbs as the pages."""

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from accounts.web import reading
from core import clock
from core.api import Endpoint, PageQuery, page_of
from core.web import site
from wiki import changes, past, procedures
from wiki.answers import FileChangeAnswer, PieceAnswer, VersionAnswer
from wiki.lines import lines
from wiki.past import Saved, SavedText
from wiki.shapes import difference_shape, file_changes_shape, version_shape


class LinesQuery(BaseModel):
    """Of which version, the one that speaks for the procedure by default."""

    model_config = ConfigDict(extra="forbid")
    version: int | None = Field(None, ge=1, le=2**31 - 1)


class LineAnswer(BaseModel):
    """A line with the number of the version that brought it as it stands."""

    text: str
    since: int


class LinesAnswer(BaseModel):
    """The lines of a version, and the versions that they stand since, newest first."""

    code: str
    version: int
    lines: list[LineAnswer]
    versions: list[VersionAnswer]


class PersonAnswer(BaseModel):
    """Somebody."""

    id: str
    name: str


class SavedTextAnswer(BaseModel):
    """One procedure's part of a save; `difference` and `files` are from the save before, or from its base at first."""

    action: str
    code: str
    base: int | None
    markdown: str | None
    difference: list[PieceAnswer]
    files: list[FileChangeAnswer]


class SaveAnswer(BaseModel):
    """One save of a change; `author` is null for an import and for a merge of the site's."""

    number: int
    at: str
    author: PersonAnswer | None
    digest: str
    reason: str | None
    kind: Literal["material", "editorial"] | None
    for_you: list[str]
    in_force_from: str | None
    replaces_scheduled: bool | None
    texts: list[SavedTextAnswer]


class SavesAnswer(BaseModel):
    """A page of saves in order."""

    items: list[SaveAnswer]
    total: int
    page: int
    page_size: int


class SavesQuery(PageQuery):
    """Which saves to list."""

    page_size: int = Field(20, ge=1, le=100)


def list_lines(code: str, query: LinesQuery) -> dict:
    """Read since which version each line of a text stands."""
    session, actor = reading()
    found = procedures.readable(session, actor, code)
    standing = procedures.standing_of(session, found.procedure, site().library)
    version = procedures.numbered(standing, str(query.version)) if query.version else standing.shown
    stood = lines(session, site().database, site().library, found.space, standing.versions, version)
    since = {line.since.number for line in stood}
    return {
        "code": found.procedure.code,
        "version": version.number,
        "lines": [{"text": line.text, "since": line.since.number} for line in stood],
        "versions": [version_shape(standing, one) for one in standing.versions if one.number in since],
    }


def list_saves(id: str, query: SavesQuery) -> dict:
    """List every save of a change in order, with what each made of the one before."""
    session, actor = reading()
    change, space = changes.readable(session, actor, id)
    saved, total = past.saves(session, site().library, space, change, page=query.page, page_size=query.page_size)
    return page_of([_save(one) for one in saved], total, query)


def _save(saved: Saved) -> dict:
    return {
        "number": saved.number,
        "at": clock.rfc3339(saved.at),
        "author": {"id": saved.person.id, "name": saved.person.name} if saved.person else None,
        "digest": saved.digest,
        **{name: saved.content.get(name) for name in ("reason", "kind", "in_force_from", "replaces_scheduled")},
        "for_you": saved.content.get("for_you", []),
        "texts": [_text(text) for text in saved.texts],
    }


def _text(text: SavedText) -> dict:
    return {
        "action": text.action, "code": text.code, "base": text.base, "markdown": text.markdown,
        "difference": difference_shape(text.found), "files": file_changes_shape(text.files),
    }


ENDPOINTS = [
    Endpoint("GET", "/procedures/<code>/lines", list_lines, query=LinesQuery, answer=LinesAnswer),
    Endpoint("GET", "/changes/<id>/saves", list_saves, query=SavesQuery, answer=SavesAnswer),
]
