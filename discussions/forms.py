"""What the practice's pages are sent, read without a rule: the verbs judge it."""

from collections.abc import Callable, Sequence
from typing import TypeVar

from flask import request
from sqlalchemy.orm import Session

from accounts.policy import Actor
from accounts.web import writing
from core.errors import Invalid, N_, NotFound, Problem, Unauthenticated

Made = TypeVar("Made")


def typed(name: str) -> str:
    """Return what was typed into a field; browsers send every line end as CRLF, and texts keep LF."""
    return request.form.get(name, "").replace("\r\n", "\n")


def choice(name: str, known: Sequence[str]) -> str | None:
    """Return which of the known words is asked for, if any. Raises: Invalid for another."""
    asked = request.args.get(name, "")
    if asked and asked not in known:
        raise Invalid(N_("This must be one of %(expected)s."), field=name, expected=", ".join(known))
    return asked or None


def attempt(verb: Callable[[Session, Actor], Made]) -> tuple[Made | None, Problem | None]:
    """Return what a verb made in a transaction of its own, or the problem to show beside what was typed.

    Raises: NotFound and Unauthenticated, which have pages of their own.
    """
    try:
        with writing() as (session, actor):
            return verb(session, actor), None
    except (NotFound, Unauthenticated):
        raise
    except Problem as problem:
        return None, problem
