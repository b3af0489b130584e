"""The pages of figures: of a space and of a procedure, each with the table that it is drawn from."""

from flask import Blueprint, render_template
from sqlalchemy.orm import Session

from accounts import spaces
from accounts.web import reading
from core.web import site
from insights import charts, ledger
from insights.months import Month
from insights.procedure_figures import of_procedure
from insights.space_figures import MOST, of_space


def blueprint() -> Blueprint:
    """Return the pages of figures."""
    pages = Blueprint("insights", __name__)
    pages.add_url_rule("/spaces/<slug>/insights", "space", space)
    pages.add_url_rule("/spaces/<slug>/insights.csv", "space_months", space_months)
    pages.add_url_rule("/spaces/<slug>/insights/procedures.csv", "space_procedures", space_procedures)
    pages.add_url_rule("/procedures/<code>/insights", "procedure", procedure)
    pages.add_url_rule("/procedures/<code>/insights.csv", "procedure_months", procedure_months)
    pages.add_app_template_filter(ledger.waiting_words)
    pages.add_app_template_filter(ledger.short_month)
    return pages


def space(slug: str):
    """Show a space in figures."""
    session, actor = reading()
    found = spaces.by_slug(session, actor, slug)
    figures = of_space(session, site().library, actor, found)
    return render_template("insights/space.html", space=found, figures=figures, most=MOST, **_charts(figures.months))


def space_months(slug: str):
    """Give the months of a space as a table for a spreadsheet."""
    found, figures = _space(*reading(), slug)
    return ledger.months(found.slug, figures.months)


def space_procedures(slug: str):
    """Give the procedures of a space beside their practice as a table for a spreadsheet."""
    found, figures = _space(*reading(), slug)
    return ledger.procedures(found.slug, figures.partings)


def _space(session: Session, actor, slug: str):
    found = spaces.by_slug(session, actor, slug)
    return found, of_space(session, site().library, actor, found)


def procedure(code: str):
    """Show a procedure in figures."""
    session, actor = reading()
    figures = of_procedure(session, site().library, actor, code)
    return render_template("insights/procedure.html", figures=figures, found=figures.found, standing=figures.standing, **_charts(figures.months))


def procedure_months(code: str):
    """Give the months of a procedure as a table for a spreadsheet."""
    session, actor = reading()
    figures = of_procedure(session, site().library, actor, code)
    return ledger.months(figures.found.procedure.code.lower(), figures.months)


def _charts(months: list[Month]) -> dict:
    answered = ("asked", lambda month: month.questions - month.unanswered)
    waiting = ("waiting", lambda month: month.unanswered)
    return {
        "asked": charts.stacked(months, [answered, waiting, ("gaps", lambda month: month.gaps)]),
        "waited": charts.layered(months, [("ninetieth", lambda month: month.ninetieth_h or 0), ("median", lambda month: month.median_h or 0)]),
    }
