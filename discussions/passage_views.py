"""Choosing the words of the rule that a question is about, without selecting any."""

from dataclasses import asdict

from flask import Blueprint, render_template

from accounts.permissions import Permission
from accounts.policy import require
from accounts.web import reading
from core.errors import Invalid, N_
from core.web import number_argument, site
from discussions.choosing import Choice, choices
from discussions.placing import words_of
from wiki import procedures
from wiki.procedures import Found
from wiki.standing import Standing

_PAGE_SIZE = 200


def add_to(pages: Blueprint) -> None:
    """Add this page to the practice's blueprint."""
    pages.add_url_rule("/procedures/<code>/passages", "passages", passages)


def passages(code: str):
    """List the passages of a procedure, each leading to a question about it."""
    session, actor = reading()
    found = procedures.readable(session, actor, code)
    require(actor, Permission.TAKE_PART, found.space)
    standing = procedures.standing_of(session, found.procedure, site().library)
    page, listed = number_argument("page", 1), _choices(found, standing)
    return render_template(
        "discussions/passages.html",
        code=found.procedure.code, space=found.space, version=standing.shown, page=page, page_size=_PAGE_SIZE, total=len(listed),
        listed=list(enumerate(listed, 1))[(page - 1) * _PAGE_SIZE : page * _PAGE_SIZE],
    )


def chosen(code: str, number: int) -> dict:
    """Return how a question begins that is about a passage, by its number from 1. Raises: Invalid, NotFound."""
    session, actor = reading()
    found = procedures.readable(session, actor, code)
    listed = _choices(found, procedures.standing_of(session, found.procedure, site().library))
    if number > len(listed):
        raise Invalid(N_("This passage does not stand in the text. Choose it again."), field="at")
    return asdict(listed[number - 1])


def _choices(found: Found, standing: Standing) -> list[Choice]:
    text = words_of(site().library, found.space, standing)
    return choices(text) if text else []
