"""Git objects in one bare repository: reading them, and writing them loose and flushed.

Writing is ours because every other way is slower or unsafe here: the index loses other writers' commits, and a process
per object costs more than the publication itself. Reading what is packed goes through GitPython, with a `Repo` per
thread because a shared one corrupts reads.
"""

import hashlib
import os
import re
import threading
import zlib
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType

import git

from core.flushing import write_flushed

_ID = re.compile(r"[0-9a-f]{40}")
_ENTRY = re.compile(rb"([0-7]+) ([^\0]+)\0(.{20})", re.DOTALL)
_REPOS_PER_THREAD = 4
_LARGEST_KEPT = 256 * 1024
_TREES_KEPT = 8

Tree = Mapping[bytes, tuple[bytes, bytes]]


class Missing(Exception):
    """An object that ought to be in the repository is not, or cannot be read."""


@dataclass(frozen=True)
class Commit:
    """A commit, parsed: `payload` is what its signature covers."""

    id: str
    tree: str
    parents: tuple[str, ...]
    author: str
    committer: str
    message: str
    signature: str
    payload: bytes

    @property
    def made_at(self) -> datetime:
        """When it was made, by the clock of whoever committed it."""
        return datetime.fromtimestamp(int(self.committer.rsplit(" ", 2)[1]), UTC)


def is_id(text: str) -> bool:
    """Say whether `text` is a full hex object id, the only form taken from outside."""
    return bool(_ID.fullmatch(text))


class Objects:
    """The objects of one bare repository."""

    def __init__(self, path: Path):
        self.path = path
        self._folder = path / "objects"
        self._kept = lru_cache(maxsize=128)(self._read)
        self._lock = threading.Lock()
        self._trees: OrderedDict[str, Tree] = OrderedDict()       # of thousands of files, so taken apart once each

    def read(self, id: str) -> tuple[str, bytes]:
        """Return the kind and content of an object.

        Raises: Missing if it is not there, or damaged.
        """
        if not is_id(id):
            raise Missing(id)
        kind, content = self._kept(id)
        if len(content) > _LARGEST_KEPT:
            self._kept.cache_clear()
        return kind, content

    def blob(self, id: str) -> bytes:
        """Return the bytes of a blob. Raises: Missing."""
        return self._of_kind("blob", id)

    def large_blob(self, id: str, most: int) -> bytes:
        """Return the bytes of a blob that may be large, without keeping them in memory.

        Raises: Missing, also if there are more than `most` bytes.
        """
        if not is_id(id) or self._size(id) > most:
            raise Missing(id)
        kind, content = self._read(id)
        if kind != "blob":
            raise Missing(id)
        return content

    def commit(self, id: str) -> Commit:
        """Return a parsed commit. Raises: Missing."""
        return _parse_commit(id, self._of_kind("commit", id))

    def tree(self, id: str) -> Tree:
        """Return the entries of a tree by name, each as (mode, binary id), in git's order. Raises: Missing."""
        return self._trees.get(id) or self._keep_tree(id, self._read_tree(id))

    def write_tree(self, entries: Tree) -> str:
        """Write a tree of entries that are in git's order, and return its id."""
        id = self.write("tree", b"".join(b"%s %s\0%s" % (mode, name, id) for name, (mode, id) in entries.items()))
        self._keep_tree(id, MappingProxyType(entries))
        return id

    def write(self, kind: str, content: bytes) -> str:
        """Write an object, flushed to disk, and return its id."""
        whole = f"{kind} {len(content)}\0".encode() + content
        id = hashlib.sha1(whole).hexdigest()
        target = self._folder / id[:2] / id[2:]
        if not target.exists():
            write_flushed(target, zlib.compress(whole, 1))
        return id

    def _keep_tree(self, id: str, entries: Tree) -> Tree:
        with self._lock:
            self._trees[id] = entries
            while len(self._trees) > _TREES_KEPT:
                self._trees.popitem(last=False)
        return entries

    def _read_tree(self, id: str) -> Tree:
        if not is_id(id):
            raise Missing(id)
        kind, content = self._read(id)
        if kind != "tree":
            raise Missing(id)
        return MappingProxyType({name: (mode, entry) for mode, name, entry in _ENTRY.findall(content)})

    def _of_kind(self, kind: str, id: str) -> bytes:
        found, content = self.read(id)
        if found != kind:
            raise Missing(id)
        return content

    def _read(self, id: str) -> tuple[str, bytes]:
        try:
            whole = zlib.decompress((self._folder / id[:2] / id[2:]).read_bytes())
            head, content = whole.split(b"\0", 1)
            if hashlib.sha1(whole).hexdigest() != id:
                raise Missing(id)
            return head.split()[0].decode(), content
        except FileNotFoundError:
            return self._read_packed(id)
        except (zlib.error, ValueError, IndexError) as error:
            raise Missing(id) from error

    def _size(self, id: str) -> int:
        try:
            with open(self._folder / id[:2] / id[2:], "rb") as file:
                return int(zlib.decompressobj().decompress(file.read(256), 64).split(b"\0")[0].split()[1])
        except FileNotFoundError:
            return self._size_packed(id)
        except (zlib.error, ValueError, IndexError) as error:
            raise Missing(id) from error

    def _size_packed(self, id: str) -> int:
        try:
            return _repo(self.path).odb.info(bytes.fromhex(id)).size
        except (ValueError, git.exc.GitError, OSError, AttributeError) as error:
            _forget_repo(self.path)
            raise Missing(id) from error

    def _read_packed(self, id: str) -> tuple[str, bytes]:
        try:
            stream = _repo(self.path).odb.stream(bytes.fromhex(id))
            return stream.type.decode() if isinstance(stream.type, bytes) else stream.type, stream.read()
        except (ValueError, git.exc.GitError, OSError, AttributeError) as error:
            _forget_repo(self.path)
            raise Missing(id) from error


_local = threading.local()


def _repo(path: Path) -> git.Repo:
    held = _held()
    key = str(path)
    if key not in held:
        held[key] = git.Repo(key, odbt=git.GitCmdObjectDB)
        if len(held) > _REPOS_PER_THREAD:
            held.popitem(last=False)[1].close()
    held.move_to_end(key)
    return held[key]


def _held() -> "OrderedDict[str, git.Repo]":
    # After a fork the child must not speak to its parent's git processes.
    if getattr(_local, "pid", None) != os.getpid():
        _local.pid, _local.repos = os.getpid(), OrderedDict()
    return _local.repos


def _forget_repo(path: Path) -> None:
    repo = _held().pop(str(path), None)
    if repo is not None:
        repo.close()


def _parse_commit(id: str, content: bytes) -> Commit:
    head, _, message = content.partition(b"\n\n")
    fields: dict[str, list[str]] = {}
    kept: list[bytes] = []
    name = ""
    for line in head.split(b"\n"):
        if line.startswith(b" ") and name:
            fields[name][-1] += "\n" + line[1:].decode("utf-8", "replace")
        else:
            raw_name, _, value = line.partition(b" ")
            name = raw_name.decode("utf-8", "replace")
            fields.setdefault(name, []).append(value.decode("utf-8", "replace"))
        if name != "gpgsig":
            kept.append(line)
    return Commit(
        id=id,
        tree=fields.get("tree", [""])[0],
        parents=tuple(fields.get("parent", [])),
        author=fields.get("author", [""])[0],
        committer=fields.get("committer", [""])[0],
        message=message.decode("utf-8", "replace"),
        signature=fields.get("gpgsig", [""])[0],
        payload=b"\n".join(kept) + b"\n\n" + message,
    )
