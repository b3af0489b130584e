"""Making a bare repository: aside, then into its place at once, so that whoever dies meanwhile leaves nothing in the way."""

import errno
import os
import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path

import git

from core.locks import held

_MARK = "procedures.lock"       # also what writers of ours lock; written last


def is_made(path: Path) -> bool:
    """Say whether a repository stands on disk, whole."""
    return (path / _MARK).exists()


def make(path: Path, allowed_signers: Path, *, is_empty: Callable[[], bool]) -> None:
    """Make a repository, unless somebody else did meanwhile. One that an earlier version left half made is finished.

    `is_empty` says whether what stands in its place already holds nothing.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    with held(path.parent / "making.lock"):
        if not is_made(path):
            _make_alone(path, allowed_signers, is_empty)


def _make_alone(path: Path, allowed_signers: Path, is_empty: Callable[[], bool]) -> None:
    aside = f".{path.name}.making-"
    for left in path.parent.glob(f"{aside}*"):      # by somebody who died: whoever makes one holds the lock
        shutil.rmtree(left, ignore_errors=True)
    with tempfile.TemporaryDirectory(prefix=aside, dir=path.parent, ignore_cleanup_errors=True) as folder:
        made = Path(folder) / path.name
        git.Repo.init(made, bare=True, initial_branch="main", template="", allow_unsafe_options=True).close()
        _configure(made, allowed_signers)
        if path.exists() and is_empty():
            shutil.rmtree(path)
        _put(made, path, allowed_signers)


def trust(path: Path, allowed_signers: Path) -> None:
    """Tell git which file names the keys whose signatures it believes."""
    with git.Repo(path) as repo, repo.config_writer() as config:
        config.set_value('gpg "ssh"', "allowedSignersFile", str(allowed_signers))


def _put(made: Path, path: Path, allowed_signers: Path) -> None:
    try:
        os.rename(made, path)
    except OSError as error:
        if error.errno not in (errno.ENOTEMPTY, errno.EEXIST):
            raise
        # It holds publications, and lacks only what says how it is kept.
        (path / "config.lock").unlink(missing_ok=True)
        _configure(path, allowed_signers)


def _configure(path: Path, allowed_signers: Path) -> None:
    """Say how a repository is kept, and mark it as whole."""
    with git.Repo(path) as repo, repo.config_writer() as config:
        config.set_value("core", "fsync", "all")
        config.set_value("core", "logAllRefUpdates", "true")
        config.set_value("core", "hooksPath", os.devnull)
        config.set_value("gc", "auto", "0")
        config.set_value("gpg", "format", "ssh")
    trust(path, allowed_signers)
    for folder in ("logs/refs/heads", "refs/heads"):
        (path / folder).mkdir(parents=True, exist_ok=True)
    (path / _MARK).touch()
