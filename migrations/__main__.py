"""Write the next migration from what the models say: .venv/bin/python -m migrations "what it does". Then read it."""

import sys
import tempfile
from pathlib import Path

from alembic import command

from core import upgrading
from core.database import Database


def write(message: str) -> None:
    """Write a migration that takes the newest revision to the tables of the models."""
    with tempfile.TemporaryDirectory() as folder:
        database = Database(f"sqlite:///{Path(folder) / 'scratch.sqlite3'}")
        upgrading.upgrade(database)
        with database.engine.begin() as connection:
            following = f"{int(upgrading.newest()) + 1:04d}"
            command.revision(upgrading.config(connection), message, autogenerate=True, rev_id=following)


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    write(sys.argv[1])
