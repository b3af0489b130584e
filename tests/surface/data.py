"""Real data that may lie beside the checkout; it is never copied into it."""

from pathlib import Path

import pytest


def beside(name: str) -> Path:
    """Return a file or folder of the data beside the checkout; skip the test where it is not there."""
    for folder in Path(__file__).resolve().parents:
        if (folder / "shared" / "data" / name).exists():
            return folder / "shared" / "data" / name
    pytest.skip(f"{name} is not on this machine")
