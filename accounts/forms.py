"""What this package's pages are sent, read without a rule: the verbs judge it."""

from collections.abc import Callable
from typing import TypeVar

from flask import request
from sqlalchemy.orm import Session

from accounts.actors import Actor
from accounts.web import writing
from core.errors import NotFound, Problem, Unauthenticated

Made = TypeVar("Made")


def typed(*names: str) -> dict[str, str]:
    """Return what was typed into these fields; browsers send every line end as CRLF, and texts keep LF."""
    return {name: request.form.get(name, "").replace("\r\n", "\n") for name in names}


def is_ticked(name: str) -> bool:
    """Say whether a box is ticked."""
    return bool(request.form.get(name))


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
