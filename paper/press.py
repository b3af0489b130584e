"""Where a PDF is set: a short one here, a long one in a process of its own, one at a time, which can be stopped."""

import json
import os
import subprocess
import sys
from pathlib import Path
from threading import Lock

from core.errors import N_, TooBig, Unavailable
from paper.pdf import pdf
from paper.sheets import Document, as_values

SHORT = 30_000              # characters that are set at once, in about a sixth of a second
LONGEST = 4_000_000
MOST_SHEETS = 400
PATIENCE_S = 60.0
TOO_MUCH_MEMORY = 3         # how the process ends that needed more than it may have
_TOO_MUCH = N_("This takes too long to be set as PDF. Open its print view and print it from your browser.")
_ROOT = Path(__file__).resolve().parent.parent
_long = Lock()


def pressed(document: Document, *, patience_s: float = PATIENCE_S) -> bytes:
    """Return a document as PDF.

    Raises: TooBig with what to do instead; Unavailable while another long one is being set.
    """
    if document.length <= SHORT and len(document.sheets) <= 20:
        return pdf(document)
    if document.length > LONGEST or len(document.sheets) > MOST_SHEETS:
        raise TooBig(N_("This is too long for one PDF. Open its print view and print it from your browser."))
    if not _long.acquire(blocking=False):
        raise Unavailable(N_("Another long PDF is being made. Try again in a minute."))
    try:
        return _set_apart(document, patience_s)
    finally:
        _long.release()


def _set_apart(document: Document, patience_s: float) -> bytes:
    # Its own process: typesetting would hold back every other page of this one, and a text can be made to take for ever.
    try:
        done = subprocess.run(
            [sys.executable, "-m", "paper"], input=json.dumps(as_values(document)).encode(), capture_output=True, cwd=_ROOT,
            env={"PATH": os.environ.get("PATH", ""), "LC_ALL": "C.UTF-8"}, timeout=patience_s, check=True,
        )
    except subprocess.TimeoutExpired:
        raise TooBig(_TOO_MUCH) from None
    except subprocess.CalledProcessError as error:
        if error.returncode == TOO_MUCH_MEMORY:
            raise TooBig(_TOO_MUCH) from None
        raise RuntimeError(error.stderr.decode("utf-8", "replace")[-400:]) from error
    return done.stdout
