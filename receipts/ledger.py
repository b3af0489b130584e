"""The roll of a procedure as a file for a spreadsheet."""

from collections.abc import Iterator, Sequence
from datetime import datetime

from flask import Response
from flask_babel import gettext as _

from core import clock
from core.tables import csv_of
from receipts.rolls import Roll


def answer(code: str, roll: Roll) -> Response:
    """Return the whole roll of a procedure as a file to keep, in the language of the request."""
    head = [
        _("Procedure"), _("Person"), _("Id of the person"), _("Team"), _("State"), _("Version"), _("Attested at (UTC)"), _("Text"),
        _("Asked since (UTC)"), _("Last asked again (UTC)"),
    ]
    # The mark at the start is what spreadsheets know UTF-8 by.
    written = "\ufeff" + csv_of(head, _rows(code, roll))
    headers = {"Content-Disposition": f'attachment; filename="{code.lower()}-receipts.csv"'}
    return Response(written, mimetype="text/csv", headers=headers)


def _rows(code: str, roll: Roll) -> Iterator[Sequence[object]]:
    words = {"missing": _("has not attested"), "attested": _("has attested"), "past": _("earlier receipt")}
    for line in roll.lines:
        given = line.state != "missing"
        yield (
            code, line.person.name, line.person.id, line.person.team, words[line.state], line.version if given else "",
            _instant(line.at) if given else "", line.blob if given else "", _instant(line.since), _instant(line.reminded_at),
        )


def _instant(at: datetime | None) -> str:
    return clock.rfc3339(at) if at else ""
