"""The process that checks the record: `python -m running ID`, with the settings of the site that started it."""

import os
import sys

from core import logs, settings
from core.database import Database
from running.inspector import work
from wiki.repository import Library


def main(id: str) -> None:
    """Do one inspection."""
    os.nice(10)
    known = settings.read(os.environ)
    logs.to_console(known.log)
    work(Database(known.database), Library(known.data, known.timezone), known.data, id)


if __name__ == "__main__":
    main(sys.argv[1])
