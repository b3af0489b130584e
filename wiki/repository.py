"""A space's bare git repository: its commits and the files in them. Only this, `making`, `objects`, `branch` and
`history` touch git.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from wiki import making
from wiki.branch import Branch, Moved
from wiki.objects import Commit, Missing, Objects
from wiki.signing import PRINCIPAL, Signer, load
from wiki.trees import changed_tree
from wiki.uploads import Uploads

_SITE = f"Living Procedures <{PRINCIPAL}>"


@dataclass(frozen=True)
class Library:
    """Where the texts are kept, and the zone in which a day begins."""

    data: Path
    zone: ZoneInfo

    def repository(self, slug: str) -> "Repository":
        """Return the repository of a space, made the first time."""
        repository = _opened(self, slug)
        if not repository.is_made:
            repository.make()
        return repository

    @property
    def signer(self) -> Signer:
        """The site's signer."""
        return _signer(self)

    @property
    def uploads(self) -> Uploads:
        """The files that drafts have and git not yet."""
        return Uploads(self.data / "uploads")


_signers: dict[Path, Signer] = {}
_repositories: dict[tuple[Path, str], "Repository"] = {}


def _signer(library: Library) -> Signer:
    if library.data not in _signers:
        _signers[library.data] = load(library.data / "keys")
    return _signers[library.data]


def _opened(library: Library, slug: str) -> "Repository":
    key = (library.data, slug)
    if key not in _repositories:
        _repositories[key] = Repository(library.data / "spaces" / f"{slug}.git", _signer(library))
    return _repositories[key]


class Repository:
    """One bare repository with one branch, `main`. Holds no open file, so threads may share it."""

    def __init__(self, path: Path, signer: Signer):
        self.path = path
        self.signer = signer
        self.objects = Objects(path)
        self.branch = Branch(path, _SITE)

    @property
    def is_made(self) -> bool:
        """Whether the repository stands on disk, whole: its mark is written last."""
        return making.is_made(self.path)

    def make(self) -> None:
        """Make the repository, or finish one whose making was cut short."""
        making.make(self.path, self.signer.allowed_signers, is_empty=lambda: self.tip() is None)

    def tip(self) -> str | None:
        """Return the id `main` points at, None in an empty repository. Raises: Unavailable, as `Branch.tip`."""
        return self.branch.tip()

    def move(self, old: str | None, new: str) -> None:
        """Move `main` from `old` to `new`, flushed. Raises: Moved, Unavailable, as `Branch.move`."""
        self.branch.move(old, new)

    def trust(self, allowed_signers: Path) -> None:
        """Tell git which file names the keys whose signatures it believes."""
        making.trust(self.path, allowed_signers)

    def commit_of(self, id: str) -> Commit:
        """Return a parsed commit. Raises: objects.Missing."""
        return self.objects.commit(id)

    def is_signed(self, commit: Commit) -> bool:
        """Say whether the commit carries this site's signature."""
        return bool(commit.signature) and self.signer.is_ours(commit.payload, commit.signature)

    def text(self, blob: str) -> str:
        """Return a text. Bytes that are not UTF-8, which only an import can bring, show as replacement characters."""
        return self.objects.blob(blob).decode("utf-8", "replace")

    def write_text(self, text: str) -> str:
        """Write a text and return its blob id."""
        return self.objects.write("blob", text.encode())

    def commit(
        self, parent: str | None, files: Mapping[str, str | None], message: str, *, author: tuple[str, str], at: datetime,
        tree: str | None = None,
    ) -> str:
        """Write a signed commit that sets `files` (path → blob id, None removes) on the parent's tree; return its id.

        `author` is a name and a person's id. With `tree`, that tree is taken as it is.
        """
        if tree is None:
            tree = changed_tree(self.objects, self.commit_of(parent).tree if parent else None, files)
        stamp = f"{int(at.timestamp())} +0000"
        lines = [f"tree {tree}"]
        lines += [f"parent {parent}"] if parent else []
        lines += [f"author {author[0]} <{author[1]}> {stamp}", f"committer {_SITE} {stamp}"]
        payload = ("\n".join(lines) + "\n\n" + message).encode()
        signature = self.signer.sign(payload).replace("\n", "\n ")
        signed = ("\n".join(lines) + f"\ngpgsig {signature}\n\n" + message).encode()
        return self.objects.write("commit", signed)

    def blob_at(self, commit: str, path: str) -> str | None:
        """Return the blob id of a file in a commit, None if there is none there."""
        id = self.commit_of(commit).tree
        parts = path.encode().split(b"/")
        for number, part in enumerate(parts):
            mode, found = self.objects.tree(id).get(part, (None, None))
            if found is None:
                return None
            id = found.hex()
            if number < len(parts) - 1 and mode not in (b"40000", b"040000"):
                return None
        return id

    def files_in(self, commit: str, folder: str) -> dict[str, str]:
        """Return the files that stand in a folder of a commit, by name, as their blob ids; none where there is no folder."""
        id = self.blob_at(commit, folder)
        try:
            entries = self.objects.tree(id) if id else {}
        except Missing:
            return {}       # a file has that name
        return {name.decode("utf-8", "replace"): blob.hex() for name, (mode, blob) in entries.items() if mode.startswith(b"100")}

    def tree_of(self, commit: str) -> Iterator[tuple[str, str]]:
        """Yield every file of a commit as its path and blob id; links and submodules are no files."""
        waiting = [("", self.commit_of(commit).tree)]
        while waiting:
            folder, id = waiting.pop()
            for raw, (mode, blob) in self.objects.tree(id).items():
                path = folder + raw.decode("utf-8", "replace")
                if mode in (b"40000", b"040000"):
                    waiting.append((f"{path}/", blob.hex()))
                elif mode.startswith(b"100"):
                    yield path, blob.hex()

__all__ = ["Library", "Missing", "Moved", "Repository"]
