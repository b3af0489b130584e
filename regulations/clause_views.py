"""The page of one clause: its wording, who answers it, and what was said when it was amended."""

from collections.abc import Callable

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from accounts.actors import Actor
from accounts.forms import attempt
from accounts.web import reading
from core.errors import Invalid, N_, Problem
from core.web import site
from regulations import clauses, forms
from regulations.clauses import Place
from regulations.coverage import coverage
from regulations.forms import CLAUSE_FIELDS, typed


def add_to(pages: Blueprint) -> None:
    """Add this page to the register's blueprint."""
    pages.add_url_rule("/clauses/<id>", "clause", clause, methods=["GET", "POST"])


def clause(id: str):
    """Show a clause; change its words, say that it was amended, or take it out."""
    if request.method != "POST":
        return _page(id)
    then = request.form.get("then", "")
    place, problem = attempt(_verb(id, then))
    if problem:
        return _page(id, problem=problem), problem.status
    if then == "amend":
        flash(_("Recorded. The procedures that answer it are due for review from today."))
        return redirect(url_for("regulations.clause", id=id), 303)
    if then == "drop":
        flash(_("The clause was taken out of the register."))
    return redirect(url_for("regulations.text", slug=place.space.slug, id=place.regulation.id), 303)


def _verb(id: str, then: str) -> Callable[[Session, Actor], Place]:
    def verb(session: Session, actor: Actor) -> Place:
        place = clauses.readable(session, actor, id)
        match then:
            case "amend":
                clauses.amend(session, site().library, actor, id, typed("note")["note"])
            case "drop":
                clauses.drop(session, actor, id)
            case "save":
                clauses.edit(session, actor, id, revision=forms.revision(), **typed(*CLAUSE_FIELDS))
            case _:
                raise Invalid(N_("Say what to do with this clause."), field="then")
        return place

    return verb


def _page(id: str, problem: Problem | None = None):
    session, actor = reading()
    place = clauses.readable(session, actor, id)
    covered = next(one for one in coverage(session, site().library, place.space).of(place.regulation) if one.clause.id == id)
    words = typed(*CLAUSE_FIELDS, "note") if problem else {"label": place.clause.label, "wording": place.clause.wording, "note": ""}
    if problem and request.form.get("then") != "save":
        words |= {"label": place.clause.label, "wording": place.clause.wording}
    return render_template(
        "regulations/clause.html",
        clause=place.clause, text=place.regulation, space=place.space, covered=covered, typed=words, problem=problem,
        amendments=clauses.amendments(session, place.clause),
    )
