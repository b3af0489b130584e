"""The page on which an administrator says who approves in a space."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from accounts import seat_forms, seating, spaces
from accounts.web import reading, writing
from core.errors import Invalid


def add_to(pages: Blueprint) -> None:
    """Add this page to the blueprint of the package."""
    pages.add_url_rule("/administration/spaces/<slug>/approvals", "approvals", approvals, methods=["GET", "POST"])


def approvals(slug: str):
    """Say how many approvals a space asks for, and from whom."""
    session, actor = reading()
    space = spaces.administered(session, actor, slug)
    present = seating.seats_of(space)
    rows = seat_forms.fields_of(present, seating.names_in(session, present))
    problem = None
    if request.method == "POST":
        rows = seat_forms.typed(request.form)
        try:
            seat_forms.check_whole(request.form)
            return _set(slug, rows)
        except Invalid as refused:
            problem = refused
    shown = render_template(
        "accounts/approvals.html", space=space, rows=rows, problem=problem, approvers=seating.approvers_of(session, space)
    )
    return shown, problem.status if problem else 200


def _set(slug: str, rows):
    with writing() as (session, actor):
        seating.set_seats(session, actor, spaces.administered(session, actor, slug), seat_forms.seats_of(rows))
    flash(_("The approvals are set. Changes that are open keep theirs."))
    return redirect(url_for("accounts.approvals", slug=slug), 303)
