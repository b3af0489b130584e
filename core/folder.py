"""The data folder as a start finds it: there, and ours to write; or a sentence instead of a start."""

import os
import tempfile
from pathlib import Path


def require_writable(data: Path) -> None:
    """Go on only if files can be made in the data folder, which is made if it is not there.

    Raises: SystemExit with what is wrong, in a sentence.
    """
    try:
        data.mkdir(parents=True, exist_ok=True)
        descriptor, path = tempfile.mkstemp(prefix=".start-", dir=data)
        os.close(descriptor)
        os.unlink(path)
    except OSError as error:
        raise SystemExit(
            f"The site cannot start: its folder {data} cannot be written ({error.strerror or error}). "
            "Nothing was changed. Let it be written, or name another in PROCEDURES_DATA."
        ) from error
