"""Files in git: which paths of the tree a publication sets or clears, and what a commit says that a version has."""

import hashlib
from collections.abc import Mapping, Sequence
from functools import lru_cache

from accounts.models import Space
from core.errors import Conflict, N_, Unavailable
from wiki.attached import LARGEST, Attachment, content_of, folder_of, listed, rows
from wiki.models import ChangeText, Version
from wiki.objects import Missing
from wiki.repository import Library, Repository
from wiki.trailers import Entry


def files_of(library: Library, space: Space, text: ChangeText, entry: Entry, versions: Sequence[Version]) -> Mapping[str, str | None]:
    """Return what the tree's files of one procedure become: path → blob id, None for one that goes.

    `versions` are all it had, newest first.

    Raises: Conflict if something else, which an import brought, has the place of a file; Unavailable if the bytes of a
    file cannot be read.
    """
    repository = library.repository(space.slug)
    files = {_path(version.path, entry.code, one.name): None for version in versions for one in listed(version)}
    for one in _standing(text, entry, versions):
        path = _path(entry.path, entry.code, one.name)
        if path not in files and space.recorded_tip and repository.blob_at(space.recorded_tip, path):
            raise Conflict(N_("The collection has a file at %(path)s already. Give yours another name."), field="file", path=path)
        files[path] = one.blob or _written(library, space.slug, one)
    return files


def attachments_in(repository: Repository, commit: str, entry: Entry) -> list[dict]:
    """Return the files that a publication gave to a version, from the commit alone, as they are kept in its row.

    Raises: Missing if one of them is not there.
    """
    if not entry.attachments:
        return []
    held = repository.files_in(commit, folder_of(entry.path, entry.code))
    return rows(_described(repository, held.get(name, ""), name, type) for type, name in entry.attachments)


def _described(repository: Repository, blob: str, name: str, type: str) -> Attachment:
    sha256, size = _measured(repository, blob)
    return Attachment(name, sha256, size, type, blob)


@lru_cache(maxsize=1024)
def _measured(repository: Repository, blob: str) -> tuple[str, int]:
    # An id never means other bytes, and most files of a version are those of the one before.
    content = repository.objects.large_blob(blob, LARGEST)
    return hashlib.sha256(content).hexdigest(), len(content)


def _standing(text: ChangeText, entry: Entry, versions: Sequence[Version]) -> Sequence[Attachment]:
    if entry.action != "cancel":
        return listed(text)
    return listed(next((v for v in versions if not v.cancelled_by and v.number < entry.number), None))


def _written(library: Library, slug: str, one: Attachment) -> str:
    try:
        return library.repository(slug).objects.write("blob", content_of(library, slug, one))
    except Missing:
        raise Unavailable(N_("The file %(name)s cannot be read, so nothing was published. Add it again."), name=one.name) from None


def _path(path: str, code: str, name: str) -> str:
    return f"{folder_of(path, code)}/{name}"
