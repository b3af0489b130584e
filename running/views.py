"""The pages for those who look after the site."""

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_babel import gettext as _

from accounts.web import reading
from core.errors import Conflict
from core.web import site
from running import administration, edge, probe_views
from running.health import health
from running.measures import Measures


def blueprint(measures: Measures | None) -> Blueprint:
    """Return the pages of this package; without `measures` no numbers are told to programs."""
    pages = Blueprint("running", __name__)
    pages.add_url_rule("/administration", "administration", show_administration)
    pages.add_url_rule("/administration/health", "health", show_health)
    pages.add_url_rule("/administration/health/verify", "verify", verify, methods=["POST"])
    pages.add_url_rule("/administration/health/mail", "mail", try_mail, methods=["POST"])
    probe_views.add_to(pages, measures)
    return pages


def show_administration():
    """List the pages for administrators."""
    administration.require(reading()[1])
    return render_template("running/administration.html", links=administration.LINKS)


def show_health():
    """Show how the site is."""
    return _health_page()


def _health_page(problem: Conflict | None = None):
    session, actor = reading()
    administration.require(actor)
    shown = render_template("running/health.html", health=health(session, site()), problem=problem)
    return shown, problem.status if problem else 200


def verify():
    """Start the check of the whole record."""
    try:
        edge.verify()
    except Conflict as problem:
        return _health_page(problem)
    flash(_("The check is at work. Its result will stand here."))
    return redirect(url_for("running.health", _anchor="record"), 303)


def try_mail():
    """Send a letter to whoever asks; the page tells what became of it."""
    try:
        edge.try_mail()
    except Conflict as problem:
        return _health_page(problem)
    return redirect(url_for("running.health", _anchor="mail"), 303)
