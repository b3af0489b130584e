"""A year of a practice as figures by month. Pure: rows in, figures out; nothing here is about a person."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from math import ceil
from zoneinfo import ZoneInfo

MONTHS = 12


@dataclass(frozen=True)
class Talk:
    """A thread as far as figures need it: when it was opened, of which kind, when somebody else first replied."""

    kind: str
    opened_at: datetime
    replied_at: datetime | None
    procedure_id: int | None
    closed_at: datetime | None = None


@dataclass(frozen=True)
class Mark:
    """A version that was published: what the practice may have asked for, or asked because of."""

    code: str
    number: int
    title: str
    at: datetime


@dataclass(frozen=True)
class Month:
    """What was asked and answered in one month. Hours to the first reply of somebody else; None where nobody replied."""

    first: date
    questions: int
    unanswered: int
    median_h: float | None
    ninetieth_h: float | None
    tips: int
    gaps: int
    voices: int
    versions: tuple[Mark, ...]


def firsts(today: date, many: int = MONTHS) -> list[date]:
    """Return the first days of the last `many` months, this one last."""
    found = [today.replace(day=1)]
    while len(found) < many:
        found.append((found[-1] - timedelta(days=1)).replace(day=1))
    return found[::-1]


def months(
    today: date, zone: ZoneInfo, talks: Iterable[Talk], voices: Iterable[datetime], marks: Iterable[Mark]
) -> list[Month]:
    """Return the figures of each of the last twelve months.

    `voices` are when people wrote in the space for the first time. A month is one of the site's time zone.
    """
    known = firsts(today)
    opened = _by_month(known, zone, [(talk.opened_at, talk) for talk in talks])
    heard = _by_month(known, zone, [(at, at) for at in voices])
    published = _by_month(known, zone, [(mark.at, mark) for mark in marks])
    return [_month(first, opened[first], len(heard[first]), published[first]) for first in known]


def share(values: Sequence[float], part: float) -> float | None:
    """Return the smallest value that `part` of the values do not exceed, None where there are none."""
    return sorted(values)[max(0, ceil(len(values) * part) - 1)] if values else None


def hours(talks: Iterable[Talk]) -> list[float]:
    """Return how many hours each question that got one waited for its first reply."""
    return [
        (talk.replied_at - talk.opened_at).total_seconds() / 3600
        for talk in talks if talk.kind == "question" and talk.replied_at is not None
    ]


def _by_month(known: Sequence[date], zone: ZoneInfo, dated: Iterable[tuple[datetime, object]]) -> dict[date, list]:
    found: dict[date, list] = {first: [] for first in known}
    for at, what in dated:
        first = at.astimezone(zone).date().replace(day=1)
        if first in found:
            found[first].append(what)
    return found


def _month(first: date, talks: Sequence[Talk], voices: int, marks: Sequence[Mark]) -> Month:
    def many(kind: str) -> int:
        return sum(talk.kind == kind for talk in talks)

    waited = hours(talks)
    return Month(
        first=first, questions=many("question"), unanswered=many("question") - len(waited), median_h=share(waited, 0.5),
        ninetieth_h=share(waited, 0.9), tips=many("tip"), gaps=many("gap"), voices=voices,
        versions=tuple(sorted(marks, key=lambda mark: (mark.at, mark.code, mark.number))),
    )
