"""Starting the process that checks the record, and that process's own work. It gives way to people who wait for pages."""

import os
import subprocess
import sys
import threading
from pathlib import Path

from core.database import Database
from core.locks import alone, is_held
from core.settings import Settings
from running import inspecting
from wiki import verifying
from wiki.repository import Library

LOCK = "verify.lock"
_ROOT = Path(__file__).resolve().parent.parent


def is_at_work(data: Path) -> bool:
    """Say whether a check is being done, by whichever process."""
    return is_held(data / LOCK)


def start(settings: Settings, id: str) -> None:
    """Let a process of its own do an inspection. Starting it twice does no harm: only one of both begins it."""
    environ = {name: value for name, value in os.environ.items() if not name.startswith("PROCEDURES_")}
    child = subprocess.Popen(
        [sys.executable, "-m", "running", id], cwd=_ROOT, env=environ | settings.as_environ(), stdin=subprocess.DEVNULL
    )
    threading.Thread(target=child.wait, name="inspection", daemon=True).start()      # so that its end is noticed


def start_due(database: Database, settings: Settings) -> None:
    """Start the check of the night, or one that was asked for and that nobody began."""
    with database.reading() as session:
        id, due = inspecting.waiting(session), inspecting.is_due(session, settings.timezone)
    if is_at_work(settings.data) or not (id or due):
        return
    if id is None:
        with database.transaction() as session:
            id = inspecting.ask(session, None, "verify").id
    start(settings, id)


def work(database: Database, library: Library, data: Path, id: str) -> None:
    """Do an inspection if nobody else is at work or began it, and keep what it found."""
    with alone(data / LOCK) as held:
        if not held:
            return
        with database.transaction() as session:
            if not inspecting.claim(session, id):
                return
        findings, lines = 0, []
        with database.reading() as session:
            for line in verifying.findings(session, library, []):
                findings += 1
                if findings <= inspecting.KEPT_LINES:
                    lines.append(line)
        with database.transaction() as session:
            inspecting.end(session, id, findings, lines)
