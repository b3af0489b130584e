"""When a letter may go: at once, on the next morning, on the next Monday morning, or never."""

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

MORNING = time(7)
_MONDAY = 0


def mail_time(mode: str, now: datetime, zone: ZoneInfo) -> datetime | None:
    """Return from when something said now may go by mail, as somebody chose; None if not at all."""
    if mode == "none":
        return None
    if mode == "at_once":
        return now
    day = now.astimezone(zone).date()
    while True:
        # Put together anew for each day: where clocks change, a morning is not 24 hours after the one before.
        morning = datetime.combine(day, MORNING, zone)
        if morning > now and (mode == "daily" or day.weekday() == _MONDAY):
            return morning
        day += timedelta(days=1)
