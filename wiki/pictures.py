"""The pictures and files that a text calls by name: the address of exactly that version's, or draft's, file."""

import unicodedata
from collections.abc import Callable, Iterable
from urllib.parse import quote, urlsplit

from sqlalchemy.orm import Session

from accounts.models import Space
from wiki.attached import LARGEST, Attachment, listed
from wiki.filetypes import picture_type
from wiki.markdown import Place, inside_of
from wiki.models import Procedure, Version
from wiki.objects import Missing
from wiki.repository import Library, Repository


def of_version(session: Session, library: Library, space: Space, version: Version) -> tuple[Place, Place]:
    """Return where the pictures and the files of a version's text are; a picture may also be what stood in the collection."""
    code = session.get(Procedure, version.procedure_id).code
    own = pictures(listed(version), code, version_address(code, version.number))
    repository = library.repository(space.slug)

    def address(called: str) -> str | None:
        inside = place_of(called, version.path)
        if (found := own(called)) is not None or inside is None:
            return found
        shown = in_collection(repository, version.commit, inside) is not None
        return f"/spaces/{space.slug}/file/{quote(inside)}?code={code}&version={version.number}" if shown else None

    return address, named(listed(version), code, version_address(code, version.number))


def version_address(code: str, number: int) -> Callable[[str], str]:
    """Return how a file of a version is addressed by its name."""
    return lambda name: f"/procedures/{code}/versions/{number}/files/{quote(name)}"


def change_address(change_id: str, position: int) -> Callable[[str], str]:
    """Return how a file of a change's text is addressed by its name."""
    return lambda name: f"/changes/{change_id}/files/{position + 1}/{quote(name)}"


def pictures(attachments: Iterable[Attachment], code: str, address: Callable[[str], str]) -> Place:
    """Return where the pictures among these files are, as `named`."""
    return named((one for one in attachments if one.is_picture), code, address)


def named(attachments: Iterable[Attachment], code: str, address: Callable[[str], str]) -> Place:
    """Return where these files are; a text calls one by its name, or by its folder and name."""
    held = {one.name for one in attachments}

    def found(called: str) -> str | None:
        name = unicodedata.normalize("NFC", place_of(called, "") or "").removeprefix(f"{code.lower()}/")
        return address(name) if name in held else None

    return found


def place_of(called: str, path: str) -> str | None:
    """Return the place in the collection that the text at `path` means by what it calls a file, None if it is outside."""
    try:
        parts = urlsplit(called)
    except ValueError:
        return None
    if parts.scheme or parts.netloc or not parts.path:
        return None
    # From a slash on, a collection means its own root.
    return inside_of(parts.path.lstrip("/"), "" if called.startswith("/") else path)


def in_collection(repository: Repository, commit: str, path: str) -> tuple[bytes, str] | None:
    """Return the bytes and media type of a picture that stands at a path of a commit, None for anything else."""
    try:
        blob = repository.blob_at(commit, path)
        content = repository.objects.large_blob(blob, LARGEST) if blob else b""
    except Missing:
        return None
    type = picture_type(content) if content else None
    return (content, type) if type else None
