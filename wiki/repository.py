"""A space's bare git repository: where its tip is, and how it moves. Only this, `making`, `objects` and
`history` touch git.

The branch moves by compare-and-swap on its old value, always: the SQL lock of a space keeps writers apart, the swap
keeps them honest. Writers of ours also hold a lock that dies with its process, so that a `main.lock` they find is
known not to be one of ours alive.
"""

import fcntl
import os
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from core.errors import N_, Unavailable
from core.flushing import flush_folder
from wiki import making
from wiki.objects import Commit, Missing, Objects, is_id
from wiki.signing import PRINCIPAL, Signer, load
from wiki.trees import changed_tree
from wiki.uploads import Uploads

_FILE_MODE = b"100644"
_FOREIGN_LOCK_S = 2.0
_SITE = f"Living Procedures <{PRINCIPAL}>"


class Moved(Exception):
    """The branch is no longer where the caller read it."""


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
        self._ref = path / "refs" / "heads" / "main"

    @property
    def is_made(self) -> bool:
        """Whether the repository stands on disk, whole: its mark is written last."""
        return making.is_made(self.path)

    def make(self) -> None:
        """Make the repository, or finish one whose making was cut short."""
        making.make(self.path, self.signer.allowed_signers, is_empty=self._is_empty)

    def _is_empty(self) -> bool:
        return self.tip() is None

    def trust(self, allowed_signers: Path) -> None:
        """Tell git which file names the keys whose signatures it believes."""
        making.trust(self.path, allowed_signers)

    def tip(self) -> str | None:
        """Return the id `main` points at, None in an empty repository.

        Raises: Unavailable if the ref is there and says nothing.
        """
        try:
            text = self._ref.read_text().strip()
        except FileNotFoundError:
            return self._packed_tip()
        if not is_id(text):
            raise Unavailable(N_("The history of this space cannot be read. Nothing was changed."))
        return text

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

    def move(self, old: str | None, new: str) -> None:
        """Move `main` from `old` to `new`, flushed.

        Raises: Moved if it is no longer at `old`; Unavailable if another program holds the branch.
        """
        with self._locked(), self._lock_file(new) as lock:
            if self.tip() != old:
                raise Moved(new)
            self._log(old, new)
            os.rename(lock, self._ref)
            flush_folder(self._ref.parent)

    def says_nothing(self) -> bool:
        """Whether the branch points nowhere: its file is empty, cut short or gone."""
        try:
            return not is_id(self._ref.read_text(errors="replace").strip())
        except FileNotFoundError:
            return self._packed_tip() is None

    def last_logged(self) -> str | None:
        """Return where the branch went last, as its log tells."""
        try:
            lines = (self.path / "logs" / "refs" / "heads" / "main").read_text(errors="replace").splitlines()
        except FileNotFoundError:
            return None
        ids = [fields[1] for line in lines if len(fields := line.split()) > 1 and is_id(fields[1])]
        return ids[-1] if ids else None

    def point_again(self, id: str) -> None:
        """Let a branch that points nowhere point at a commit again, flushed. Raises: Moved if it points somewhere."""
        with self._locked(), self._lock_file(id) as lock:
            if not self.says_nothing():
                raise Moved(id)
            os.rename(lock, self._ref)
            flush_folder(self._ref.parent)

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

    def _packed_tip(self) -> str | None:
        try:
            for line in (self.path / "packed-refs").read_text().splitlines():
                if line.endswith(" refs/heads/main"):
                    return line.split()[0]
        except FileNotFoundError:
            pass
        return None

    @contextmanager
    def _locked(self) -> Iterator[None]:
        with open(self.path / "procedures.lock") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            yield

    @contextmanager
    def _lock_file(self, new: str) -> Iterator[Path]:
        path = self._ref.with_name("main.lock")
        descriptor = _create_alone(path)
        try:
            with os.fdopen(descriptor, "w") as file:
                file.write(new + "\n")
                file.flush()
                os.fsync(file.fileno())
            yield path
        finally:
            path.unlink(missing_ok=True)

    def _log(self, old: str | None, new: str) -> None:
        line = f"{old or '0' * 40} {new} {_SITE} {int(time.time())} +0000\tpublication\n"
        with open(self.path / "logs" / "refs" / "heads" / "main", "a") as log:
            log.write(line)


def _create_alone(path: Path) -> int:
    """Create `path` and return its descriptor; a lock left by a dead process of ours is taken over.

    The caller holds the process lock, so a lock found here belongs to a foreign git process, which needs an instant,
    or to nobody any more.

    Raises: Unavailable while a foreign process works on the branch.
    """
    deadline = time.monotonic() + _FOREIGN_LOCK_S
    seen: os.stat_result | None = None
    while True:
        try:
            return os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o644)
        except FileExistsError:
            found = _stat(path)
            if found and seen and (found.st_ino, found.st_mtime_ns) != (seen.st_ino, seen.st_mtime_ns):
                raise Unavailable(N_("Another program is working on the history of this space. Try again.")) from None
            seen = seen or found
            if time.monotonic() > deadline:
                path.unlink(missing_ok=True)
                continue
            time.sleep(0.02)


def _stat(path: Path) -> os.stat_result | None:
    try:
        return path.stat()
    except FileNotFoundError:
        return None


__all__ = ["Library", "Missing", "Moved", "Repository"]
