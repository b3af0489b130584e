"""Which program this is, as `pyproject.toml` says."""

import tomllib
from functools import cache
from pathlib import Path

_PROJECT = Path(__file__).resolve().parent.parent / "pyproject.toml"


@cache
def version() -> str:
    """Return the version of the program."""
    return tomllib.loads(_PROJECT.read_text())["project"]["version"]
