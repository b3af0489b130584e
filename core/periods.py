"""How often a procedure is reviewed, from the words of its front matter: "12 months", "1 an", "every two years"."""

import re
import unicodedata
from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta

_LONGEST_MONTHS = 100 * 12
_LONGEST_DAYS = 100 * 366
# Each unit as (months, days).
_UNITS = {
    "d": (0, 1), "day": (0, 1), "days": (0, 1), "j": (0, 1), "jour": (0, 1), "jours": (0, 1),
    "w": (0, 7), "week": (0, 7), "weeks": (0, 7), "semaine": (0, 7), "semaines": (0, 7),
    "m": (1, 0), "month": (1, 0), "months": (1, 0), "mois": (1, 0),
    "quarter": (3, 0), "quarters": (3, 0), "trimestre": (3, 0), "trimestres": (3, 0), "semestre": (6, 0), "semestres": (6, 0),
    "y": (12, 0), "year": (12, 0), "years": (12, 0), "a": (12, 0), "an": (12, 0), "ans": (12, 0), "annee": (12, 0), "annees": (12, 0),
}
_ALONE = {
    "monthly": (1, 0), "mensuel": (1, 0), "mensuelle": (1, 0), "quarterly": (3, 0), "trimestriel": (3, 0), "trimestrielle": (3, 0),
    "semestriel": (6, 0), "semestrielle": (6, 0), "yearly": (12, 0), "annual": (12, 0), "annually": (12, 0), "annuel": (12, 0),
    "annuelle": (12, 0),
}
_NUMBERS = {
    "a": 1, "one": 1, "un": 1, "une": 1, "two": 2, "deux": 2, "three": 3, "trois": 3, "four": 4, "quatre": 4, "five": 5, "cinq": 5,
    "six": 6, "nine": 9, "neuf": 9, "ten": 10, "dix": 10, "twelve": 12, "douze": 12, "eighteen": 18, "dixhuit": 18,
}
_LEAD = re.compile(r"^(?:every|each|tous les|toutes les|chaque)\s+")
_COUNTED = re.compile(r"(?:(\d{1,5}|[a-z]+)\s*-?\s*)??([a-z]+)")
_ISO = re.compile(r"p(\d{1,5})([dwmy])")


@dataclass(frozen=True)
class Period:
    """A length of time in whole months or whole days, as calendars count them."""

    months: int
    days: int

    def after(self, day: date) -> date:
        """Return the date this long after `day`; the last of the month where the month is too short."""
        month = day.month - 1 + self.months
        year, month = day.year + month // 12, month % 12 + 1
        return date(year, month, min(day.day, monthrange(year, month)[1])) + timedelta(days=self.days)


def period(words: str) -> Period | None:
    """Return the period that some words name, in English or French; None where they name none that can be read."""
    folded = _folded(words)
    led = _LEAD.sub("", folded)
    if led in _ALONE:
        return Period(*_ALONE[led])
    found = _ISO.fullmatch(led) or _COUNTED.fullmatch(led)
    if found is None or found[2] not in _UNITS or (found[1] is None and led == folded):
        return None
    count = _count(found[1])
    months, days = (count * unit for unit in _UNITS[found[2]])
    return Period(months, days) if 0 < months + days and months <= _LONGEST_MONTHS and days <= _LONGEST_DAYS else None


def _count(words: str | None) -> int:
    if words is None:
        return 1
    return int(words) if words.isdigit() else _NUMBERS.get(words, 0)


def _folded(words: str) -> str:
    plain = unicodedata.normalize("NFKD", words.casefold())
    return " ".join("".join(c for c in plain if not unicodedata.combining(c)).replace("dix-huit", "dixhuit").split()).rstrip(".")
