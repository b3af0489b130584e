"""A calendar as iCalendar, RFC 5545: whole days, so that no time zone moves them."""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

from icalendar import Calendar, Event

from reviews.calendar import Entry

_PRODUCT = "-//Living Procedures//Calendar//EN"


def written(
    entries: Sequence[Entry], *, name: str, host: str, at: datetime, words: Callable[[Entry], str], address: Callable[[Entry], str]
) -> bytes:
    """Return a calendar's file. `words` says what an entry is about, `address` where it leads, `host` makes ids unique."""
    calendar = Calendar()
    calendar.add("prodid", _PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("x-wr-calname", _plain(name))
    calendar.add("refresh-interval", timedelta(hours=12), {"value": "DURATION"})
    for entry in entries:
        calendar.add_component(_event(entry, host, at, _plain(words(entry)), address(entry)))
    return calendar.to_ical()


def _event(entry: Entry, host: str, at: datetime, words: str, address: str) -> Event:
    event = Event()
    # A review that moves to another day is still the same event; each version takes force once.
    event.add("uid", f"{entry.kind}-{entry.code}{'' if entry.kind == 'review' else f'-{entry.version}'}@{host}")
    event.add("dtstamp", at)
    event.add("dtstart", entry.day)
    event.add("summary", words)
    event.add("url", address)
    event.add("transp", "TRANSPARENT")
    return event


def _plain(words: str) -> str:
    # A control character would end a line of the file, or make it unreadable.
    return "".join(c if c.isprintable() else " " for c in words)
