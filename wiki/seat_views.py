"""The page and the calls that say who approves one procedure, beside those who approve in its space."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from pydantic import BaseModel

from accounts import seat_forms, seating
from accounts.api import SeatAnswer
from accounts.permissions import Permission
from accounts.policy import require
from accounts.seat_forms import SeatsBody, seats_of_body
from accounts.seats import seats_as_data
from accounts.web import reading, writing
from core.api import Endpoint
from core.errors import Invalid
from wiki import approval_rules, procedures


class ApprovalsAnswer(BaseModel):
    """Who approves changes of a procedure: the seats of its space, and its own beside them."""

    space: list[SeatAnswer]
    own: list[SeatAnswer]


def add_to(pages: Blueprint) -> None:
    """Add this page to the wiki's blueprint."""
    pages.add_url_rule("/procedures/<code>/approvals", "approvals", approvals, methods=["GET", "POST"])


def approvals(code: str):
    """Say who must approve changes of one procedure."""
    session, actor = reading()
    found = procedures.readable(session, actor, code)
    require(actor, Permission.APPROVE, found.space)
    own, common = approval_rules.own_seats(session, found.procedure), seating.seats_of(found.space)
    names = seating.names_in(session, (*own, *common))
    rows, problem = seat_forms.fields_of(own, names), None
    if request.method == "POST":
        rows = seat_forms.typed(request.form)
        try:
            seat_forms.check_whole(request.form)
            return _set(code, rows)
        except Invalid as refused:
            problem = refused
    shown = render_template(
        "wiki/approvals.html", procedure=found.procedure, space=found.space, rows=rows, problem=problem, names=names, common=common,
        approvers=seating.approvers_of(session, found.space),
    )
    return shown, problem.status if problem else 200


def _set(code: str, rows):
    with writing() as (session, actor):
        found = procedures.readable(session, actor, code)
        approval_rules.set_own_seats(session, actor, found, seat_forms.seats_of(rows))
    flash(_("The approvals are set. Changes that are open keep theirs."))
    return redirect(url_for("wiki.approvals", code=code), 303)


def get_approvals(code: str) -> dict:
    """Say who must approve changes of a procedure."""
    session, actor = reading()
    found = procedures.readable(session, actor, code)
    require(actor, Permission.SEE_CHANGES, found.space)
    return _shape(session, found)


def set_approvals(code: str, body: SeatsBody) -> dict:
    """Say who must approve changes of a procedure beside those who approve in its space."""
    with writing() as (session, actor):
        found = procedures.readable(session, actor, code)
        approval_rules.set_own_seats(session, actor, found, seats_of_body(body))
        return _shape(session, found)


def _shape(session, found) -> dict:
    own = approval_rules.own_seats(session, found.procedure)
    return {"space": seats_as_data(seating.seats_of(found.space)), "own": seats_as_data(own)}


ENDPOINTS = [
    Endpoint("GET", "/procedures/<code>/approvals", get_approvals, answer=ApprovalsAnswer),
    Endpoint("PUT", "/procedures/<code>/approvals", set_approvals, body=SeatsBody, answer=ApprovalsAnswer),
]
