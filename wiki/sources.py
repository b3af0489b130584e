"""What an import can come from: a folder of Markdown, a git repository or a bundle, brought into a space's repository."""

import os
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from core.errors import Invalid, N_
from wiki.attached import LARGEST
from wiki.filetypes import picture_type
from wiki.history import MARKDOWN, git
from wiki.kinds import PICTURES
from wiki.repository import Repository
from wiki.trees import changed_tree

_LARGEST = 1024 * 1024
_PICTURE_ENDINGS = {ending for kind in PICTURES for ending in kind.endings}
_HIDDEN = (".git", ".hg", ".svn", ".venv", "node_modules")


@dataclass(frozen=True)
class Brought:
    """A source as one commit in the space's repository, and what stayed behind."""

    tip: str
    name: str
    left: tuple[str, ...]


def bring(repository: Repository, source: str, at: datetime) -> Brought:
    """Bring a source's objects into the repository, under no branch, and return its tip.

    Raises: Invalid if there is nothing there that can be imported.
    """
    path = Path(os.path.abspath(source))
    if not path.exists():
        raise Invalid(N_("There is nothing at %(source)s."), field="source", source=source)
    if path.is_file() or (path / ".git").exists() or (path / "objects").is_dir() and (path / "HEAD").is_file():
        return _fetched(repository, path)
    return _gathered(repository, path, at)


def _fetched(repository: Repository, path: Path) -> Brought:
    ref = _branch(path)
    protocol = ("-c", "protocol.allow=never", "-c", "protocol.file.allow=always", "-c", "submodule.recurse=false")
    git("-C", str(repository.path), *protocol, "fetch", "--quiet", "--no-tags", "--no-write-fetch-head", "--end-of-options", str(path), ref)
    tip = git("ls-remote", "--end-of-options", str(path), ref).split()[0].decode()
    names = git("-C", str(repository.path), "ls-tree", "-r", "-z", "--name-only", tip, "--").split(b"\0")
    left = [name.decode("utf-8", "replace") for name in names if name]
    return Brought(tip, path.name, tuple(name for name in left if not MARKDOWN.search(name)))


def _branch(path: Path) -> str:
    lines = git("ls-remote", "--end-of-options", str(path)).decode("utf-8", "replace").splitlines()
    refs = [line.split("\t")[1] for line in lines if "\t" in line]
    heads = [ref for ref in refs if ref.startswith("refs/heads/")]
    for wanted in ("HEAD", "refs/heads/main", "refs/heads/master", *heads[:1]):
        if wanted in refs:
            return wanted
    raise Invalid(N_("This repository holds no commit."), field="source")


def _gathered(repository: Repository, folder: Path, at: datetime) -> Brought:
    files, left = {}, []
    for root, folders, names in os.walk(folder, followlinks=False):
        folders[:] = sorted(name for name in folders if name not in _HIDDEN)
        for name in sorted(names):
            path = Path(root, name)
            inside = path.relative_to(folder).as_posix()
            if _is_taken(path):
                files[inside] = repository.objects.write("blob", path.read_bytes())
            else:
                left.append(inside)
    if not any(MARKDOWN.search(name) for name in files):
        raise Invalid(N_("There is no Markdown file in %(source)s."), field="source", source=str(folder))
    tree = changed_tree(repository.objects, None, files)
    return Brought(_plain_commit(repository, tree, folder.name, at), folder.name, tuple(left))


def _is_taken(path: Path) -> bool:
    """Say whether a file of a folder is a page, or a picture that its texts may show."""
    if not path.is_file() or path.is_symlink():
        return False
    size = path.stat().st_size
    if MARKDOWN.search(path.name):
        return size <= _LARGEST
    return path.suffix.lower().lstrip(".") in _PICTURE_ENDINGS and size <= LARGEST and picture_type(path.read_bytes()) is not None


def _plain_commit(repository: Repository, tree: str, name: str, at: datetime) -> str:
    # A folder has no past: one commit that nobody signs stands for it, and is the same for the same files and second.
    stamp = f"{int(at.timestamp())} +0000"
    text = f"tree {tree}\nauthor Import <import> {stamp}\ncommitter Import <import> {stamp}\n\nFolder {name}\n"
    return repository.objects.write("commit", text.encode("utf-8", "replace"))
