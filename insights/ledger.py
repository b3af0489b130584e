"""Figures as tables for a spreadsheet, and hours in words."""

from collections.abc import Sequence
from datetime import date

from babel.dates import format_date
from babel.numbers import format_decimal
from flask import Response
from flask_babel import get_locale
from flask_babel import gettext as _
from flask_babel import ngettext

from core.tables import csv_of
from insights.months import Month
from insights.space_figures import Parting

_DAY_H = 24


def months(name: str, figures: Sequence[Month]) -> Response:
    """Return the figures by month as a file to keep, in the language of the request."""
    head = [
        _("Month"), _("Questions"), _("Without a reply"), _("Half replied to within (hours)"), _("Nine in ten replied to within (hours)"),
        _("Tips"), _("Done differently"), _("New voices"), _("Versions published"),
    ]
    rows = (
        (
            f"{one.first:%Y-%m}", one.questions, one.unanswered, _hours(one.median_h), _hours(one.ninetieth_h), one.tips, one.gaps,
            one.voices, " ".join(f"{mark.code}@{mark.number}" for mark in one.versions),
        )
        for one in figures
    )
    return _file(f"{name}-insights", head, rows)


def procedures(name: str, partings: Sequence[Parting]) -> Response:
    """Return every procedure beside its practice as a file to keep, in the language of the request."""
    head = [
        _("Procedure"), _("Title"), _("Version"), _("In force since"), _("Open: done differently"), _("Questions since then"),
        _("Waiting for a reply"), _("Tips that wait for a check"), _("Last word (UTC)"),
    ]
    rows = (
        (
            one.code, one.title, one.version, one.since, one.gaps, one.questions, one.waiting, one.stale,
            f"{one.touched_at:%Y-%m-%d}" if one.touched_at else "",
        )
        for one in partings
    )
    return _file(f"{name}-procedures", head, rows)


def waiting_words(hours: float | None) -> str:
    """Return a time to wait in words, rounded as people say it; a dash where nobody waited."""
    if hours is None:
        return "–"
    minutes = max(1, round(hours * 60))
    if minutes < 60:
        return ngettext("%(num)s minute", "%(num)s minutes", minutes)
    if hours < 2 * _DAY_H:
        return ngettext("%(num)s hour", "%(num)s hours", round(hours))
    days = round(hours / _DAY_H, 1)
    return ngettext("%(many)s day", "%(many)s days", 2, many=format_decimal(days, locale=get_locale()))


def short_month(first: date) -> str:
    """Return a month as it fits under a bar: Mar, mars."""
    return format_date(first, "LLL", locale=get_locale())


def _hours(value: float | None) -> str:
    return "" if value is None else f"{value:.1f}"


def _file(name: str, head: Sequence[str], rows) -> Response:
    # The mark at the start is what spreadsheets know UTF-8 by.
    return Response("\ufeff" + csv_of(head, rows), mimetype="text/csv", headers={"Content-Disposition": f'attachment; filename="{name}.csv"'})
