"""The files that come with a text: their list, what may be in it, and how two lists differ or are brought together.

In rows a list is JSON, sorted by name, the same for a version and for a draft's text; a draft's new file has no blob yet.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from posixpath import dirname, join
from typing import Protocol

from core.errors import Invalid, N_, TooBig
from wiki.filenames import cleaned, folded
from wiki.filetypes import judged
from wiki.kinds import BY_TYPE, PICTURE_TYPES, Kind
from wiki.repository import Library

MEBIBYTE = 1024 * 1024
LARGEST = 10 * MEBIBYTE
LARGEST_TOGETHER = 50 * MEBIBYTE
MOST = 20
_COVERED = ("name", "sha256", "size", "type")


@dataclass(frozen=True)
class Attachment:
    """One file of a text. `blob` is its id in git, None while only a draft has it."""

    name: str
    sha256: str
    size: int
    type: str
    blob: str | None = None

    @property
    def kind(self) -> Kind:
        """What it is, in words."""
        return BY_TYPE[self.type]

    @property
    def is_picture(self) -> bool:
        """Whether a text may show it."""
        return self.type in PICTURE_TYPES


class Holder(Protocol):
    """A version, or a text of a change."""

    attachments: list[dict]


@dataclass(frozen=True)
class FileChange:
    """What became of one file: added, removed, replaced or same; `before` and `after` are None where it is not."""

    change: str
    before: Attachment | None
    after: Attachment | None

    @property
    def name(self) -> str:
        """The name it has now, or had."""
        return (self.after or self.before).name


def listed(holder: Holder | None) -> tuple[Attachment, ...]:
    """Return the files of a version or of a draft's text; nothing has none."""
    return tuple(Attachment(**row) for row in holder.attachments) if holder is not None and holder.attachments else ()


def rows(attachments: Iterable[Attachment]) -> list[dict]:
    """Return a list of files as it is kept in a row."""
    return [asdict(one) for one in sorted(attachments, key=lambda one: one.name)]


def covered(holder: Holder) -> list[dict]:
    """Return what a digest covers of a text's files."""
    return [{name: getattr(one, name) for name in _COVERED} for one in sorted(listed(holder), key=lambda one: one.name)]


def received(library: Library, name: object, content: bytes) -> Attachment:
    """Judge a file that somebody gives and keep its bytes.

    Raises: Invalid or TooBig with a sentence if it is not taken; Unavailable if the disk takes nothing.
    """
    check_size(name, content)
    name = cleaned(name)
    kind = judged(name, content)
    return Attachment(name, library.uploads.put(content), len(content), kind.type)


def check_size(name: object, content: bytes) -> None:
    """Go on only if a file is not too big. Raises: TooBig, or Invalid for its name."""
    if len(content) > LARGEST:
        raise TooBig(N_("%(name)s has more than %(most)s MiB, the most for one file."), field="file", name=cleaned(name), most=LARGEST // MEBIBYTE)


def content_of(library: Library, slug: str, attachment: Attachment) -> bytes:
    """Return the bytes of a file, from git or, while only a draft has it, from the uploads. Raises: Missing."""
    if attachment.blob is None:
        return library.uploads.get(attachment.sha256)
    return library.repository(slug).objects.large_blob(attachment.blob, LARGEST)


def combined(present: Iterable[Attachment], added: Iterable[Attachment], removed: Collection[str]) -> list[dict]:
    """Return the list that follows when some files go and others come; a file takes the place of the one of its name.

    Raises: Invalid if they are too many.
    """
    gone = {folded(name) for name in removed}
    found = {folded(one.name): one for one in present if folded(one.name) not in gone}
    for one in added:
        held = found.get(folded(one.name))
        found[folded(one.name)] = held if held and (held.name, held.sha256) == (one.name, one.sha256) else one
    if len(found) > MOST:
        raise Invalid(N_("A procedure takes at most %(most)s files."), field="file", most=MOST)
    return rows(found.values())


def check_together(holders: Iterable[Holder]) -> None:
    """Go on only if the new files of a change are not too much together. Raises: TooBig."""
    if sum(one.size for holder in holders for one in listed(holder) if one.blob is None) > LARGEST_TOGETHER:
        raise TooBig(N_("The new files of a change have at most %(most)s MiB together."), field="file", most=LARGEST_TOGETHER // MEBIBYTE)


def together(base: Sequence[Attachment], ours: Sequence[Attachment], theirs: Sequence[Attachment]) -> tuple[list[Attachment], list[str]]:
    """Return two lists that came from one, brought together, and the names that both sides touched: there ours stands."""
    sides = [{folded(one.name): one for one in side} for side in (base, ours, theirs)]
    found, touched = [], []
    for key in sorted(set().union(*sides)):
        was, mine, other = (side.get(key) for side in sides)
        if _same(mine, other) or _same(was, other):
            found.append(mine)
        elif _same(was, mine):
            found.append(other)
        else:
            found.append(mine)
            touched.append((mine or other).name)
    return [one for one in found if one is not None], touched


def differences(before: Iterable[Attachment], after: Iterable[Attachment]) -> list[FileChange]:
    """Return what became of every file between two lists, by name."""
    old, new = ({folded(one.name): one for one in side} for side in (before, after))
    return [_difference(old, new, key) for key in sorted(old.keys() | new.keys())]


def touched(before: Iterable[Attachment], after: Iterable[Attachment]) -> list[FileChange]:
    """Return the same without the files that stayed as they were."""
    return [one for one in differences(before, after) if one.change != "same"]


def folder_of(path: str, code: str) -> str:
    """Return the folder in which a procedure's files stand in git: beside its text, named by its code."""
    return join(dirname(path), code.lower())


def _difference(old: Mapping[str, Attachment], new: Mapping[str, Attachment], key: str) -> FileChange:
    before, after = old.get(key), new.get(key)
    change = "added" if before is None else "removed" if after is None else "same" if _same(before, after) else "replaced"
    return FileChange(change, before, after)


def _same(one: Attachment | None, other: Attachment | None) -> bool:
    return (one and (one.name, one.sha256, one.type)) == (other and (other.name, other.sha256, other.type))
