"""Locks on files: one holder per site at a time, in whichever process, and none once that process has died."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


def is_held(path: Path) -> bool:
    """Say whether a living process holds the lock on this file. Looking takes it from nobody, and leaves no file behind."""
    try:
        file = os.open(path, os.O_RDONLY)
    except FileNotFoundError:
        return False
    try:
        return not _takes(file, fcntl.LOCK_SH)
    finally:
        os.close(file)


@contextmanager
def alone(path: Path) -> Iterator[bool]:
    """Hold the lock on this file until the block ends, and say whether it was free."""
    file = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        yield _becomes_alone(file)
    finally:
        os.close(file)


@contextmanager
def held(path: Path, *, shared: bool = False) -> Iterator[None]:
    """Hold the lock on this file until the block ends, alone or with others that share it, waiting for it."""
    file = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(file, fcntl.LOCK_SH if shared else fcntl.LOCK_EX)
        yield
    finally:
        os.close(file)


def _becomes_alone(file: int) -> bool:
    while not _takes(file, fcntl.LOCK_EX):
        if not _takes(file, fcntl.LOCK_SH):
            return False
        fcntl.flock(file, fcntl.LOCK_UN)        # it was only looked at, which takes an instant
    return True


def _takes(file: int, how: int) -> bool:
    try:
        fcntl.flock(file, how | fcntl.LOCK_NB)
    except (BlockingIOError, PermissionError):
        return False
    return True
