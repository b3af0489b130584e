"""The site's own secrets, made once into the data folder and readable by nobody else."""

import os
import secrets
from pathlib import Path


def secret_key(data: Path) -> bytes:
    """Return the key that signs cookies and forms, made the first time it is asked for."""
    path = data / "keys" / "cookies.key"
    if not path.exists():
        _make(path)
    key = path.read_bytes()
    if len(key) < 32:
        raise ValueError(f"{path} does not hold a key; delete it to have another made (everybody signs in again)")
    return key


def _make(path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    mine = path.with_suffix(f".{os.getpid()}.{secrets.token_hex(4)}")
    descriptor = os.open(mine, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(secrets.token_bytes(32))
        file.flush()
        os.fsync(file.fileno())
    try:
        os.link(mine, path)     # of several processes starting at once, the first one's key counts
    except FileExistsError:
        pass
    finally:
        os.unlink(mine)
