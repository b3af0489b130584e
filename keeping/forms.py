"""What the pages of this package are sent, read without a rule: the verbs judge it."""

from dataclasses import dataclass

from flask import request

from core.errors import Invalid, N_

NEVER = "never"


@dataclass(frozen=True)
class Typed:
    """What was chosen on the page of backups, as it was typed."""

    hour: str
    keep: str


def typed() -> Typed:
    """Return what was typed."""
    return Typed(request.form.get("hour", ""), request.form.get("keep", "").strip())


def plan_of(said: Typed) -> dict:
    """Return the plan that was typed. Raises: Invalid for what is no number."""
    return {"hour": None if said.hour == NEVER else _number(said.hour, "hour"), "keep": _number(said.keep, "keep")}


def _number(raw: str, field: str) -> int:
    if not (raw.isascii() and raw.isdigit() and len(raw) < 5):
        raise Invalid(N_("This must be a whole number."), field=field)
    return int(raw)
