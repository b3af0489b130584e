"""The site's signature under every publication, made in process and checkable with plain `git verify-commit`.

Source: PROTOCOL.sshsig of OpenSSH (armoured SSH signatures), namespace `git`, SHA-512, Ed25519.
"""

import base64
import hashlib
import os
import struct
from dataclasses import dataclass
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

_BEGIN = "-----BEGIN SSH SIGNATURE-----"
_END = "-----END SSH SIGNATURE-----"
_MAGIC = b"SSHSIG"
_NAMESPACE = b"git"
_HASH = b"sha512"
PRINCIPAL = "site"


@dataclass(frozen=True)
class Signer:
    """The site's key pair and the file that tells git which key to trust."""

    private: Ed25519PrivateKey
    allowed_signers: Path

    def sign(self, payload: bytes) -> str:
        """Return the armoured signature of a commit's bytes."""
        signature = self.private.sign(_covered(payload))
        blob = (
            _MAGIC + struct.pack(">I", 1) + _string(_public_blob(self.private.public_key())) + _string(_NAMESPACE)
            + _string(b"") + _string(_HASH) + _string(_string(b"ssh-ed25519") + _string(signature))
        )
        encoded = base64.b64encode(blob).decode()
        lines = [encoded[start : start + 70] for start in range(0, len(encoded), 70)]
        return "\n".join([_BEGIN, *lines, _END])

    def is_ours(self, payload: bytes, armoured: str) -> bool:
        """Say whether `armoured` is this site's signature of `payload`."""
        public = self.private.public_key()
        try:
            lines = armoured.strip().splitlines()
            if lines[0] != _BEGIN or lines[-1] != _END:
                return False
            blob = base64.b64decode("".join(lines[1:-1]), validate=True)
            key, namespace, reserved, algorithm, signature = _fields(blob)
            kind, raw = _strings(signature, 2)
            if (key, namespace, reserved, algorithm, kind) != (_public_blob(public), _NAMESPACE, b"", _HASH, b"ssh-ed25519"):
                return False
            public.verify(raw, _covered(payload))
        except (ValueError, IndexError, struct.error, InvalidSignature):
            return False
        return True


def load(folder: Path) -> Signer:
    """Return the site's signer, making its key (mode 600) the first time."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    path = folder / "site_ed25519"
    if not path.exists():
        _write_once(path, _new_key())
    private = serialization.load_ssh_private_key(path.read_bytes(), password=None)
    allowed = folder / "allowed_signers"
    line = f"{PRINCIPAL} namespaces=\"git\" {_public_line(private.public_key())}\n"
    if not allowed.exists() or allowed.read_text() != line:
        _replace(folder / "site_ed25519.pub", _public_line(private.public_key()) + "\n")
        _replace(allowed, line)
    return Signer(private, allowed)


def _new_key() -> bytes:
    return Ed25519PrivateKey.generate().private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.OpenSSH, serialization.NoEncryption()
    )


def _write_once(path: Path, content: bytes) -> None:
    # Two processes may start on an empty folder at once: the first link wins and both read the same key.
    temporary = path.with_suffix(f".{os.getpid()}")
    descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    try:
        os.link(temporary, path)
    except FileExistsError:
        pass
    finally:
        temporary.unlink()


def _replace(path: Path, text: str) -> None:
    temporary = path.with_suffix(f".{os.getpid()}.new")
    temporary.write_text(text)
    temporary.replace(path)


def _covered(payload: bytes) -> bytes:
    return _MAGIC + _string(_NAMESPACE) + _string(b"") + _string(_HASH) + _string(hashlib.sha512(payload).digest())


def _public_line(public: Ed25519PublicKey) -> str:
    return public.public_bytes(serialization.Encoding.OpenSSH, serialization.PublicFormat.OpenSSH).decode()


def _public_blob(public: Ed25519PublicKey) -> bytes:
    return base64.b64decode(_public_line(public).split()[1])


def _string(value: bytes) -> bytes:
    return struct.pack(">I", len(value)) + value


def _fields(blob: bytes) -> list[bytes]:
    if blob[:6] != _MAGIC or blob[6:10] != struct.pack(">I", 1):
        raise ValueError("not an SSH signature")
    return _strings(blob[10:], 5)


def _strings(blob: bytes, count: int) -> list[bytes]:
    found, at = [], 0
    for _ in range(count):
        (length,) = struct.unpack(">I", blob[at : at + 4])
        found.append(blob[at + 4 : at + 4 + length])
        at += 4 + length
    if at != len(blob):
        raise ValueError("trailing bytes")
    return found
