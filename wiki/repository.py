"""A space's bare git repository: where its tip is, and how it moves. Only this, `objects` and `history` touch git.

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

import git

from core.errors import N_, Unavailable
from wiki.objects import Commit, Missing, Objects, flush_folder, is_id
from wiki.signing import PRINCIPAL, Signer, load
from wiki.trees import changed_tree

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
        return (self.path / "procedures.lock").exists()

    def make(self) -> None:
        """Make the repository, or finish one whose making was cut short."""
        self.path.parent.mkdir(parents=True, exist_ok=True)
        repo = git.Repo.init(self.path, bare=True, initial_branch="main", template="", allow_unsafe_options=True)
        with repo.config_writer() as config:
            config.set_value("core", "fsync", "all")
            config.set_value("core", "logAllRefUpdates", "true")
            config.set_value("core", "hooksPath", os.devnull)
            config.set_value("gc", "auto", "0")
            config.set_value("gpg", "format", "ssh")
            config.set_value('gpg "ssh"', "allowedSignersFile", str(self.signer.allowed_signers))
        repo.close()
        (self.path / "logs" / "refs" / "heads").mkdir(parents=True, exist_ok=True)
        (self.path / "refs" / "heads").mkdir(parents=True, exist_ok=True)
        (self.path / "procedures.lock").touch()

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

    def blob_at(self, commit: str, path: str) -> str | None:
        """Return the blob id of a file in a commit, None if there is none there."""
        id = self.commit_of(commit).tree
        parts = path.encode().split(b"/")
        for number, part in enumerate(parts):
            entry = next((e for e in self.objects.tree(id) if e[1] == part), None)
            if entry is None:
                return None
            id = entry[2].hex()
            if number < len(parts) - 1 and entry[0] not in (b"40000", b"040000"):
                return None
        return id

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
