"""The page from which an administrator leaves with everything, and a space as a file for those who may take it out."""

from collections.abc import Callable, Iterable, Iterator

from flask import Blueprint, Response, render_template, request
from flask_babel import get_locale

from accounts import spaces
from accounts.actors import Actor
from accounts.policy import require_administrator
from accounts.web import reading, writing
from core import clock
from core.web import Site, site
from keeping import leaving, outlets
from keeping.captions import captions
from keeping.leaving import Entry, Leaving

ZIP = "application/zip"


def add_to(pages: Blueprint) -> None:
    """Add these pages to the blueprint of the package."""
    pages.add_url_rule("/administration/export", "export", export, methods=["GET", "POST"])
    pages.add_url_rule("/spaces/<slug>/export.zip", "space_export", space_answer)


def export():
    """Say what goes along and what is left out; hand it out as one zip file."""
    if request.method == "POST":
        return site_answer()
    session, actor = reading()
    require_administrator(actor)
    taken, left_out = leaving.spaces(session, actor)
    return render_template("keeping/export.html", taken=taken, left_out=left_out)


def site_answer() -> Response:
    """Answer everything that an administrator may read, as a zip that goes out while it is made."""
    with writing() as (session, actor):
        require_administrator(actor)
        leaving.note(session, actor, leaving.spaces(session, actor)[0])
    return _answer(actor, "site", leaving.site_entries)


def space_answer(slug: str) -> Response:
    """Answer one space as a zip."""
    session, actor = reading()
    space = leaving.taken_out(session, actor, spaces.by_slug(session, actor, slug))
    return _answer(actor, space.slug, lambda going: leaving.space_entries(going, spaces.by_slug(going.session, actor, slug)))


def _answer(actor: Actor, name: str, entries: Callable[[Leaving], Iterable[Entry]]) -> Response:
    made = _stream(site(), actor, captions(), str(get_locale()), entries)
    headers = {"Content-Disposition": f'attachment; filename="{name}-{clock.today(site().settings.timezone)}.zip"'}
    return Response(made, mimetype=ZIP, headers=headers)


def _stream(parts: Site, actor: Actor, said, language: str, entries: Callable[[Leaving], Iterable[Entry]]) -> Iterator[bytes]:
    # A session of its own: the request's ends before the first byte is asked for.
    with parts.database.reading() as session:
        yield from outlets.streamed(entries(Leaving(session, parts.library, actor, said, language, parts.settings.site_name)))
