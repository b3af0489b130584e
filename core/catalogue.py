"""The languages of the pages: which one a request speaks, its sentences, dates and times.

Sentences live in `translations/<language>/LC_MESSAGES/messages.po`; a compiled catalogue is made beside it when it is
stale, so that nobody has to remember to.
"""

import os
import tempfile
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path

from babel.dates import format_date, format_time, format_timedelta
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from flask import Flask, current_app, g
from flask_babel import Babel, get_locale, get_translations, gettext
from markupsafe import Markup

from core import clock
from core.errors import N_, Problem

LANGUAGES = ("en", "fr")
_DAY = "d MMMM y"
_TIME = {"en": "HH:mm", "fr": "H 'h' mm"}


def install(app: Flask, language: Callable[[], str | None]) -> None:
    """Teach an app its languages; `language` says which one the present request speaks."""
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
    app.jinja_env.filters |= {"date": day, "moment": moment, "ago": ago}


def sentence(problem: Problem) -> str:
    """Return what a problem says, in the language of the request."""
    words = gettext(problem.sentence)
    return words % problem.params if problem.params else words


def day(value: date) -> str:
    """Return a day in words: 1 March 2026, 1 mars 2026."""
    return format_date(value, _DAY, locale=get_locale())


def moment(value: datetime | str) -> str:
    """Return a day and a time of the site's zone in words: 1 March 2026 at 16:02."""
    local = _instant(value).astimezone(_zone())
    words = gettext(N_("%(day)s at %(time)s"))
    return words % {"day": day(local.date()), "time": format_time(local, _TIME[get_locale().language], locale=get_locale())}


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


def _zone():
    return current_app.extensions["procedures"].settings.timezone
