"""What the calls of this package answer, for the description of the API."""

from pydantic import BaseModel


class BackupAnswer(BaseModel):
    """A backup that was tried: whole, or why it could not be made."""

    id: str
    begun_at: str
    seconds: float
    asked_by: str | None
    file: str
    size: int
    sha256: str
    failed_because: str | None


class PlanAnswer(BaseModel):
    """When backups are made by themselves (an hour of the site's zone, null for never) and how many are kept."""

    hour: int | None
    keep: int


class BackupsAnswer(BaseModel):
    """How a site is kept safe. `stale` says that the last good backup is more than two days old, or that there is none."""

    at_work: bool
    stale: bool
    plan: PlanAnswer
    last_good: BackupAnswer | None
    items: list[BackupAnswer]
