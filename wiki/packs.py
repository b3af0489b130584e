"""A space's history as one file: packed up to a commit and unpacked again, or as a bundle that any git can clone."""

import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from core.errors import N_, Unavailable
from wiki.history import ENVIRONMENT
from wiki.repository import Library

_PIECE_BYTES = 1024 * 1024


def pack(library: Library, slug: str, tip: str, target: Path) -> None:
    """Write everything that `tip` reaches in a space's repository into one file.

    Raises: Unavailable, naming the space, if any of it cannot be read.
    """
    repository = library.repository(slug)
    command = ["git", "-C", str(repository.path), "-c", "pack.threads=1", "pack-objects", "--revs", "--stdout", "-q"]
    with target.open("wb") as file:
        done = subprocess.run(command, input=f"{tip}\n".encode(), stdout=file, stderr=subprocess.PIPE, env=ENVIRONMENT, check=False)
    if done.returncode:
        raise _unreadable(slug, done.stderr)


def unpack(library: Library, slug: str, tip: str | None, source: BinaryIO | None) -> None:
    """Make a space's repository from what `pack` wrote, its branch at `tip`.

    Raises: Unavailable, naming the space, if git does not take it.
    """
    repository = library.repository(slug)
    if tip is None or source is None:
        return
    command = ["git", "-C", str(repository.path), "index-pack", "--stdin"]
    done = subprocess.run(command, stdin=source, capture_output=True, env=ENVIRONMENT, check=False)
    if done.returncode:
        raise _unreadable(slug, done.stderr)
    repository.move(None, tip)


def bundle(library: Library, slug: str) -> Iterator[bytes]:
    """Yield a git bundle of a space's branch, piece by piece; nothing where nothing was published yet.

    Raises: Unavailable, naming the space, if git cannot read it.
    """
    repository = library.repository(slug)
    if repository.tip() is None:
        return
    command = ["git", "-C", str(repository.path), "-c", "pack.threads=1", "bundle", "create", "-q", "-", "HEAD", "refs/heads/main"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env=ENVIRONMENT) as made:
        while piece := made.stdout.read(_PIECE_BYTES):
            yield piece
    if made.returncode:
        raise _unreadable(slug, b"git bundle failed")


def _unreadable(slug: str, said: bytes) -> Unavailable:
    words = " ".join(said.decode("utf-8", "replace").split())[:300]
    return Unavailable(N_("The history of the space %(slug)s cannot be read whole: %(words)s"), slug=slug, words=words)
