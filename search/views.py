"""The page of results: both halves, labelled; the same words become a question at its end."""

import re
from collections.abc import Sequence
from datetime import date

from flask import Blueprint, render_template, request, url_for
from flask_babel import get_locale

from accounts.actors import Actor
from accounts.models import Space
from accounts.permissions import Permission
from accounts.policy import may, roles_in
from accounts.web import reading
from core import clock, text
from core.errors import Problem
from core.web import number_argument, site
from search import missed
from search.asking import LONGEST, Results, Wanted, ask
from search.engine import KINDS, Found
from search.index import Index

PAGE_SIZE = 20
_MOST_PAGES = 100_000
_MOST_PROPOSED = 3
_ENOUGH_WORDS = 2
_LONG_WORD = re.compile(r"\w{4,}")
_MARKED = re.compile(r"<mark>(\w{4,})</mark>")


def blueprint(index: Index) -> Blueprint:
    """Return the page of results."""
    pages = Blueprint("search", __name__)

    def results():
        """Show what a search finds."""
        session, actor = reading()
        today = clock.today(site().library.zone)
        problem, status = None, 200
        try:
            found = ask(session, actor, index, site().loop, _wanted(), today)
            _keep_missed(actor, found)
        except Problem as raised:
            problem, status = raised, raised.status
            found = Results(Wanted(request.args.get("q", "")[:LONGEST]), Found([], 0), [], [])
        askable = _askable(actor, found)
        proposed = _proposed(found, askable)
        return render_template(
            "search/results.html", results=found, problem=problem, kinds=KINDS, page_size=PAGE_SIZE, askable=askable,
            proposed=proposed, ask_in=_most_likely(found, askable, proposed), likely=_is_likely, link=_link, today=today, rules=[one for one in found.shown if one.hit.kind == "procedure"],
            voices=[one for one in found.shown if one.hit.kind != "procedure"],
        ), status

    pages.add_url_rule("/search", "results", results)
    return pages


def _askable(actor: Actor, found: Results) -> list[Space]:
    """Return where this person can ask. Those in which they have a role come first, then those of their language: what they
    ask is most likely for the people there.
    """
    spaces, language = (space for space in found.spaces if may(actor, Permission.TAKE_PART, space)), str(get_locale())
    return sorted(spaces, key=lambda space: (not roles_in(actor, space), space.language != language))


def _most_likely(found: Results, askable: Sequence[Space], proposed: Sequence) -> str | None:
    """Return the slug of the space that a question with these words is for, so long as nobody says otherwise."""
    slugs = [space.slug for space in askable]
    near = [found.wanted.space, *(one.space.slug for one in (*proposed, *found.shown)), *slugs]
    return next((slug for slug in near if slug in slugs), None)


def _proposed(found: Results, askable: Sequence[Space]) -> list:
    """Return the first rules found in spaces where this person can ask: a question with these words may belong to one."""
    ids = {space.id for space in askable}
    return [one for one in found.shown if one.hit.kind == "procedure" and one.state == "in_force" and one.space.id in ids][:_MOST_PROPOSED]


def _is_likely(words: str, one) -> bool:
    """Say whether a rule is likely to be what words are about: at least two of them stand in its title or its passage."""
    asked = {word.casefold() for word in _LONG_WORD.findall(words)}
    marked = {word.casefold() for word in _MARKED.findall(one.hit.snippet)}
    return len(marked | (asked & {word.casefold() for word in _LONG_WORD.findall(one.title)})) >= _ENOUGH_WORDS


def _keep_missed(actor: Actor, found: Results) -> None:
    """Count a search that found nothing, unless it is one of those made while somebody types, or of a program."""
    spaces = missed.meant(actor, found) if request.headers.get("Sec-Fetch-Dest", "document") == "document" else []
    if spaces:
        with site().database.transaction() as session:
            for space in spaces:
                missed.miss(session, space, found.wanted.text)


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
    return text.day(typed, field=name) if typed else None


def _link(**changed) -> str:
    """Return this page's address with some choices changed; None takes one away. The page begins again at 1."""
    chosen = {name: value for name, value in request.args.items() if name not in ("page", "ask") and value}
    chosen |= changed
    return url_for("search.results", **{name: value for name, value in chosen.items() if value is not None})
