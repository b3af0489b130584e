"""The page of the one-minute review."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from accounts.forms import attempt
from accounts.permissions import Permission
from accounts.policy import may
from accounts.web import reading
from core.catalogue import day
from core.errors import Invalid, N_, Problem
from core.web import number_argument, site
from discussions.forms import typed
from reviews import calendar_views, reviewing
from reviews.looking import Look, look
from reviews.models import Review

PAGE_SIZE = 20


def blueprint() -> Blueprint:
    """Return the pages of upkeep."""
    pages = Blueprint("reviews", __name__)
    pages.add_url_rule("/procedures/<code>/review", "review", review, methods=["GET", "POST"])
    calendar_views.add_to(pages)
    return pages


def review(code: str):
    """Show what happened since the last review, and take what the reviewer says of it."""
    if request.method != "POST":
        return _page(code)

    def verb(session, actor) -> Review:
        given = {"version": _version(), "verdict": request.form.get("verdict", ""), "note": typed("note")}
        return reviewing.review(session, site().library, actor, code, **given)

    said, problem = attempt(verb)
    if problem:
        return _page(code, problem=problem), problem.status
    return _after(code, said)


def _page(code: str, problem: Problem | None = None):
    session, actor = reading()
    seen = look(session, site().database, site().library, actor, code)
    page = number_argument("page", 1)
    history, total = reviewing.history(session, seen.found.procedure, page=page, page_size=PAGE_SIZE)
    return render_template(
        "reviews/review.html",
        procedure=seen.found.procedure, space=seen.found.space, standing=seen.standing, kept=seen.kept, happened=seen.happened,
        history=history, total=total, page=page, page_size=PAGE_SIZE, problem=problem, note=typed("note"),
        limit=reviewing.LONGEST_NOTE, sayable=reviewing.sayable(seen.standing),
    )


def _version() -> int:
    raw = request.form.get("version", "")
    if not (raw.isascii() and raw.isdigit() and len(raw) < 10):
        raise Invalid(N_("This must be a whole number."), field="version")
    return int(raw)


def _after(code: str, said: Review):
    with site().database.reading() as session:      # the request's own may look at what was there before
        _, actor = reading()
        seen = look(session, site().database, site().library, actor, code)
    code = seen.found.procedure.code
    leads_to = {"needs_change": "wiki.edit", "retire": "wiki.retire"}.get(said.verdict)
    if leads_to and may(actor, Permission.WRITE, seen.found.space):
        return redirect(url_for(leads_to, code=code, review=said.id), 303)
    flash(_recorded(said, seen))
    return redirect(url_for("wiki.procedure", code=code), 303)


def _recorded(said: Review, seen: Look) -> str:
    if said.verdict == "needs_change":
        return _("Recorded: it needs a change. An author of this space writes it.")
    if said.verdict == "retire":
        return _("Recorded: it should be retired. An author of this space proposes it.")
    if seen.kept.due is None:
        return _("Recorded: still right.")
    return _("Recorded: still right. The next review is due by %(day)s.", day=day(seen.kept.due.day))
