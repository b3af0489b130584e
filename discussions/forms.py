"""What the practice's pages are sent, read without a rule: the verbs judge it."""

from collections.abc import Sequence

from flask import request

from core.errors import Invalid, N_


def typed(name: str) -> str:
    """Return what was typed into a field; browsers send every line end as CRLF, and texts keep LF."""
    return request.form.get(name, "").replace("\r\n", "\n")


def choice(name: str, known: Sequence[str]) -> str | None:
    """Return which of the known words is asked for, if any. Raises: Invalid for another."""
    asked = request.args.get(name, "")
    if asked and asked not in known:
        raise Invalid(N_("This must be one of %(expected)s."), field=name, expected=", ".join(known))
    return asked or None
