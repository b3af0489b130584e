"""The journal of a space on a page and as a file, for whoever may read it."""

from flask import Blueprint, render_template, request, url_for

from accounts import spaces
from accounts.web import reading
from audit import acts, ledger
from audit.words import nobody, words
from core import clock
from core.errors import Invalid
from core.web import number_argument

_FIELDS = ("since", "until", "who")


def blueprint() -> Blueprint:
    """Return the pages of the journal."""
    pages = Blueprint("audit", __name__)
    pages.add_url_rule("/spaces/<slug>/journal", "journal", journal)
    pages.add_url_rule("/spaces/<slug>/journal.csv", "journal_csv", journal_csv)
    pages.add_app_template_filter(words, "act_words")
    pages.add_app_template_filter(nobody, "act_of_nobody")
    pages.add_app_template_filter(clock.rfc3339, "rfc3339")
    return pages


def journal(slug: str):
    """Show the acts of a space, the newest first, of some days or of somebody where that is asked for."""
    session, actor = reading()
    space = spaces.by_slug(session, actor, slug)
    head, said = acts.head(session, actor, space), _typed()
    page, found, total, problem = 1, [], 0, None
    try:
        page = number_argument("page", 1)
        found, total = acts.page_of(session, actor, space, acts.wanted(**said), page)
    except Invalid as wrong:
        problem = wrong
    asked = {name: value for name, value in said.items() if value}
    shown = render_template(
        "audit/journal.html", space=space, head=head, acts=found, total=total, page=page, page_size=acts.PAGE_SIZE, typed=said,
        problem=problem, is_asked=bool(asked), more=url_for("audit.journal", slug=slug, **asked) + ("&" if asked else "?"),
        file=url_for("audit.journal_csv", slug=slug, **asked),
    )
    return shown, problem.status if problem else 200


def journal_csv(slug: str):
    """Give the same acts as a table for a spreadsheet, all of them."""
    session, actor = reading()
    space = spaces.by_slug(session, actor, slug)
    acts.head(session, actor, space)
    return ledger.table(space.slug, acts.every(session, actor, space, acts.wanted(**_typed())))


def _typed() -> dict[str, str]:
    return {name: request.args.get(name, "").replace("\x00", " ").strip() for name in _FIELDS}
