"""Tables as files that other programs open. Source: RFC 4180."""

import csv
import io
from collections.abc import Iterable, Sequence

# What a spreadsheet takes for a formula, or throws away to find one.
_FORMULAS = ("=", "+", "-", "@", "\t", "\r", "\n")


def csv_of(head: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """Return a table as CSV: CRLF line ends, quotes where needed, no cell that a spreadsheet would run."""
    written = io.StringIO()
    table = csv.writer(written, lineterminator="\r\n")
    table.writerow(map(_cell, head))
    table.writerows(map(_cell, row) for row in rows)
    return written.getvalue()


def _cell(value: object) -> str:
    text = "" if value is None else str(value)
    return f"'{text}" if text.startswith(_FORMULAS) else text
