"""The languages of the pages: which one a request speaks, its sentences, dates and times.

Sentences live in `translations/<language>/LC_MESSAGES/messages.po`; a compiled catalogue is made beside it when it is
stale, so that nobody has to remember to.
"""

import os
import tempfile
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime
from functools import lru_cache
from pathlib import Path
from typing import Protocol
from zoneinfo import ZoneInfo

from babel import Locale
from babel.dates import format_date, format_time, format_timedelta
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.numbers import format_decimal
from flask import Flask, current_app, g, has_request_context
from flask_babel import Babel, get_locale, get_translations, gettext, ngettext
from markupsafe import Markup

from core import clock
from core.errors import N_, Words

LANGUAGES = ("en", "fr")
_DAY = "d MMMM y"
_TIME = {"en": "HH:mm", "fr": "H 'h' mm"}


def install(app: Flask, language: Callable[[], str | None], timezone: Callable[[], str | None] = lambda: None) -> None:
    """Teach an app its languages; `language` says which one the present request speaks, `timezone` in which zone it is read.

    Without a zone, times are said in the site's.
    """
    app.extensions["timezone"] = timezone
    folder = Path(app.root_path) / "translations"
    compile_stale(folder)
    Babel(app, default_translation_directories=str(folder), locale_selector=language)
    # Flask-Babel looks the catalogue up again for every sentence; a page has a hundred of them.
    app.jinja_env.install_gettext_callables(
        lambda words: _present().ugettext(words),
        lambda one, many, number: _present().ungettext(one, many, number),
        newstyle=True,
    )
    app.jinja_env.globals |= {"_": _translated, "get_locale": get_locale}
    app.jinja_env.filters |= {"date": day, "day_of": day_of, "moment": moment, "utc": utc, "ago": ago, "size": size}


class Told(Protocol):
    """Something that says a sentence: a problem, or a remark."""

    sentence: str
    params: Mapping[str, object]


def sentence(told: Told) -> str:
    """Return what a problem or a remark says, in the language of the request."""
    words = gettext(told.sentence)
    params = {name: _said(value) for name, value in told.params.items()}
    return words % params if params else words


def _said(value: object) -> object:
    """Return words of ours in the language of the request, a whole number with its digits in groups: 20,000, 20 000."""
    if isinstance(value, Words):
        return gettext(value)
    return format_decimal(value, locale=get_locale()) if isinstance(value, int) else value


def size(count: int) -> str:
    """Return a number of bytes in words: 2.1 KiB, 2,1 Kio."""
    if count < 1024:
        return ngettext("%(num)s byte", "%(num)s bytes", count)
    power = min(3, (count.bit_length() - 1) // 10)
    number, words = count / 1024**power, (N_("%(number)s KiB"), N_("%(number)s MiB"), N_("%(number)s GiB"))[power - 1]
    return gettext(words) % {"number": format_decimal(number, "#,##0.#", locale=get_locale())}


def day(value: date) -> str:
    """Return a day in words: 1 March 2026, 1 mars 2026."""
    return _day_in(value, get_locale())


@lru_cache(maxsize=4096)
def _day_in(value: date, locale: Locale) -> str:
    # A list says twenty of them, of the same few days as the page before.
    return format_date(value, _DAY, locale=locale)


def day_of(value: datetime | str) -> str:
    """Return the day of an instant in the site's zone, in words: 1 March 2026."""
    return day(_instant(value).astimezone(_zone()).date())


def moment(value: datetime | str) -> str:
    """Return a day and a time in words, in the reader's zone: 1 March 2026 at 16:02."""
    return _in_words(_instant(value).astimezone(zone()))


def utc(value: datetime | str) -> str:
    """Return a day and a time in words, in UTC and saying so: what a signature on paper carries."""
    return f"{_in_words(_instant(value).astimezone(UTC))} UTC"


def _in_words(local: datetime) -> str:
    words = gettext(N_("%(day)s at %(time)s"))
    return words % {"day": day(local.date()), "time": format_time(local, _TIME[get_locale().language], tzinfo=local.tzinfo, locale=get_locale())}


def ago(value: datetime | str) -> str:
    """Return how long ago something happened, in words: 3 hours ago."""
    passed = max((clock.now() - _instant(value)).total_seconds(), 1)
    return format_timedelta(-passed, add_direction=True, locale=get_locale())


def compile_stale(folder: Path) -> None:
    """Compile every catalogue under `folder` whose compiled form is not of its present text."""
    for source in folder.glob("*/LC_MESSAGES/*.po"):
        compiled = source.with_suffix(".mo")
        stamp = source.stat().st_mtime_ns
        if not compiled.exists() or compiled.stat().st_mtime_ns != stamp:
            _compile(source, compiled, stamp)


def _compile(source: Path, compiled: Path, stamp: int) -> None:
    # Several processes may start at once: each writes a file of its own and the last name wins.
    with source.open("rb") as words, tempfile.NamedTemporaryFile(dir=source.parent, delete=False) as made:
        write_mo(made, read_po(words, locale=source.parent.parent.name))
    os.utime(made.name, ns=(stamp, stamp))
    os.chmod(made.name, 0o644)
    os.replace(made.name, compiled)


def _translated(words: str, /, **variables: object) -> Markup:
    found = Markup(_present().ugettext(words))
    return found % variables if "%" in words else found


def _present():
    found = g.get("translations")
    if found is None:
        found = g.translations = get_translations()
    return found


def _instant(value: datetime | str) -> datetime:
    return datetime.fromisoformat(value) if isinstance(value, str) else value


def zone() -> ZoneInfo:
    """Return the zone in which the reader of this request reads times: their own choice, else the site's."""
    chosen = current_app.extensions["timezone"]() if has_request_context() else None
    return ZoneInfo(chosen) if chosen else _zone()


def _zone() -> ZoneInfo:
    return current_app.extensions["procedures"].settings.timezone
