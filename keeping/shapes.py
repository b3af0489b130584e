"""The shapes of this package in the JSON API."""

from core import clock
from keeping.backups import Listed
from keeping.models import Backup


def backup_shape(backup: Backup, asked_by: str) -> dict:
    """Return a backup that was tried."""
    return {
        "id": backup.id,
        "begun_at": clock.rfc3339(backup.begun_at),
        "seconds": (backup.ended_at - backup.begun_at).total_seconds(),
        "asked_by": asked_by or None,
        "file": backup.path,
        "size": backup.size,
        "sha256": backup.sha256,
        "failed_because": backup.failed_because or None,
    }


def listed_shape(one: Listed) -> dict:
    """Return a backup in a list."""
    return backup_shape(one.backup, one.asked_by)
