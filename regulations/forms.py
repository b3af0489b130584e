"""What the register's pages are sent, read without a rule: the verbs judge it."""

from datetime import date

from flask import request

from core import text
from core.errors import Invalid, N_
from regulations.texts import TextFacts

TEXT_FIELDS = ("title", "short", "source", "dated", "next_check")
CLAUSE_FIELDS = ("label", "wording")


def typed(*names: str) -> dict[str, str]:
    """Return what was typed into these fields; browsers send every line end as CRLF, and texts keep LF."""
    return {name: request.form.get(name, "").replace("\r\n", "\n") for name in names}


def text_facts() -> TextFacts:
    """Return what was typed of a text. Raises: Invalid for a day that cannot be read."""
    said = typed(*TEXT_FIELDS)
    return TextFacts(said["title"], said["short"], said["source"], day("dated"), day("next_check"))


def day(name: str) -> date | None:
    """Return the day of a field, None if it is empty. Raises: Invalid."""
    raw = request.form.get(name, "").strip()
    return text.day(raw, field=name) if raw else None


def revision() -> int:
    """Return which revision the form shows. Raises: Invalid."""
    raw = request.form.get("revision", "")
    if not (raw.isascii() and raw.isdigit() and len(raw) < 10):
        raise Invalid(N_("This must be a whole number."), field="revision")
    return int(raw)
