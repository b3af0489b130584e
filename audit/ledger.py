"""The journal of a space as a table for a spreadsheet, with everything that its hashes cover."""

from collections.abc import Iterable

from flask import Response
from flask_babel import gettext as _

from audit.words import nobody, words
from core import clock
from core.journal import Act
from core.tables import csv_of

# As in the journal of a space that is taken out, and what happened in words.
HEAD = ("sequence", "at", "actor", "name", "act", "words", "object", "reason_digest", "content_digest", "previous", "hash")


def table(name: str, acts: Iterable[tuple[Act, str | None]]) -> Response:
    """Return acts as a file to keep; their words are in the language of the request."""
    # The mark at the start is what spreadsheets know UTF-8 by.
    headers = {"Content-Disposition": f'attachment; filename="{name}-journal.csv"'}
    return Response("\ufeff" + csv_of(HEAD, (_row(*one) for one in acts)), mimetype="text/csv", headers=headers)


def _row(act: Act, name: str | None) -> tuple:
    who = name if act.actor else _(nobody(act.act))
    return (
        act.sequence, clock.rfc3339(act.at), act.actor, who, act.act, _(words(act.act)), act.object, act.reason_digest,
        act.content_digest, act.previous, act.hash,
    )
