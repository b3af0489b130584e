"""The page of results: both halves, labelled; the same words become a question at its end."""

import re
from datetime import date

from flask import Blueprint, render_template, request, url_for

from accounts.policy import Permission, may
from accounts.web import reading
from core import clock
from core.errors import Invalid, N_, Problem
from core.web import number_argument, site
from search.asking import LONGEST, Results, Wanted, ask
from search.engine import KINDS, Found
from search.index import Index

PAGE_SIZE = 20
_MOST_PAGES = 100_000


def blueprint(index: Index) -> Blueprint:
    """Return the page of results."""
    pages = Blueprint("search", __name__)

    def results():
        """Show what a search finds."""
        session, actor = reading()
        today = clock.today(site().library.zone)
        problem, status = None, 200
        try:
            found = ask(session, actor, index, _wanted(), today)
        except Problem as raised:
            problem, status = raised, raised.status
            found = Results(Wanted(request.args.get("q", "")[:LONGEST]), Found([], 0), [], [])
        askable = [space for space in found.spaces if may(actor, Permission.TAKE_PART, space)]
        return render_template(
            "search/results.html", results=found, problem=problem, kinds=KINDS, page_size=PAGE_SIZE, askable=askable,
            link=_link, today=today, rules=[one for one in found.shown if one.hit.kind == "procedure"],
            voices=[one for one in found.shown if one.hit.kind != "procedure"],
        ), status

    pages.add_url_rule("/search", "results", results)
    return pages


def _wanted() -> Wanted:
    return Wanted(
        text=request.args.get("q", "").replace("\x00", " "),
        kind=request.args.get("kind") or None,
        space=request.args.get("space") or None,
        language=request.args.get("language") or None,
        author=request.args.get("author") or None,
        after=_day("after"),
        before=_day("before"),
        page=number_argument("page", 1),
        page_size=PAGE_SIZE,
    )


def _day(name: str) -> date | None:
    typed = request.args.get(name, "")
    if not typed:
        return None
    try:
        return date.fromisoformat(typed) if re.fullmatch(r"\d{4}-\d\d-\d\d", typed) else _refuse(name)
    except ValueError:
        return _refuse(name)


def _refuse(name: str):
    raise Invalid(N_("Give the day as year-month-day, such as 2026-03-31."), field=name)


def _link(**changed) -> str:
    """Return this page's address with some choices changed; None takes one away. The page begins again at 1."""
    chosen = {name: value for name, value in request.args.items() if name != "page" and value}
    chosen |= changed
    return url_for("search.results", **{name: value for name, value in chosen.items() if value is not None})
