"""The one place that asks what time it is; tests replace `now` and nothing else."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo


def now() -> datetime:
    """Return the present instant in UTC."""
    return datetime.now(UTC)


def today(zone: ZoneInfo) -> date:
    """Return the present date in `zone`."""
    return now().astimezone(zone).date()


def rfc3339(at: datetime) -> str:
    """Return `at` as RFC 3339 text in UTC with microseconds, the form that digests cover."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def instant(text: str) -> datetime:
    """Return the instant that `rfc3339` wrote."""
    return datetime.fromisoformat(text)
